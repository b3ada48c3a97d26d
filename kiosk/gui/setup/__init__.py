"""The set-up of a new kiosk, from its language to its first product."""
