"""The live picture in the window."""
