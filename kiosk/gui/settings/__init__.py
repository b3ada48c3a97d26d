"""The staff page of settings."""
