"""The shop as one object: catalogue, encoder and index kept in step."""

from kiosk.shop.finding import SearchHit
from kiosk.shop.shop import Shop

__all__ = ["SearchHit", "Shop"]
