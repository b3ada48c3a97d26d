"""The product matcher's routes, so that its clients work unchanged."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, File, Query, Request, UploadFile
from pydantic import BaseModel, FiniteFloat

from kiosk.api.indexing import LAST_SYNC, sync_work
from kiosk.api.jobs import JobState
from kiosk.api.request_guard import note_change
from kiosk.api.routes.common import Reading, ServiceIn, Staff, TopQuery, problems
from kiosk.api.routes.search import elapsed_ms
from kiosk.api.service import Service
from kiosk.catalog import PhotoHit
from kiosk.catalog.sync import differs, scan, vanished
from kiosk.domain import Vectors

router = APIRouter(prefix="/api/v1", tags=["product matcher"], responses=problems(415))


class Match(BaseModel):
    image_id: str
    image_path: str
    filename: str
    similarity_score: float


class Matches(BaseModel):
    success: bool
    matches: list[Match]
    total_compared: int
    processing_time_ms: float
    threshold_used: float


class Preprocessed(BaseModel):
    """`new_images` counts changed ones too; `processing_time` is in seconds."""

    success: bool
    total_images: int
    new_images: int
    removed_images: int
    failed_images: int
    processing_time: float
    message: str


class PreprocessStatus(BaseModel):
    total_images: int
    processed_images: int
    pending_images: int
    removed_images: int
    feature_file_exists: bool
    metadata_file_exists: bool
    last_update: str | None


@router.post("/preprocess", dependencies=[Staff], responses=problems(409))
def preprocess(
    service: ServiceIn,
    request: Request,
    force_full: bool = False,
    batch_size: Annotated[int, Query(ge=1, le=1024)] = 32,
) -> Preprocessed:
    """Index the source folder and answer when it is done: only new and changed pictures.

    `force_full` reads every file again, and takes out what is gone however much it is.
    """
    work = sync_work(service, full=force_full, accept_loss=force_full, batch=batch_size)
    job = service.jobs.start("sync", work)
    note_change(request.state, f"job {job.id} (sync) started")
    ended = service.jobs.wait(job.id)
    if ended.state is not JobState.DONE:
        return Preprocessed(
            success=False,
            total_images=ended.total,
            new_images=ended.done,
            removed_images=0,
            failed_images=0,
            processing_time=0.0,
            message=ended.message,
        )
    found = {name: ended.result[name] for name in Preprocessed.model_fields if name in ended.result}
    return Preprocessed.model_validate(
        {**found, "success": True, "message": _summary(ended.result)}
    )


@router.get("/preprocess/status", dependencies=[Reading])
def preprocess_status(service: ServiceIn) -> PreprocessStatus:
    """What the next `preprocess` would find."""
    store, index = service.shop.catalog, service.shop.index
    folder = service.settings.source_folder
    if folder is None:
        stored = store.counts().photos
        total, done, removed = stored, min(stored, index.photos), 0
    else:
        found, known = scan(folder.resolve()), store.synced_files(str(folder.resolve()))
        total, removed = len(found.files), len(vanished(found, known))
        done = sum(not differs(now, known.get(path)) for path, now in found.files.items())
    return PreprocessStatus(
        total_images=total,
        processed_images=done,
        pending_images=total - done,
        removed_images=removed,
        feature_file_exists=index.photos > 0,
        metadata_file_exists=index.products > 0,
        last_update=service.shop.values.value(LAST_SYNC),
    )


@router.post("/find-similar", dependencies=[Reading])
async def find_similar(
    service: ServiceIn,
    file: Annotated[UploadFile, File(description="JPEG, PNG or WebP")],
    threshold: Annotated[FiniteFloat, Query(ge=-1, le=1)] = 0.84,
    top_k: TopQuery = 10,
) -> Matches:
    """The catalogue's pictures most like this one, several of one product if need be."""
    started = time.perf_counter()
    vector = await service.vector_of(await file.read())
    return await matches(service, vector, threshold, top_k, started)


async def matches(
    service: Service, vector: Vectors, threshold: float, top: int, started: float
) -> Matches:
    """Photos with a cosine of at least `threshold` to `vector` (1, dimension), best first."""
    found = await service.timed("search", service.shop.nearest_photos, vector, top)
    return Matches(
        success=True,
        matches=[_match(service, hit) for hit in found if hit.similarity >= threshold],
        total_compared=service.shop.index.photos,
        processing_time_ms=elapsed_ms(started),
        threshold_used=threshold,
    )


def _summary(found: dict[str, Any]) -> str:
    summary = f"{found['new_images']} pictures indexed, {found['removed_images']} removed."
    if not found["new_images"] and not found["removed_images"]:
        summary = "Nothing new to index."
    if found["held_back"]:
        summary += (
            f" {found['held_back']} are gone from the folder but kept, since so many at once look "
            "like a missing disk; force_full=true takes them out."
        )
    return summary


def _match(service: Service, hit: PhotoHit) -> Match:
    """A synced picture by its place in the source folder, any other by its address here."""
    file, folder = service.shop.catalog.photo_path(hit.sha256), service.settings.source_folder
    path, name = f"/api/v1/photos/{hit.sha256}", f"{hit.sku}.jpg"
    if folder is not None and file.is_relative_to(folder.resolve()):
        path, name = file.relative_to(folder.resolve()).as_posix(), file.name
    if service.settings.show_paths:
        path = str(file)
    return Match(
        image_id=hit.sha256,
        image_path=path,
        filename=name,
        similarity_score=round(hit.similarity, 6),
    )
