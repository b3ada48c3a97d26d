"""The product matcher's routes, so that its clients work unchanged."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated

from fastapi import APIRouter, File, Query, UploadFile
from pydantic import BaseModel, FiniteFloat

from kiosk.api.photo_table import PhotoHit
from kiosk.api.routes.common import Reading, ServiceIn, TopQuery, picture_of, problems
from kiosk.api.routes.search import elapsed_ms
from kiosk.api.service import Service
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


@router.post("/find-similar", dependencies=[Reading])
async def find_similar(
    service: ServiceIn,
    file: Annotated[UploadFile, File(description="JPEG, PNG or WebP")],
    threshold: Annotated[FiniteFloat, Query(ge=-1, le=1)] = 0.84,
    top_k: TopQuery = 10,
) -> Matches:
    """The catalogue's pictures most like this one, several of one product if need be."""
    began = time.perf_counter()
    vector = await service.embed(await picture_of(service, file))
    return await matches(service, vector, threshold, top_k, began)


async def matches(
    service: Service, vector: Vectors, threshold: float, top: int, began: float
) -> Matches:
    hits, compared = await asyncio.to_thread(service.photos.nearest, vector, threshold, top)
    return Matches(
        success=True,
        matches=[_match(service, hit) for hit in hits],
        total_compared=compared,
        processing_time_ms=elapsed_ms(began),
        threshold_used=threshold,
    )


def _match(service: Service, hit: PhotoHit) -> Match:
    path = f"/api/v1/photos/{hit.sha256}"
    if service.settings.show_paths:
        path = str(service.shop.store.photo_path(hit.sha256))
    return Match(
        image_id=hit.sha256,
        image_path=path,
        filename=f"{hit.sku}.jpg",
        similarity_score=round(hit.similarity, 6),
    )
