"""The event photo service's routes, so that its clients work unchanged."""

from __future__ import annotations

import time
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, File, Request, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, RedirectResponse

from kiosk.api.keys import Role
from kiosk.api.problems import unprocessable
from kiosk.api.request_guard import note_change, require_role
from kiosk.api.routes.collections import clean
from kiosk.api.routes.common import Reading, ServiceIn, Staff, problems
from kiosk.api.routes.system import EVENTS
from kiosk.api.shapes import JsonObject, TopK, Vector
from kiosk.catalog import NewVector
from kiosk.vectorstore import UnknownVectorError, VectorFilters

router = APIRouter(tags=["event photos"], responses=problems())


class Welcome(BaseModel):
    status: str
    total_vectors: int


class EventPhotoIn(BaseModel):
    """An event code that is a number is taken as its digits."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    filename: str = Field(max_length=1000, examples=["IMG_0042.jpg"])
    file_path: str = Field("", max_length=1000, examples=["2026/fair/IMG_0042.jpg"])
    vector: Vector = Field(examples=[[0.1, -0.2, 0.3]])
    event_code: str | None = Field(None, max_length=200, examples=["FAIR-26"])
    metadata: JsonObject | None = Field(None, max_length=100)


class EventPhotoAdded(BaseModel):
    id: int
    faiss_index: int
    message: str


class EventQuery(BaseModel):
    """`filters` takes `event_code` and any metadata field, beside it or in `metadata`."""

    vector: Vector = Field(examples=[[0.1, -0.2, 0.3]])
    top_k: TopK = 10
    filters: JsonObject | None = Field(None, max_length=20, examples=[{"event_code": "FAIR-26"}])


class EventHit(BaseModel):
    id: int
    filename: str
    similarity_score: float
    event_code: str


class ExtractedFeatures(BaseModel):
    vector: list[float]
    processing_time: float


@router.get("/", response_model=Welcome, response_class=JSONResponse)
def welcome(service: ServiceIn, request: Request) -> Response | Welcome:
    """How many vectors there are. A browser is shown the page instead."""
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/ui/")
    require_role(Role.READ, request.state.caller)
    total = service.collections.sizes().get(EVENTS, (0, 0))[1]
    return Welcome(status="ok", total_vectors=total)


@router.post("/add_image", dependencies=[Staff])
def add_image(body: EventPhotoIn, service: ServiceIn, request: Request) -> EventPhotoAdded:
    """Keep a photo's vector. The first one decides the dimension."""
    new = NewVector(
        vector=np.asarray(body.vector, np.float32),
        filename=clean(body.filename),
        file_path=clean(body.file_path),
        event_code=clean(body.event_code or ""),
        metadata=body.metadata or {},
    )
    (row,) = service.collections.add(EVENTS, [new])
    note_change(request.state, f"event photo {row.id} added")
    return EventPhotoAdded(id=row.id, faiss_index=row.row, message="Image added successfully")


@router.post("/search", dependencies=[Reading])
async def search(body: EventQuery, service: ServiceIn) -> list[EventHit]:
    """The photos whose vectors are nearest."""
    filters = _filters(body.filters or {})
    try:
        hits = await service.nearest(EVENTS, body.vector, body.top_k, filters)
    except UnknownVectorError:
        return []
    return [
        EventHit(
            id=hit.row.id,
            filename=hit.row.filename,
            similarity_score=round(hit.similarity, 6),
            event_code=hit.row.event_code,
        )
        for hit in hits
    ]


@router.post("/extract_features", dependencies=[Reading], responses=problems(415))
async def extract_features(
    service: ServiceIn, file: Annotated[UploadFile, File(description="JPEG, PNG or WebP")]
) -> ExtractedFeatures:
    """The features of a picture, by the model in use; `processing_time` is in seconds."""
    started = time.perf_counter()
    vector = await service.vector_of(await file.read())
    return ExtractedFeatures(
        vector=[round(float(number), 7) for number in vector[0]],
        processing_time=round(time.perf_counter() - started, 4),
    )


def _filters(given: dict[str, Any]) -> VectorFilters:
    wanted: dict[str, Any] = dict(given)
    event_code = wanted.pop("event_code", None)
    nested = wanted.pop("metadata", None) or {}
    if not isinstance(nested, dict):
        raise unprocessable("`metadata` among the filters is not an object.")
    fields = {**wanted, **nested}
    if any(isinstance(value, (dict, list)) for value in fields.values()):
        raise unprocessable("A filter compares with a single value.")
    return VectorFilters(
        None if event_code is None else str(event_code),
        {key: _as_stored(value) for key, value in fields.items() if value is not None},
    )


def _as_stored(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
