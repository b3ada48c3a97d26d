"""Collections of free vectors: any fixed dimension, filters, duplicates, related ones."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from kiosk.api.problems import unprocessable
from kiosk.api.request_guard import note_change
from kiosk.api.routes.common import Reading, ServiceIn, Staff, problems
from kiosk.api.shapes import JsonObject, Shape, TopK, Vector
from kiosk.catalog import NewVector
from kiosk.errors import CatalogError
from kiosk.vectorstore import Collection, ServerCollection, VectorFilters, VectorHit

router = APIRouter(prefix="/api/v1/collections", tags=["collections"], responses=problems(404))
Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
VectorId = Annotated[int, Path(ge=1, le=2**53)]
MAX_ADDED = 500  # vectors in one request, 4 MB of JSON at 512 numbers; chosen by eye
Text = Annotated[str, Field(max_length=1000)]
_CONTROLS = dict.fromkeys(range(32))


class VectorIn(Shape):
    """A vector to keep, and what is said about it."""

    vector: Vector = Field(examples=[[0.1, -0.2, 0.3]])
    filename: Text = Field("", examples=["IMG_0042.jpg"])
    file_path: Text = Field("", examples=["2026/fair/IMG_0042.jpg"])
    event_code: Annotated[str, Field(max_length=200, examples=["FAIR-26"])] = ""
    metadata: JsonObject = Field({}, max_length=100, examples=[{"camera": "2"}])

    def new(self) -> NewVector:
        return NewVector(
            vector=np.asarray(self.vector, np.float32),
            filename=clean(self.filename),
            file_path=clean(self.file_path),
            event_code=clean(self.event_code),
            metadata=self.metadata,
        )


class VectorOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    row: int
    filename: str
    event_code: str
    metadata: dict[str, Any]


class VectorFound(VectorOut):
    similarity: float = Field(description="cosine, -1 to 1")

    @classmethod
    def of_hit(cls, hit: VectorHit) -> VectorFound:
        return cls(
            **VectorOut.model_validate(hit.row).model_dump(), similarity=round(hit.similarity, 6)
        )


class CollectionOut(BaseModel):
    """`tier` is memory, exact, quantised, inverted or server.

    The figures were measured when the index was built; the server has none.
    """

    name: str
    dimension: int
    vectors: int
    tier: str
    recall_at_10: float | None
    exact_ms: float | None
    tier_ms: float | None


class CollectionFilters(Shape):
    event_code: Annotated[str, Field(max_length=200)] | None = None
    metadata: dict[str, str] = Field(default={}, max_length=20)

    def filters(self) -> VectorFilters:
        return VectorFilters(self.event_code, self.metadata)


class CollectionQuery(Shape):
    vector: Vector = Field(examples=[[0.1, -0.2, 0.3]])
    top_k: TopK = 10
    filters: CollectionFilters = Field(default_factory=CollectionFilters)


@router.get("", dependencies=[Reading])
def list_collections(service: ServiceIn) -> list[CollectionOut]:
    """All collections."""
    sizes = service.collections.sizes()
    opened = ((service.collections.get(name), size) for name, (_, size) in sizes.items())
    return [_describe(collection, size) for collection, size in opened if collection]


@router.get("/{name}", dependencies=[Reading])
def read_collection(name: Name, service: ServiceIn) -> CollectionOut:
    """How large it is, and how it is searched."""
    _, size = service.collections.sizes().get(name, (0, 0))
    return _describe(service.collections.require(name), size)  # may be dropped in between


@router.post("/{name}/vectors", status_code=201, dependencies=[Staff])
def add_vectors(
    name: Name,
    body: Annotated[list[VectorIn], Field(min_length=1, max_length=MAX_ADDED)],
    service: ServiceIn,
    request: Request,
) -> list[VectorOut]:
    """Keep vectors, all or none. The first one decides the collection's dimension."""
    if len({len(item.vector) for item in body}) > 1:
        raise unprocessable("The vectors have different numbers of entries.")
    stored = service.collections.add(name, [item.new() for item in body])
    note_change(request.state, f"collection {name!r}: {len(stored)} vectors added")
    return [VectorOut.model_validate(row) for row in stored]


@router.post("/{name}/search", dependencies=[Reading])
async def search_collection(
    name: Name, body: CollectionQuery, service: ServiceIn
) -> list[VectorFound]:
    """The vectors nearest to one. With filters, as many are found as there are."""
    hits = await service.nearest(name, body.vector, body.top_k, body.filters.filters())
    return [VectorFound.of_hit(hit) for hit in hits]


@router.get("/{name}/vectors/{vector_id}", dependencies=[Reading])
def read_vector(name: Name, vector_id: VectorId, service: ServiceIn) -> VectorOut:
    """What is kept beside a vector."""
    return VectorOut.model_validate(service.collections.require(name).row(vector_id))


@router.delete("/{name}/vectors/{vector_id}", status_code=204, dependencies=[Staff])
def delete_vector(name: Name, vector_id: VectorId, service: ServiceIn, request: Request) -> None:
    """Delete a vector for good."""
    service.collections.require(name).delete(vector_id)
    note_change(request.state, f"collection {name!r}: vector {vector_id} deleted")


@router.get("/{name}/vectors/{vector_id}/related", dependencies=[Reading])
def related(
    name: Name,
    vector_id: VectorId,
    service: ServiceIn,
    top_k: Annotated[int, Query(ge=1, le=1000)] = 10,
) -> list[VectorFound]:
    """The vectors of the same event nearest to this one."""
    collection = service.collections.require(name)
    return [VectorFound.of_hit(hit) for hit in collection.related(vector_id, top_k)]


@router.get("/{name}/duplicates", dependencies=[Reading])
def duplicates(
    name: Name,
    service: ServiceIn,
    threshold: Annotated[FiniteFloat, Query(ge=0.5, le=1)] = 0.95,
    event_code: Annotated[str | None, Query(max_length=200)] = None,
) -> list[list[VectorOut]]:
    """Groups of vectors that show the same thing, within one event if it is given."""
    with service.alone():
        groups = service.collections.require(name).duplicates(threshold, event_code)
    return [[VectorOut.model_validate(row) for row in group] for group in groups]


@router.delete("/{name}", status_code=204, dependencies=[Staff])
def drop_collection(name: Name, service: ServiceIn, request: Request) -> None:
    """Delete a collection with everything in it, for good."""
    service.collections.drop(name)
    note_change(request.state, f"collection {name!r} deleted")


def clean(text: str) -> str:
    """Raises CatalogError for control characters, which PostgreSQL or a terminal trip over."""
    if text.translate(_CONTROLS) != text:
        raise CatalogError("A text holds a control character.", next_step="Delete it.")
    return text


def _describe(collection: Collection | ServerCollection, size: int) -> CollectionOut:
    measured = collection.manifest
    return CollectionOut(
        name=collection.name,
        dimension=collection.dimension,
        vectors=size,
        tier=collection.index_kind,
        recall_at_10=measured.recall_at_10 if measured else None,
        exact_ms=measured.exact_ms if measured else None,
        tier_ms=measured.search_ms if measured else None,
    )
