"""Search by picture, address, words, both, or a vector; features of a picture."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Annotated

import numpy as np
from fastapi import APIRouter, File, Form, Query, UploadFile
from pydantic import FiniteFloat, ValidationError

from kiosk.api.problems import unprocessable
from kiosk.api.routes.common import Reading, ServiceIn, TopQuery, problems
from kiosk.api.service import Service
from kiosk.api.shapes import Features, FiltersIn, Hit, SearchAnswer, TopK, VectorQuery
from kiosk.catalog import ProductFilter
from kiosk.domain import Vectors
from kiosk.shop import SearchResult
from kiosk.vectors import l2_normalise

router = APIRouter(prefix="/api/v1", tags=["search"], responses=problems(415))
Threshold = Annotated[FiniteFloat | None, Form(ge=-1, le=1, description="least cosine similarity")]


@router.post("/search", dependencies=[Reading])
async def search(
    service: ServiceIn,
    file: Annotated[UploadFile | None, File(description="JPEG, PNG or WebP")] = None,
    text: Annotated[str, Form(max_length=500, examples=["green tea"])] = "",
    image_url: Annotated[str, Form(max_length=2000)] = "",
    top_k: Annotated[TopK, Form()] = 5,
    threshold: Threshold = None,
    category: Annotated[str, Form(max_length=100)] = "",
    price_min: Annotated[int | None, Form(ge=0, le=9_999_999_999)] = None,
    price_max: Annotated[int | None, Form(ge=0, le=9_999_999_999)] = None,
    metadata: Annotated[
        str, Form(max_length=10_000, description="JSON object", examples=['{"brand": "Sungrove"}'])
    ] = "",
    image_weight: Annotated[FiniteFloat | None, Form(ge=0, le=1)] = None,
    barcode: Annotated[str, Form(max_length=200, examples=["4006381333931"])] = "",
    read_code: Annotated[bool, Form(description="look for a barcode in `file`")] = False,
) -> SearchAnswer:
    """Products that a picture shows, that words describe, or both; one entry a product.

    The product of a barcode comes first, one in the picture too where `read_code` asks for it.
    """
    started = time.perf_counter()
    filters = _filters(category, price_min, price_max, metadata)
    vector, evidence = None, None
    if file is not None:
        data = await file.read()
        vector = await service.vector_of(data)
        if read_code and not barcode.strip() and not text.strip():
            barcode = await service.code_in(data)
        if not barcode.strip() and not text.strip():
            evidence = await service.evidence_in(data, vector)
    elif image_url:
        vector = await embed_address(service, image_url)
    elif not text.strip() and not barcode.strip():
        raise unprocessable("There is nothing to search for.", "Send a file, text or image_url.")
    found = await service.timed(
        "search",
        service.shop.search,
        vector=vector,
        evidence=evidence,
        text=text,
        barcode=barcode,
        filters=filters,
        top=top_k,
        threshold=threshold,
        image_weight=image_weight,
    )
    return answer(service, found, started)


@router.get("/search", dependencies=[Reading])
async def search_words(
    service: ServiceIn,
    text: Annotated[str, Query(min_length=1, max_length=500, examples=["green tea -sugar"])],
    top_k: TopQuery = 5,
    category: Annotated[str, Query(max_length=100)] = "",
) -> SearchAnswer:
    """Products that words describe."""
    started = time.perf_counter()
    filters = ProductFilter(category=category)
    found = await service.timed(
        "search", service.shop.search, text=text, filters=filters, top=top_k
    )
    return answer(service, found, started)


@router.post("/search/vector", dependencies=[Reading])
async def search_vector(service: ServiceIn, body: VectorQuery) -> SearchAnswer:
    """Products nearest to a vector that `extract` gave."""
    started = time.perf_counter()
    vector = l2_normalise(np.asarray([body.vector], np.float32))
    index = service.shop.index
    if vector.shape[1] != index.dimension:
        raise unprocessable(
            f"The vector has {vector.shape[1]} numbers; {index.model_id} has {index.dimension}.",
            "Extract it with the model in use.",
        )
    filters = ProductFilter(
        category=body.filters.category,
        min_minor=body.filters.price_min,
        max_minor=body.filters.price_max,
        metadata=body.filters.metadata,
    )
    found = await service.timed(
        "search",
        service.shop.search,
        vector=vector,
        filters=filters,
        top=body.top_k,
        threshold=body.threshold,
    )
    return answer(service, found, started)


@router.post("/extract", dependencies=[Reading])
async def extract(
    service: ServiceIn, file: Annotated[UploadFile, File(description="JPEG, PNG or WebP")]
) -> Features:
    """The features of a picture, by the model in use."""
    started = time.perf_counter()
    vector = await service.vector_of(await file.read())
    return Features(
        vector=[round(float(number), 7) for number in vector[0]],
        dimension=vector.shape[1],
        model=service.shop.index.model_id,
        took_ms=elapsed_ms(started),
    )


async def embed_address(service: Service, url: str) -> Vectors:
    """The embedding of the picture at `url`, float32 (1, dimension)."""
    with service.metrics.stage("fetch"):
        data = await asyncio.wrap_future(service.fetcher.submit(url))
    return await service.vector_of(data)


def answer(service: Service, found: SearchResult, started: float) -> SearchAnswer:
    return SearchAnswer(
        decision=None if found.decision is None else found.decision.value,
        code=None if found.scan is None else found.scan.code,
        results=[Hit.of(hit) for hit in found.hits],
        model=service.shop.index.model_id,
        took_ms=elapsed_ms(started),
    )


def elapsed_ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)


def _filters(
    category: str, price_min: int | None, price_max: int | None, metadata: str
) -> ProductFilter:
    try:
        wanted = json.loads(metadata) if metadata else {}
        checked = FiltersIn(metadata=wanted)
    except (ValueError, RecursionError, ValidationError) as error:
        raise unprocessable("`metadata` is not a JSON object of strings.") from error
    return ProductFilter(
        category=category, min_minor=price_min, max_minor=price_max, metadata=checked.metadata
    )
