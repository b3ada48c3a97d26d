"""The staff page that edits products and their photos."""
