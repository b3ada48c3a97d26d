"""Who may do what, from where, how often, and how much."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given, strategies as st

from kiosk.api.keys import ApiKeys, Role
from kiosk.api.limits import ByteBudget, RateLimiter
from kiosk.api.problems import hide_paths
from kiosk.api.serving import listen, refuse_open_service
from kiosk.api.settings import ApiSettings
from kiosk.errors import ConfigError, StorageError
from tests.api.conftest import OpenShop, Running, audit_lines, jpeg, serving

ANY_PRODUCT = {"sku": "NEW", "name": "Milk", "price": 100}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Values:
    """A catalogue's small settings."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def value(self, key: str) -> str | None:
        return self.kept.get(key)

    def update_value(self, key: str, change: Callable[[str | None], str]) -> None:
        self.kept[key] = change(self.kept.get(key))


# Keys


def test_a_key_is_stored_only_as_its_hash() -> None:
    values = Values()
    _, text = ApiKeys(values).add("till 3", Role.STAFF)
    assert text.split("_", 2)[2] not in json.dumps(values.kept)
    assert len(text) > 43


def test_a_key_is_known_until_it_is_revoked_by_any_server() -> None:
    values, clock = Values(), Clock()
    here, there = ApiKeys(values, clock=clock), ApiKeys(values, clock=clock)
    key, text = here.add("till 3", Role.STAFF)
    clock.now += 3
    found = there.check(text)
    assert found is not None
    assert (found.name, found.rank) == ("till 3", Role.STAFF)
    assert here.revoke(key.id)
    clock.now += 3
    assert there.check(text) is None
    assert not here.revoke(key.id)


def test_keys_stay_known_while_the_catalogue_is_away() -> None:
    values, clock = Values(), Clock()
    _, text = ApiKeys(values).add("till 3", Role.STAFF)
    keys = ApiKeys(values, background=True, clock=clock)
    assert keys.check(text) is not None
    asked = threading.Event()

    def away(_: str) -> str | None:
        asked.set()
        raise StorageError("The database is away.")

    values.value = away  # type: ignore[method-assign]
    clock.now += 10
    assert keys.check(text) is not None
    assert asked.wait(10)
    assert keys.check(text) is not None


@pytest.mark.parametrize(
    "text", ["", "shelf", "shelf_", "shelf_abc_def", "x" * 5000, "shelf__", "\ud800"]
)
def test_what_is_no_key_is_not_taken(text: str) -> None:
    keys = ApiKeys(Values())
    key, real = keys.add("a", Role.READ)
    assert keys.check(text) is None
    assert keys.check(f"shelf_{key.id}_" + "A" * 43) is None
    assert keys.check(real[:-1]) is None
    assert keys.check(real) is not None


@pytest.mark.parametrize("name", ["", "a" * 61, "a\nb", "<b>"])
def test_a_strange_key_name_is_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        ApiKeys(Values()).add(name, Role.READ)


def test_each_role_may_do_its_part(open_shop: OpenShop) -> None:
    shop = open_shop(1)
    keys = {role: ApiKeys(shop.values).add(role.name, role)[1] for role in Role}
    with serving(shop) as running:

        def status(role: Role | None, method: str, path: str, **given: object) -> int:
            headers = {"X-API-Key": keys[role]} if role else {}
            return running.client.request(method, path, headers=headers, **given).status_code  # type: ignore[arg-type]

        search = {"data": {"text": "tea"}}
        assert status(None, "POST", "/api/v1/search", **search) == 401
        assert status(None, "GET", "/stats") == 401
        assert status(None, "GET", "/metrics") == 401
        assert status(Role.READ, "POST", "/api/v1/search", **search) == 200
        assert status(Role.READ, "POST", "/api/v1/products", json=ANY_PRODUCT) == 403
        assert status(Role.READ, "POST", "/add_image", json={"filename": "a", "vector": [1]}) == 403
        assert status(Role.READ, "DELETE", "/api/v1/products/P-1") == 403
        assert status(Role.STAFF, "POST", "/api/v1/products", json=ANY_PRODUCT) == 201
        assert status(Role.STAFF, "POST", "/api/v1/keys", json={"name": "x"}) == 403
        assert status(Role.STAFF, "POST", "/api/v1/models/efficientnet_lite0/use") == 403
        assert status(Role.ADMIN, "POST", "/api/v1/keys", json={"name": "x"}) == 201
        assert status(None, "GET", "/health") == 200
        assert status(None, "GET", "/api/v1/health/live") == 200


def test_every_route_that_changes_something_needs_staff(open_shop: OpenShop) -> None:
    shop = open_shop(1)
    ApiKeys(shop.values).add("boss", Role.ADMIN)
    _, reader = ApiKeys(shop.values).add("reader", Role.READ)
    asking = {
        "/api/v1/search", "/api/v1/search/url", "/api/v1/search/vector", "/api/v1/extract",
        "/api/v1/classify", "/api/v1/find-similar", "/search", "/extract_features",
        "/api/v1/collections/{name}/search",
    }  # fmt: skip
    with serving(shop) as running:
        paths = running.app.openapi()["paths"]
        tried = 0
        for path, methods in paths.items():
            for method in set(methods) - {"get"}:
                if path in asking:
                    continue
                url = (
                    path.replace("{sku}", "P-1")
                    .replace("{name}", "c")
                    .replace("{", "")
                    .replace("}", "")
                )
                answer = running.client.request(method, url, headers={"X-API-Key": reader})
                assert answer.status_code in (403, 422), (method, path)
                if answer.status_code == 422:  # refused for its form before its key: try nobody
                    assert running.client.request(method, url).status_code in (401, 422)
                tried += 1
        assert tried > 15


def test_the_first_key_is_an_admins_and_closes_the_door(service: Running) -> None:
    made = service.json("POST", "/api/v1/keys", 201, json={"name": "first", "role": "read"})
    assert made["role"] == "admin"
    service.json("GET", "/api/v1/keys", 401)
    listed = service.client.get("/api/v1/keys", headers={"Authorization": f"Bearer {made['key']}"})
    assert [key["name"] for key in listed.json()] == ["first"]
    assert "key" not in listed.json()[0]
    assert made["key"] not in (service.shop.settings.data_dir / "audit.log").read_text()


def test_guessing_keys_is_slowed_down(open_shop: OpenShop) -> None:
    shop = open_shop()
    _, real = ApiKeys(shop.values).add("boss", Role.ADMIN)
    with serving(shop) as running:
        codes = [
            running.client.get("/stats", headers={"X-API-Key": f"shelf_00000000_{n}"}).status_code
            for n in range(30)
        ]
        assert codes[0] == 401
        assert codes[-1] == 429
        refused = running.client.get("/stats", headers={"X-API-Key": "shelf_00000000_31"})
        assert int(refused.headers["Retry-After"]) >= 1
        assert running.client.get("/stats", headers={"X-API-Key": real}).status_code == 200


# Where it listens


def test_it_does_not_listen_beyond_loopback_without_keys() -> None:
    keys = ApiKeys(Values())
    with pytest.raises(ConfigError) as caught:
        refuse_open_service(ApiSettings(host="0.0.0.0"), keys)
    assert "kiosk keys add" in caught.value.next_step
    refuse_open_service(ApiSettings(host="127.0.0.1"), keys)
    refuse_open_service(ApiSettings(host="0.0.0.0", allow_open=True), keys)
    keys.add("till", Role.READ)
    refuse_open_service(ApiSettings(host="0.0.0.0"), keys)


def test_it_listens_on_loopback_unless_told() -> None:
    assert ApiSettings().host == "127.0.0.1"
    assert ApiSettings().is_loopback
    assert not ApiSettings(host="0.0.0.0").is_loopback
    assert not ApiSettings(host="::").is_loopback


def test_answers_do_not_wait_for_a_delayed_acknowledgement() -> None:
    listener = listen(ApiSettings(port=0))
    listener.settimeout(10)

    async def accepted() -> int:
        made: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def connected(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken = writer.get_extra_info("socket")
            made.set_result(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        server = await asyncio.start_server(connected, sock=listener)
        _, caller = await asyncio.open_connection(*listener.getsockname()[:2])
        undelayed = await made
        caller.close()
        server.close()
        return undelayed

    assert asyncio.run(accepted()) != 0


def test_a_taken_port_is_said_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError) as caught:
            listen(ApiSettings(port=port))
    assert f"port {port}" in caught.value.message


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:1", 200), ("localhost", 200), ("[::1]:8", 200), ("evil.test", 421), ("", 421)],
)
def test_without_keys_it_answers_only_to_its_own_names(
    shared: Running, host: str, status: int
) -> None:
    assert shared.client.get("/stats", headers={"Host": host}).status_code == status


def test_without_keys_a_page_from_elsewhere_may_not_change_anything(service: Running) -> None:
    def create(origin: str) -> int:
        return service.client.post(
            "/api/v1/products", json=ANY_PRODUCT, headers={"Origin": origin}
        ).status_code

    assert create("https://evil.test") == 403
    assert create("null") == 403
    assert create(service.address) == 201


def test_browsers_of_listed_origins_are_let_in(open_shop: OpenShop) -> None:
    settings = ApiSettings(port=0, cors_origins=("https://shop.example",), decode_workers=1)
    with serving(open_shop(), settings) as running:
        asked = running.client.options(
            "/api/v1/products",
            headers={
                "Origin": "https://shop.example",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "x-api-key",
            },
        )
        assert asked.headers["access-control-allow-origin"] == "https://shop.example"
        other = running.client.get("/stats", headers={"Origin": "https://evil.test"})
        assert "access-control-allow-origin" not in other.headers


# How often and how much


def test_a_client_that_asks_too_often_must_wait() -> None:
    clock = Clock()
    limiter = RateLimiter(60, 3, clock=clock)
    assert [limiter.take("a") for _ in range(3)] == [0, 0, 0]
    assert limiter.take("a") == pytest.approx(1.0)
    assert limiter.take("b") == 0
    clock.now += 1
    assert limiter.take("a") == 0


def test_rate_limits_hold_over_http_and_spare_health(open_shop: OpenShop) -> None:
    settings = ApiSettings(port=0, rate_per_minute=4, decode_workers=1)
    with serving(open_shop(), settings) as running:
        codes = [running.client.get("/stats").status_code for _ in range(3)]
        assert codes == [200, 429, 429]
        assert running.client.get("/api/v1/health/live").status_code == 200


def test_memory_for_rate_limits_is_bounded() -> None:
    limiter = RateLimiter(60, 3)
    for number in range(11_000):
        limiter.take(str(number))
    assert len(limiter._buckets) == 10_000


def test_large_uploads_and_bodies_are_refused(open_shop: OpenShop) -> None:
    settings = ApiSettings(port=0, max_upload_mb=1, max_json_mb=1, decode_workers=1)
    with serving(open_shop(), settings) as running:
        big = jpeg(1) + bytes(1_500_000)
        assert running.json("POST", "/api/v1/search", 413, files={"file": big})["status"] == 413
        huge = bytes(5_000_000)
        assert running.json("POST", "/api/v1/search", 413, files={"file": huge})["status"] == 413
        many = {"vector": [0.123456789] * 200_000}
        running.json("POST", "/api/v1/search/vector", 413, json=many)

        def endless() -> Iterator[bytes]:
            yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
            for _ in range(80):
                yield b"x" * 65536

        answer = running.client.post(
            "/api/v1/search",
            content=endless(),
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
        assert answer.status_code == 413


def test_uploads_that_wait_are_bounded_together(open_shop: OpenShop) -> None:
    settings = ApiSettings(port=0, max_waiting_mb=1, decode_workers=1)
    with serving(open_shop(1), settings) as running:
        head = f"POST /api/v1/search HTTP/1.1\r\nHost: {urlsplit(running.address).netloc}\r\n"
        half = "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000\r\n\r\n"
        with socket.create_connection(("127.0.0.1", urlsplit(running.address).port)) as slow:
            part = '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
            slow.sendall((head + half + part).encode() + bytes(600_000))
            refused = until(lambda: upload(running, bytes(900_000)), 503)
            assert int(refused.headers["Retry-After"]) >= 1
            assert refused.json()["type"] == "urn:shelflens:problem:busy"
            assert upload(running, jpeg(1)).status_code == 200
        assert until(lambda: upload(running, jpeg(1) + bytes(900_000)), 200).json()["results"]
        running.client.get("/stats")  # the room of an answer is free once the next is begun
        assert running.app.state.service.bodies.left == 2**20


def upload(running: Running, data: bytes) -> httpx.Response:
    return running.client.post("/api/v1/search", files={"file": data})


def until(ask: Callable[[], httpx.Response], status: int) -> httpx.Response:
    """Ask until the answer has that status: the service hears of other connections late."""
    for _ in range(500):
        answer = ask()
        if answer.status_code == status:
            return answer
    raise AssertionError(answer.text)


@given(st.lists(st.integers(0, 60), max_size=50))
def test_a_byte_budget_is_never_overdrawn(counts: list[int]) -> None:
    budget = ByteBudget(100)
    held = [count for count in counts if budget.take(count)]
    assert budget.left == 100 - sum(held) >= 0
    for count in held:
        budget.give_back(count)
    assert budget.left == 100


def test_what_is_no_picture_is_refused_before_it_is_decoded(shared: Running) -> None:
    for data in (b"GIF89a" + bytes(50), b"<svg/>", b"\x00" * 30):
        problem = shared.json("POST", "/api/v1/search", 415, files={"file": data})
        assert problem["type"] == "urn:shelflens:problem:not-a-picture"


# What answers say


def test_answers_carry_a_request_id_and_safe_headers(shared: Running) -> None:
    answer = shared.client.get("/stats")
    assert len(answer.headers["X-Request-ID"]) == 16
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "server" not in answer.headers
    assert "set-cookie" not in answer.headers
    refused = shared.client.get("/stats", headers={"Host": "evil.test"})
    assert refused.status_code == 421
    assert refused.headers["Content-Security-Policy"] == answer.headers["Content-Security-Policy"]
    kept = shared.client.get("/stats", headers={"X-Request-ID": "order-12345"})
    assert kept.headers["X-Request-ID"] == "order-12345"
    replaced = shared.client.get("/stats", headers={"X-Request-ID": "a b"})
    assert replaced.headers["X-Request-ID"] != "a b"


def test_problems_are_typed_and_do_not_repeat_what_was_sent(shared: Running) -> None:
    answer = shared.client.post("/search", json={"vector": ["s3cret"]})
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert problem["errors"][0]["where"] == ["body", "vector", "0"]
    assert "s3cret" not in answer.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/srv/shop/photos/a.jpg: damaged", "a.jpg: damaged"),
        ("The disk of /srv/shop/ is full.", "The disk of the shop's folder is full."),
        ("C:\\Users\\me\\a.jpg is locked", "a.jpg is locked"),
        ("The folder /home/Anna Example/private (shop)/pics is gone.", "The folder pics is gone."),
        ("C:\\Program Files\\My Shop\\a.jpg is locked", "a.jpg is locked"),
        ("/a/b went to /c/d. See a/b.", "b went to d. See a/b."),
        ("/docs shows application/json", "/docs shows application/json"),
        ("see https://example.com/a/b for more", "see https://example.com/a/b for more"),
        ("1/2 of the photos", "1/2 of the photos"),
    ],
)
def test_paths_are_hidden(text: str, shown: str) -> None:
    assert hide_paths(text) == shown


def test_a_storage_fault_is_answered_without_the_machines_paths(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("The photo could not be saved in /srv/shop/photos: the disk is full.")

    monkeypatch.setattr(service.shop, "save_product", full)
    problem = service.json("PATCH", "/api/v1/products/P-1", 503, json={"price": 1})
    assert problem["detail"] == "The photo could not be saved in photos: the disk is full."
    assert audit_lines_or_none(service) == []


def test_a_fault_of_ours_is_logged_and_answered_without_details(
    service: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(service.shop.catalog, "categories", broken)
    with caplog.at_level(logging.CRITICAL, logger="uvicorn.error"):
        problem = service.json("GET", "/api/v1/categories", 500)
    assert "secret detail" not in json.dumps(problem)
    assert problem["type"] == "urn:shelflens:problem:fault"


def audit_lines_or_none(service: Running) -> list[object]:
    file = service.shop.settings.data_dir / "audit.log"
    return list(audit_lines(service.shop)) if file.exists() else []


def test_unknown_paths_and_methods_are_problems_too(shared: Running) -> None:
    assert shared.json("GET", "/api/v1/nothing", 404)["type"] == "urn:shelflens:problem:not-found"
    assert shared.json("PUT", "/stats", 405)["status"] == 405


def test_the_page_cannot_be_left_by_path_tricks(shared: Running) -> None:
    with httpx.Client(base_url=shared.address, trust_env=False) as client:
        for path in (
            "/ui/..%2f..%2fkeys.py",
            "/ui/%2e%2e/app.py",
            "/ui/..\\app.py",
            "/ui//etc/passwd",
        ):
            assert client.get(path).status_code == 404


def test_a_strangers_body_is_not_read(open_shop: OpenShop) -> None:
    shop = open_shop()
    ApiKeys(shop.values).add("till", Role.READ)
    with serving(shop) as running:
        port = int(running.address.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), 20) as plain:
            plain.sendall(
                b"POST /api/v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 70000000\r\n\r\n"
            )
            assert b" 401 " in plain.recv(1000)  # before a byte of it was sent


def test_one_long_comparison_at_a_time(service: Running) -> None:
    with service.app.state.service.alone():
        problem = service.json("GET", "/api/v1/duplicates", 503)
        assert problem["title"] == "The service is busy"
        service.json("GET", "/api/v1/confusables", 503)
    service.json("GET", "/api/v1/duplicates")


def test_more_labels_than_anybody_needs_are_refused(shared: Running) -> None:
    labels = ",".join(f"label {number}" for number in range(101))
    problem = shared.json(
        "POST", "/api/v1/classify", 422, data={"labels": labels}, files={"file": jpeg(1)}
    )
    assert "100 are the limit" in problem["detail"]
