"""Imports go one way and never in a circle; a room is entered through its face."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
BASE = {
    *("audit", "domain", "errors", "extensions", "files", "fitting", "folding", "inference"),
    *("memory", "money", "picture_metadata", "pictures", "pipes", "progress", "resources"),
    *("settings", "vectors"),
}
ALLOWED = {
    **dict.fromkeys(BASE, BASE),
    **dict.fromkeys(("camera", "vision", "catalog", "recognition"), BASE),
    "vectorstore": BASE | {"catalog"},  # its rows lie in the catalogue's database
}
JOINING = {"live", "shop", "evaluation", "demo"}
TOP = {"api", "gui"}
ONLY_IN_GUI = {"PySide6", "shiboken6"}
ONLY_IN_EXPORT = {"torch", "torchvision", "open_clip", "timm", "coremltools"}


def sources(package: str) -> list[Path]:
    return sorted((CHECKOUT / package).rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(p): p for top in ("kiosk", "export") for p in sources(top)}


def imported(path: Path) -> Iterator[str]:
    """Every name imported, dotted, in functions and in a face's stub, too."""
    stub = path.with_suffix(".pyi")
    source = stub if path.name == "__init__.py" and stub.exists() else path
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == (0 if source == path else 1), f"{path}: imports are absolute"
            start = node.module if node.level == 0 else f"{module_of(path)}.{node.module}"
            yield from (f"{start}.{alias.name}" for alias in node.names)


def target_of(name: str) -> str | None:
    """The module that an imported name is, or is defined in."""
    if name in MODULES:
        return name
    owner = name.rpartition(".")[0]
    if owner in MODULES and (stub := MODULES[owner].with_suffix(".pyi")).exists():
        for reexported in imported(MODULES[owner]):
            if reexported.rpartition(".")[2] == name.rpartition(".")[2]:
                return target_of(reexported)
        assert MODULES[owner].name != "__init__.py", f"{stub} has no {name}"
    return owner if owner in MODULES else None


def room_of(module: str) -> str:
    """The first folder of `kiosk`, or the base module itself; `export` is one room."""
    parts = module.split(".")
    return parts[1] if parts[0] == "kiosk" and len(parts) > 1 else parts[0]


def room(path: Path) -> str:
    return room_of(module_of(path))


def rooms_used(path: Path) -> set[str]:
    return {room_of(name) for name in imported(path) if name.startswith("kiosk.")} - {"__version__"}


def uses(module: str) -> set[str]:
    """The modules of ours that `module` imports; a face stands for what is asked of it."""
    targets = {target_of(name) for name in imported(MODULES[module])}
    return {target for target in targets if target is not None} - {module}


def circle(graph: dict[str, set[str]]) -> list[str]:
    """The names of one circle, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(name) for name in error.args[1]]
    return []


def test_the_scan_sees_the_house() -> None:
    rooms = {room(path) for path in sources("kiosk")}
    assert {"domain", "catalog", "recognition", "vectorstore", "vision", "gui"} <= rooms
    assert len(sources("export")) > 3
    assert "kiosk.catalog.store" in uses("kiosk.shop.shop")


def test_the_search_for_circles_finds_one() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert not circle({"a": {"b", "c"}, "b": {"c"}})


def test_no_module_imports_in_a_circle() -> None:
    faces = {m for m, path in MODULES.items() if path.with_suffix(".pyi").exists()}
    assert circle({m: uses(m) - faces for m in MODULES if m not in faces}) == []


def test_no_room_imports_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for path in sources("kiosk"):
        graph.setdefault(room(path), set()).update(rooms_used(path) - {room(path)})
    assert circle(graph) == []


@pytest.mark.parametrize("path", list(MODULES.values()), ids=lambda p: str(p.relative_to(CHECKOUT)))
def test_another_room_is_entered_through_its_face(path: Path) -> None:
    for name in imported(path):
        owner = name if name in MODULES else name.rpartition(".")[0]
        if owner in MODULES and room_of(owner) not in BASE | {room(path), "kiosk"}:
            assert MODULES[owner].name == "__init__.py", f"{name} is private to its room"


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
