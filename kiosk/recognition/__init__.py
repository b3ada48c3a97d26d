"""Which product is it, how sure are we, and is it in the catalogue at all."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
