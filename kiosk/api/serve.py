"""Run the service: checks before it listens, and an end in good order."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from kiosk.api.app import create_app
from kiosk.api.keys import ApiKeys
from kiosk.api.lazy_encoder import LazyEncoder
from kiosk.api.service import Service
from kiosk.api.settings import MODEL_TYPES, ApiSettings, database_address
from kiosk.config import Settings
from kiosk.errors import ConfigError
from kiosk.shop import Shop
from kiosk.vision.models import list_models

log = logging.getLogger(__name__)


def serve(settings: Settings, api_settings: ApiSettings) -> int:
    """Serve until SIGINT or SIGTERM, then let requests under way end; returns an exit status.

    Raises:
        ConfigError: the service may not listen there, or the port is taken.
        KnownError: the shop cannot be opened.
    """
    settings = with_old_names(settings, api_settings)
    encoder = None
    if api_settings.lazy_load_model:
        encoder = LazyEncoder(settings.model, settings.runtime, settings.threads)
    with Shop.open(settings, encoder=encoder) as shop:
        refuse_open_door(api_settings, ApiKeys(shop.store))
        listener = listen(api_settings)
        app = create_app(shop, api_settings)
        server = ApiServer(app, api_settings)
        host, port = listener.getsockname()[:2]
        log.info("listening on %s port %d", host, port)
        print(f"Shelflens is at http://{_shown(host)}:{port}/ui", flush=True)
        server.run(sockets=[listener])
    return 0


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
                h11_max_incomplete_event_size=32 * 1024,
                ws_max_size=settings.max_upload_mb * 2**20,
            )
        )
        self._service: Service = app.state.service

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, but a signal that was heeded is not raised again: the shop must close."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._service.closing.set()
        await super().shutdown(sockets)


def with_old_names(settings: Settings, api_settings: ApiSettings) -> Settings:
    """The shop's settings with what `DB_HOST` and `MODEL_TYPE` say, as the older services did."""
    changes: dict[str, str] = {}
    address = database_address(os.environ)
    if address and "KIOSK_DB" not in os.environ:
        changes["db"] = address
    wanted = MODEL_TYPES.get(api_settings.model_type, api_settings.model_type)
    if wanted:
        if any(folder.card.id == wanted for folder in list_models()):
            changes["model"] = wanted
        else:
            log.warning("the model %s is not installed; %s serves", wanted, settings.model)
    return settings.model_copy(update=changes)


def refuse_open_door(settings: ApiSettings, keys: ApiKeys) -> None:
    """Raises ConfigError when anybody in the network could change the shop."""
    if settings.is_loopback or settings.allow_open or keys.all():
        return
    raise ConfigError(
        f"Anybody who reaches {settings.host} could change the shop: there is no API key yet.",
        next_step="Make one with `kiosk keys add`, or say --allow-open to do without.",
    )


def listen(settings: ApiSettings) -> socket.socket:
    """Take the port now, so that the error can be told in words."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise ConfigError(
            f"The service cannot listen on {settings.host} port {settings.port}: "
            f"{error.strerror or error}.",
            next_step="Choose another with --host and --port.",
        ) from error
    return listener


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
