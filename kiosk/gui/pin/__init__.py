"""The screen that asks for the PIN."""
