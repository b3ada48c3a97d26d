"""Connections to PostgreSQL that do not wait for ever for a server which keeps silent.

A server that hangs keeps its sockets open, so that neither TCP nor the server's own time limits
end the wait.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any, Final, TypeVar

import psycopg

T = TypeVar("T")
ANSWER_TIMEOUT_S: Final = 10.0  # chosen: above the 8 s that a writer waits for another
_LONG: Final = ("CREATE INDEX", "DROP INDEX", "ALTER TABLE", "VACUUM")


class TimedConnection(psycopg.Connection[Any]):
    """Closes itself, and raises OperationalError, where an answer takes over ten seconds."""

    is_patient = False

    def expect(self, statement: str) -> None:
        """Prepare for the answer to `statement`: what builds an index may take any time."""
        self.is_patient = statement.lstrip().upper().startswith(_LONG)

    def wait(self, gen: Generator[Any, Any, T], *args: Any, **kwargs: Any) -> T:
        """See `psycopg.Connection.wait`."""
        if self.is_patient:
            return super().wait(gen, *args, **kwargs)
        return super().wait(self._limited(gen), *args, **kwargs)

    def _limited(self, gen: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
        deadline = time.monotonic() + ANSWER_TIMEOUT_S
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and time.monotonic() > deadline:
                    self.pgconn.finish()
                    raise psycopg.OperationalError("connection timeout: the server keeps silent")
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
