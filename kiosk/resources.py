"""Where the files that ship with the product lie: in a checkout, or in a wheel."""

from __future__ import annotations

import hashlib
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent


def in_checkout() -> bool:
    """True when the package runs from a source tree rather than from a wheel."""
    return (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "assets").is_dir()


def _shipped(name: str) -> Path:
    return (_CHECKOUT if in_checkout() else _PACKAGE / "_data") / name


def assets_dir() -> Path:
    """Icons, fonts and translations."""
    return _shipped("assets")


def shipped_models_dir() -> Path:
    """The model folders that come with the product; may be read-only."""
    return _shipped("checkpoints")


def models_dir() -> Path:
    """Where pulled and added models are written."""
    if in_checkout():
        return _CHECKOUT / "checkpoints"
    return Path(platformdirs.user_data_dir("shelflens")) / "checkpoints"


def default_data_dir() -> Path:
    """Where the shop's data lives unless `--db` or `KIOSK_DB` say otherwise."""
    if in_checkout():
        return _CHECKOUT / "product_db"
    return Path(platformdirs.user_data_dir("shelflens")) / "product_db"


def local_folder(db: str | Path) -> Path:
    """Return the folder `db`; for a server's URL a folder for copies, apart from any other's."""
    if "://" not in str(db):
        return Path(db)
    return default_data_dir() / "servers" / hashlib.sha256(str(db).encode()).hexdigest()[:16]
