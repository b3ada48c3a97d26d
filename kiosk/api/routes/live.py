"""The live endpoint: JPEG frames in, sightings out, so that a browser can be a camera."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from kiosk.api.authenticator import Caller
from kiosk.api.keys import Role
from kiosk.api.problems import ProblemError
from kiosk.api.request_guard import key_of
from kiosk.api.routes.common import ServiceIn
from kiosk.api.service import Service
from kiosk.api.shapes import ProductOut
from kiosk.domain import Scan, Sighting, SightingState
from kiosk.errors import KnownError
from kiosk.money import format_price

if TYPE_CHECKING:
    from kiosk.live import LivePipeline

router = APIRouter(tags=["live"])
MAX_SESSIONS = 8  # a frame takes 70 ms of a core; chosen by eye
MAX_STRANGERS = 8  # sockets that have shown no key yet, half of them of one address; by eye
KEY_WAIT_S = 5.0  # chosen by eye
FRAME_WAIT_S = 60.0  # without a frame; chosen by eye
FRAME_SIDE = 1280  # pixels, as of a webcam at 720p
POLICY, TOO_BIG, TRY_LATER, GOING_AWAY = 1008, 1009, 1013, 1001


@router.websocket("/api/v1/live")
async def live(socket: WebSocket, service: ServiceIn) -> None:
    """Send JPEG, PNG or WebP frames as binary messages; only the newest is looked at.

    Answers are JSON: `{"type": "sighting", ...}` whenever what a customer would see changes,
    `{"type": "frame", "number": n}` when a frame has been looked at, `{"type": "problem"}`
    for one that cannot be used. While the service has keys, the first message is
    `{"key": "..."}`, unless the key came as a header.
    """
    await socket.accept()
    key = await _admitted_key(socket, service)
    if key is None:
        await socket.close(POLICY, "an API key is needed")
    elif service.live_sessions >= MAX_SESSIONS:
        await socket.close(TRY_LATER, "too many cameras")
    else:
        service.live_sessions += 1
        try:
            await _CameraSession(socket, service, key).run()
        finally:
            service.live_sessions -= 1


class _CameraSession:
    """One camera. A reader keeps the newest frame; the looker takes it when it is free."""

    def __init__(self, socket: WebSocket, service: Service, key: str) -> None:
        self._socket = socket
        self._service = service
        self._key = key
        self._newest: bytes | None = None
        self._arrived = asyncio.Event()
        self._ended = False

    async def run(self) -> None:
        from kiosk.live import LivePipeline

        shop = self._service.shop
        pipeline = LivePipeline(shop, codes=shop, closer=shop)
        reader = asyncio.create_task(self._read())
        try:
            await self._look(pipeline)
        except (WebSocketDisconnect, RuntimeError):
            pass  # the camera went away while something was being sent
        finally:
            reader.cancel()
            await asyncio.to_thread(pipeline.close)
            with contextlib.suppress(asyncio.CancelledError):
                await reader

    async def _read(self) -> None:
        try:
            while True:
                message = await self._socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                data = message.get("bytes")
                if data:
                    self._newest = data
                    self._arrived.set()
        finally:
            self._ended = True
            self._arrived.set()

    async def _look(self, pipeline: LivePipeline) -> None:
        started, number = time.monotonic(), 0
        while True:
            data = await self._next()
            if self._ended:
                return
            if not _may_read(self._socket, self._service, self._key):
                await self._socket.close(POLICY, "the API key is no longer valid")
                return
            if data is None:
                await self._socket.close(GOING_AWAY, "no more frames are taken")
                return
            try:
                t_ms = int((time.monotonic() - started) * 1000)
                sighting = await self._step(pipeline, data, number, t_ms)
            except KnownError as error:
                await self._send({"type": "problem", "detail": error.message})
            else:
                if sighting is not None:
                    await self._send(_describe(self._service, sighting))
                await self._send({"type": "frame", "number": number})
            number += 1

    async def _next(self) -> bytes | None:
        """The newest frame; None when the service closes, the key goes, or after a silence."""
        until = time.monotonic() + FRAME_WAIT_S
        while (
            not self._service.closing.is_set()
            and time.monotonic() < until
            and _may_read(self._socket, self._service, self._key)
        ):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), 0.5)
                self._arrived.clear()
                data, self._newest = self._newest, None
                if data is not None or self._ended:
                    return data
        return None

    async def _step(
        self, pipeline: LivePipeline, data: bytes, number: int, t_ms: int
    ) -> Sighting | None:
        from kiosk.camera import Frame

        image = await self._service.decode(data, side=FRAME_SIDE)
        return await asyncio.to_thread(pipeline.step, Frame(image, number, t_ms))

    async def _send(self, message: dict[str, Any]) -> None:
        await self._socket.send_text(json.dumps(message, ensure_ascii=False))


async def _admitted_key(socket: WebSocket, service: Service) -> str | None:
    """The key that opens the socket, empty where none is needed; None: it stays shut."""
    key = key_of(socket.headers)
    caller: Caller = socket.scope["state"]["caller"]
    try:
        if caller.role < Role.READ:
            key = await _key_in_message(socket, service, caller.address)
    except (TimeoutError, ValueError, KeyError, TypeError, WebSocketDisconnect):
        return None
    if not _may_read(socket, service, key):
        return None
    if take_frames := socket.scope["state"].get("take_frames"):
        take_frames()
    return key


async def _key_in_message(socket: WebSocket, service: Service, address: str) -> str:
    strangers = service.live_strangers
    if len(strangers) >= MAX_STRANGERS or strangers.count(address) >= MAX_STRANGERS // 2:
        raise ValueError("too many wait without a key")
    strangers.append(address)
    try:
        text = await asyncio.wait_for(socket.receive_text(), KEY_WAIT_S)
    finally:
        strangers.remove(address)
    return str(json.loads(text)["key"])


def _may_read(socket: WebSocket, service: Service, key: str) -> bool:
    caller: Caller = socket.scope["state"]["caller"]
    if not key:
        return caller.role >= Role.READ and not service.authenticator.has_keys
    try:
        return service.authenticator.caller(key, caller.address).role >= Role.READ
    except ProblemError:
        return False


def _describe(service: Service, sighting: Sighting) -> dict[str, Any]:
    from kiosk.live import describe_sighting

    product = service.shop.product(sighting.sku) if sighting.sku else None
    candidates = [candidate.sku for candidate in sighting.candidates[:5]]
    choice_skus = candidates if sighting.state is SightingState.UNKNOWN else []
    choices = [found for sku in choice_skus if (found := service.shop.product(sku)) is not None]
    return {
        "type": "sighting",
        **describe_sighting(sighting),
        "progress": round(sighting.progress, 3),
        "decision": sighting.decision.value if sighting.decision else None,
        "choices": [ProductOut.of(choice).model_dump(mode="json") for choice in choices],
        "product": ProductOut.of(product).model_dump(mode="json") if product else None,
        **_price_on_the_label(sighting.scan),
    }


def _price_on_the_label(scan: Scan | None) -> dict[str, Any]:
    if scan is None:
        return {}
    return {"price_text": format_price(scan.price) if scan.price else None}
