"""Cameras: every kind of source, one newest-frame slot, and a capture that outlives faults."""
