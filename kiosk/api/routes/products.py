"""Products: list, create, read, change, retire, delete."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from kiosk.api.request_guard import note_change
from kiosk.api.routes.common import Reading, ServiceIn, Staff, TopQuery, problems
from kiosk.api.service import Service
from kiosk.api.shapes import CodeRequestOut, Hit, ProductChange, ProductIn, ProductOut, ProductPage
from kiosk.catalog import requests_csv
from kiosk.domain import Price
from kiosk.errors import CatalogFullError, UnknownProductError
from kiosk.shop import SearchHit

router = APIRouter(prefix="/api/v1", tags=["products"], responses=problems(404))
_restoring = threading.Lock()
CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}
ACTIVE = {"true": True, "false": False, "all": None}


@router.get("/products", dependencies=[Reading])
def list_products(
    service: ServiceIn,
    query: Annotated[str, Query(max_length=500)] = "",
    category: Annotated[str, Query(max_length=100)] = "",
    active: Literal["true", "false", "all"] = "true",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> ProductPage:
    """Products by name, or the best fit first when there is a query."""
    store = service.shop.catalog
    found = store.products(
        query=query, category=category, active=ACTIVE[active], limit=limit + 1, offset=offset
    )
    return ProductPage(
        items=[ProductOut.of(product) for product in found[:limit]],
        total=store.counts().products,
        offset=offset,
        next_offset=offset + limit if len(found) > limit else None,
    )


@router.get("/categories", dependencies=[Reading])
def list_categories(service: ServiceIn) -> list[str]:
    """The categories in use."""
    return service.shop.catalog.categories()


@router.get("/code-requests", dependencies=[Staff], responses=CSV)
def list_code_requests(service: ServiceIn, request: Request) -> list[CodeRequestOut]:
    """Numbers that customers asked for and no product has, the most frequent first.

    As CSV where the client accepts `text/csv`.
    """
    found = service.shop.code_requests.code_requests()
    if "text/csv" in request.headers.get("accept", ""):
        return Response(requests_csv(found), media_type="text/csv; charset=utf-8")  # type: ignore[return-value]
    return [CodeRequestOut(code=r.code, count=r.count, last_at=r.last_at) for r in found]


@router.delete("/code-requests/{code}", status_code=204, dependencies=[Staff])
def forget_code_request(code: str, service: ServiceIn, request: Request) -> None:
    """Take a number from the list: the shop does not want to sell it."""
    service.shop.code_requests.forget_request(code)
    note_change(request.state, f"number {code!r} is not asked for any more")


@router.post("/products", status_code=201, dependencies=[Staff], responses=problems(409))
def create_product(
    body: ProductIn, service: ServiceIn, request: Request, response: Response
) -> ProductOut:
    """Create a product; its photos follow with `POST /products/{sku}/photos`."""
    product = body.product(service.shop.settings.currency)
    saved = service.shop.save_product(
        product, must_be_new=True, max_products=service.settings.max_products
    )
    note_change(request.state, f"product {saved.sku!r} created")
    out = ProductOut.of(saved)
    response.headers["Location"] = out.cover_url.removesuffix("/cover")
    return out


@router.get("/products/{sku:path}/similar", dependencies=[Reading])
def similar_products(sku: str, service: ServiceIn, top_k: TopQuery = 5) -> list[Hit]:
    """More like this one: products whose photos look alike."""
    shop = service.shop
    shop.catalog.product(sku)
    gallery = shop.gallery([sku])
    if not gallery.photos:
        return []
    hits = []
    for candidate in shop.look_alikes(gallery.vectors, top_k + 1):
        product = service.shop.product(candidate.sku)
        if product is not None and product.sku != sku:
            hits.append(Hit.of(SearchHit(product, candidate.similarity, None)))
    return hits[:top_k]


@router.get("/products/{sku:path}", dependencies=[Reading])
def read_product(sku: str, service: ServiceIn) -> ProductOut:
    """One product, retired or not."""
    return ProductOut.of(service.shop.catalog.product(sku))


@router.patch("/products/{sku:path}", dependencies=[Staff])
def change_product(
    sku: str, body: ProductChange, service: ServiceIn, request: Request
) -> ProductOut:
    """Change what is given, leave the rest."""
    old = service.shop.catalog.product(sku)
    given = body.model_dump(exclude_none=True)
    price = Price(
        given.pop("price", old.price.minor), given.pop("currency", None) or old.price.currency
    )
    saved = service.shop.save_product(replace(old, price=price, **given))
    note_change(
        request.state, f"product {sku!r} changed: {', '.join(sorted(body.model_fields_set))}"
    )
    return ProductOut.of(saved)


@router.delete("/products/{sku:path}", status_code=204, dependencies=[Staff])
def delete_product(sku: str, service: ServiceIn, request: Request) -> None:
    """Delete a product; `restore` brings it back for thirty days."""
    service.shop.delete(sku)
    note_change(request.state, f"product {sku!r} deleted")


@router.post("/products/{sku:path}/retire", dependencies=[Staff])
def retire_product(sku: str, service: ServiceIn, request: Request) -> ProductOut:
    """Take it from the kiosk and keep everything of it."""
    service.shop.retire(sku)
    note_change(request.state, f"product {sku!r} retired")
    return ProductOut.of(service.shop.catalog.product(sku))


@router.post("/products/{sku:path}/restore", dependencies=[Staff])
def restore_product(sku: str, service: ServiceIn, request: Request) -> ProductOut:
    """Bring a retired or deleted product back."""
    with _restoring:
        known = service.shop.catalog.existing([sku]).get(sku)
        if known is None or not known.active:
            _refuse_too_many(service)
        try:
            service.shop.restore(sku)
        except UnknownProductError:
            service.shop.undo_delete(sku)
    note_change(request.state, f"product {sku!r} restored")
    return ProductOut.of(service.shop.catalog.product(sku))


def _refuse_too_many(service: Service) -> None:
    limit = service.settings.max_products
    if limit and service.shop.catalog.counts().products >= limit:
        raise CatalogFullError(limit)
