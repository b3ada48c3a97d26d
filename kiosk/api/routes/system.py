"""Health, figures and keys."""

from __future__ import annotations

import shutil
import time
from typing import Annotated, Any, Literal

import psutil
from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel

from kiosk.api.keys import Role
from kiosk.api.metrics import CONTENT_TYPE
from kiosk.api.problems import hide_paths, not_found
from kiosk.api.request_guard import note_change
from kiosk.api.routes.common import Admin, Reading, ServiceIn, problems
from kiosk.api.shapes import KeyIn, KeyOut, NewKey

router = APIRouter(tags=["system"], responses=problems())
EVENTS = "events"
LOW_DISK_MB = 200  # chosen by eye


class Ready(BaseModel):
    """`ready` says whether searches are answered; `complaint` what else is wrong."""

    ready: bool
    complaint: str
    model: str
    products: int
    disk_free_mb: int


@router.get("/api/v1/health/live")
async def live() -> dict[Literal["alive"], bool]:
    """The process answers. Needs no key."""
    return {"alive": True}


@router.get(
    "/api/v1/health/ready",
    responses={503: {"model": Ready, "description": "Not ready yet"}},
)
def ready(service: ServiceIn, response: Response) -> Ready:
    """The service can do its work. Needs no key."""
    shop, index = service.shop, service.shop.index
    free_mb = shutil.disk_usage(shop.settings.data_dir).free // 1_000_000
    complaint = hide_paths(shop.fault)
    if free_mb < LOW_DISK_MB:
        complaint = complaint or "The disk is nearly full; photos cannot be stored soon."
    is_ready = not service.closing.is_set()
    if not is_ready:
        response.status_code = 503
    return Ready(
        ready=is_ready,
        complaint=complaint,
        model=index.model_id,
        products=index.products,
        disk_free_mb=int(free_mb),
    )


@router.get("/health", tags=["product matcher"])
@router.get("/api/v1/health", tags=["light matcher"])
def health(service: ServiceIn) -> dict[str, Any]:
    """How the older services said that they are well. Needs no key."""
    index = service.shop.index
    return {
        "status": "healthy" if not service.shop.fault else "degraded",
        "model_loaded": index.is_encoder_loaded,
        "features_loaded": index.photos > 0,
        "total_products": index.products,
        "model": index.model_id,
        "memory_usage_mb": _memory_mb(),
        "uptime_s": round(time.monotonic() - service.started, 1),
    }


@router.get("/stats", dependencies=[Reading], tags=["product matcher", "event photos"])
def stats(service: ServiceIn) -> dict[str, Any]:
    """The figures of both older services that had this route."""
    index = service.shop.index
    events = service.collections.get(EVENTS)
    rows = service.collections.sizes().get(EVENTS, (0, 0))[1]
    return {
        "total_products": index.products,
        "feature_dimension": index.dimension,
        "memory_usage_mb": _memory_mb(),
        "feature_file_size_mb": round(index.size_bytes / 2**20, 3),
        "total_vectors_faiss": rows,
        "total_images_db": rows,
        "index_size_mb": round(events.index_bytes / 2**20, 3) if events else 0.0,
    }


@router.get("/api/v1/stats", dependencies=[Reading])
def native_stats(service: ServiceIn) -> dict[str, Any]:
    """What the shop holds and how it is searched."""
    index, counts = service.shop.index, service.shop.catalog.counts()
    return {
        "products": counts.products,
        "photos": counts.photos,
        "indexed_products": index.products,
        "indexed_photos": index.photos,
        "model": index.model_id,
        "dimension": index.dimension,
        "metric": index.metric,
        "memory_mb": _memory_mb(),
        "index_mb": round(index.size_bytes / 2**20, 3),
        "decoder_restarts": service.decoder.restarts,
        "collections": {
            name: {"dimension": dimension, "vectors": rows}
            for name, (dimension, rows) in service.collections.sizes().items()
        },
        "uptime_s": round(time.monotonic() - service.started, 1),
    }


@router.get("/metrics", dependencies=[Reading], response_class=Response)
@router.get("/api/v1/metrics", dependencies=[Reading], response_class=Response)
def metrics(service: ServiceIn) -> Response:
    """The figures, for Prometheus."""
    index = service.shop.index
    service.metrics.sizes(
        products=index.products,
        photos=index.photos,
        decoder_restarts=service.decoder.restarts,
        jobs_running=int(service.jobs.current() is not None),
        memory_bytes=psutil.Process().memory_info().rss,
    )
    return Response(service.metrics.page(), media_type=CONTENT_TYPE)


@router.get("/api/v1/keys", dependencies=[Admin])
def list_keys(service: ServiceIn) -> list[KeyOut]:
    """The keys, without what they are."""
    return [KeyOut.model_validate(key) for key in service.keys.all()]


@router.post("/api/v1/keys", status_code=201, dependencies=[Admin])
def make_key(body: KeyIn, service: ServiceIn, request: Request) -> NewKey:
    """Make a key. It is shown this once. From the first key on, every request needs one."""
    role = Role[body.role.upper()]
    if not service.keys.all():
        role = Role.ADMIN  # or nobody could make another
    key, text = service.keys.add(body.name, role)
    note_change(request.state, f"key {key.id} made for {key.name!r} ({key.role})")
    return NewKey(**KeyOut.model_validate(key).model_dump(), key=text)


@router.delete(
    "/api/v1/keys/{key_id}", status_code=204, dependencies=[Admin], responses=problems(404)
)
def revoke_key(
    key_id: Annotated[str, Path(pattern=r"^[0-9a-f]{8}$")], service: ServiceIn, request: Request
) -> None:
    """Make a key useless."""
    if not service.keys.revoke(key_id):
        raise not_found("such key")
    note_change(request.state, f"key {key_id} revoked")


def _memory_mb() -> float:
    return round(int(psutil.Process().memory_info().rss) / 2**20, 1)
