"""A real HTTP camera, read by a real camera process: it freezes, goes mute, comes back."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.machinery import ModuleSpec
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from kiosk.camera import CameraState, CameraStatus, Capture, FrameSlot, open_source, process
from kiosk.camera.process import ProcessCamera
from kiosk.camera.watchdog import BackOff
from kiosk.errors import CameraError

PATIENCE_S = 60
ORANGE = (230, 120, 20)


class MjpegCamera:
    """An HTTP camera at 25 frames/s whose picture can freeze or fall silent."""

    def __init__(self) -> None:
        self.behaviour = "live"
        self.size = (160, 120)
        self.closing = threading.Event()
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=f")
                self.end_headers()
                try:
                    camera.serve(self)
                except OSError:
                    self.close_connection = True  # the reader has gone

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/video"

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        rng, jpeg = np.random.default_rng(0), b""
        while not self.closing.wait(0.04):
            if self.behaviour == "mute":
                continue
            if self.behaviour == "live" or not jpeg:
                noisy = np.clip(np.array(ORANGE) + rng.normal(0, 20, (120, 160, 3)), 0, 255)
                picture = cv2.cvtColor(noisy.astype(np.uint8), cv2.COLOR_RGB2BGR)
                jpeg = cv2.imencode(".jpg", cv2.resize(picture, self.size))[1].tobytes()
            head = f"--f\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            handler.wfile.write(head.encode() + jpeg + b"\r\n")

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)


@pytest.fixture
def camera() -> Iterator[MjpegCamera]:
    camera = MjpegCamera()
    yield camera
    camera.close()


def camera_processes() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE and "kiosk.camera.grabber" in child.cmdline()
    ]


def test_frames_of_an_http_camera_arrive_as_rgb(camera: MjpegCamera) -> None:
    source = open_source(camera.address)
    source.open()
    frames = [source.read() for _ in range(3)]
    source.close()
    assert [frame.index for frame in frames if frame] == [0, 1, 2]
    assert frames[2] is not None
    assert np.abs(frames[2].image.mean(axis=(0, 1)) - ORANGE).max() < 20
    assert camera_processes() == []


def test_a_camera_that_freezes_and_goes_mute_is_said_and_comes_back(camera: MjpegCamera) -> None:
    statuses: queue.Queue[CameraStatus] = queue.Queue()
    slot = FrameSlot()
    back_off = BackOff(first_s=0.1, longest_s=0.5)
    capture = Capture(lambda: open_source(camera.address), slot, statuses.put, back_off=back_off)

    def until(*wanted: CameraState) -> None:
        while statuses.get(timeout=PATIENCE_S).state not in wanted:
            pass

    capture.start()
    try:
        until(CameraState.LIVE)
        camera.behaviour = "frozen"
        until(CameraState.STALLED)
        camera.behaviour = "live"
        until(CameraState.LIVE)
        camera.behaviour = "mute"
        until(CameraState.STALLED, CameraState.LOST)
        camera.behaviour = "live"
        until(CameraState.LIVE)
        newest = slot.get_newest()
        assert newest is not None
        assert slot.get_newest(newest.index, timeout_s=PATIENCE_S) is not None
    finally:
        capture.stop()
    assert camera_processes() == []


def test_a_reader_that_hangs_is_freed_by_closing(camera: MjpegCamera) -> None:
    camera.behaviour = "mute"
    source = open_source(camera.address)
    source.open()
    faults: list[str] = []

    def read() -> None:
        try:
            source.read()
        except CameraError as error:
            faults.append(str(error))

    reader = threading.Thread(target=read)
    reader.start()
    source.close()
    reader.join(PATIENCE_S)
    assert len(faults) == 1
    assert camera_processes() == []


def test_frames_too_large_to_hold_are_refused_in_words(camera: MjpegCamera) -> None:
    camera.size = (6000, 4000)
    source = open_source(camera.address)
    source.open()
    with pytest.raises(CameraError, match="6000x4000 is too large"):
        source.read()
    source.close()
    assert camera_processes() == []


def test_an_address_that_nobody_serves_says_what_to_check() -> None:
    source = open_source("http://staff:secret@127.0.0.1:9/video")
    source.open()
    with pytest.raises(CameraError) as caught:
        source.read()
    source.close()
    assert "127.0.0.1" in str(caught.value)
    assert "network" in caught.value.next_step
    assert "secret" not in str(caught.value)


def test_a_missing_webcam_says_what_to_check() -> None:
    source = ProcessCamera("device", 99, title="Camera 99")
    source.open()
    with pytest.raises(CameraError, match="Camera 99") as caught:
        source.read()
    source.close()
    assert "cable" in caught.value.next_step


def test_the_camera_process_leaves_when_the_kiosk_has_gone(camera: MjpegCamera) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "kiosk.camera.grabber"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    order = {"kind": "stream", "address": camera.address, "backend": ""}
    child.stdin.write(json.dumps(order).encode() + b"\n")
    child.stdin.flush()
    assert child.stdout.read(4) == b"FRAM"
    child.stdin.close()  # as the system does when the kiosk is killed
    assert child.wait(PATIENCE_S) == 0
    child.stdout.close()


def test_reading_a_camera_that_is_not_open_is_a_clear_error() -> None:
    with pytest.raises(CameraError, match="not open"):
        ProcessCamera("device", 0, title="Camera 0").read()


def test_the_kiosk_refuses_to_run_beside_the_full_opencv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "qt" / "plugins").mkdir(parents=True)
    spec = ModuleSpec("cv2", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(process.importlib.util, "find_spec", {"cv2": spec}.get)
    with pytest.raises(CameraError, match="opencv-python") as caught:
        ProcessCamera("device", 0, title="Camera 0").open()
    assert "opencv-python-headless" in caught.value.next_step
