"""The work of jobs: encode what is missing, index a folder, change the model."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from kiosk.api.jobs import Work
from kiosk.api.problems import NO_SOURCE_FOLDER, ProblemError
from kiosk.api.service import Service
from kiosk.catalog.sync import SyncReport, scan
from kiosk.progress import Progress

LAST_SYNC = "last_sync"
MAX_PROBLEMS = 100  # unusable files listed in a job's result; chosen by eye


def reindex_work(service: Service) -> Work:
    """Encode every photo without a vector, and fit the metric anew."""

    def work(on_progress: Progress) -> dict[str, object]:
        service.shop.refresh(on_progress)
        index = service.shop.index
        return {
            "products": index.products,
            "photos": index.photos,
            "unreadable": len(service.shop.unreadable_photos),
        }

    return work


def switch_work(service: Service, model_id: str) -> Work:
    def work(on_progress: Progress) -> dict[str, object]:
        service.shop.switch_model(model_id, on_progress=on_progress)
        return {"model": service.shop.index.model_id, "photos": service.shop.index.photos}

    return work


def sync_work(service: Service, *, full: bool, accept_loss: bool, batch: int = 0) -> Work:
    """Take in what is new, changed or gone in the source folder; it resumes after a kill.

    `accept_loss` takes out also when much is gone at once, though never when all is.
    """
    folder = source_folder(service)

    def work(on_progress: Progress) -> dict[str, object]:
        has_files = accept_loss and bool(scan(folder.resolve()).files)
        report = sync(service, folder, on_progress, full=full, accept_loss=has_files, batch=batch)
        return {
            "total_images": report.total,
            "new_images": report.new + report.changed,
            "removed_images": report.removed,
            "held_back": report.held_back,
            "failed_images": len(report.problems),
            "processing_time": round(report.seconds, 3),
            "problems": [
                {"path": problem.path, "reason": problem.reason}
                for problem in report.problems[:MAX_PROBLEMS]
            ],
        }

    return work


def sync(
    service: Service,
    folder: Path,
    on_progress: Progress,
    *,
    full: bool,
    accept_loss: bool,
    batch: int,
) -> SyncReport:
    shop, settings = service.shop, service.settings
    report = shop.sync_folder(
        folder,
        full=full,
        accept_loss=accept_loss,
        batch=min(batch or settings.max_batch_size, settings.max_batch_size),
        workers=settings.decode_workers,
        max_products=settings.max_products,
        on_progress=on_progress,
        stopping=service.closing.is_set,
    )
    shop.refresh()
    shop.values.put_value(LAST_SYNC, datetime.now(UTC).isoformat(timespec="seconds"))
    return report


def source_folder(service: Service) -> Path:
    """Raises ProblemError 409 while no folder is set."""
    folder = service.settings.source_folder
    if folder is None:
        raise ProblemError(
            NO_SOURCE_FOLDER,
            "The service was not told which folder of pictures to index.",
            next_step="Set KIOSK_API_SOURCE_FOLDER and restart.",
        )
    return folder
