"""The catalogue: products, their photos and vectors, kept safe across power cuts."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
