"""The catalogue: products, their photos and vectors, kept safe across power cuts."""

from kiosk.catalog.filters import ProductFilter
from kiosk.catalog.photos import NewPhoto
from kiosk.catalog.products import Counts, Saved
from kiosk.catalog.store import CatalogStore
from kiosk.catalog.taps import Tap
from kiosk.catalog.vectors import PhotoHit

__all__ = ["CatalogStore", "Counts", "NewPhoto", "PhotoHit", "ProductFilter", "Saved", "Tap"]
