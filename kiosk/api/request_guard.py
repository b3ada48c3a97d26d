"""The middleware in front of all routes, one plain ASGI layer.

Before a route: request id, host and origin, size of the body, API key, rate. After it:
headers, metrics, access and audit lines. One layer instead of eight, since each costs time
on every request.
"""

from __future__ import annotations

import ipaddress
import itertools
import logging
import re
import secrets
import time
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk.api.authenticator import Caller
from kiosk.api.keys import Role
from kiosk.api.problems import (
    KEY_NEEDED,
    ROLE_NEEDED,
    WRONG_HOST,
    WRONG_ORIGIN,
    ProblemError,
    describe,
)
from kiosk.api.service import Service
from kiosk.errors import KnownError

access = logging.getLogger("kiosk.api.access")

UPLOADS_A_REQUEST = 4  # pictures of the largest size in one body; chosen by eye
WAITING_S = 5  # after which a client may send its upload again; chosen by eye
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")
_RUN, _NUMBERS = secrets.token_hex(4), itertools.count(1)
_SAFE = {"GET", "HEAD", "OPTIONS"}
# What a reverse proxy adds: the request is not from this machine, whatever its address.
_FORWARDED = {"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"}
_UNLIMITED = ("/api/v1/health", "/health")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-site",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class RequestGuardMiddleware:
    """Admits requests to the application `app`, and records them."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        state["request_id"] = _request_id(headers)
        try:
            state["caller"] = self._admit(scope, headers)
        except KnownError as error:
            await self._refuse(error, scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        await self._serve(scope, _Body(self._service, headers, receive), send)

    def _admit(self, scope: Scope, headers: Headers) -> Caller:
        client = scope["client"][0] if scope.get("client") else "local"
        caller = self._service.authenticator.caller(
            key_of(headers), client, is_forwarded=not _FORWARDED.isdisjoint(headers.keys())
        )
        if not self._service.authenticator.has_keys:
            self._check_host(headers)
            if scope["type"] == "websocket" or scope["method"] not in _SAFE:
                self._check_origin(headers)
        if scope["type"] == "http" and not scope["path"].startswith(_UNLIMITED):
            self._service.authenticator.take_token(caller)
        if scope["type"] == "http" and scope["method"] not in _SAFE:
            require_role(Role.READ, caller)  # before a stranger's body is read
        return caller

    def _check_host(self, headers: Headers) -> None:
        """Without keys, a web page elsewhere must not reach us under a name of its own."""
        host = _host_name(headers.get("host", ""))
        names = ("localhost", *self._service.settings.allowed_hosts)
        if host not in names and not _is_address(host):
            raise ProblemError(
                WRONG_HOST,
                "The service does not answer to that host name.",
                next_step="Set KIOSK_API_ALLOWED_HOSTS, or make an API key.",
            )

    def _check_origin(self, headers: Headers) -> None:
        origin = headers.get("origin")
        if origin is None or origin in self._service.settings.cors_origins:
            return
        if _netloc(origin) != headers.get("host", "").lower():
            raise ProblemError(
                WRONG_ORIGIN,
                "Without API keys, only the service's own pages may change anything.",
                next_step="Set KIOSK_API_CORS_ORIGINS, or make an API key.",
            )

    async def _serve(self, scope: Scope, body: _Body, send: Send) -> None:
        started = time.perf_counter()
        status = 500

        async def finished(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = scope["state"]["request_id"]
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, body.receive, finished)
        finally:
            body.release()
            self._record(scope, status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "other").replace(":path", "")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._service.metrics.request(method, route, status, seconds)
        state = scope["state"]
        for line in state.get("changes", ()):
            self._service.audit.write(
                line,
                who=state["caller"].name,
                origin=state["caller"].address,
                status=status,
                request_id=state["request_id"],
            )
        access.info(
            "%s %s %s %d %.1fms %s",
            state["request_id"],
            method,
            route,
            status,
            seconds * 1000,
            state["caller"].name,
        )

    async def _refuse(self, error: KnownError, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
            return
        response = describe(error, scope["state"]["request_id"])
        response.headers.update({**_HEADERS, "X-Request-ID": scope["state"]["request_id"]})
        self._service.metrics.request("other", "refused", response.status_code, 0.0)
        await response(scope, receive, send)


class _Body:
    """The body of one request: bounded by itself, and together with those of all others."""

    def __init__(self, service: Service, headers: Headers, receive: Receive) -> None:
        settings = service.settings
        is_json = "json" in headers.get("content-type", "").lower()
        self._limit_mb = (
            settings.max_json_mb if is_json else settings.max_upload_mb * UPLOADS_A_REQUEST
        )
        declared = headers.get("content-length", "0")
        self._declared = int(declared) if declared.isdigit() else 0
        self._receive = receive
        self._budget = service.bodies
        self._seen = 0

    async def receive(self) -> Message:
        """As `Receive`. Raises HTTPException, which alone passes FastAPI's reading of a form."""
        message = await self._receive()
        count = len(message.get("body", b""))
        if max(self._declared, self._seen + count) > self._limit_mb * 2**20:
            raise HTTPException(413, f"At most {self._limit_mb} MB are taken at once.")
        if self._declared - self._seen > self._budget.left or not self._budget.take(count):
            raise HTTPException(
                503, "Too many uploads are waiting.", {"Retry-After": str(WAITING_S)}
            )
        self._seen += count
        return message

    def release(self) -> None:
        """Leave the room to others: the answer is out."""
        self._budget.give_back(self._seen)


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def require_role(role: Role, caller: Caller) -> None:
    """Raise 401 or 403 unless the caller has at least `role`."""
    if caller.role >= role:
        return
    if caller.role == 0:
        raise ProblemError(
            KEY_NEEDED,
            "The request has no API key, or one that is not valid.",
            next_step="Send it as the header X-API-Key, or as Authorization: Bearer.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    raise ProblemError(
        ROLE_NEEDED,
        f"This needs the role {role.name.lower()!r}.",
        next_step="Ask for another key.",
    )


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else f"{_RUN}{next(_NUMBERS):08x}"


def key_of(headers: Headers) -> str:
    key = headers.get("x-api-key", "")
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return key or (token.strip() if scheme.lower() == "bearer" else "")


def _netloc(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:  # "http://[::1" and the like
        return None


def _host_name(host: str) -> str:
    if host.startswith("["):
        address, _, rest = host[1:].partition("]")
        return address.lower() if not rest or rest.startswith(":") else host
    return host.partition(":")[0].rstrip(".").lower()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def note_change(state: Any, change: str) -> None:
    """Have `change` written to the audit log when the answer is out."""
    if not hasattr(state, "changes"):
        state.changes = []
    state.changes.append(change)
