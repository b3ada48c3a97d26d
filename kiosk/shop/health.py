"""Checks of model, database, disk and camera, for `doctor`, Health screen and API."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from kiosk.camera import list_cameras
from kiosk.catalog import CatalogStore
from kiosk.errors import KnownError
from kiosk.settings import Settings
from kiosk.vision.models import find_model

LOW_DISK_MB = 500  # some thousand photos; chosen by eye


class Grade(StrEnum):
    """How grave a finding is."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found and, unless it is good, the remedy."""

    subject: str
    grade: Grade
    text: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Check model, database, disk and camera without changing anything."""
    checks = (_check_model, _check_database, _check_disk, _check_camera)
    return [_guarded(check, settings) for check in checks]


def worst(findings: Iterable[Finding]) -> Grade:
    """Return the gravest grade among `findings`; GOOD where there are none."""
    order = list(Grade)
    return max((f.grade for f in findings), key=order.index, default=Grade.GOOD)


def _check_model(settings: Settings) -> Finding:
    card = find_model(settings.model).card
    return Finding("model", Grade.GOOD, f"{card.title}: files and checksums are right.")


def _check_database(settings: Settings) -> Finding:
    store = CatalogStore.open(settings.db)
    try:
        counts = store.counts()
    finally:
        store.close()
    if not counts.products:
        return Finding(
            "database",
            Grade.WARNING,
            f"{settings.db} opens, and has no products yet.",
            "Photograph some on the Staff screen, or `kiosk import products.csv`.",
        )
    text = f"{counts.products} products with {counts.photos} photos in {settings.db}."
    return Finding("database", Grade.GOOD, text)


def _check_disk(settings: Settings) -> Finding:
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    text = f"{free_mb / 1000:.1f} GB are free where the shop's data lives."
    if free_mb < LOW_DISK_MB:
        return Finding("disk", Grade.BAD, text, "Free some space; new photos cannot be stored.")
    return Finding("disk", Grade.GOOD, text)


def _check_camera(settings: Settings) -> Finding:
    if not settings.source.isdigit():
        return Finding("camera", Grade.GOOD, f"The source is {settings.source}.")
    numbers = {str(camera.number) for camera in list_cameras()}
    if settings.source in numbers:
        return Finding("camera", Grade.GOOD, f"Camera {settings.source} is plugged in.")
    return Finding(
        "camera",
        Grade.WARNING,
        f"Camera {settings.source} is not there; found: {', '.join(sorted(numbers)) or 'none'}.",
        "Plug it in, or choose another: `kiosk cameras` lists them, `--source demo` needs none.",
    )


def _guarded(check: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return check(settings)
    except KnownError as error:
        subject = check.__name__.removeprefix("_check_")
        return Finding(subject, Grade.BAD, error.message, error.next_step)
