"""Frames before they are encoded: geometry, quality, and what stands before the empty scene."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
