"""Shelflens: a camera kiosk that recognises a shop's products."""

__version__ = "0.1.0"
