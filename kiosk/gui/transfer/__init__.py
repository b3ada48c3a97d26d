"""The staff page of imports, exports and backups."""
