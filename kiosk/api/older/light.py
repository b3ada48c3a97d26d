"""The light matcher's search by address; the native routes answer its other requests."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from kiosk.api.older.matcher import Match, matches
from kiosk.api.routes.common import Reading, ServiceIn, problems
from kiosk.api.routes.search import embed_address
from kiosk.api.shapes import Hit, TopK

router = APIRouter(prefix="/api/v1", tags=["light matcher"], responses=problems(415))


class UrlQuery(BaseModel):
    image_url: Annotated[
        str, Field(min_length=1, max_length=2000, examples=["https://example.com/tea.jpg"])
    ]
    top_k: TopK = 5


class UrlAnswer(BaseModel):
    """Products in `results`, single pictures in `matches`."""

    success: bool
    results: list[Hit]
    matches: list[Match]
    total_compared: int
    processing_time_ms: float


@router.post("/search/url", dependencies=[Reading])
async def search_url(service: ServiceIn, body: UrlQuery) -> UrlAnswer:
    """Search by the address of a picture; off unless hosts are allowed."""
    started = time.perf_counter()
    vector = await embed_address(service, body.image_url)
    found = await service.timed("search", service.shop.search, vector=vector, top=body.top_k)
    pictures = await matches(service, vector, -1.0, body.top_k, started)
    return UrlAnswer(
        success=True,
        results=[Hit.of(hit) for hit in found.hits],
        matches=pictures.matches,
        total_compared=pictures.total_compared,
        processing_time_ms=pictures.processing_time_ms,
    )
