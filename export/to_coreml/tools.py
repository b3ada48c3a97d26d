"""coremltools, imported late and without its chatter."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from export.load import torch_setup as _torch_setup  # noqa: F401 - must come first
from kiosk.errors import ModelError

_LOGGER = "coremltools"


@contextmanager
def quiet() -> Iterator[None]:
    """Keep coremltools' notes and progress bars off the screen; errors still pass.

    A progress bar of ours must hold the real stderr before.
    """
    logger = logging.getLogger(_LOGGER)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            warnings.simplefilter("ignore")
            with contextlib.redirect_stderr(nowhere):
                yield
    finally:
        logger.setLevel(level)


def coremltools() -> Any:
    """Import the module `coremltools`.

    Raises:
        ModelError: it is not installed.
    """
    try:
        with quiet():
            return importlib.import_module("coremltools")
    except ImportError as error:
        raise ModelError(
            f"coremltools is needed here and cannot be imported ({error}).",
            next_step='Install the extra: pip install "shelflens[export]".',
        ) from error
