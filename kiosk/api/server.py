"""uvicorn with the limits of the settings; long answers end before it waits for them."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from kiosk.api.connections import ACCEPTED_AT_ONCE, GuardedConnection, LiveSocket
from kiosk.api.service import Service
from kiosk.api.settings import ApiSettings

MAX_FRAME_MB = 8  # a live frame at 12 megapixels has 5 MB; chosen by eye


class ApiServer(uvicorn.Server):
    """uvicorn with our limits; tells long answers to end before it waits for them."""

    def __init__(self, app: FastAPI, settings: ApiSettings) -> None:
        # It warns of every malformed form, and strangers could fill the disk with that.
        logging.getLogger("python_multipart").setLevel(logging.ERROR)
        super().__init__(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                server_header=False,
                lifespan="on",
                timeout_graceful_shutdown=settings.shutdown_timeout_s,
                timeout_keep_alive=15,
                backlog=ACCEPTED_AT_ONCE,
                http=GuardedConnection,
                ws=LiveSocket,
                ws_max_size=min(settings.max_upload_mb, MAX_FRAME_MB) * 2**20,
                ws_max_queue=2,  # of that size each
                ws_per_message_deflate=False,  # pictures are compressed already
                proxy_headers=bool(settings.trusted_proxies),
                forwarded_allow_ips=list(settings.trusted_proxies),
            )
        )
        self._service: Service = app.state.service

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, but a signal that was heeded is not raised again: the shop must close."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        previous = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._service.closing.set()
        await super().shutdown(sockets)
