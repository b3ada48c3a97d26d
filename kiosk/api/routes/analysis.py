"""Duplicates, look-alikes and labels of pictures; the models, and which one is in use."""

from __future__ import annotations

import asyncio
from typing import Annotated

import numpy as np
from fastapi import APIRouter, File, Form, Path, Query, Request, UploadFile
from pydantic import BaseModel, FiniteFloat

from kiosk.api.indexing import switch_work
from kiosk.api.problems import not_found, unprocessable
from kiosk.api.request_guard import note_change
from kiosk.api.routes.common import Admin, Reading, ServiceIn, TopQuery, problems
from kiosk.api.routes.jobs import out as job_out
from kiosk.api.shapes import JobOut, ModelOut
from kiosk.vision.models import list_models

router = APIRouter(prefix="/api/v1", tags=["analysis"], responses=problems(404))
ModelId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
MAX_PHOTOS = 50_000  # the comparison grows with the square; chosen by eye
MAX_LABELS = 100  # three prompts each, 30 ms a prompt; chosen by eye


class DuplicatePhoto(BaseModel):
    photo_id: str
    sku: str
    url: str


class Confusable(BaseModel):
    """`confused` is the share of both products' photos that the other one won."""

    sku_a: str
    sku_b: str
    similarity: float
    confused: float


class Label(BaseModel):
    """`share` compares the labels with each other; it is no probability of being right."""

    label: str
    share: float


@router.get("/duplicates", dependencies=[Reading])
def duplicates(
    service: ServiceIn,
    threshold: Annotated[FiniteFloat, Query(ge=0.5, le=1)] = 0.95,
) -> list[list[DuplicatePhoto]]:
    """Groups of catalogue photos that show the same thing."""
    photos = service.shop.index.photos
    if photos > MAX_PHOTOS:
        raise unprocessable(
            f"{photos} photos are too many for one request.", "Use `kiosk duplicates`."
        )
    with service.alone():
        groups = service.shop.linked_photos(threshold)
    return [
        [
            DuplicatePhoto(photo_id=p.sha256, sku=p.sku, url=f"/api/v1/photos/{p.sha256}")
            for p in group
        ]
        for group in groups
    ]


@router.get("/confusables", dependencies=[Reading])
def confusables(service: ServiceIn, top_k: TopQuery = 20) -> list[Confusable]:
    """The pairs of products that look most alike."""
    with service.alone():
        pairs = service.shop.confusables(top_k)
    return [
        Confusable(
            sku_a=pair.sku_a,
            sku_b=pair.sku_b,
            similarity=round(pair.similarity, 6),
            confused=round(pair.confused, 6),
        )
        for pair in pairs
    ]


@router.post("/classify", dependencies=[Reading], responses=problems(415))
async def classify(
    service: ServiceIn,
    file: Annotated[UploadFile, File(description="JPEG, PNG or WebP")],
    labels: Annotated[str, Form(max_length=5000, description="separated by commas")] = "",
    top_k: Annotated[int, Form(ge=1, le=100)] = 5,
) -> list[Label]:
    """Which label fits; without `labels`, which of the shop's categories, by look-alikes."""
    wanted = [label.strip() for label in labels.split(",") if label.strip()]
    if len(wanted) > MAX_LABELS:
        raise unprocessable(f"{len(wanted)} labels are too many; {MAX_LABELS} are the limit.")
    vector = await service.vector_of(await file.read())
    if wanted:
        shares = await asyncio.to_thread(service.classify, vector, wanted)
    else:
        found = await service.timed("search", service.shop.search, vector=vector, top=20)
        shares = _category_shares(
            [(h.product.category, h.similarity or 0.0) for h in found.hits if h.product.category]
        )
    best = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:top_k]
    return [Label(label=label, share=round(share, 6)) for label, share in best]


@router.get("/models", dependencies=[Reading], tags=["models"])
def models(service: ServiceIn) -> list[ModelOut]:
    """The encoders installed here."""
    used = service.shop.index.model_id
    return [
        ModelOut(
            id=folder.card.id,
            title=folder.card.title,
            family=folder.card.family,
            dimension=folder.card.dimension,
            precision=folder.card.precision,
            parameters=folder.card.parameters,
            licence=folder.card.licence.name,
            commercial_use=folder.card.licence.commercial_use,
            text=folder.card.text is not None,
            in_use=folder.card.id == used,
        )
        for folder in list_models()
    ]


@router.get("/models/{model_id}", dependencies=[Reading], tags=["models"])
def model(model_id: ModelId, service: ServiceIn) -> ModelOut:
    """One encoder installed here."""
    for known in models(service):
        if known.id == model_id:
            return known
    raise not_found(f"model {model_id!r}")


@router.post(
    "/models/{model_id}/use",
    status_code=202,
    dependencies=[Admin],
    responses=problems(409),
    tags=["models"],
)
def use_model(model_id: ModelId, service: ServiceIn, request: Request) -> JobOut:
    """Encode the catalogue with another model; the old one serves until that is done."""
    model(model_id, service)
    job = service.jobs.start("switch-model", switch_work(service, model_id))
    note_change(request.state, f"model {model_id!r} chosen (job {job.id})")
    return job_out(job)


def _category_shares(found: list[tuple[str, float]], temperature: float = 0.05) -> dict[str, float]:
    """Softmax over categories of their most similar product."""
    best: dict[str, float] = {}
    for category, similarity in found:
        best[category] = max(similarity, best.get(category, -1.0))
    if not best:
        return {}
    powers = np.exp((np.array(list(best.values())) - max(best.values())) / temperature)
    return dict(zip(best, (powers / powers.sum()).tolist(), strict=True))
