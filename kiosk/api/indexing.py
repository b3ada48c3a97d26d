"""The work of jobs: encode what is missing, index a folder, change the model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from kiosk.api.jobs import Progress, Work
from kiosk.api.problems import ProblemError
from kiosk.api.service import Service
from kiosk.catalog.folder_sync import SyncReport, sync_pictures
from kiosk.domain import Image, Vectors

LAST_SYNC = "last_sync"
PROBLEMS_SHOWN = 100


def reindex_work(service: Service) -> Work:
    """Encode every photo without a vector, and fit the metric anew."""

    def work(on_progress: Progress) -> dict[str, object]:
        service.shop.refresh(on_progress)
        engine = service.shop.engine
        return {
            "products": engine.products,
            "photos": engine.photos,
            "unreadable": len(service.shop.unreadable_photos),
        }

    return work


def switch_work(service: Service, model_id: str) -> Work:
    def work(on_progress: Progress) -> dict[str, object]:
        service.shop.switch_model(model_id, on_progress=on_progress)
        return {"model": service.shop.encoder.model_id, "photos": service.shop.engine.photos}

    return work


def sync_work(service: Service, *, full: bool, batch: int = 0) -> Work:
    """Take in what is new, changed or gone in the source folder; it resumes after a kill."""
    folder = source_folder(service)

    def work(on_progress: Progress) -> dict[str, object]:
        report = sync(service, folder, on_progress, full=full, batch=batch)
        return {
            "total_images": report.total,
            "new_images": report.new + report.changed,
            "removed_images": report.removed,
            "held_back": report.held_back,
            "failed_images": len(report.problems),
            "processing_time": round(report.seconds, 3),
            "problems": [
                {"path": problem.path, "reason": problem.reason}
                for problem in report.problems[:PROBLEMS_SHOWN]
            ],
        }

    return work


def sync(
    service: Service, folder: Path, on_progress: Progress, *, full: bool, batch: int
) -> SyncReport:
    shop = service.shop
    encoder = shop.encoder
    size = min(batch or service.settings.max_batch_size, service.settings.max_batch_size)

    def encode(images: Sequence[Image]) -> Vectors:
        parts = [encoder.encode(images[at : at + size]) for at in range(0, len(images), size)]
        return np.concatenate(parts)

    report = sync_pictures(
        shop.store,
        folder,
        model_id=encoder.fingerprint,
        encode=encode,
        currency=shop.settings.currency,
        full=full,
        on_progress=on_progress,
        stopping=service.closing.is_set,
    )
    shop.refresh()
    shop.store.put_value(LAST_SYNC, datetime.now(UTC).isoformat(timespec="seconds"))
    return report


def source_folder(service: Service) -> Path:
    """Raises ProblemError 409 while no folder is set."""
    folder = service.settings.source_folder
    if folder is None:
        raise ProblemError(
            409,
            "no-source-folder",
            "There is no folder to index",
            "The service was not told which folder of pictures to index.",
            next_step="Set KIOSK_API_SOURCE_FOLDER and restart.",
        )
    return folder
