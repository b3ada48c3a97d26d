"""What the demo shop sells, and the pictures of it from which the camera composes its frames.

`python -m assets.demo.build` draws them.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pillow

from kiosk.demo.compose import Hand, Sprite, hold, premultiplied
from kiosk.demo.motion import TURNS
from kiosk.domain import Image, Product
from kiosk.money import parse_price
from kiosk.pictures import read_picture
from kiosk.resources import assets_dir

PX_PER_UNIT = 340
"""Pixels of a sprite to the length of a product of middling size."""
HELD_SIZE = (600, 800)
"""Width and height, in pixels, of the picture of a hand with a product."""
HELD_MIDDLE = (192, 196)
"""Where the product's middle is in it (x, y)."""


@lru_cache(maxsize=1)
def demo_products() -> tuple[Product, ...]:
    """Everything that the demo shop sells, in the order of its shelves."""
    with _art("products.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return tuple(
        Product(
            sku=row["sku"],
            name=row["name"],
            price=parse_price(row["price"], row["currency"]),
            category=row["category"],
            description=row["description"],
            barcode=row["barcode"],
        )
        for row in rows
    )


@lru_cache(maxsize=1)
def strangers() -> tuple[str, ...]:
    """SKUs of what the demo camera shows though the shop does not sell it."""
    sold = {product.sku for product in demo_products()}
    shown = {path.stem for path in _art("camera/sprites").glob("*.webp")}
    return tuple(sorted(shown - sold))


@lru_cache(maxsize=2)
def background(width: int, height: int) -> Image:
    """The empty scene: RGB (height, width, 3)."""
    name = "landscape" if width >= height else "portrait"
    scene = Pillow.fromarray(read_picture(_art(f"camera/{name}.webp")))
    return np.asarray(scene.resize((width, height), Pillow.Resampling.BILINEAR), dtype=np.uint8)


@lru_cache(maxsize=8)  # one presentation shows up to eight, each of 2 MB
def held_sprite(sku: str, turn: int, warmth: float) -> Sprite:
    """Draw a hand that holds a product at TURNS[turn]: HELD_SIZE, middle at HELD_MIDDLE."""
    hand, sprite = _hand(sku), _turntable(sku)[turn]
    product = np.zeros_like(hand.behind)
    (x, y), (height, width) = HELD_MIDDLE, sprite.shape[:2]
    top, left = y - height // 2, x - width // 2
    product[top : top + height, left : left + width] = sprite
    tint = np.array([1 + 0.05 * warmth, 1.0, 1 - 0.08 * warmth, 1.0])  # chosen by eye
    return np.asarray(cv2.multiply(hold(product, hand), tint), dtype=np.uint8)


@lru_cache(maxsize=2)
def _turntable(sku: str) -> list[Sprite]:
    """The product at each of TURNS; they lie side by side in the file."""
    return np.split(premultiplied(_rgba(f"sprites/{sku}.webp")), len(TURNS), axis=1)


@lru_cache(maxsize=2)
def _hand(sku: str) -> Hand:
    """The hand of a product; its two layers lie side by side in the file."""
    return Hand.enlarged(*np.split(_rgba(f"hands/{sku}.webp"), 2, axis=1))


def _rgba(name: str) -> Sprite:
    with Pillow.open(_art(f"camera/{name}")) as picture:
        return np.asarray(picture.convert("RGBA"))


def _art(name: str) -> Path:
    return assets_dir() / "demo" / name
