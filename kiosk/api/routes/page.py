"""The web page at `/ui`, and the documentation pages, all served from here: no network needed."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

router = APIRouter(include_in_schema=False)
FOLDER = Path(__file__).resolve().parent.parent / "page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self' ws: wss:; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}


class _Page(StaticFiles):
    """Static files with the page's own content security policy."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(HEADERS)
        return response


@router.get("/docs")
@router.get("/redoc")
def documentation() -> Response:
    """The OpenAPI document, for people."""
    return FileResponse(FOLDER / "docs.html", headers=HEADERS)


@router.get("/ui")
def page() -> Response:
    return RedirectResponse("/ui/")


@router.get("/favicon.ico")
def icon() -> Response:
    return FileResponse(FOLDER / "icon.svg", media_type="image/svg+xml", headers=HEADERS)


def mount(app: FastAPI) -> None:
    """Put the page's files under `/ui/`."""
    app.mount("/ui", _Page(directory=FOLDER, html=True), name="ui")
