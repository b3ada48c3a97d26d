"""Cameras: every kind of source, one newest-frame slot, and a capture that outlives faults."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
