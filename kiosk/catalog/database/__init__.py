"""The database behind the catalogue: connections, dialects, schema and migrations."""
