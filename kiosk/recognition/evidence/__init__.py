"""What a frame says beyond its embedding: the barcodes in view, the words on the pack."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
