"""How the service listens and what it lets through; separate from the shop's own settings.

Environment variables have the prefix `KIOSK_API_`. The plain names that the three older
services read (`MODEL_TYPE`, `API_PORT`, `DB_HOST` and so on) are understood as well.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kiosk.errors import ModelError
from kiosk.settings import Settings, load_settings, setting_error
from kiosk.vision.models import list_models, registered_models

_OLD_NAMES = {
    "port": "API_PORT",
    "max_products": "MAX_PRODUCTS",
    "max_batch_size": "MAX_BATCH_SIZE",
    "cache_products": "CACHE_PRODUCTS",
    "lazy_load_model": "LAZY_LOAD_MODEL",
    "enable_gc": "ENABLE_GC",
    "model_type": "MODEL_TYPE",
}


class ApiSettings(BaseSettings):
    """Everything about the service that can be set. Units are in the names."""

    model_config = SettingsConfigDict(env_prefix="KIOSK_API_", extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    allow_open: bool = Field(False, description="listen beyond loopback without any API key")
    allowed_hosts: tuple[str, ...] = Field(
        (), description="names the service is reached by, besides its addresses"
    )
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = Field(
        (), description="addresses of reverse proxies whose X-Forwarded-For is believed"
    )
    rate_per_minute: int | None = Field(
        None, ge=0, description="for each client; 0 = unlimited; unset = 1200 beyond loopback"
    )
    max_upload_mb: int = Field(20, ge=1, le=512)
    max_waiting_mb: int = Field(
        512, ge=1, description="of all uploads that are taken in or wait for their answer"
    )
    max_json_mb: int = Field(4, ge=1, le=64)
    max_pixels: int = Field(50_000_000, ge=1)
    decode_workers: int = Field(2, ge=1, le=32)
    decode_timeout_s: float = Field(10.0, gt=0, le=120)
    decode_memory_mb: int = Field(1024, ge=128)
    image_url_hosts: tuple[str, ...] = Field(
        (), description="hosts that pictures may be fetched from; none = off; *.name = sub-domains"
    )
    image_url_networks: tuple[str, ...] = Field(
        (), description="private networks (CIDR) that those hosts may lie in"
    )
    image_url_timeout_s: float = Field(10.0, gt=0, le=60)
    show_paths: bool = Field(False, description="show paths of this machine in answers")
    source_folder: Path | None = Field(None, description="the folder that `preprocess` indexes")
    audit_file: Path | None = Field(None, description="default: audit.log beside the shop's data")
    shutdown_timeout_s: int = Field(10, ge=0, le=300)

    model_type: str = Field("", description="the encoder, by its id in the model registry")
    max_products: int = Field(0, ge=0, description="0 = no limit")
    max_batch_size: int = Field(16, ge=1, le=256)
    cache_products: bool = True
    lazy_load_model: bool = False
    enable_gc: bool = False

    @property
    def is_loopback(self) -> bool:
        return self.host in ("localhost", "::1") or self.host.startswith("127.")


def load_api_settings(environment: Mapping[str, str] | None = None, **flags: Any) -> ApiSettings:
    """Join flags, `KIOSK_API_*` and the older services' variables, in this order.

    Raises:
        ConfigError: a value is out of range.
    """
    environment = os.environ if environment is None else environment
    old = {
        field: environment[name]
        for field, name in _OLD_NAMES.items()
        if name in environment and f"KIOSK_API_{field.upper()}" not in environment
    }
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return ApiSettings(**(old | given))
    except ValidationError as error:
        raise setting_error(
            error, "API setting", lambda name: f"the flag or KIOSK_API_{name.upper()}"
        ) from error


def load_shop_settings(
    api_settings: ApiSettings, environment: Mapping[str, str] | None = None, **flags: Any
) -> Settings:
    """Join flags, `KIOSK_*`, what `DB_HOST` and `MODEL_TYPE` say, and the shop's file.

    Raises:
        ConfigError: a value is out of range.
        ModelError: MODEL_TYPE names a model that is not installed.
    """
    environment = os.environ if environment is None else environment
    given = {name: value for name, value in flags.items() if value is not None}
    old: dict[str, str] = {}
    address = database_address(environment)
    if address and "KIOSK_DB" not in environment:
        old["db"] = address
    if api_settings.model_type and "KIOSK_MODEL" not in environment and "model" not in given:
        old["model"] = _installed(api_settings.model_type)
    return load_settings(**(old | given))


def _installed(model_type: str) -> str:
    """Raises ModelError unless it is: another model would find other things, and say nothing."""
    here = [folder.card.id for folder in list_models()]
    if model_type in here:
        return model_type
    if model_type in registered_models():
        cure = f"Install it with `kiosk models pull {model_type}`, or unset MODEL_TYPE."
    else:
        cure = "`kiosk models list` shows the names, such as mobilenet_v2."
    raise ModelError(
        f"MODEL_TYPE asks for {model_type!r}, which is not installed; here are: {', '.join(here)}.",
        next_step=cure,
    )


def database_address(environment: Mapping[str, str]) -> str | None:
    """The PostgreSQL address that `DB_HOST`, `DB_NAME` and so on describe, or None.

    One of these two must be set; the others have the server's usual defaults.
    """
    given = {name: environment.get(f"DB_{name}", "") for name in ("HOST", "NAME", "USER", "PASS")}
    if not given["HOST"] and not given["NAME"]:
        return None
    user = quote(given["USER"] or "postgres", safe="")
    secret = quote(given["PASS"], safe="")
    login = f"{user}:{secret}" if secret else user
    port = environment.get("DB_PORT") or "5432"
    name = quote(given["NAME"] or "postgres", safe="")
    return f"postgresql://{login}@{given['HOST'] or 'localhost'}:{port}/{name}"
