"""The catalogue: products, their photos and vectors, kept safe across power cuts."""

from kiosk.catalog.photos import NewPhoto
from kiosk.catalog.products import Counts, Saved
from kiosk.catalog.store import CatalogStore
from kiosk.catalog.taps import Tap

__all__ = ["CatalogStore", "Counts", "NewPhoto", "Saved", "Tap"]
