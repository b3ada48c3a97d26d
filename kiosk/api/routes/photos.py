"""Photos of products: add, show, remove; enrolment in one request; rehearsal."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Query, Request, Response, UploadFile

from kiosk.api.problems import not_found, unprocessable
from kiosk.api.request_guard import note_change
from kiosk.api.routes.common import Reading, ServiceIn, Staff, problems
from kiosk.api.service import Service
from kiosk.api.shapes import Confusion, Enrolled, PhotoOut, ProductOut, RehearsalOut
from kiosk.domain import Photo, Product
from kiosk.errors import PictureError
from kiosk.money import parse_price
from kiosk.pictures import encode_jpeg
from kiosk.recognition import Rehearsal

router = APIRouter(prefix="/api/v1", tags=["photos"], responses=problems(404, 415))
MAX_FILES = 20  # of STORED_SIDE they take 250 MB decoded; chosen by eye
THUMBNAIL_SIDE = 512  # pixels; larger JPEGs are not kept in memory; chosen by eye
STORED_SIDE = 2048  # pixels; no encoder sees more; chosen by eye
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Pictures = Annotated[list[UploadFile], File(description="JPEG, PNG or WebP", max_length=MAX_FILES)]
Side = Annotated[int, Query(ge=16, le=4096, description="longest side in pixels")]
_SHOWN_FOR = {"Cache-Control": "private, max-age=3600"}


@router.post("/enrolments", status_code=201, dependencies=[Staff], responses=problems(409))
async def enrol(
    service: ServiceIn,
    request: Request,
    photos: Pictures,
    sku: Annotated[str, Form(min_length=1, max_length=100)],
    name: Annotated[str, Form(min_length=1, max_length=300)],
    price: Annotated[str, Form(max_length=60, examples=["NT$ 3,200"], description="as written")],
    currency: Annotated[str, Form(pattern=r"^([A-Z]{3})?$")] = "",
    category: Annotated[str, Form(max_length=100)] = "",
    description: Annotated[str, Form(max_length=10_000)] = "",
    barcode: Annotated[str, Form(max_length=100)] = "",
) -> Enrolled:
    """Create a product with its photos, and rehearse whether it is recognised."""
    product = Product(
        sku=sku,
        name=name,
        price=parse_price(price, currency or service.shop.settings.currency),
        category=category,
        description=description,
        barcode=barcode,
    )
    images = [await service.decode(await photo.read(), side=STORED_SIDE) for photo in photos]
    enrolment = await asyncio.to_thread(
        service.shop.enrol,
        product,
        images,
        must_be_new=True,
        max_products=service.settings.max_products,
    )
    note_change(request.state, f"product {sku!r} enrolled with {len(images)} photos")
    return Enrolled(
        product=ProductOut.of(enrolment.product),
        photos=[_out(photo) for photo in enrolment.photos],
        rehearsal=_rehearsal(enrolment.rehearsal),
    )


@router.get("/products/{sku:path}/photos", dependencies=[Reading])
def list_photos(sku: str, service: ServiceIn) -> list[PhotoOut]:
    """A product's photos, the cover first."""
    return [_out(photo) for photo in service.shop.catalog.photos(sku)]


@router.post("/products/{sku:path}/photos", status_code=201, dependencies=[Staff])
async def add_photos(
    sku: str, service: ServiceIn, request: Request, photos: Pictures
) -> list[PhotoOut]:
    """Add photos, at most 20 at once.

    They are stored anew as JPEG of at most 2,048 pixels a side, without EXIF, so without any
    place or name.
    """
    shop = service.shop
    await asyncio.to_thread(shop.catalog.product, sku)
    images = [await service.decode(await photo.read(), side=STORED_SIDE) for photo in photos]
    added = await asyncio.to_thread(shop.add_photos, sku, images)
    note_change(request.state, f"product {sku!r}: {len(added)} photos added")
    return [_out(photo) for photo in added]


@router.delete("/products/{sku:path}/photos/{photo_id}", status_code=204, dependencies=[Staff])
def remove_photo(sku: str, photo_id: Sha256, service: ServiceIn, request: Request) -> None:
    """Take a photo from a product."""
    known = {photo.sha256 for photo in service.shop.catalog.photos(sku)}
    if photo_id not in known:
        raise not_found("such photo of this product")
    service.shop.remove_photo(sku, photo_id)
    note_change(request.state, f"product {sku!r}: photo {photo_id[:12]} removed")


@router.put("/products/{sku:path}/cover", status_code=204, dependencies=[Staff])
def choose_cover(
    sku: str,
    service: ServiceIn,
    request: Request,
    photo_id: Annotated[str, Query(pattern=r"^[0-9a-f]{64}$")],
) -> None:
    """Choose the photo that stands for the product."""
    known = {photo.sha256 for photo in service.shop.catalog.photos(sku)}
    if photo_id not in known:
        raise not_found("such photo of this product")
    service.shop.set_cover(sku, photo_id)
    note_change(request.state, f"product {sku!r}: cover {photo_id[:12]} chosen")


@router.get(
    "/products/{sku:path}/cover",
    dependencies=[Reading],
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}},
)
def show_cover(sku: str, service: ServiceIn, side: Side = 320) -> Response:
    """The product's picture, as a JPEG."""
    cover = service.shop.catalog.cover(sku)
    if cover is None:
        raise not_found("photo of this product")
    return _jpeg(service, cover.sha256, side)


@router.get(
    "/photos/{photo_id}",
    dependencies=[Reading],
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}},
)
def show_photo(photo_id: Sha256, service: ServiceIn, side: Side = 1024) -> Response:
    """One stored photo, as a JPEG."""
    return _jpeg(service, photo_id, side)


@router.get("/products/{sku:path}/rehearsal", dependencies=[Reading])
def rehearse(sku: str, service: ServiceIn) -> RehearsalOut:
    """How often each of its photos is recognised from the others."""
    service.shop.catalog.product(sku)
    return _rehearsal(service.shop.rehearse(sku))


def _jpeg(service: Service, sha256: str, side: int) -> Response:
    data = service.thumbnails.get((sha256, side))
    if data is None:
        path = service.shop.catalog.photo_path(sha256)
        if not path.is_file():
            raise not_found("such photo")
        try:
            image = service.decoder.decode(path.read_bytes(), side=side).image
        except (PictureError, OSError) as error:
            raise unprocessable("The stored photo is damaged.", "Photograph it again.") from error
        data = encode_jpeg(image, 85)
        if side <= THUMBNAIL_SIDE:
            service.thumbnails.put((sha256, side), data)
    return Response(data, media_type="image/jpeg", headers=_SHOWN_FOR)


def _out(photo: Photo) -> PhotoOut:
    return PhotoOut(
        id=photo.sha256,
        sku=photo.sku,
        width=photo.width,
        height=photo.height,
        quality=round(photo.quality, 4),
        url=f"/api/v1/photos/{photo.sha256}",
    )


def _rehearsal(found: Rehearsal) -> RehearsalOut:
    return RehearsalOut(
        sku=found.sku,
        tried=found.tried,
        right=found.right,
        confused_with=[Confusion(sku=sku, times=times) for sku, times in found.confused_with],
        outliers=list(found.outliers),
    )
