"""The application: its routes, errors and middleware, and what is closed at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from kiosk import __version__
from kiosk.api import openapi, problems
from kiosk.api.older import events, light, matcher
from kiosk.api.request_guard import RequestGuardMiddleware
from kiosk.api.routes import (
    analysis,
    collections,
    jobs,
    live,
    page,
    photos,
    products,
    search,
    system,
)
from kiosk.api.service import Service
from kiosk.api.settings import ApiSettings
from kiosk.shop import Shop

DESCRIPTION = """\
Recognises products by their pictures, and keeps the shop's catalogue.

Prices are whole numbers of the currency's minor unit. Errors are `application/problem+json`.
"""
FAMILIES = (  # the busiest first: routes are tried in this order
    search,
    matcher,
    collections,
    events,
    live,
    light,
    photos,  # before products: an SKU may hold slashes, so `/products/{sku}` takes any path
    products,
    analysis,
    jobs,
    system,
    page,
)


def create_app(shop: Shop, settings: ApiSettings) -> FastAPI:
    """The ASGI application over an open shop; the caller closes the shop afterwards."""
    service = Service(shop, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        service.close()

    app = FastAPI(
        title="Shelflens",
        version=__version__,
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0"},
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.service = service
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    problems.install(app, show_paths=settings.show_paths)
    for family in FAMILIES:
        app.include_router(family.router)
    page.mount(app)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["*"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key", "X-Request-ID"],
            expose_headers=["X-Request-ID", "Retry-After"],
        )
    app.add_middleware(RequestGuardMiddleware, service=service)
    return app
