"""Connections: silent, endless and too many ones are closed, and the service goes on."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from kiosk.api import connections
from kiosk.api.keys import ApiKeys, Role
from kiosk.api.routes import live as live_route
from kiosk.api.settings import ApiSettings
from kiosk.catalog import CatalogStore
from tests.api.conftest import OpenShop, Running, jpeg, serving

HEAD = b"GET /api/v1/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: "


@contextmanager
def stranger(running: Running, data: bytes = b"") -> Iterator[socket.socket]:
    """A connection that has sent `data` so far."""
    address = urlsplit(running.address)
    with socket.create_connection((address.hostname, address.port), timeout=20) as made:
        made.sendall(data)
        yield made


def is_closed(made: socket.socket) -> bool:
    """Wait until the service has closed the connection without an answer."""
    try:
        return made.recv(1) == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize("sent", [b"", b"GE", HEAD], ids=["silent", "half a line", "half a head"])
def test_a_connection_that_asks_nothing_is_closed(
    service: Running, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(connections, "HEAD_WAIT_S", 0.2)
    with stranger(service, sent) as made:
        assert is_closed(made)
    assert service.client.get("/api/v1/health/live").status_code == 200


def test_a_body_that_stops_coming_is_given_up(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BODY_SILENCE_S", 0.2)
    head = b"POST /api/v1/products HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{"
    with stranger(service, head) as made:
        assert is_closed(made)


def test_headers_without_end_are_not_kept(service: Running) -> None:
    with stranger(service, HEAD) as made, pytest.raises(ConnectionError):
        made.sendall(b"a" * 200 * 2**20)
    assert service.client.get("/api/v1/health/live").status_code == 200


def test_a_request_in_parts_is_answered(service: Running) -> None:
    with stranger(service, HEAD) as made:
        made.sendall(b"b" * 9000)
        made.sendall(b"\r\nConnection: close\r\n\r\n")
        assert made.recv(100).startswith(b"HTTP/1.1 200")


def test_one_address_gets_half_of_the_connections(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "max_connections", lambda: 8)
    service.client.get("/api/v1/health/live")  # its connection is one of the four
    with ExitStack() as opened:
        made = [opened.enter_context(stranger(service, HEAD)) for _ in range(6)]
        for extra in made[3:]:
            assert is_closed(extra)
        made[0].sendall(b"\r\n\r\n")
        assert made[0].recv(100).startswith(b"HTTP/1.1 200")


def test_a_live_socket_takes_no_more_than_a_key_before_one(open_shop: OpenShop) -> None:
    shop = open_shop()
    ApiKeys(shop.values).add("till", Role.READ)
    with serving(shop) as running:
        address = running.address.replace("http", "ws") + "/api/v1/live"
        with connect(address, proxy=None) as live:
            live.send(json.dumps({"key": "x" * 600}))
            with pytest.raises(ConnectionClosed) as closed:
                live.recv(timeout=20)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
        assert live.response is not None
        assert "Sec-WebSocket-Extensions" not in live.response.headers  # nothing is inflated


def show_frames(live: ClientConnection) -> None:
    while True:
        live.send(jpeg(1))
        live.recv(timeout=30)


def keep_silent(live: ClientConnection) -> None:
    while True:
        live.recv(timeout=30)


def test_strangers_are_few_and_leave_room_for_a_camera_with_a_key(
    open_shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_route, "KEY_WAIT_S", 60.0)
    shop = open_shop(1)
    _, text = ApiKeys(shop.values).add("till", Role.READ)
    with serving(shop) as running, ExitStack() as stack:
        address = running.address.replace("http", "ws") + "/api/v1/live"
        strangers = [stack.enter_context(connect(address, proxy=None)) for _ in range(5)]
        with pytest.raises(ConnectionClosed):  # the fifth of one address
            keep_silent(strangers[-1])
        with connect(address, proxy=None, additional_headers={"X-API-Key": text}) as live:
            live.send(jpeg(1))
            assert json.loads(live.recv(timeout=30))["type"] in ("sighting", "frame")
        strangers[0].send(json.dumps({"key": text}))
        strangers[0].send(jpeg(1))
        assert json.loads(strangers[0].recv(timeout=30))["type"] in ("sighting", "frame")


def test_a_live_socket_that_shows_no_key_is_closed(
    open_shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_route, "KEY_WAIT_S", 0.2)
    shop = open_shop()
    ApiKeys(shop.values).add("till", Role.READ)
    with serving(shop) as running:
        address = running.address.replace("http", "ws") + "/api/v1/live"
        with connect(address, proxy=None) as live, pytest.raises(ConnectionClosed):
            keep_silent(live)


@pytest.mark.parametrize("use", [show_frames, keep_silent])
def test_an_open_live_socket_ends_with_its_key(
    open_shop: OpenShop, use: Callable[[ClientConnection], None]
) -> None:
    shop = open_shop(1)
    keys = ApiKeys(shop.values)
    keys.add("boss", Role.ADMIN)
    key, text = keys.add("till", Role.READ)
    with serving(shop) as running:
        address = running.address.replace("http", "ws") + "/api/v1/live"
        with connect(address, proxy=None, additional_headers={"X-API-Key": text}) as live:
            live.send(jpeg(1))
            live.recv(timeout=30)
            running.app.state.service.keys.revoke(key.id)
            with pytest.raises(ConnectionClosed) as closed:
                use(live)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1008


FORWARDED = {"X-Forwarded-For": "203.0.113.5", "X-Real-IP": "203.0.113.5", "Via": "1.1 shop-proxy"}


@pytest.mark.parametrize("name", FORWARDED)
def test_what_a_proxy_forwards_is_not_the_machine_itself(service: Running, name: str) -> None:
    headers = {name: FORWARDED[name]}
    new = {"sku": "EVIL", "name": "from the internet"}
    assert service.client.post("/api/v1/products", json=new, headers=headers).status_code == 401
    assert service.client.get("/api/v1/keys", headers=headers).status_code == 401
    assert service.client.get("/api/v1/keys").status_code == 200


@pytest.mark.parametrize(("trusted", "shown"), [((), "127.0.0.1"), (("127.0.0.1",), "203.0.113.5")])
def test_a_forwarded_address_is_believed_from_a_trusted_proxy_only(
    open_shop: OpenShop, trusted: tuple[str, ...], shown: str
) -> None:
    shop = open_shop()
    _, text = ApiKeys(shop.values).add("till", Role.STAFF)
    with serving(shop, ApiSettings(trusted_proxies=trusted)) as running:
        headers = {"X-API-Key": text, "X-Forwarded-For": "203.0.113.5"}
        new = {"sku": "A", "name": "a"}
        assert running.client.post("/api/v1/products", json=new, headers=headers).status_code == 201
    audit = (shop.settings.data_dir / "audit.log").read_text().splitlines()[-1]
    assert json.loads(audit)["from"] == shown


def test_keys_made_at_once_over_several_connections_are_all_kept(tmp_path: Path) -> None:
    def make(name: str) -> None:
        with CatalogStore.open(tmp_path) as store:
            keys = ApiKeys(store)
            for number in range(5):
                keys.add(f"{name}-{number}", Role.READ)

    makers = [threading.Thread(target=make, args=(f"till {i}",)) for i in range(3)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    with CatalogStore.open(tmp_path) as store:
        assert len(ApiKeys(store).all()) == 15


def test_wrong_keys_do_not_shut_out_the_right_one_of_that_address(open_shop: OpenShop) -> None:
    shop = open_shop()
    _, text = ApiKeys(shop.values).add("till", Role.READ)
    with serving(shop) as running:

        def status(key: str) -> int:
            return running.client.get("/api/v1/products", headers={"X-API-Key": key}).status_code

        wrong = [status(f"shelf_00000000_{number:043d}") for number in range(25)]
        assert wrong[-1] == 429
        assert status(text) == 200


def test_json_is_limited_however_its_type_is_written(service: Running) -> None:
    large = b'{"name": "' + b"a" * (5 * 2**20) + b'"}'
    headers = {"Content-Type": "application/JSON"}
    answer = service.client.post("/api/v1/products", content=large, headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize("origin", ["http://[::1", "http://[", "//", "null"])
def test_an_origin_that_is_no_address_is_refused(service: Running, origin: str) -> None:
    answer = service.client.post("/api/v1/products", json={}, headers={"Origin": origin})
    assert answer.status_code == 403


def test_the_number_of_vectors_needs_a_key_where_there_are_keys(open_shop: OpenShop) -> None:
    shop = open_shop()
    ApiKeys(shop.values).add("till", Role.READ)
    with serving(shop) as running:
        assert httpx.get(running.address + "/", trust_env=False).status_code == 401


@pytest.mark.parametrize(
    ("host", "status"), [("[::1].evil.example", 421), ("[::1]:8000", 200), ("evil.example", 421)]
)
def test_only_an_address_is_taken_for_one(service: Running, host: str, status: int) -> None:
    answer = service.client.get("/api/v1/products", headers={"Host": host})
    assert answer.status_code == status
