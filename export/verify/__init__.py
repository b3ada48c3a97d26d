"""Proof without a Mac: a saved Core ML package is executed with torch and compared."""
