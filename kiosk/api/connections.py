"""Connections of uvicorn that strangers cannot hold open, fill, or multiply without end."""

from __future__ import annotations

from asyncio import TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import DATA_OPCODES, Frame
from websockets.http11 import Request

HEAD_WAIT_S = 10.0  # from the first byte, or the connection, to the end of the headers; by eye
BODY_SILENCE_S = 30.0  # between two parts of a body; chosen by eye
MAX_HEAD_BYTES = 32 * 1024  # browsers and proxies send 8 to 16 KB at most
MAX_KEY_BYTES = 512  # the first message of a live socket: a key is 57 characters
MAX_CONNECTIONS = 512  # chosen by eye
ACCEPTED_AT_ONCE = 32  # connections, before one can be refused; chosen by eye
RESERVED_FILES = 3 * ACCEPTED_AT_ONCE  # descriptors for those, database, children and photos


def max_connections() -> int:
    """Return how many connections may be open, so that file descriptors never run out."""
    try:
        import resource
    except ImportError:
        return MAX_CONNECTIONS  # Windows has no such limit
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return max(min(MAX_CONNECTIONS, soft - RESERVED_FILES), 1)


class GuardedConnection(HttpToolsProtocol):
    """An HTTP connection with a deadline for its headers and a bound on their size.

    One address gets half of the connections at most; what is beyond is closed unanswered.
    """

    _timer: TimerHandle | None = None
    _awaits_head = True
    _head_bytes = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        others = (getattr(other, "client", None) for other in self.connections)
        same = sum(1 for client in others if client and client[0] == address)
        limit = max_connections()
        if len(self.connections) > limit or same > max(limit // 2, 1):
            transport.abort()
            return
        self._expect(HEAD_WAIT_S)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_awaited = self._awaits_head
        super().data_received(data)
        if self._awaits_head and was_awaited:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self.transport.abort()
        elif self._timer is not None and not self._awaits_head:
            self._expect(BODY_SILENCE_S)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._awaits_head, self._head_bytes = True, 0
        self._expect(HEAD_WAIT_S)

    def on_headers_complete(self) -> None:
        self._awaits_head = False
        self._expect(BODY_SILENCE_S)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._expect(None)
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._expect(None)
        super().handle_websocket_upgrade()

    def _expect(self, seconds: float | None) -> None:
        """Close the connection unless this is called again within `seconds`; None: never."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if seconds is not None:
            self._timer = self.loop.call_later(seconds, self.transport.abort)


class LiveSocket(WebSocketsSansIOProtocol):
    """A live socket whose first message has the length of a key at most.

    Frames may follow at once. `scope["state"]["take_frames"]` lifts the bound before any
    message, where the key came as a header.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn.max_message_size = MAX_KEY_BYTES
        self._receive = self.conn.recv_frame
        self.conn.recv_frame = self._recv_frame  # type: ignore[method-assign]

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:  # the route runs later
            self.scope["state"]["take_frames"] = self._take_frames

    def _recv_frame(self, frame: Frame) -> None:
        self._receive(frame)
        if frame.fin and frame.opcode in DATA_OPCODES:
            self._take_frames()

    def _take_frames(self) -> None:
        self.conn.max_message_size = self.config.ws_max_size
