"""How each product of the demo shop is drawn, and three things that the shop does not sell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from assets.demo import bags, bottles, cans, cartons, produce, shoes
from assets.demo.render import Body
from kiosk.demo import demo_products
from kiosk.domain import Price, Product


@dataclass(frozen=True, eq=False)
class DrawnProduct:
    """A product with the function that builds its body (surfaces and textures).

    `size` is its length in a picture against the others', about 1.
    """

    product: Product
    build: Callable[[], Body]
    size: float

    @property
    def body(self) -> Body:
        """The drawn body; the latest two are kept, for each holds megabytes of textures."""
        return _built(self.build)


@lru_cache(maxsize=2)
def _built(build: Callable[[], Body]) -> Body:
    return build()


# SKU: the drawing function (packages take their barcode), size. Sizes are chosen by eye.
_PACKAGES: dict[str, tuple[Callable[[str], Body], float]] = {
    "DRINK-001": (cans.yuzu_soda, 0.92),
    "DRINK-002": (cans.night_coffee, 0.92),
    "DRINK-003": (cans.peach_water, 0.92),
    "DRINK-004": (bottles.barley_tea, 1.05),
    "DRINK-005": (cartons.oat_drink, 1.02),
    "DRINK-006": (cartons.soy_milk, 0.95),
    "DRINK-007": (cartons.lotus_milk, 1.0),
    "TEA-001": (cartons.mountain_tea, 0.98),
    "TEA-002": (bags.coffee_beans, 1.0),
    "PANTRY-001": (cans.tomatoes, 0.92),
    "PANTRY-002": (cans.tuna, 0.92),
    "PANTRY-003": (bottles.olive_oil, 1.08),
    "PANTRY-004": (bottles.fish_sauce, 1.08),
    "PANTRY-005": (bottles.chili_sauce, 1.05),
    "PANTRY-006": (bottles.honey, 0.95),
    "PANTRY-007": (bags.rice, 1.02),
    "SNACK-001": (bags.chips, 1.0),
    "SNACK-002": (bags.gummies, 0.98),
    "SNACK-003": (cartons.butter_biscuits, 0.98),
    "SNACK-004": (cartons.cereal, 1.0),
    "CARE-001": (bottles.shampoo, 1.0),
    "NONE-001": (cans.volt_drink, 0.92),
    "NONE-002": (cartons.cocoa_box, 0.98),
}
_LOOSE: dict[str, tuple[Callable[[], Body], float]] = {
    "FRUIT-001": (produce.apple, 0.84),
    "FRUIT-002": (produce.orange, 0.84),
    "FRUIT-003": (produce.dragon_fruit, 0.90),
    "FRUIT-004": (produce.bananas, 0.98),
    "FRUIT-005": (produce.pear, 0.92),
    "FRUIT-006": (produce.aubergine, 0.95),
    "SHOE-001": (shoes.trail_runner, 1.02),
    "SHOE-002": (shoes.canvas_sneaker, 1.02),
    "SHOE-003": (shoes.kids_sneaker, 1.0),
    "NONE-003": (produce.lemon, 0.84),
}
_NOT_SOLD = (
    Product("NONE-001", "Voltik Guarana", Price(4500, "TWD"), barcode="2000090820098"),
    Product("NONE-002", "Brumm Kakao", Price(14900, "TWD"), barcode="2000090830189"),
    Product("NONE-003", "檸檬 Lemon", Price(2000, "TWD")),
)


def _drawn(product: Product) -> DrawnProduct:
    if product.sku in _LOOSE:
        return DrawnProduct(product, *_LOOSE[product.sku])
    draw, size = _PACKAGES[product.sku]
    return DrawnProduct(product, lambda: draw(product.barcode), size)


SOLD = tuple(_drawn(product) for product in demo_products())
NOT_SOLD = tuple(_drawn(product) for product in _NOT_SOLD)
