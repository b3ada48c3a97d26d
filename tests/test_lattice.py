"""Imports go one way; a room that reaches sideways or up fails here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
BASE = {"domain", "errors", "config", "resources", "pictures", "money", "small_machine"}
ALLOWED = {
    **dict.fromkeys(BASE, BASE),
    "camera": BASE,
    "vision": BASE,
    "catalog": BASE,
    "search": BASE,
}
JOINING = {"live", "enrolment", "evaluation", "shop", "demo", "sources", "health", "speed"}
TOP = {"api", "gui"}
ONLY_IN_GUI = {"PySide6", "shiboken6"}
ONLY_IN_EXPORT = {"torch", "torchvision", "open_clip", "timm", "coremltools"}


def sources(package: str) -> list[Path]:
    return sorted((CHECKOUT / package).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    return path.relative_to(CHECKOUT / "kiosk").parts[0].removesuffix(".py")


def rooms_used(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(path) if name.startswith("kiosk.")} - {
        "__version__"
    }


def test_the_scan_sees_the_house() -> None:
    assert {"domain", "catalog", "search", "vision", "gui"} <= {room(p) for p in sources("kiosk")}
    assert len(sources("export")) > 3


@pytest.mark.parametrize("path", sources("kiosk"), ids=lambda p: str(p.relative_to(CHECKOUT)))
def test_a_room_imports_only_what_lies_below_it(path: Path) -> None:
    here = room(path)
    used = rooms_used(path) - {here}
    if here in ALLOWED:
        assert used <= ALLOWED[here]
    elif here in JOINING:
        assert not used & (TOP | {"cli"})
    elif here in TOP:
        assert not used & ((TOP | {"cli"}) - {here})


@pytest.mark.parametrize("path", sources("kiosk"), ids=lambda p: str(p.relative_to(CHECKOUT)))
def test_heavy_libraries_stay_in_their_rooms(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    assert "export" not in roots
    assert not roots & ONLY_IN_EXPORT
    if room(path) != "gui":
        assert not roots & ONLY_IN_GUI
