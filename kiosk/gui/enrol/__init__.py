"""The staff page that photographs and tags new products."""
