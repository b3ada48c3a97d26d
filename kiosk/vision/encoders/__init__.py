"""Encoders: pictures or words in, L2-normalised embeddings out, on any runtime."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
