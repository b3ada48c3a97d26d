"""A webcam or network camera in a process of its own, since OpenCV may hang in it for ever.

Drivers block in `open` and `read` and cannot be interrupted from Python; a process can
be killed in any state. It costs 0.3 s at the start, beside the kiosk's own start.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import subprocess
import threading
from pathlib import Path

from kiosk.camera.frames import Frame
from kiosk.errors import CameraError
from kiosk.pipes import FAULT, PipeClosedError, child_command, child_environment, receive

EXIT_TIMEOUT_S = 1.0  # chosen by eye
CABLE_ADVICE = "Check its cable, and that no other program uses it."
NETWORK_ADVICE = "Check that it is switched on, its address, and the network."


class ProcessCamera:
    """Frames of the camera at `address`, read by a child process.

    `kind` is "device" (address: number or path; `backend` "" or v4l2, msmf, dshow,
    avfoundation) or "stream" (address: URL). `title` is how sentences call it.
    """

    realtime = True

    def __init__(self, kind: str, address: int | str, *, title: str, backend: str = "") -> None:
        self._request = json.dumps({"kind": kind, "address": address, "backend": backend})
        self._title = title
        self._advice = NETWORK_ADVICE if kind == "stream" else CABLE_ADVICE
        self._child: subprocess.Popen[bytes] | None = None
        self._reading = threading.Lock()
        self._index = 0

    def open(self) -> None:
        refuse_full_opencv()
        self.close()
        child = subprocess.Popen(
            child_command("kiosk.camera.grabber"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=child_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._child, self._index = child, 0
        self._reading = threading.Lock()  # an abandoned reader may hold the old one for ever
        if child.stdin is None:
            raise CameraError(f"{self._title} could not be started.")
        try:
            child.stdin.write(self._request.encode() + b"\n")
        except OSError as error:
            raise self._fault("its process did not start") from error

    def read(self) -> Frame | None:
        child = self._child
        if child is None or child.stdout is None or child.stdout.closed:
            raise self._fault("it is not open")
        reading = self._reading
        with reading:
            try:
                message = receive(child.stdout)
            except PipeClosedError as error:
                raise self._fault("its connection ended") from error
        if message.kind == FAULT:
            raise self._fault(message.text)
        index, self._index = self._index, self._index + 1
        return Frame(message.image, index, t_ms=message.numbers[2])

    def close(self) -> None:
        """Kill the child. A reader in another thread gets a CameraError."""
        child = self._child
        if child is None:
            return
        child.kill()
        # A child that hangs inside the kernel cannot be reaped: leave it to the system.
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(EXIT_TIMEOUT_S)
        if child.stdin is not None:
            with contextlib.suppress(OSError):
                child.stdin.close()
        # Closing a pipe that another thread reads is undefined; a stuck one is abandoned.
        if child.stdout is not None and self._reading.acquire(timeout=EXIT_TIMEOUT_S):
            child.stdout.close()
            self._reading.release()
        self._child = None

    def _fault(self, reason: str) -> CameraError:
        return CameraError(f"{self._title}: {reason}.", next_step=self._advice)


def refuse_full_opencv() -> None:
    """Raise CameraError beside the full OpenCV wheels, whose Qt 5 plugins break the window."""
    spec = importlib.util.find_spec("cv2")
    home = Path(spec.origin).parent if spec and spec.origin else None
    if home and (home / "qt" / "plugins").is_dir():
        raise CameraError(
            "The package opencv-python is installed; its copy of Qt breaks this kiosk's window.",
            next_step="Run: pip uninstall -y opencv-python opencv-contrib-python && "
            "pip install --force-reinstall opencv-python-headless",
        )
