"""Pull, add, inspect and remove models.

Checkpoints are converted in another process, so that torch never enters the kiosk.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import kiosk
from kiosk.errors import ModelError
from kiosk.files import scratch_folder
from kiosk.resources import models_dir, shipped_models_dir
from kiosk.vision.models.cards import ModelFolder, find_model, list_models, read_model
from kiosk.vision.models.download import OnStep, download
from kiosk.vision.models.licences import require_consent
from kiosk.vision.models.onnx_import import import_onnx
from kiosk.vision.models.registry import (
    SHIPPED,
    RegistryEntry,
    guess_model,
    registered_models,
    registry_entry,
)
from kiosk.vision.models.writing import remove_folder


def no_steps(_step: str, _share: float) -> None:
    """The OnStep for callers that show no progress."""


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that the registry knows, that is installed, or both."""

    model_id: str
    entry: RegistryEntry | None
    folder: ModelFolder | None


def known_models(*, roots: Sequence[Path] | None = None) -> list[KnownModel]:
    """Return every model of the registry in its order, then installed ones beyond it."""
    installed = {folder.card.id: folder for folder in list_models(roots=roots)}
    rows = [
        KnownModel(name, known, installed.pop(name, None))
        for name, known in registered_models().items()
    ]
    return rows + [KnownModel(name, None, folder) for name, folder in installed.items()]


def model_info(model_id: str, *, roots: Sequence[Path] | None = None) -> KnownModel:
    """Return one row of `known_models`.

    Raises:
        ModelError: neither installed nor in the registry.
    """
    for row in known_models(roots=roots):
        if row.model_id == model_id:
            return row
    raise ModelError(
        f"There is no model {model_id!r}, and the registry knows none.",
        next_step="`kiosk models list` shows all.",
    )


def pull_model(
    model_id: str,
    *,
    consent: bool = False,
    half_weights: bool = False,
    root: Path | None = None,
    on_step: OnStep = no_steps,
    endpoint: str | None = None,
) -> ModelFolder:
    """Download a model of the registry, convert it and write its folder.

    `on_step(step, share)` reports "download" with 0 to 1, then the converter's steps.
    An interrupted download goes on where it stopped. `endpoint` is another hub.

    Raises:
        ConsentNeededError: the licence is not free for shops, and there is no consent.
        ModelError: unknown model, offline, damaged download, conversion failed.
        StorageError: the folder cannot be written.
    """
    known = registry_entry(model_id)
    root = root or models_dir()
    require_consent(known, root, given=consent)
    _require_converter()
    with scratch_folder("shelflens-pull-") as beside:
        checkpoint = download(known, beside, on_step=on_step, endpoint=endpoint)
        return _convert(checkpoint, known, root, half_weights, on_step)


def add_model(
    file: Path,
    *,
    as_id: str | None = None,
    half_weights: bool = False,
    tokenizer: Path | None = None,
    root: Path | None = None,
    on_step: OnStep = no_steps,
) -> ModelFolder:
    """Make a model folder of a checkpoint in its authors' format, or of an ONNX file.

    `as_id` says which model of the registry it is, where the file's name does not.
    `tokenizer` is the tokenizer of a network that has its own (SigLIP2), where it does
    not lie beside the file as `tokenizer.json`; without one such a network reads no words.

    Raises:
        ModelError: not a checkpoint, it does not fit, or drifts after conversion.
        StorageError: the folder cannot be written.
    """
    for needed in (file, tokenizer):
        if needed is not None and not needed.is_file():
            raise ModelError(f"There is no file {needed}.", next_step="Check the path.")
    known = registry_entry(as_id) if as_id else guess_model(file)
    if known is None:
        raise ModelError(
            f"The name of {file.name} does not say which model it is.",
            next_step="Say it with `--as ID`; `kiosk models list` shows the ids.",
        )
    root = root or models_dir()
    if file.suffix == ".onnx":
        on_step("copy", 0.0)
        return import_onnx(file, known, root, tokenizer=tokenizer)
    _require_converter()
    return _convert(file, known, root, half_weights, on_step, tokenizer)


def remove_model(
    model_id: str, *, in_use: str = "", roots: Sequence[Path] | None = None
) -> ModelFolder:
    """Delete an installed model and return what it was; the one in use stays.

    Raises:
        ModelError: not installed, in use, or shipped with the product.
        StorageError: the folder cannot be deleted.
    """
    row = model_info(model_id, roots=roots)
    if row.folder is None:
        raise ModelError(f"The model {model_id!r} is not installed.")
    if model_id == in_use:
        raise ModelError(
            f"The model {model_id!r} is in use.",
            next_step="Change to another first: `kiosk models use ID`.",
        )
    if row.folder.path in [shipped_models_dir() / name for name in SHIPPED]:
        raise ModelError(f"The model {model_id!r} ships with the product and stays.")
    remove_folder(row.folder)
    return row.folder


def usable_model(model_id: str, *, roots: Sequence[Path] | None = None) -> ModelFolder:
    """Return an installed model whose files are whole.

    Raises:
        ModelError: not installed, or damaged.
    """
    row = model_info(model_id, roots=roots)
    if row.folder is None:
        raise ModelError(
            f"The model {model_id!r} is not installed.",
            next_step=f"`kiosk models pull {model_id}`.",
        )
    return find_model(model_id, roots=roots)


def _require_converter() -> None:
    missing = [name for name in ("torch", "timm", "open_clip") if not _is_installed(name)]
    if missing:
        raise ModelError(
            f"Converting a checkpoint needs {', '.join(missing)}.",
            next_step="Install the extra: pip install 'shelflens[export]'.",
        )


def _is_installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _convert(
    checkpoint: Path,
    known: RegistryEntry,
    root: Path,
    half_weights: bool,
    on_step: OnStep,
    tokenizer: Path | None = None,
) -> ModelFolder:
    command = [sys.executable, "-W", "ignore", "-m", "export", "convert"]
    command += [str(checkpoint.absolute()), "--as", known.id, "--root", str(root.absolute())]
    command += ["--json", *(["--half"] if half_weights else [])]
    if tokenizer is not None:
        command += ["--tokenizer", str(tokenizer.absolute())]
    home = Path(kiosk.__file__).parent.parent  # where `export` lies, too
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as errors,
        subprocess.Popen(
            command, cwd=home, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8"
        ) as process,
    ):
        try:
            folder = _follow(process, on_step)
        finally:
            process.kill()
        if folder is None:
            errors.seek(0)
            last = (errors.read().strip().splitlines() or ["it ended without a word"])[-1]
            raise ModelError(
                f"Converting {checkpoint.name} failed: {last}",
                next_step="Check that it is a checkpoint of this model.",
            )
    return read_model(folder)


def _follow(process: subprocess.Popen[str], on_step: OnStep) -> Path | None:
    """Read the converter's lines to the end; return the folder that it wrote, if it did."""
    lines: IO[str] | None = process.stdout
    folder = None
    for line in lines or ():
        if not line.startswith("{"):
            continue
        report = json.loads(line)
        if "error" in report:
            raise ModelError(report["error"], next_step=report.get("next_step", ""))
        if "step" in report:
            on_step(report["step"], 0.0)
        folder = Path(report["folder"]) if "folder" in report else folder
    return folder
