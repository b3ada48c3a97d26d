"""The idle screen: an invitation."""
