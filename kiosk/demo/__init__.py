"""The demo shop: invented products drawn by our own code, and a camera that shows them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
