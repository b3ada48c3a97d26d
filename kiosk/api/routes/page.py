"""The web page at `/ui`, and the documentation pages, all served from here: no network needed."""

from __future__ import annotations

from pathlib import Path

import fastapi_offline
from fastapi import APIRouter, FastAPI
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from kiosk.resources import assets_dir

router = APIRouter(include_in_schema=False)
FOLDER = Path(__file__).resolve().parent.parent / "page"
FONTS = assets_dir() / "fonts"
SWAGGER_UI = Path(fastapi_offline.__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self' ws: wss:; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
FONT_CACHING = {"Cache-Control": "public, max-age=604800"}  # a week; fonts change with releases


class _Files(StaticFiles):
    """Static files with headers of their own."""

    def __init__(self, folder: Path, headers: dict[str, str]) -> None:
        super().__init__(directory=folder, html=True)
        self._headers = headers

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(self._headers)
        return response


@router.get("/docs")
@router.get("/redoc")
def documentation() -> Response:
    """Show the OpenAPI document in Swagger UI."""
    return FileResponse(FOLDER / "docs.html", headers=HEADERS)


@router.get("/ui")
def page() -> Response:
    return RedirectResponse("/ui/")


@router.get("/favicon.ico")
def icon() -> Response:
    return FileResponse(FOLDER / "icon.svg", media_type="image/svg+xml", headers=HEADERS)


def mount(app: FastAPI) -> None:
    """Put the page's files under `/ui/`, and those of Swagger UI under `/docs/assets/`."""
    app.mount("/docs/assets", _Files(SWAGGER_UI, HEADERS), name="swagger-ui")
    app.mount("/ui/fonts", _Files(FONTS, FONT_CACHING), name="fonts")
    app.mount("/ui", _Files(FOLDER, HEADERS), name="ui")
