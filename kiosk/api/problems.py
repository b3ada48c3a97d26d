"""Errors as `application/problem+json` (RFC 9457), without paths of this machine."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
_PART = r"[^\s'\"`:;,()\\/]"
_SPACED = r"(?:(?!\. |\s[\\/])[^'\"`:;\n\\/])"  # within a path: no end of a sentence, no next path
_ROOT = rf"(?<![\w/:.])(?:[A-Za-z]:[\\/]+|[\\/]{_PART}+[\\/]+)"
_PATH = re.compile(rf"{_ROOT}(?:{_SPACED}+[\\/]+)*({_PART}*)")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a problem's `type` names, with the status and title that go with it."""

    status: int
    name: str
    title: str


ADDRESS_REFUSED = Kind(403, "address-refused", "The address is not asked")
ADDRESS_USELESS = Kind(422, "address-useless", "No picture at the address")
BUSY = Kind(503, "busy", "The service is busy")
FAULT = Kind(500, "fault", "A fault of the service")
INVALID_REQUEST = Kind(422, "invalid-request", "The request is not as documented")
JOB_RUNNING = Kind(409, "job-running", "Another job is running")
KEY_NEEDED = Kind(401, "key-needed", "An API key is needed")
NO_SOURCE_FOLDER = Kind(409, "no-source-folder", "There is no folder to index")
NOT_A_PICTURE = Kind(415, "not-a-picture", "Not a JPEG, PNG or WebP picture")
NOT_FOUND = Kind(404, "not-found", "Not found")
REFUSED = Kind(422, "refused", "The request cannot be carried out")
ROLE_NEEDED = Kind(403, "role-needed", "The key may not do this")
TOO_LARGE = Kind(413, "too-large", "The picture is too large")
TOO_MANY_REQUESTS = Kind(429, "too-many-requests", "Too many requests")
UNUSABLE_VALUE = Kind(422, "unusable-value", "A value cannot be used")
WRONG_HOST = Kind(421, "wrong-host", "Not the name of this service")
WRONG_ORIGIN = Kind(403, "wrong-origin", "Refused for pages from elsewhere")

_KINDS: tuple[tuple[type[KnownError], Kind], ...] = (  # the first that fits
    (ProductExistsError, Kind(409, "product-exists", "The product is there already")),
    (CatalogFullError, Kind(422, "shop-full", "No more products fit")),
    (UnknownProductError, Kind(404, "unknown-product", "No such product")),
    (UnknownVectorError, NOT_FOUND),
    (UnusableVectorError, UNUSABLE_VALUE),
    (PictureError, Kind(422, "unusable-picture", "The picture cannot be used")),
    (CatalogError, Kind(422, "unusable-value", "The catalogue cannot take this")),
    (ConfigError, Kind(400, "unusable-setting", "A setting cannot be used")),
    (ModelError, Kind(503, "model-unavailable", "The model is not available")),
    (StorageError, Kind(503, "storage-unavailable", "The shop's data cannot be reached")),
)
RETRY_AFTER_S = 2  # where another process or a disk must come back first; chosen by eye


class ProblemError(KnownError):
    """A request that is refused, with the kind of problem."""

    def __init__(
        self,
        kind: Kind,
        message: str,
        next_step: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message, next_step=next_step)
        self.kind = kind
        self.headers = dict(headers or {})
        if retry_after_s is not None:
            self.headers["Retry-After"] = str(retry_after_s)

    @property
    def status(self) -> int:
        return self.kind.status


def not_found(what: str) -> ProblemError:
    return ProblemError(NOT_FOUND, f"There is no {what}.")


def unprocessable(message: str, next_step: str = "") -> ProblemError:
    return ProblemError(UNUSABLE_VALUE, message, next_step)


def hide_paths(text: str) -> str:
    """Leave only the last part of every absolute path in `text`."""
    return _PATH.sub(lambda found: found.group(1) or "the shop's folder", text)


def problem_response(
    request_id: str,
    kind: Kind,
    detail: str,
    *,
    next_step: str = "",
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    body: dict[str, Any] = {
        "type": f"urn:shelflens:problem:{kind.name}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "request_id": request_id,
    }
    if next_step:
        body["next_step"] = next_step
    if errors:
        body["errors"] = list(errors)
    return JSONResponse(body, kind.status, dict(headers or {}), media_type=MEDIA_TYPE)


def describe(error: KnownError, request_id: str, *, show_paths: bool = False) -> JSONResponse:
    """The answer for an error that a person can mend."""
    show = (lambda text: text) if show_paths else hide_paths
    if isinstance(error, ProblemError):
        kind, headers = error.kind, error.headers
    else:
        kind = next((kind for cls, kind in _KINDS if isinstance(error, cls)), REFUSED)
        headers = {"Retry-After": str(RETRY_AFTER_S)} if kind.status == 503 else {}
    return problem_response(
        request_id, kind, show(error.message), next_step=show(error.next_step), headers=headers
    )


def install(app: FastAPI, *, show_paths: bool) -> None:
    """Answer every error of `app` as a problem."""

    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, KnownError)
        return describe(error, request_id_of(request), show_paths=show_paths)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        names = {404: "not-found", 405: "method-not-allowed", 503: BUSY.name}
        name = names.get(error.status_code, "refused")
        detail = str(error.detail)
        kind = Kind(error.status_code, name, detail.rstrip(".")[:100])
        return problem_response(request_id_of(request), kind, detail[:500], headers=error.headers)

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
            INVALID_REQUEST,
            first,
            next_step="/docs shows what is expected.",
            errors=errors,
        )

    async def bug(request: Request, error: Exception) -> Response:
        log.error("request %s failed: %s", request_id_of(request), type(error).__name__)
        return problem_response(
            request_id_of(request),
            FAULT,
            "This should not have happened.",
            next_step="Report it with the request id; the service's log has the details.",
        )

    app.add_exception_handler(KnownError, known)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, bug)


def request_id_of(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request_id", ""))
