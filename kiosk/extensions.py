"""Extension points: what installed packages add, found by their entry points.

A package names what it adds in its `pyproject.toml`, in a group of `GROUPS`. Nothing of it
is imported before it is asked for.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

from kiosk.errors import ConfigError

Kind = Literal["camera_sources", "encoders", "label_readers", "price_sources"]
GROUPS: dict[Kind, str] = {
    "camera_sources": "shelflens.camera_sources",
    "encoders": "shelflens.encoders",
    "label_readers": "shelflens.label_readers",
    "price_sources": "shelflens.price_sources",
}


def extension_names(kind: Kind) -> list[str]:
    """Return the names that installed packages give to extensions of `kind`, sorted."""
    return sorted(entry.name for entry in _entries(kind))


def load_extension(kind: Kind, name: str) -> Any:
    """Import the extension `name`.

    Raises:
        ConfigError: no package brings it, or importing it failed.
    """
    entry = next((entry for entry in _entries(kind) if entry.name == name), None)
    if entry is None:
        known = ", ".join(extension_names(kind)) or "none"
        raise ConfigError(
            f"No installed package brings {name!r} as one of its {kind.replace('_', ' ')}.",
            next_step=f"Install it, or choose one that is there: {known}.",
        )
    try:
        return entry.load()
    except Exception as error:
        raise ConfigError(
            f"The extension {name!r} ({entry.value}) cannot be loaded: {error}.",
            next_step="Mend or uninstall the package that brings it.",
        ) from error


@cache  # reading the metadata of every installed package takes 30 ms
def _entries(kind: Kind) -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group=GROUPS[kind]))
