"""Pictures are decoded in child processes, where a crash costs one picture."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

from kiosk.api.decode_child import DECODE, FIT
from kiosk.api.problems import BUSY, ProblemError
from kiosk.errors import PictureError
from kiosk.fitting import WHOLE, Fitting
from kiosk.pictures import Decoded
from kiosk.pipes import (
    FAULT,
    Message,
    PipeClosedError,
    child_command,
    child_environment,
    receive,
    send,
)

WAITING = 64  # pictures for each child, 20 MB each at most; chosen by eye
_WATCH_S = 0.2  # how late an overdue child is killed; chosen by eye
_PIPE_BYTES = 2**20  # what Linux grants a user without more rights


class DecoderPool:
    """Decodes pictures in `workers` child processes; every method is thread-safe.

    A child that crashes, or takes longer than `timeout_s`, is replaced, and the picture it
    had is refused like any other unusable one.
    """

    def __init__(self, workers: int, *, timeout_s: float, memory_mb: int, max_pixels: int) -> None:
        self.max_pixels = max_pixels
        self.workers = workers
        self._timeout_s = timeout_s
        self._children = [_Child(memory_mb) for _ in range(workers)]
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        for child in self._children:
            self._idle.put(child)
        self._slots = threading.BoundedSemaphore(workers * (WAITING + 1))
        self._threads = ThreadPoolExecutor(workers, "decode")  # one for each child: none waits
        self._closed = threading.Event()
        self._watch = threading.Thread(target=self._kill_overdue, name="decode-watch", daemon=True)
        self._watch.start()

    @property
    def restarts(self) -> int:
        """How many children were lost to a picture so far."""
        return sum(child.lost for child in self._children)

    def submit(
        self, data: bytes, fitting: Fitting = WHOLE, *, side: int = 0, wait: bool = False
    ) -> Future[Decoded]:
        """Begin to decode to RGB, uint8 (h, w, 3), upright; see `decode_fitted`.

        With `side`, the longest side becomes at most that, in place of `fitting`. The future
        raises PictureError for bytes that are not a usable picture. With `wait`, a slot is
        waited for.

        Raises:
            ProblemError: 503, too many pictures are waiting.
        """
        if not self._slots.acquire(blocking=wait):
            raise ProblemError(
                BUSY,
                "Too many pictures are being decoded at once.",
                "Try again in a moment.",
                retry_after_s=5,
            )
        try:
            future = self._threads.submit(self._decode, data, fitting, side)
        except RuntimeError:  # closed
            self._slots.release()
            raise PictureError("The service is closing.") from None
        future.add_done_callback(lambda _: self._slots.release())
        return future

    def decode(self, data: bytes, fitting: Fitting = WHOLE, *, side: int = 0) -> Decoded:
        """As `submit`, and wait for it, however many others do.

        Raises:
            PictureError: the bytes are not a usable picture.
        """
        try:
            return self.submit(data, fitting, side=side, wait=True).result()
        except CancelledError:
            raise PictureError("The service is closing.") from None

    def close(self) -> None:
        self._closed.set()
        self._watch.join()
        self._threads.shutdown(wait=False, cancel_futures=True)
        for child in self._children:
            child.kill()  # ends what waits for its answer
        self._threads.shutdown()
        for child in self._children:
            child.stop()

    def _decode(self, data: bytes, fitting: Fitting, side: int) -> Decoded:
        if not data:
            raise PictureError(
                "The picture is empty (0 bytes).", next_step="Use a JPEG, PNG or WebP picture."
            )
        child = self._idle.get_nowait()
        try:
            deadline = time.monotonic() + self._timeout_s
            kind, numbers = (DECODE, (side,)) if side else (FIT, fitting.numbers)
            answer = child.ask(kind, data, deadline, self.max_pixels, *numbers)
        finally:
            self._idle.put(child)
        return _decoded(answer)

    def _kill_overdue(self) -> None:
        while not self._closed.wait(_WATCH_S):
            now = time.monotonic()
            for child in self._children:
                child.kill_if_overdue(now)


class _Child:
    """One process; started at its first picture."""

    def __init__(self, memory_mb: int) -> None:
        self.lost = 0
        self._command = child_command("kiosk.api.decode_child", str(memory_mb))
        self._process: subprocess.Popen[bytes] | None = None
        self._deadline = float("inf")

    def ask(self, kind: bytes, data: bytes, deadline: float, *numbers: int) -> Message:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        self._deadline = deadline
        try:
            send(process.stdin, kind, data, *numbers)
            return receive(process.stdout)
        except PipeClosedError as error:
            self.stop()
            self.lost += 1
            raise PictureError(
                "The picture could not be decoded in the time and memory allowed.",
                next_step="Save it again as a JPEG.",
            ) from error
        finally:
            self._deadline = float("inf")

    def kill_if_overdue(self, now: float) -> None:
        if now > self._deadline:
            self.kill()

    def kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=child_environment(),
            )
            _widen(self._process)
        return self._process


def _widen(process: subprocess.Popen[bytes]) -> None:
    """Let a picture pass in one go, where the system has such pipes and grants them."""
    if sys.platform != "linux":
        return
    import fcntl

    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _decoded(answer: Message) -> Decoded:
    if answer.kind == FAULT:
        message, _, next_step = answer.text.partition("\0")
        raise PictureError(message, next_step=next_step)
    return Decoded(answer.image, width=answer.numbers[3], height=answer.numbers[2])
