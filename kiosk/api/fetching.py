"""Fetch pictures by address, from allowed hosts on the public internet alone.

Only hosts on an allow-list are asked. Their name is resolved once, every address that is
not a public one is refused, and the connection goes to exactly the address that was checked,
so that a name which resolves differently the second time gains nothing. A redirect starts
the same checks again.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from kiosk.api.problems import ADDRESS_REFUSED, ADDRESS_USELESS, BUSY, ProblemError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Iterable[str]]

MAX_REDIRECTS = 3  # chosen by eye
MAX_FETCHES, MAX_WAITING = 8, 32  # at once, and those that wait included; chosen by eye
_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 65536  # bytes read at once; chosen by eye
_EMBEDDING = (  # IPv6 ranges that carry an IPv4 address which a gateway may reach
    ipaddress.ip_network("64:ff9b::/96"),
    ipaddress.ip_network("64:ff9b:1::/48"),
    ipaddress.ip_network("2002::/16"),
    ipaddress.ip_network("2001::/32"),
    ipaddress.ip_network("::/96"),
)


@dataclass(frozen=True, slots=True)
class _Target:
    """Where to connect, and what to ask for there."""

    scheme: str
    host: str
    port: int
    address: str
    path: str


class Fetcher:
    """Fetches pictures from allowed hosts; off while `hosts` is empty.

    Args:
        hosts: names; `*.example.com` allows the sub-domains of example.com.
        networks: private networks in which those hosts may lie; normally none.
        max_bytes: of the answer's body.
        timeout_s: for everything together, redirects included.
    """

    def __init__(
        self,
        hosts: Iterable[str],
        *,
        networks: Iterable[str] = (),
        max_bytes: int,
        timeout_s: float,
        resolve: Resolve | None = None,
    ) -> None:
        self._hosts = tuple(host.lower().rstrip(".") for host in hosts)
        self._networks = tuple(ipaddress.ip_network(network) for network in networks)
        self._max_bytes = max_bytes
        self._timeout_s = timeout_s
        self._resolve = resolve or _resolve
        self._tls = ssl.create_default_context() if self._hosts else None
        self._slots = threading.BoundedSemaphore(MAX_WAITING)
        self._threads = ThreadPoolExecutor(MAX_FETCHES, thread_name_prefix="fetch")

    @property
    def enabled(self) -> bool:
        return bool(self._hosts)

    def close(self) -> None:
        """Wait for no fetch; those under way end by their own deadline."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def submit(self, url: str) -> Future[bytes]:
        """Begin to `fetch` in threads of our own: slow hosts keep no other request waiting.

        Raises:
            ProblemError: 503, too many addresses are waiting.
        """
        if not self._slots.acquire(blocking=False):
            raise ProblemError(
                BUSY,
                "Too many addresses are being asked.",
                "Try again in a moment.",
                retry_after_s=5,
            )
        future = self._threads.submit(self.fetch, url)
        future.add_done_callback(lambda _: self._slots.release())
        return future

    def fetch(self, url: str) -> bytes:
        """The bytes at `url`.

        Raises:
            ProblemError: 403 if the service may not ask there, 422 if there is nothing usable.
        """
        if not self.enabled:
            raise _forbidden("Pictures by address are switched off.", "Upload the picture.")
        deadline = time.monotonic() + self._timeout_s
        for _ in range(MAX_REDIRECTS + 1):
            target = self._check(url)
            try:
                status, location, body = self._get(target, deadline)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise _useless("The address does not answer as expected.") from error
            if status not in _REDIRECTS:
                if status != 200:
                    raise _useless(f"The address answers with status {status}.")
                return body
            url = urljoin(url, location)
        raise _useless("The address redirects too often.")

    def _check(self, url: str) -> _Target:
        parts = _split(url)
        host = (parts.hostname or "").rstrip(".").lower()
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if not self._is_allowed(host):
            raise _forbidden("That host is not on the list of allowed hosts.")
        if port not in (80, 443) and not self._networks:
            raise _forbidden("Only the ports 80 and 443 are asked.")
        try:
            found = [ipaddress.ip_address(text) for text in self._resolve(host, port)]
        except (OSError, ValueError) as error:
            raise _useless("The host of the address is not known.") from error
        # One address that is not public condemns the name: it may be a rebinding trick.
        if not found or not all(self._may_connect(address) for address in found):
            raise _forbidden("That host does not lie on the public internet.")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return _Target(parts.scheme, host, port, str(found[0]), path)

    def _is_allowed(self, host: str) -> bool:
        return any(
            host == allowed or (allowed.startswith("*.") and host.endswith(allowed[1:]))
            for allowed in self._hosts
        )

    def _may_connect(self, address: Address) -> bool:
        if any(address in network for network in self._networks):
            return True
        if isinstance(address, ipaddress.IPv6Address):
            if address.ipv4_mapped is not None:
                return self._may_connect(address.ipv4_mapped)
            if address.scope_id or any(address in network for network in _EMBEDDING):
                return False
        return address.is_global and not (
            address.is_multicast or address.is_reserved or address.is_unspecified
        )

    def _get(self, target: _Target, deadline: float) -> tuple[int, str, bytes]:
        connection = _Pinned(target, self._tls, _left(deadline))
        # A host that sends one byte now and then would outlive the timeout of each read.
        alarm = threading.Timer(_left(deadline), connection.abort)
        alarm.start()
        try:
            connection.request(
                "GET",
                target.path,
                headers={"Accept": "image/*", "Accept-Encoding": "identity"},
            )
            answer = connection.getresponse()
            body = bytearray()
            while answer.status == 200:
                chunk = answer.read1(_CHUNK)
                if not chunk:
                    break
                body += chunk
                if len(body) > self._max_bytes:
                    raise _useless("The picture at the address is too large.")
            _left(deadline)  # what the alarm cut off looks like an end
            return answer.status, answer.getheader("Location", ""), bytes(body)
        finally:
            alarm.cancel()
            connection.end()


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was checked; TLS is checked against the host's name."""

    def __init__(self, target: _Target, tls: ssl.SSLContext | None, timeout_s: float) -> None:
        default = 443 if target.scheme == "https" else 80
        super().__init__(target.host, target.port, timeout=timeout_s)
        self.default_port = default  # left out of the Host header
        self._target = target
        self._answer: http.client.HTTPResponse | None = None
        self._kept: socket.socket | None = None
        self.response_class = self._keep  # type: ignore[assignment]  # any callable will do
        self._tls = tls if target.scheme == "https" else None

    def connect(self) -> None:
        plain = socket.create_connection((self._target.address, self._target.port), self.timeout)
        if self._tls is None:
            self.sock = plain
        else:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self._target.host)
        self._kept = self.sock  # http.client lets go of it when an answer has no length

    def end(self) -> None:
        """Close everything: an answer that is no HTTP would leave the socket open."""
        self.close()
        if self._answer is not None:
            self._answer.close()

    def _keep(self, *given: Any, **named: Any) -> http.client.HTTPResponse:
        self._answer = http.client.HTTPResponse(*given, **named)
        return self._answer

    def abort(self) -> None:
        with contextlib.suppress(OSError):  # it may have ended by itself just now
            if self._kept is not None:
                self._kept.shutdown(socket.SHUT_RDWR)


def _split(url: str) -> SplitResult:
    strange = any(ord(character) <= 32 or ord(character) >= 127 for character in url)
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _useless("That is not an address.") from None
    if strange or "\\" in url or len(url) > 2000 or parts.scheme not in ("http", "https"):
        raise _useless("An address starts with https:// and has no spaces or special letters.")
    if parts.username is not None or parts.password is not None or not parts.hostname:
        raise _useless("An address names a host, without user or password.")
    return parts


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _forbidden(
    message: str, next_step: str = "Upload the picture, or ask for the host."
) -> ProblemError:
    return ProblemError(ADDRESS_REFUSED, message, next_step)


def _useless(message: str) -> ProblemError:
    return ProblemError(
        ADDRESS_USELESS,
        message,
        next_step="Check the address, or upload the picture.",
    )
