"""Decoding where a crash cannot take the service down: in child processes."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
import time
from typing import IO

import numpy as np

from kiosk.api.decode_child import ANSWER, REQUEST
from kiosk.api.problems import ProblemError
from kiosk.domain import Image
from kiosk.errors import PictureError

WAIT_S = 30.0
_WATCH_S = 0.2


class DecoderPool:
    """Decodes uploads in `workers` child processes; every method is thread-safe.

    A child that crashes, or takes longer than `timeout_s`, is replaced, and the picture it
    had is refused like any other unusable one.
    """

    def __init__(self, workers: int, *, timeout_s: float, memory_mb: int, max_pixels: int) -> None:
        self.max_pixels = max_pixels
        self._timeout_s = timeout_s
        self._children = [_Child(memory_mb) for _ in range(workers)]
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        for child in self._children:
            self._idle.put(child)
        self._closed = threading.Event()
        self._watch = threading.Thread(target=self._kill_late, name="decode-watch", daemon=True)
        self._watch.start()

    @property
    def restarts(self) -> int:
        """How many children were lost to a picture so far."""
        return sum(child.lost for child in self._children)

    def decode(self, data: bytes, *, side: int = 0) -> Image:
        """Decode to RGB, uint8 (h, w, 3), upright; longest side at most `side` if not 0.

        Raises:
            PictureError: the bytes are not a usable picture.
            ProblemError: 503, every child has been busy for half a minute.
        """
        if not data:
            raise PictureError(
                "The picture is empty (0 bytes).", next_step="Use a JPEG, PNG or WebP picture."
            )
        try:
            child = self._idle.get(timeout=WAIT_S)
        except queue.Empty:
            raise ProblemError(
                503,
                "busy",
                "The service is busy",
                "Too many pictures are being decoded at once.",
                next_step="Try again in a moment.",
                headers={"Retry-After": "5"},
            ) from None
        try:
            return child.decode(data, self.max_pixels, side, time.monotonic() + self._timeout_s)
        finally:
            self._idle.put(child)

    def close(self) -> None:
        self._closed.set()
        self._watch.join()
        for child in self._children:
            child.stop()

    def _kill_late(self) -> None:
        while not self._closed.wait(_WATCH_S):
            now = time.monotonic()
            for child in self._children:
                child.kill_if_late(now)


class _Child:
    """One process; started at its first picture."""

    def __init__(self, memory_mb: int) -> None:
        self.lost = 0
        self._command = [sys.executable, "-m", "kiosk.api.decode_child", str(memory_mb)]
        self._process: subprocess.Popen[bytes] | None = None
        self._deadline = float("inf")

    def decode(self, data: bytes, max_pixels: int, side: int, deadline: float) -> Image:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        self._deadline = deadline
        try:
            process.stdin.write(REQUEST.pack(len(data), max_pixels, side))
            process.stdin.write(data)
            process.stdin.flush()
            return _answer(process.stdout)
        except (BrokenPipeError, EOFError) as error:
            self.stop()
            self.lost += 1
            raise PictureError(
                "The picture could not be decoded in the time and memory allowed.",
                next_step="Save it again as a JPEG.",
            ) from error
        finally:
            self._deadline = float("inf")

    def kill_if_late(self, now: float) -> None:
        process = self._process
        if now > self._deadline and process is not None:
            process.kill()

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was not flushed is of no use
                    pipe.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process


def _answer(stream: IO[bytes]) -> Image:
    fine, first, second = ANSWER.unpack(_exactly(stream, ANSWER.size))
    if fine:
        pixels = np.empty((first, second, 3), np.uint8)
        _fill(stream, pixels.data.cast("B"))
        return pixels
    message, _, next_step = _exactly(stream, first).decode("utf-8").partition("\0")
    raise PictureError(message, next_step=next_step)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _fill(stream: IO[bytes], target: memoryview) -> None:
    done = 0
    while done < len(target):
        count: int = stream.readinto(target[done:])  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        done += count
