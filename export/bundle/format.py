"""The parts of a `.kioskbundle`, as `export/FORMAT.md` describes them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FORMAT = "kioskbundle"
VERSION = 1
SUFFIX = ".kioskbundle"

MANIFEST = "manifest.json"
MANIFEST_CHECKSUM = "manifest.sha256"
PRODUCTS = "products.json"
VECTORS = "vectors.f16"
CORRECTIONS = "vectors.i8"
METRIC_MEAN = "metric_mean.f32"
METRIC_PROJECTION = "metric_projection.f32"
GOLDENS = "goldens.json"
GOLDEN_VECTORS = "goldens.f32"
TOKENIZER = "tokenizer.json"
MODELS = "models"
THUMBNAILS = "thumbnails"
GOLDEN_PICTURES = "goldens"


class _Part(BaseModel):
    """Entries that a later writer adds are passed over: see the rules in `export/FORMAT.md`."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class FileEntry(_Part):
    """One file of the bundle; paths have forward slashes and stay inside it."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)


class TowerEntry(_Part):
    """One Core ML package."""

    package: str
    input: str
    output: str


class TextEntry(TowerEntry):
    """The text tower; `clean` says what is done to a text before the tokenizer sees it."""

    tokenizer: str
    context_length: int = Field(gt=0)
    pad_id: int = 0
    clean: str = "lower"


class ModelEntry(_Part):
    """The encoder whose vectors these are; without packages, the app brings its own."""

    id: str
    title: str
    fingerprint: str
    dimension: int = Field(gt=0)
    licence: str
    commercial_use: str
    image: TowerEntry | None = None
    text: TextEntry | None = None


class PreprocessingEntry(_Part):
    """From a picture to the package's input. Mean and std are inside the package."""

    width: int = Field(gt=0)
    height: int = Field(gt=0)
    resize: Literal["shortest", "squash", "longest_pad"]
    crop: Literal["center", "none"]
    interpolation: Literal["bilinear", "bicubic", "area"]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    colour: Literal["rgb", "gray"] = "rgb"


class ArrayEntry(_Part):
    """A little-endian array in rows."""

    file: str
    dtype: Literal["float16", "float32"]
    rows: int = Field(ge=0)
    columns: int = Field(ge=0)


class VectorsEntry(ArrayEntry):
    """The photos' vectors; `corrections` names a file of one signed byte a number, or none."""

    corrections: str = ""


class MetricEntry(_Part):
    """How like a picture is to a product.

    "cosine": the largest cosine with one of its photos. "tuned": with
    z(x) = unit((x - mean) projection), similarity = (1 - nearest_weight) z(q).unit(sum z)
    + nearest_weight max z(q).z(photo), then drawn to 1 where the plain cosine is above
    `identical`.
    """

    kind: Literal["cosine", "tuned"]
    mean: ArrayEntry | None = None
    projection: ArrayEntry | None = None
    nearest_weight: float = 0.0
    identical: float = 1.0


class LogisticEntry(_Part):
    """sigmoid(bias + level x1 + margin x2 + cohesion x3 + shift)."""

    bias: float
    level: float
    margin: float
    cohesion: float


class ConfidenceEntry(_Part):
    """From similarities to chances, and from chances to a decision: see `export/FORMAT.md`."""

    low: float
    span: float = Field(gt=0)
    right: LogisticEntry
    known: LogisticEntry
    shift_right: float
    shift_known: float
    sharpness: float
    error_budget: float
    risk_per_budget: float
    unknown_cost: float
    least_right: float
    least_known: float


class ProductEntry(_Part):
    """One product; `first` and `count` are its rows among the vectors.

    `cohesion` says how like its own photos are to each other, on the scale of confidence.
    """

    sku: str
    name: str
    price_minor: int
    currency: str
    price: str
    category: str = ""
    description: str = ""
    barcode: str = ""
    first: int = Field(ge=0)
    count: int = Field(ge=0)
    cohesion: float = 0.0
    thumbnail: str = ""


class CandidateEntry(_Part):
    sku: str
    similarity: float
    confidence: float


class AnswerEntry(_Part):
    """What the kiosk answers: decision and candidates, best first."""

    decision: Literal["named", "unsure", "unknown"]
    candidates: tuple[CandidateEntry, ...]


class GoldenPicture(_Part):
    """A picture of the encoder's size, the row of its vector, and the kiosk's answer."""

    picture: str
    row: int = Field(ge=0)
    answer: AnswerEntry


class GoldenText(_Part):
    """A text, its token ids, and the row of its vector."""

    text: str
    tokens: tuple[int, ...]
    row: int = Field(ge=0)


class Goldens(_Part):
    """What a phone must reproduce. `cosine_min` is for vectors."""

    vectors: ArrayEntry
    cosine_min: float
    similarity_tolerance: float
    pictures: tuple[GoldenPicture, ...]
    texts: tuple[GoldenText, ...] = ()
