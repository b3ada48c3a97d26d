"""The kiosk's window. The only part that knows Qt."""
