"""Dependencies and documentation that all routes share."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.security import APIKeyHeader
from pydantic import BaseModel
from starlette.requests import HTTPConnection

from kiosk.api.keys import Role
from kiosk.api.problems import MEDIA_TYPE
from kiosk.api.request_guard import require_role
from kiosk.api.service import Service


class ProblemShape(BaseModel):
    """An error, after RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    next_step: str | None = None
    errors: list[dict[str, Any]] | None = None


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documentation of the errors that a route may answer with."""
    texts = {
        400: "The request cannot be read",
        401: "An API key is needed",
        403: "The key may not do this",
        404: "Not found",
        409: "It is there already, or busy",
        413: "Too large",
        415: "Not a JPEG, PNG or WebP picture",
        421: "Another host name is needed",
        422: "A value cannot be used",
        429: "Too many requests",
        503: "Not available at the moment",
    }
    return {
        status: {
            "description": texts[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemShape"}}},
        }
        for status in sorted({400, 401, 403, 413, 421, 422, 429, 503, *statuses})
    }


async def service_of(connection: HTTPConnection) -> Service:
    service: Service = connection.app.state.service
    return service


_header = APIKeyHeader(
    name="X-API-Key", auto_error=False, description="not needed while no key was made"
)


def _role(role: Role) -> Callable[..., Coroutine[Any, Any, None]]:
    async def check(request: Request, _: Annotated[str | None, Depends(_header)] = None) -> None:
        require_role(role, request.state.caller)

    return check


ServiceIn = Annotated[Service, Depends(service_of)]
Reading = Depends(_role(Role.READ))
Staff = Depends(_role(Role.STAFF))
Admin = Depends(_role(Role.ADMIN))

TopQuery = Annotated[int, Query(ge=1, le=1000, description="how many at most")]
