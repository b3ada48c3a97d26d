"""Bodies and answers of the native routes, with examples for the documentation."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat, JsonValue

from kiosk.catalog import storable
from kiosk.domain import Price, Product, describe_evidence
from kiosk.money import MAX_MINOR, format_price, minor_digits
from kiosk.shop import SearchHit

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["TWD"])]
Minor = Annotated[
    int, Field(ge=0, le=MAX_MINOR, description="minor units of the currency", examples=[320000])
]
Metadata = Annotated[
    dict[str, str], Field(max_length=100, examples=[{"brand": "Sungrove", "size": "1 l"}])
]
MAX_DIMENSION = 16384  # eight times ResNet-50's 2,048; chosen by eye
Entry = Annotated[FiniteFloat, Field(ge=-1e30, le=1e30)]
Vector = Annotated[list[Entry], Field(min_length=1, max_length=MAX_DIMENSION)]
TopK = Annotated[int, Field(ge=1, le=1000)]


def _storable_json(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    waiting: list[JsonValue] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += [*item, *item.values()]
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, str) and not storable(item):
            raise ValueError("a text holds a character that cannot be stored")
    return value


JsonObject = Annotated[dict[str, JsonValue], AfterValidator(_storable_json)]
"""JSON that every database can keep: no NUL and no halves of characters."""


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CodeRequestOut(Shape):
    """A number that customers asked for and no product has."""

    code: Annotated[str, Field(examples=["4710088412348"])]
    count: int
    last_at: datetime


class ProductIn(Shape):
    """A product as staff describe it."""

    sku: Annotated[str, Field(min_length=1, max_length=100, examples=["TEA-042"])]
    name: Annotated[str, Field(min_length=1, max_length=300, examples=["Oolong tea 600 ml"])]
    price: Minor | None = Field(None, description="minor units; null or 0: not set yet")
    currency: Currency | None = Field(None, description="default: the shop's")
    category: Annotated[str, Field(max_length=100, examples=["Drinks"])] = ""
    description: Annotated[str, Field(max_length=10_000)] = ""
    barcode: Annotated[str, Field(max_length=100, examples=["4710088412345"])] = ""
    metadata: Metadata = {}

    def product(self, currency: str) -> Product:
        return Product(
            sku=self.sku,
            name=self.name,
            price=Price(self.price or 0, self.currency or currency),
            category=self.category,
            description=self.description,
            barcode=self.barcode,
            metadata=self.metadata,
        )


class ProductChange(Shape):
    """Only what is given changes. A price of 0 is one that is not set."""

    name: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    price: Minor | None = None
    currency: Currency | None = None
    category: Annotated[str, Field(max_length=100)] | None = None
    description: Annotated[str, Field(max_length=10_000)] | None = None
    barcode: Annotated[str, Field(max_length=100)] | None = None
    metadata: Metadata | None = None


class ProductBrief(BaseModel):
    """What a list of products shows of each."""

    sku: str
    name: str
    price: int | None = Field(description="minor units of the currency; null: not set yet")
    currency: str
    price_text: str = Field(description="a dash while it is not set", examples=["NT$ 3,200"])
    category: str
    cover_url: str = Field(description="a picture of it, 404 while it has none")


class ProductOut(ProductBrief):
    """A product as it is stored."""

    description: str
    barcode: str
    active: bool
    minor_digits: int = Field(description="decimal places of the currency", examples=[2])
    metadata: dict[str, str]
    updated_at: datetime | None

    @classmethod
    def of(cls, product: Product) -> ProductOut:
        return cls(
            **_brief(product),
            description=product.description,
            barcode=product.barcode,
            active=product.active,
            minor_digits=minor_digits(product.price.currency),
            metadata=dict(product.metadata),
            updated_at=product.updated_at,
        )


class ProductPage(BaseModel):
    """Some of the products; `next_offset` is null at the end."""

    items: list[ProductOut]
    total: int = Field(description="active products in the shop, whatever the query")
    offset: int
    next_offset: int | None


class PhotoOut(BaseModel):
    id: str = Field(description="SHA-256 of the stored JPEG")
    sku: str
    width: int
    height: int
    quality: float
    url: str


class RehearsalOut(BaseModel):
    """Each photo shown to the catalogue without it."""

    sku: str
    tried: int
    right: int
    confused_with: list[Confusion]
    outliers: list[str]


class Confusion(BaseModel):
    sku: str
    times: int


class Enrolled(BaseModel):
    product: ProductOut
    photos: list[PhotoOut]
    rehearsal: RehearsalOut


class Hit(ProductBrief):
    """One product found. Both figures are null for a product that only words have found."""

    similarity: float | None = Field(description="cosine to the picture, -1 to 1")
    confidence: float | None = Field(description="measured chance of being right, 0 to 1")
    by: Literal["barcode"] | None = Field(None, description="barcode: a code says that it is this")
    evidence: dict[str, dict[str, float]] = Field(
        default_factory=dict,
        description="what each cue of a second look said; empty where the glance was sure",
        examples=[{"details": {"inliers": 48, "coverage": 0.61}}],
    )

    @classmethod
    def of(cls, hit: SearchHit) -> Hit:
        return cls(
            **_brief(hit.product),
            similarity=_rounded(hit.similarity),
            confidence=_rounded(hit.confidence),
            by="barcode" if hit.is_scanned else None,
            evidence=describe_evidence(hit.evidence),
        )


class SearchAnswer(BaseModel):
    """`decision` is what the kiosk would say: named, unsure, unknown; null without a picture.

    `code` is the barcode that was sent or is in the picture; its product comes first.
    """

    decision: Literal["named", "unsure", "unknown"] | None
    code: str | None = None
    results: list[Hit]
    model: str
    took_ms: float


class FiltersIn(Shape):
    """Every filter given must hold."""

    category: Annotated[str, Field(max_length=100)] = ""
    price_min: Minor | None = None
    price_max: Minor | None = None
    metadata: Metadata = {}


class VectorQuery(Shape):
    """A vector of the model in use; it need not be normalised."""

    vector: Vector = Field(examples=[[0.1, -0.2, 0.3]])
    top_k: TopK = 5
    threshold: Annotated[FiniteFloat, Field(ge=-1, le=1)] | None = None
    filters: FiltersIn = FiltersIn()


class Features(BaseModel):
    vector: list[float] = Field(description="of norm 1")
    dimension: int
    model: str
    took_ms: float


class JobIn(Shape):
    kind: Literal["reindex", "sync"] = "reindex"
    full: bool = Field(False, description="sync: read every file again, unchanged ones too")
    accept_loss: bool = Field(
        False, description="sync: take out also when so much is gone that a disk may be missing"
    )


class JobOut(BaseModel):
    id: str
    kind: str
    state: Literal["running", "done", "failed", "cancelled"]
    done: int
    total: int
    message: str
    result: dict[str, Any]
    started_at: datetime
    ended_at: datetime | None
    events_url: str


class ModelOut(BaseModel):
    id: str
    title: str
    family: str
    dimension: int
    precision: str
    parameters: int
    licence: str
    commercial_use: Literal["yes", "no", "ask"]
    text: bool = Field(description="can search by words in its own space")
    in_use: bool


class KeyIn(Shape):
    name: Annotated[str, Field(min_length=1, max_length=60, examples=["till 3"])]
    role: Literal["read", "staff", "admin"] = "read"


class KeyOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    role: Literal["read", "staff", "admin"]
    created_at: str


class NewKey(KeyOut):
    key: str = Field(description="shown this once; only its hash is kept")


def cover_url(sku: str) -> str:
    return f"/api/v1/products/{quote(sku, safe='')}/cover"


def _brief(product: Product) -> dict[str, Any]:
    return {
        "sku": product.sku,
        "name": product.name,
        "price": product.price.minor or None,
        "currency": product.price.currency,
        "price_text": format_price(product.price),
        "category": product.category,
        "cover_url": cover_url(product.sku),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, 6)
