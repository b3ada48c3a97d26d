"""The live endpoint: frames in, sightings out."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from kiosk.api.keys import ApiKeys, Role
from kiosk.domain import Image
from kiosk.pictures import encode_jpeg
from tests.api.conftest import OpenShop, Running, jpeg, picture, serving


def camera(running: Running, **headers: str) -> ClientConnection:
    address = running.address.replace("http", "ws") + "/api/v1/live"
    return connect(address, additional_headers=headers, proxy=None, open_timeout=20)


def exchange(socket: ClientConnection, data: bytes) -> list[dict[str, Any]]:
    """Send a frame; what is said until it has been looked at."""
    socket.send(data)
    said = []
    while True:
        said.append(json.loads(socket.recv(timeout=30)))
        if said[-1]["type"] != "sighting":
            return said


def scene(thing: Image | None) -> bytes:
    """A quiet background, with a thing held before it or not."""
    rng = np.random.default_rng(0)
    frame = np.full((480, 640, 3), 120, np.uint8) + rng.integers(0, 6, (480, 640, 3), np.uint8)
    if thing is not None:
        frame[120:360, 160:480] = thing
    return encode_jpeg(frame, 95)


def test_what_is_held_is_seen(service: Running) -> None:
    states: list[str] = []
    empty, held = scene(None), scene(picture(2))
    with camera(service) as socket:
        for number in range(300):
            for message in exchange(socket, empty if number < 12 else held):
                if message["type"] == "sighting":
                    states.append(message["state"])
                    if message["state"] == "matched":
                        assert message["product"]["sku"] == message["sku"]
            if states and states[-1] in ("matched", "unknown"):
                break
    assert states[0] == "idle"
    assert states[-1] in ("matched", "unknown")


def test_an_unusable_frame_is_said_and_the_camera_goes_on(service: Running) -> None:
    with camera(service) as socket:
        assert exchange(socket, b"nonsense")[-1]["type"] == "problem"
        assert exchange(socket, jpeg(1)[:400])[-1]["type"] == "problem"
        assert exchange(socket, scene(None))[-1] == {"type": "frame", "number": 2}


def test_a_camera_needs_a_key_once_there_are_keys(open_shop: OpenShop) -> None:
    shop = open_shop(1)
    _, key = ApiKeys(shop.values).add("phone", Role.READ)
    with serving(shop) as running:
        with camera(running, **{"X-API-Key": key}) as socket:
            assert exchange(socket, scene(None))[-1]["type"] == "frame"
        with camera(running) as socket:
            socket.send(json.dumps({"key": key}))
            assert exchange(socket, scene(None))[-1]["type"] == "frame"
        for wrong in ('{"key": "no"}', "no json", "[]", '{"key": 5}'):
            with camera(running) as socket:
                socket.send(wrong)
                with pytest.raises(ConnectionClosed) as caught:
                    socket.recv(timeout=20)
                assert caught.value.rcvd is not None
                assert caught.value.rcvd.code == 1008


def test_a_page_from_elsewhere_gets_no_camera(service: Running) -> None:
    from websockets.exceptions import InvalidStatus

    with pytest.raises(InvalidStatus) as caught, camera(service, Origin="https://evil.test"):
        pass
    assert caught.value.response.status_code == 403


def test_the_service_ends_although_a_camera_is_open(open_shop: OpenShop) -> None:
    with ExitStack() as stack:
        with serving(open_shop(1)) as running:
            socket = stack.enter_context(camera(running))
            exchange(socket, scene(None))
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=20)


def test_no_more_cameras_than_the_service_can_follow(service: Running) -> None:
    service.app.state.service.live_sessions = 8
    with camera(service) as socket, pytest.raises(ConnectionClosed) as caught:
        socket.recv(timeout=20)
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1013
