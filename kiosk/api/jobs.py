"""Long work with progress: one job at a time, the last fifty remembered."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from kiosk.api.problems import JOB_RUNNING, ProblemError, hide_paths, not_found
from kiosk.errors import KnownError
from kiosk.progress import Progress

log = logging.getLogger(__name__)

MAX_JOBS = 50  # finished ones are forgotten, the oldest first; chosen by eye


class JobState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands; `version` grows with every change."""

    id: str
    kind: str
    state: JobState
    done: int = 0
    total: int = 0
    message: str = ""
    result: dict[str, object] = field(default_factory=dict)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended_at: datetime | None = None
    version: int = 0


class JobCancelledError(Exception):
    """Raised inside a job's progress call when it should end."""


Work = Callable[[Progress], dict[str, object]]


class JobBoard:
    """Starts jobs in a thread each, never two at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._cancelled: set[str] = set()
        self._thread: threading.Thread | None = None

    def start(self, kind: str, work: Work) -> Job:
        """Start `work`; it gets a progress callback `(done, total)`.

        Raises:
            ProblemError: 409, another job is running.
        """
        with self._lock:
            running = self._current()
            if running is not None:
                raise ProblemError(
                    JOB_RUNNING,
                    f"The job {running.id} ({running.kind}) is not finished.",
                    next_step="Wait for it, or cancel it.",
                )
            job = Job(secrets.token_hex(6), kind, JobState.RUNNING)
            self._jobs[job.id] = job
            while len(self._jobs) > MAX_JOBS:
                self._jobs.popitem(last=False)
            self._thread = threading.Thread(
                target=self._run, args=(job.id, work), name=f"job-{kind}", daemon=True
            )
            self._thread.start()
        return job

    def all(self) -> list[Job]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def get(self, job_id: str) -> Job:
        """Raises ProblemError 404 for an id that is not known."""
        with self._lock:
            job = self._jobs.get(job_id)
        if job is None:
            raise not_found(f"job {job_id[:40]!r}")
        return job

    def current(self) -> Job | None:
        with self._lock:
            return self._current()

    def cancel(self, job_id: str) -> Job:
        """Ask a job to end at its next step; what it has done so far stays."""
        job = self.get(job_id)
        with self._lock:
            self._cancelled.add(job_id)
        return job

    def close(self) -> None:
        """Cancel what runs and wait for it."""
        running = self.current()
        if running is not None:
            self.cancel(running.id)
        if self._thread is not None:
            self._thread.join()

    def wait(self, job_id: str, timeout_s: float | None = None) -> Job:
        """Wait until the job has ended, at most `timeout_s`."""
        thread = self._thread
        if self.get(job_id).state is JobState.RUNNING and thread is not None:
            thread.join(timeout_s)
        return self.get(job_id)

    def _current(self) -> Job | None:
        last = next(reversed(self._jobs.values()), None)
        return last if last is not None and last.state is JobState.RUNNING else None

    def _run(self, job_id: str, work: Work) -> None:
        def on_progress(done: int, total: int) -> None:
            if job_id in self._cancelled:
                raise JobCancelledError
            self._update(job_id, done=done, total=total)

        try:
            result = work(on_progress)
            self._end(job_id, JobState.DONE, result=result)
        except JobCancelledError:
            self._end(job_id, JobState.CANCELLED, message="Cancelled; what was done so far stays.")
        except KnownError as error:
            self._end(job_id, JobState.FAILED, message=hide_paths(str(error)))
        except Exception as error:
            log.exception("job %s failed", job_id)
            self._end(job_id, JobState.FAILED, message=f"A fault ({type(error).__name__}).")

    def _end(self, job_id: str, state: JobState, **changes: object) -> None:
        self._update(job_id, state=state, ended_at=datetime.now(UTC), **changes)

    def _update(self, job_id: str, **changes: object) -> None:
        with self._lock:
            job = self._jobs[job_id]
            self._jobs[job_id] = replace(job, version=job.version + 1, **changes)  # type: ignore[arg-type]
