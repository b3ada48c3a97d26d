"""The error tree.

KioskError
├── KnownError            not our fault: has a sentence for the person and a next step
│   ├── ConfigError       a setting or flag that cannot be used
│   ├── PictureError      a file or upload that is not a usable picture
│   ├── CatalogError      a product, price, CSV or database that cannot be used
│   │   ├── UnknownProductError   no product has that SKU
│   │   ├── ProductExistsError    a product has that SKU already
│   │   └── CatalogFullError      the catalogue holds as many products as it may
│   ├── ModelError        a model folder that is missing, damaged or does not fit
│   ├── CameraError       a camera that cannot be opened or went away
│   └── StorageError      disk full, not writable, locked by another
└── BugError              our fault: an invariant of the code does not hold
"""

from __future__ import annotations


class KioskError(Exception):
    """Base of every error that this package raises on purpose."""


class KnownError(KioskError):
    """Something outside the code went wrong, and a person can mend it.

    `message` says in one sentence what was wanted and what was got; `next_step`
    says what to do about it. `str(error)` joins both.
    """

    def __init__(self, message: str, *, next_step: str = "") -> None:
        self.message = message
        self.next_step = next_step
        super().__init__(message)

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class ConfigError(KnownError):
    """A setting or flag cannot be used."""


class PictureError(KnownError):
    """A file or upload is not a picture the kiosk can use."""


class CatalogError(KnownError):
    """A product, a price, a CSV or the database cannot be used."""


class UnknownProductError(CatalogError):
    """No product has this SKU."""

    def __init__(self, sku: str) -> None:
        super().__init__(
            f"No product has the SKU {sku!r}.",
            next_step="`kiosk products` lists what is there.",
        )
        self.sku = sku


class ProductExistsError(CatalogError):
    """A product that had to be new has the SKU of another, active or retired."""

    def __init__(self, sku: str) -> None:
        super().__init__(
            f"There is a product with the SKU {sku!r}.",
            next_step="Change that product, or choose another SKU.",
        )
        self.sku = sku


class CatalogFullError(CatalogError):
    """The catalogue holds as many products as it may."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The catalogue may hold at most {limit} products.",
            next_step="Delete some, or raise the limit.",
        )
        self.limit = limit


class ModelError(KnownError):
    """A model folder is missing, damaged or does not fit."""


class CameraError(KnownError):
    """A camera cannot be opened, or it went away."""


class StorageError(KnownError):
    """The disk is full, read-only, or held by another process."""


class BugError(KioskError):
    """An invariant of our own code does not hold."""
