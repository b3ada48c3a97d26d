"""Run the service: check, listen, serve, close."""

from __future__ import annotations

import logging
import socket

from kiosk.api.keys import ApiKeys
from kiosk.api.settings import ApiSettings
from kiosk.errors import ConfigError
from kiosk.memory import limit_malloc
from kiosk.settings import Settings
from kiosk.shop import Shop

log = logging.getLogger(__name__)

BACKLOG = 1024  # connections that wait while the service starts; chosen by eye


def serve(settings: Settings, api_settings: ApiSettings) -> int:
    """Serve until SIGINT or SIGTERM, then let requests under way end; returns an exit status.

    Raises:
        ConfigError: the service may not listen there, or the port is taken.
        KnownError: the shop cannot be opened.
    """
    limit_malloc(at_once=api_settings.enable_gc)
    with Shop.open(settings, lazy=api_settings.lazy_load_model, on_server=True) as shop:
        # Imported here: the memory that loading the network took for a moment is used again.
        from kiosk.api.app import create_app
        from kiosk.api.server import ApiServer

        refuse_open_service(api_settings, ApiKeys(shop.values))
        listener = listen(api_settings)
        app = create_app(shop, api_settings)
        server = ApiServer(app, api_settings)
        host, port = listener.getsockname()[:2]
        log.info("listening on %s port %d", host, port)
        print(f"Shelflens is at http://{_shown(host)}:{port}/ui", flush=True)
        server.run(sockets=[listener])
    return 0


def refuse_open_service(settings: ApiSettings, keys: ApiKeys) -> None:
    """Raise ConfigError where anybody in the network could change the shop."""
    if settings.is_loopback or settings.allow_open or keys.all():
        return
    raise ConfigError(
        f"Anybody who reaches {settings.host} could change the shop: there is no API key yet.",
        next_step="Make one with `kiosk keys add`, or say --allow-open to do without.",
    )


def listen(settings: ApiSettings) -> socket.socket:
    """Bind the port before the server starts, so that a failure is a ConfigError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # asyncio turns Nagle's delay off (40 ms an answer) only where the protocol is named.
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(BACKLOG)  # whoever comes before the first request is served waits
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
