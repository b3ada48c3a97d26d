"""One validated `Settings` object: flags over environment over the shop's file.

The shop's file is `<db>/settings.json`; staff change it on the Settings screen.
Environment variables are the field names with the prefix `KIOSK_`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from kiosk.errors import ConfigError
from kiosk.files import storage_errors, write_durably
from kiosk.resources import default_data_dir, local_folder

FILE_NAME = "settings.json"


class Settings(BaseSettings):
    """Everything that can be set. Units are in the names."""

    model_config = SettingsConfigDict(env_prefix="KIOSK_", extra="ignore", frozen=True)

    db: str = Field(default_factory=lambda: str(default_data_dir()))
    model: str = "efficientnet_lite0_int8"
    source: str = "0"
    every: int = Field(0, ge=0, le=120, description="analyse every Nth frame; 0 = automatic")
    mirror: bool = True
    rotation: Literal[0, 90, 180, 270] = 0
    fullscreen: bool = False
    kiosk_mode: bool = False
    language: Literal["", "en", "zh_TW", "vi"] = ""
    currency: str = Field("TWD", pattern=r"^[A-Z]{3}$")
    in_store_layout: str = Field(
        "",
        pattern=r"^(2[IPWX]{10,11}C|2[0-9][IPWX]{9,10}C)?$",
        description="codes that the shop prints: I item, P price, W weight, X any, C check digit",
    )
    reduced_motion: bool = False
    idle_timeout_s: int = Field(45, ge=5, le=3600)
    error_budget: float = Field(
        0.02, gt=0, le=0.5, description="accepted share of customers told a wrong name"
    )
    metric: Literal["tuned", "cosine"] = "tuned"
    runtime: Literal["auto", "onnxruntime", "openvino", "cuda", "coreml", "directml"] = "auto"
    threads: int = Field(0, ge=0, le=64, description="encoder threads; 0 = automatic")
    image_weight: float = Field(0.6, ge=0, le=1)
    learn_from_taps: bool = False
    keep_tap_pictures: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings

    @property
    def data_dir(self) -> Path:
        """The folder for photos and local files, also when `db` is a server's URL."""
        return local_folder(self.db)


def load_settings(**flags: Any) -> Settings:
    """Join flags, environment and the shop's file; flags that are None do not count.

    Raises:
        ConfigError: a value is out of range, or the file is not readable JSON.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        stored = _read_file(_stored_file(Settings(**given).data_dir))
        of_environment = {
            name for name in Settings.model_fields if f"KIOSK_{name.upper()}" in os.environ
        }
        file_values = {k: v for k, v in stored.items() if k not in of_environment}
        return Settings(**(file_values | given))
    except ValidationError as error:
        raise setting_error(
            error, "setting", lambda name: f"the flag, KIOSK_{name.upper()} or {FILE_NAME}"
        ) from error


def setting_error(error: ValidationError, noun: str, places: Callable[[str], str]) -> ConfigError:
    """Return what to say of the first value that cannot be; `places` says where it is set."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    return ConfigError(
        f"The {noun} {name!r} cannot be {first.get('input')!r}: {first['msg']}.",
        next_step=f"Change {places(name)}.",
    )


def parsed_setting(name: str, text: str) -> Any:
    """Return the value that `text` means for the setting `name`.

    Raises:
        ConfigError: it cannot be that value.
    """
    try:
        given: dict[str, Any] = {name: text}
        return getattr(Settings(**given), name)
    except ValidationError as error:
        raise setting_error(error, "setting", lambda _: "the value") from error


def stored_settings(data_dir: Path) -> dict[str, Any]:
    """Return what the shop's file sets; empty where there is none.

    Raises:
        ConfigError: the file is not readable JSON.
    """
    return _read_file(data_dir / FILE_NAME)


def save_settings(data_dir: Path, changes: dict[str, Any]) -> None:
    """Merge `changes` into the shop's file, atomically.

    Raises:
        ConfigError: a change is not valid; nothing is written then.
        StorageError: the file cannot be written.
    """
    path = data_dir / FILE_NAME
    merged = _read_file(_stored_file(data_dir)) | changes
    try:
        Settings(**merged)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(
            f"The setting {first['loc'][0]!r} cannot be {first.get('input')!r}: {first['msg']}."
        ) from error
    with storage_errors(f"The settings could not be saved in {data_dir}"):
        data_dir.mkdir(0o700, parents=True, exist_ok=True)
        write_durably(path, json.dumps(merged, indent=2, sort_keys=True), private=True)


def _stored_file(data_dir: Path) -> Path:
    """The shop's file, or where earlier versions kept it for the copy of a server."""
    file = data_dir / FILE_NAME
    is_copy = data_dir.parent == default_data_dir() / "servers"
    return default_data_dir() / FILE_NAME if is_copy and not file.exists() else file


def _read_file(path: Path) -> dict[str, Any]:
    try:
        if not path.is_file():
            return {}
        values = json.loads(path.read_text(encoding="utf-8"))
    except PermissionError as error:
        raise ConfigError(
            f"{path} cannot be read by this user.",
            next_step="Run the command as the user that the kiosk runs as.",
        ) from error
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{path} is not readable as JSON: {error}.",
            next_step="Mend it, or delete it to return to the defaults.",
        ) from error
    if not isinstance(values, dict):
        raise ConfigError(f"{path} should hold one JSON object.", next_step="Mend or delete it.")
    return values
