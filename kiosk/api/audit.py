"""One line for each change made over HTTP: when, who, what, and how it ended."""

from __future__ import annotations

import json
import logging
import threading
from datetime import UTC, datetime
from pathlib import Path

from kiosk.api.authenticator import Caller

log = logging.getLogger(__name__)

MAX_BYTES = 10 * 2**20  # some 50,000 changes; chosen by eye


class AuditLog:
    """Appends JSON lines to `file`; at 10 MB the file becomes `<file>.1`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()

    def write(self, change: str, caller: Caller, request_id: str, status: int) -> None:
        line = json.dumps(
            {
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "who": caller.name,
                "from": caller.address,
                "what": change,
                "status": status,
                "request_id": request_id,
            },
            ensure_ascii=False,
        )
        with self._lock:
            try:
                if self._file.exists() and self._file.stat().st_size > MAX_BYTES:
                    self._file.replace(self._file.with_name(self._file.name + ".1"))
                with self._file.open("a", encoding="utf-8", errors="replace") as stream:
                    stream.write(line + "\n")
            except OSError as error:
                log.error("the audit line could not be kept (%s): %s", error.strerror, line)
