"""What the demo shop sells, and three things that it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from kiosk.demo import bags, bottles, cans, cartons, produce, shoes
from kiosk.demo.barcode import in_store
from kiosk.demo.render import Body
from kiosk.domain import Price, Product

_CENTS = 100


@dataclass(frozen=True, eq=False)
class DemoProduct:
    """A product with the function that builds its body (surfaces and textures).

    `size` is its length in a picture against the others', about 1. Fruit and shoes carry
    no barcode: `printed` is False.
    """

    product: Product
    build: Callable[[], Body]
    size: float = 1.0
    printed: bool = True

    @property
    def body(self) -> Body:
        """The drawn body; the latest two are kept, for each holds megabytes of textures."""
        return _built(self.build)


@lru_cache(maxsize=2)
def _built(build: Callable[[], Body]) -> Body:
    return build()


@dataclass(frozen=True, slots=True)
class _Row:
    sku: str
    name: str
    price: Price
    category: str
    description: str
    draw: Callable[[str], Body] | Callable[[], Body]
    size: float = 1.0
    printed: bool = True


def _ntd(amount: int) -> Price:
    return Price(amount * _CENTS, "TWD")


_ROWS = (
    _Row(
        "DRINK-001",
        "Fizzle Yuzu Soda 柚子蘇打",
        _ntd(35),
        "Drinks",
        "Sparkling yuzu lemonade, 330 ml. Best ice-cold.",
        cans.yuzu_soda,
        0.92,
    ),
    _Row(
        "DRINK-002",
        "Cà phê sữa đá Sao Đêm",
        _ntd(42),
        "Drinks",
        "Vietnamese iced milk coffee in a can, 240 ml.",
        cans.night_coffee,
        0.92,
    ),
    _Row(
        "DRINK-003",
        "Pêche Claire Sparkling Water 氣泡水",
        _ntd(29),
        "Drinks",
        "Water with bubbles and a hint of peach, no sugar, 330 ml.",
        cans.peach_water,
        0.92,
    ),
    _Row(
        "DRINK-004",
        "麥日大麥茶",
        _ntd(30),
        "Drinks",
        "Roasted barley tea without caffeine, 600 ml. 無咖啡因，冷熱皆宜。",
        bottles.barley_tea,
        1.05,
    ),
    _Row(
        "DRINK-005",
        "Haverly Oat Drink 燕麥奶",
        _ntd(119),
        "Drinks",
        "Creamy oat drink for coffee and cereal, 1 litre.",
        cartons.oat_drink,
        1.02,
    ),
    _Row(
        "DRINK-006",
        "豆日和無糖豆漿",
        _ntd(48),
        "Drinks",
        "Soy milk without sugar, 400 ml. 非基改黃豆。",
        cartons.soy_milk,
        0.95,
    ),
    _Row(
        "DRINK-007",
        "Sữa hạt sen Mây Trắng",
        _ntd(55),
        "Drinks",
        "Lotus seed milk, lightly sweet, 330 ml. Uống lạnh ngon hơn.",
        cartons.lotus_milk,
        1.0,
    ),
    _Row(
        "TEA-001",
        "山嵐高山烏龍茶",
        _ntd(320),
        "Tea & coffee",
        "High mountain oolong, hand-picked, 150 g. 冬茶，手採。",
        cartons.mountain_tea,
        0.98,
    ),
    _Row(
        "TEA-002",
        "Lunaro 夜光咖啡豆",
        _ntd(260),
        "Tea & coffee",
        "Dark roasted coffee beans, cocoa and plum, 250 g.",
        bags.coffee_beans,
        1.0,
    ),
    _Row(
        "PANTRY-001",
        "Tomatelle Peeled Tomatoes",
        _ntd(59),
        "Pantry",
        "Whole plum tomatoes in juice, 400 g.",
        cans.tomatoes,
        0.92,
    ),
    _Row(
        "PANTRY-002",
        "海風水煮鮪魚",
        _ntd(65),
        "Pantry",
        "Tuna in spring water, 185 g. 一支釣，無添加。",
        cans.tuna,
        0.92,
    ),
    _Row(
        "PANTRY-003",
        "Olivara Extra Virgin Olive Oil",
        Price(1299, "EUR"),
        "Pantry",
        "Cold-pressed in the first week of harvest, 500 ml.",
        bottles.olive_oil,
        1.08,
    ),
    _Row(
        "PANTRY-004",
        "Nước mắm nhĩ Sóng Vàng",
        Price(45_000, "VND"),
        "Pantry",
        "First-press fish sauce, 40° N, 500 ml. Cá cơm và muối biển.",
        bottles.fish_sauce,
        1.08,
    ),
    _Row(
        "PANTRY-005",
        "火龍辣椒醬",
        _ntd(75),
        "Pantry",
        "Fire dragon chili sauce: garlic, red chili, a little sugar, 350 ml.",
        bottles.chili_sauce,
        1.05,
    ),
    _Row(
        "PANTRY-006",
        "Mielina 龍眼蜂蜜",
        _ntd(280),
        "Pantry",
        "Longan honey from one valley, 420 g. Mật ong nhãn.",
        bottles.honey,
        0.95,
    ),
    _Row(
        "PANTRY-007",
        "Gạo thơm Đồng Xanh",
        _ntd(310),
        "Pantry",
        "Fragrant jasmine rice, new harvest, 5 kg.",
        bags.rice,
        1.02,
    ),
    _Row(
        "SNACK-001",
        "Krispo Sea Salt & Nori 海苔洋芋片",
        _ntd(39),
        "Snacks",
        "Thin potato chips with seaweed, 110 g.",
        bags.chips,
        1.0,
    ),
    _Row(
        "SNACK-002",
        "Wobbly Fruit Gummies 水果軟糖",
        _ntd(45),
        "Snacks",
        "Soft bears with real juice, five fruits, 150 g.",
        bags.gummies,
        0.98,
    ),
    _Row(
        "SNACK-003",
        "Keksel Butter Biscuits 奶油餅乾",
        _ntd(69),
        "Snacks",
        "Crisp butter biscuits, 200 g.",
        cartons.butter_biscuits,
        0.98,
    ),
    _Row(
        "SNACK-004",
        "Zumi Crunch vòng ngũ cốc",
        _ntd(139),
        "Snacks",
        "Fruity breakfast rings with whole grain, 375 g.",
        cartons.cereal,
        1.0,
    ),
    _Row(
        "CARE-001",
        "Velinda Gentle Shampoo 溫和洗髮乳",
        _ntd(199),
        "Care",
        "For every day and all hair, with bellflower, 400 ml.",
        bottles.shampoo,
        1.0,
    ),
    _Row(
        "FRUIT-001",
        "富士蘋果 Fuji Apple",
        _ntd(32),
        "Fruit & vegetables",
        "Sweet, crisp, each. 一顆。",
        produce.apple,
        0.84,
        False,
    ),
    _Row(
        "FRUIT-002",
        "Cam sành · Orange",
        _ntd(18),
        "Fruit & vegetables",
        "Juicy orange with leaf, each.",
        produce.orange,
        0.84,
        False,
    ),
    _Row(
        "FRUIT-003",
        "Thanh long 火龍果",
        _ntd(58),
        "Fruit & vegetables",
        "Dragon fruit with red flesh, each.",
        produce.dragon_fruit,
        0.90,
        False,
    ),
    _Row(
        "FRUIT-004",
        "香蕉 Banana",
        _ntd(49),
        "Fruit & vegetables",
        "A hand of four, ripe. 一串。",
        produce.bananas,
        0.98,
        False,
    ),
    _Row(
        "FRUIT-005",
        "Quả lê · Pear",
        _ntd(36),
        "Fruit & vegetables",
        "Buttery pear, each.",
        produce.pear,
        0.92,
        False,
    ),
    _Row(
        "FRUIT-006",
        "Cà tím 茄子",
        _ntd(27),
        "Fruit & vegetables",
        "Aubergine, firm and glossy, each.",
        produce.aubergine,
        0.95,
        False,
    ),
    _Row(
        "SHOE-001",
        "Tarvo Trail Runner",
        _ntd(2490),
        "Shoes",
        "Light trail shoe with a grippy sole, orange.",
        shoes.trail_runner,
        1.02,
        False,
    ),
    _Row(
        "SHOE-002",
        "Plimsa Canvas Sneaker",
        _ntd(1280),
        "Shoes",
        "Navy canvas, white toe, sizes 36 to 45.",
        shoes.canvas_sneaker,
        1.02,
        False,
    ),
    _Row(
        "SHOE-003",
        "Nimbi Kids' Sneaker 彩虹童鞋",
        _ntd(990),
        "Shoes",
        "Rainbow sneaker for children, sizes 24 to 34.",
        shoes.kids_sneaker,
        1.0,
        False,
    ),
)

_NOT_IN_STOCK = (
    _Row(
        "NONE-001",
        "Voltik Guarana",
        _ntd(45),
        "Drinks",
        "Energy drink that this shop does not sell.",
        cans.volt_drink,
        0.92,
    ),
    _Row(
        "NONE-002",
        "Brumm Kakao",
        _ntd(149),
        "Pantry",
        "Cocoa powder that this shop does not sell.",
        cartons.cocoa_box,
        0.98,
    ),
    _Row(
        "NONE-003",
        "檸檬 Lemon",
        _ntd(20),
        "Fruit & vegetables",
        "A lemon; this shop sells none.",
        produce.lemon,
        0.84,
        False,
    ),
)


def _made(rows: tuple[_Row, ...], first_number: int) -> tuple[DemoProduct, ...]:
    made = []
    for number, row in enumerate(rows, first_number):
        barcode = in_store(number * 1009) if row.printed else ""
        product = Product(
            sku=row.sku,
            name=row.name,
            price=row.price,
            category=row.category,
            description=row.description,
            barcode=barcode,
        )
        made.append(DemoProduct(product, _builder(row, barcode), row.size, row.printed))
    return tuple(made)


def _builder(row: _Row, barcode: str) -> Callable[[], Body]:
    arguments = (barcode,) if row.printed else ()
    return lambda: row.draw(*arguments)


DEMO_STOCK = _made(_ROWS, 1001)
DEMO_UNSTOCKED = _made(_NOT_IN_STOCK, 9001)


def demo_products() -> list[DemoProduct]:
    """Everything that the demo shop sells, in the order of its shelves."""
    return list(DEMO_STOCK)
