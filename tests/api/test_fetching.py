"""Pictures by address: only where it is allowed, and never into the shop's own network."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed

import httpx
import pytest

from kiosk.api.fetching import Fetcher
from kiosk.api.problems import ProblemError
from kiosk.api.settings import ApiSettings
from tests.api.conftest import OpenShop, jpeg, serving
from tests.api.hostile import hostile_addresses

LIMIT = 200_000


class _Site(http.server.BaseHTTPRequestHandler):
    """`/picture` is one; the others misbehave, each in its way."""

    def do_GET(self) -> None:
        path, _, rest = self.path.partition("?")
        if path == "/picture":
            self._send(200, jpeg(1))
        elif path == "/moved":
            self._send(302, b"", location=rest)
        elif path == "/large":
            self._send(200, b"x" * (LIMIT + 1))
        elif path == "/drip":
            self.connection.sendall(b"HTTP/1.1 200 OK\r\n")
            self.server.dripping.wait(20)  # type: ignore[attr-defined]
        elif path == "/body":
            self.connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while not self.server.dripping.wait(0.05):  # type: ignore[attr-defined]
                self.connection.sendall(b"x")
        elif path == "/garbage":
            self.connection.sendall(b"\x00\xff not http at all\r\n\r\n")
        else:
            self._send(404, b"")
        self.close_connection = True

    def _send(self, status: int, body: bytes, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[int]:
    """A web site on loopback; its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.daemon_threads = True
    server.dripping = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_address[1]
    server.dripping.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def fetcher(*hosts: str, inside: bool = True, **changes: object) -> Fetcher:
    values: dict[str, object] = {
        "networks": ["127.0.0.1/32"] if inside else [],
        "max_bytes": LIMIT,
        "timeout_s": 5.0,
        "resolve": lambda _host, _port: ["127.0.0.1"],
    }
    return Fetcher(hosts, **(values | changes))  # type: ignore[arg-type]


def refusal(given: Fetcher, url: str) -> ProblemError:
    with pytest.raises(ProblemError) as caught:
        given.fetch(url)
    return caught.value


def test_a_picture_of_an_allowed_host_is_fetched(site: int) -> None:
    assert fetcher("shop.example").fetch(f"http://shop.example:{site}/picture") == jpeg(1)


def test_sub_domains_are_allowed_by_a_star_and_by_nothing_else(site: int) -> None:
    given = fetcher("*.shop.example")
    assert given.fetch(f"http://img.shop.example:{site}/picture") == jpeg(1)
    for host in ("evilshop.example", "shop.example.evil.test", "evil.test"):
        assert refusal(given, f"http://{host}:{site}/picture").status == 403


def test_an_allowed_name_that_resolves_to_loopback_is_refused(site: int) -> None:
    problem = refusal(fetcher("shop.example", inside=False), "http://shop.example/picture")
    assert problem.message == "That host does not lie on the public internet."


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1",
        "2001:db8::1", "::127.0.0.1",
    ],
)  # fmt: skip
def test_no_address_outside_the_public_internet_is_connected_to(address: str) -> None:
    given = fetcher("shop.example", inside=False, resolve=lambda _h, _p: ["93.184.216.34", address])
    assert refusal(given, "https://shop.example/a.jpg").status == 403


def test_the_address_that_was_checked_is_the_one_connected_to(site: int) -> None:
    answers = iter([["127.0.0.1"], ["203.0.113.9"]])
    given = fetcher("shop.example", resolve=lambda _h, _p: next(answers))
    assert given.fetch(f"http://shop.example:{site}/picture") == jpeg(1)
    assert next(answers) == ["203.0.113.9"]  # the name was not asked for again


def test_a_redirect_is_followed_where_it_may_go(site: int) -> None:
    url = f"http://shop.example:{site}/moved?/picture"
    assert fetcher("shop.example").fetch(url) == jpeg(1)


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("http://127.0.0.1/admin", 403),
        ("http://localhost/", 403),
        ("http://169.254.169.254/latest/meta-data", 403),
        ("file:///etc/passwd", 422),
        ("ftp://shop.example/a", 422),
        ("gopher://shop.example/a", 422),
        ("//evil.test/a.jpg", 403),
        ("http://user:secret@shop.example/", 422),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(site: int, target: str, status: int) -> None:
    problem = refusal(fetcher("shop.example"), f"http://shop.example:{site}/moved?{target}")
    assert problem.status == status


def test_a_redirect_to_a_name_that_turned_private_is_refused(site: int) -> None:
    def resolve(host: str, _port: int) -> list[str]:
        return ["127.0.0.1"] if host == "a.example" else ["127.0.0.2"]

    given = fetcher("a.example", "b.example", resolve=resolve)
    problem = refusal(given, f"http://a.example:{site}/moved?http://b.example:{site}/picture")
    assert problem.status == 403


def test_redirects_end(site: int) -> None:
    url = f"http://shop.example:{site}/moved?/moved?/moved?/moved?/moved?/picture"
    assert refusal(fetcher("shop.example"), url).message == "The address redirects too often."


def test_a_picture_that_is_too_large_is_refused(site: int) -> None:
    problem = refusal(fetcher("shop.example"), f"http://shop.example:{site}/large")
    assert problem.message == "The picture at the address is too large."


@pytest.mark.parametrize("path", ["/garbage", "/nothing"])
def test_a_useless_answer_is_a_plain_refusal(site: int, path: str) -> None:
    assert refusal(fetcher("shop.example"), f"http://shop.example:{site}{path}").status == 422


@pytest.mark.parametrize("path", ["/drip", "/body"])
def test_a_host_that_drips_is_given_up(site: int, path: str) -> None:
    given = fetcher("shop.example", timeout_s=0.3)
    assert refusal(given, f"http://shop.example:{site}{path}").status == 422


def test_slow_hosts_keep_no_search_waiting(open_shop: OpenShop, site: int) -> None:
    settings = ApiSettings(
        port=0,
        image_url_hosts=("127.0.0.1",),
        image_url_networks=("127.0.0.1/32",),
        image_url_timeout_s=1.0,
    )
    with serving(open_shop(1), settings) as running, ThreadPoolExecutor(40) as asking:
        body = {"image_url": f"http://127.0.0.1:{site}/drip"}

        def ask(_: int) -> int:
            address = running.address + "/api/v1/search/url"
            return httpx.post(address, json=body, timeout=60, trust_env=False).status_code

        asked = [asking.submit(ask, number) for number in range(40)]
        assert next(as_completed(asked)).result() == 503  # those beyond the waiting ones
        running.json("GET", "/api/v1/search?text=tea")
        assert not all(done.done() for done in asked)  # the hosts are silent still


def test_a_port_beside_the_usual_ones_is_refused() -> None:
    given = fetcher("shop.example", inside=False, resolve=lambda _h, _p: ["93.184.216.34"])
    assert refusal(given, "http://shop.example:6379/").status == 403


def test_an_unknown_host_is_a_plain_refusal() -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    assert refusal(fetcher("shop.example", resolve=resolve), "http://shop.example/").status == 422


def test_hostile_addresses_never_reach_a_connection() -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    given = fetcher("shop.example", inside=False, resolve=resolve)
    addresses = hostile_addresses(200)
    assert len(set(addresses)) == 200
    for url in addresses:
        assert refusal(given, url).status in (403, 422), url
    assert set(asked) <= {"shop.example"}


def test_search_by_address_answers_like_search_by_upload(open_shop: OpenShop, site: int) -> None:
    settings = ApiSettings(
        port=0,
        image_url_hosts=("127.0.0.1",),
        image_url_networks=("127.0.0.1/32",),
        decode_workers=1,
    )
    url = f"http://127.0.0.1:{site}/picture"
    with serving(open_shop(3), settings) as running:
        answer = running.json("POST", "/api/v1/search/url", json={"image_url": url, "top_k": 2})
        assert answer["success"] is True
        assert answer["results"][0]["sku"] == "P-1"
        assert answer["matches"][0]["filename"] == "P-1.jpg"
        native = running.json("POST", "/api/v1/search", data={"image_url": url})
        assert native["results"][0]["sku"] == "P-1"
        running.json(
            "POST",
            "/api/v1/search/url",
            403,
            json={"image_url": f"http://127.0.0.1:{site}/moved?http://localhost:{site}/picture"},
        )
