"""One line for each change made over HTTP or by whoever owns the machine: when, who, what."""

from __future__ import annotations

import json
import logging
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil

from kiosk.files import append_line

log = logging.getLogger(__name__)

FILE_NAME = "audit.log"
MAX_BYTES = 10 * 2**20  # some 50,000 changes; chosen by eye


class AuditLog:
    """Appends JSON lines to `file`; at 10 MB the file becomes `<file>.1`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()

    def write(self, change: str, *, who: str, origin: str, **facts: object) -> None:
        """Append one line; `origin` is the address that the change came from."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps(
            {"at": at, "who": who, "from": origin, "what": change, **facts}, ensure_ascii=False
        )
        with self._lock:
            try:
                append_line(self._file, line, max_bytes=MAX_BYTES)
            except OSError as error:
                log.error("the audit line could not be kept (%s): %s", error.strerror, line)


def record_command(data_dir: Path, change: str) -> None:
    """Write that a command of this machine's user made `change` to the shop in `data_dir`."""
    with suppress(OSError):  # said when the line cannot be kept
        data_dir.mkdir(0o700, parents=True, exist_ok=True)
    AuditLog(data_dir / FILE_NAME).write(
        change, who=psutil.Process().username(), origin="command line"
    )
