"""The camera process: opens one camera with OpenCV and writes its frames to standard output.

Run by `kiosk.camera.process` as `python -m kiosk.camera.grabber`. The camera's address
comes as one JSON line on standard input, not as an argument, as it may hold a password.
When standard input closes, the kiosk has gone, however it went, and this process leaves.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time

# Before the first import of cv2: without it some Windows cameras take half a minute to open.
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")

import cv2

from kiosk.camera.frames import Frame, FrameSlot
from kiosk.pipes import send_fault, send_image

OPEN_TIMEOUT_MS = 5000  # chosen by eye
READ_TIMEOUT_MS = 2000  # below the watchdog's `silent_s`
WIDTH, HEIGHT, FPS = 1280, 720, 30
MAX_MISSES = 10  # in a row, half a second; chosen by eye
PAUSE_AFTER_MISS_S = 0.05
MAX_PIXELS = 20_000_000  # of a frame, twice 4K; it is held several times; chosen by eye
SIZE = (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
BACKENDS = {
    "v4l2": cv2.CAP_V4L2,
    "msmf": cv2.CAP_MSMF,
    "dshow": cv2.CAP_DSHOW,
    "avfoundation": cv2.CAP_AVFOUNDATION,
}
DEFAULT_BACKENDS = {"linux": ["v4l2"], "win32": ["msmf", "dshow"], "darwin": ["avfoundation"]}


def open_stream(address: str) -> cv2.VideoCapture:
    """Open a network camera: FFMPEG by name, as the automatic choice may know no timeouts."""
    if address.startswith("rtsp"):
        # OpenCV's default is UDP since 4.11, which shops' networks drop and reorder.
        os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;tcp")
    timeouts = [
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
        OPEN_TIMEOUT_MS,
        cv2.CAP_PROP_READ_TIMEOUT_MSEC,
        READ_TIMEOUT_MS,
    ]
    return cv2.VideoCapture(address, cv2.CAP_FFMPEG, timeouts)


def open_device(device: int | str, backend: str) -> cv2.VideoCapture:
    """Open a webcam by number or device path, at 720p and 30 frames/s where it can."""
    camera = cv2.VideoCapture()
    for name in [backend] if backend else DEFAULT_BACKENDS.get(sys.platform, ["v4l2"]):
        if camera.open(device, BACKENDS[name]):
            break
    if sys.platform != "darwin":  # USB 2 carries 720p at 30/s only as MJPEG
        camera.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    camera.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
    camera.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
    camera.set(cv2.CAP_PROP_FPS, FPS)
    camera.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return camera


def grab(camera: cv2.VideoCapture, slot: FrameSlot) -> None:
    """Read into the slot until the camera fails for good; then close the slot."""
    start = time.monotonic()
    index = misses = 0
    while misses < MAX_MISSES:
        is_read, picture = camera.read()
        if not is_read:
            misses += 1
            time.sleep(PAUSE_AFTER_MISS_S)
            continue
        if picture.shape[0] * picture.shape[1] > MAX_PIXELS:
            break
        misses = 0
        image = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
        t_ms = round((time.monotonic() - start) * 1000)
        slot.put(Frame(image, index, t_ms))  # type: ignore[arg-type]
        index += 1
    slot.close()


def leave_with_the_kiosk() -> None:
    """Wait for the end of standard input and leave, also while the camera hangs."""
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the kiosk, which closes us
    request = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=leave_with_the_kiosk, daemon=True).start()
    out = open(sys.stdout.fileno(), "wb", buffering=0, closefd=False)  # noqa: SIM115
    address = request["address"]
    is_stream = request["kind"] == "stream"
    camera = open_stream(address) if is_stream else open_device(address, request["backend"])
    slot, after = FrameSlot(), -1
    if not camera.isOpened():
        send_fault(out, "it does not answer")
        os._exit(1)
    width, height = (int(camera.get(name)) for name in SIZE)
    if width * height > MAX_PIXELS:
        send_fault(out, f"its picture of {width}x{height} is too large, 4K is plenty")
        os._exit(1)
    threading.Thread(target=grab, args=(camera, slot), daemon=True).start()
    # The newest frame only: a kiosk that reads slowly must not make the pictures old.
    while (frame := slot.get_newest(after, timeout_s=None)) is not None:
        after = frame.index
        send_image(out, frame.image, frame.t_ms)
    send_fault(out, "it gives no more pictures")
    os._exit(1)  # not waiting for the driver, which may hang when the camera was pulled out


if __name__ == "__main__":
    main()
