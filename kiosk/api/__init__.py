"""The shop over HTTP: native routes, and those of three older services."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
