"""The two jobs behind the commands: make the packages of a model, check one package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from export.coreml.job import Wish, export_tower
from export.coreml.metadata import PREFIX
from export.coreml.names import TowerNames
from export.coreml.precision import Precision, Target
from export.coreml.sources import RANDOM_VERSION, load_towers
from export.coreml.tower import ImageTower, TextTower, Tower
from export.verify.package import Shelf, verify_package
from export.verify.program import read_package
from export.verify.report import Report
from export.verify.shelf import read_pictures, read_shelf
from kiosk.domain import Image
from kiosk.errors import ModelError

OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What `python -m export coreml` was asked for."""

    model: str
    as_id: str | None
    random_weights: bool
    towers: Sequence[str]
    precision: Precision
    target: Target
    bound: float | None
    names: Mapping[str, TowerNames]
    pictures: Path | None = None
    db: str | None = None


def make_packages(order: Order, folder: Path, on_step: OnStep) -> list[Report]:
    """Write and verify each tower's package.

    Raises:
        ModelError: no such model or tower, or a package that is not what its network is.
        StorageError: the folder cannot be written.
    """
    on_step(f"loading {order.model}")
    image, text = load_towers(
        _source(order.model), as_id=order.as_id, random_weights=order.random_weights
    )
    wanted = order.towers or (("image", "text") if text else ("image",))
    chosen = [_chosen(name, image, text) for name in wanted]
    pictures = read_pictures(order.pictures)
    shelf = read_shelf(order.db, image)
    wish = Wish(order.precision, order.target, order.bound)
    reports = []
    for name, tower in zip(wanted, chosen, strict=True):
        say = partial(_say, on_step, name)
        report = export_tower(
            tower,
            folder,
            order.names[name],
            wish,
            pictures=pictures,
            shelf=shelf,
            on_step=say,
        )
        reports.append(report)
    return reports


def _say(on_step: OnStep, tower: str, what: str) -> None:
    on_step(f"{tower} tower: {what}")


def check_package(
    path: Path,
    *,
    model: str | None,
    as_id: str | None,
    bound: float | None,
    pictures: Path | None,
    db: str | None,
    on_step: OnStep,
) -> Report:
    """Verify a package against the network that it names, or against `model`.

    Raises:
        ModelError: the package or its network cannot be read.
    """
    on_step("reading the package")
    package = read_package(path)
    named = package.metadata.get(PREFIX + "model")
    if model is None and named is None:
        raise ModelError(
            f"{path.name} does not say which network it was made from.",
            next_step="Say it with --model ID.",
        )
    random = package.metadata.get(PREFIX + "source_version") == RANDOM_VERSION
    image, text = load_towers(
        _source(model or str(named)), as_id=as_id, random_weights=random and model is None
    )
    tower = _chosen(package.tower, image, text)
    shelf = read_shelf(db, image)
    seen: Sequence[Image] = read_pictures(pictures)
    on_step("running it, operation by operation")
    return verify_package(path, tower, pictures=seen, shelf=_only(shelf, tower), bound=bound)


def _only(shelf: Shelf | None, tower: Tower) -> Shelf | None:
    return shelf if isinstance(tower, ImageTower) else None


def _chosen(name: str, image: ImageTower, text: TextTower | None) -> Tower:
    if name == "image":
        return image
    if text is None:
        raise ModelError(
            f"{image.card.title} reads no words: it has no text tower.",
            next_step="Export it with --towers image.",
        )
    return text


def _source(model: str) -> str | Path:
    return Path(model) if Path(model).exists() else model
