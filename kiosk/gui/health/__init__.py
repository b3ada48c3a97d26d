"""The staff page on camera, model, speed and disk."""
