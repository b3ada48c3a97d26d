"""Errors as `application/problem+json` (RFC 9457), never with a path of this machine."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from kiosk.errors import (
    CatalogError,
    CatalogFullError,
    ConfigError,
    KnownError,
    ModelError,
    PictureError,
    ProductExistsError,
    StorageError,
    UnknownProductError,
)
from kiosk.vectorstore import UnknownVectorError, UnusableVectorError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_KINDS: tuple[tuple[type[KnownError], int, str, str], ...] = (
    (ProductExistsError, 409, "product-exists", "The product is there already"),
    (CatalogFullError, 422, "shop-full", "No more products fit"),
    (UnknownProductError, 404, "unknown-product", "No such product"),
    (UnknownVectorError, 404, "not-found", "Not found"),
    (UnusableVectorError, 422, "unusable-value", "A value cannot be used"),
    (PictureError, 422, "unusable-picture", "The picture cannot be used"),
    (CatalogError, 422, "unusable-value", "The catalogue cannot take this"),
    (ConfigError, 400, "unusable-setting", "A setting cannot be used"),
    (ModelError, 503, "model-unavailable", "The model is not available"),
    (StorageError, 503, "storage-unavailable", "The shop's data cannot be reached"),
)
_PART = r"[^\s'\"`:;,()\\/]"
_PATH = re.compile(rf"(?<![\w/:.])(?:[A-Za-z]:)?[\\/](?:{_PART}+[\\/]+)+({_PART}*)")


class ProblemError(KnownError):
    """A request that is refused, with its HTTP status."""

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        message: str,
        *,
        next_step: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, next_step=next_step)
        self.status = status
        self.kind = kind
        self.title = title
        self.headers = dict(headers or {})


def not_found(what: str) -> ProblemError:
    return ProblemError(404, "not-found", "Not found", f"There is no {what}.")


def unprocessable(message: str, next_step: str = "") -> ProblemError:
    return ProblemError(
        422, "unusable-value", "A value cannot be used", message, next_step=next_step
    )


def hide_paths(text: str) -> str:
    """Leave only the last part of every absolute path in `text`."""
    return _PATH.sub(lambda found: found.group(1) or "the shop's folder", text)


def problem_response(
    request_id: str,
    status: int,
    kind: str,
    title: str,
    detail: str,
    *,
    next_step: str = "",
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    body: dict[str, Any] = {
        "type": f"urn:shelflens:problem:{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "request_id": request_id,
    }
    if next_step:
        body["next_step"] = next_step
    if errors:
        body["errors"] = list(errors)
    return JSONResponse(body, status, dict(headers or {}), media_type=MEDIA_TYPE)


def describe(error: KnownError, request_id: str, *, show_paths: bool = False) -> JSONResponse:
    """The answer for an error that somebody can mend."""
    show = (lambda text: text) if show_paths else hide_paths
    if isinstance(error, ProblemError):
        status, kind, title, headers = error.status, error.kind, error.title, error.headers
    else:
        status, kind, title = next(
            ((s, k, t) for cls, s, k, t in _KINDS if isinstance(error, cls)),
            (422, "refused", "The request cannot be carried out"),
        )
        headers = {"Retry-After": "2"} if status == 503 else {}
    return problem_response(
        request_id,
        status,
        kind,
        title,
        show(error.message),
        next_step=show(error.next_step),
        headers=headers,
    )


def install(app: FastAPI, *, show_paths: bool) -> None:
    """Answer every error of `app` as a problem."""

    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, KnownError)
        return describe(error, request_id_of(request), show_paths=show_paths)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        kind = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "refused")
        return problem_response(
            request_id_of(request),
            error.status_code,
            kind,
            str(error.detail).rstrip(".")[:100],
            str(error.detail)[:500],
            headers=error.headers,
        )

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        # What was sent is not repeated: it may be large, secret, or not even JSON.
        errors = [
            {"where": [str(part)[:100] for part in e["loc"]], "message": e["msg"][:300]}
            for e in error.errors()[:20]
        ]
        first = f"{'.'.join(errors[0]['where'])}: {errors[0]['message']}" if errors else "?"
        return problem_response(
            request_id_of(request),
            422,
            "invalid-request",
            "The request is not as documented",
            first,
            next_step="/docs shows what is expected.",
            errors=errors,
        )

    async def bug(request: Request, error: Exception) -> Response:
        log.error("request %s failed: %s", request_id_of(request), type(error).__name__)
        return problem_response(
            request_id_of(request),
            500,
            "fault",
            "A fault of the service",
            "This should not have happened.",
            next_step="Report it with the request id; the service's log has the details.",
        )

    app.add_exception_handler(KnownError, known)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, bug)


def request_id_of(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request_id", ""))
