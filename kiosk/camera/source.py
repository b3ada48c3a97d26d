"""What `--source` may say, and the source that it names."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.camera.frames import FrameSource
from kiosk.camera.process import ProcessCamera
from kiosk.camera.replay import FolderSource, VideoFileSource
from kiosk.camera.rotation import RotatedSource
from kiosk.errors import CameraError
from kiosk.pictures import PICTURE_SUFFIXES

ROTATIONS = (0, 90, 180, 270)
STREAM_SCHEMES = {"rtsp", "rtsps", "http", "https"}
_DEVICE = re.compile(r"(?:(v4l2|msmf|dshow|avfoundation):)?(\d{1,3}|/dev/[\w/.-]+)")


def open_source(
    spec: str,
    *,
    rotation: int = 0,
    extra: Mapping[str, Callable[[], FrameSource]] | None = None,
) -> FrameSource:
    """Return the source named by `spec`, not yet opened.

    `spec` is a webcam's number ("0", "dshow:0" to choose the driver, "/dev/video2"), an
    rtsp, rtsps, http or https address, a video file, a picture, a folder of pictures, or
    a key of `extra` ("demo"). `rotation` is clockwise. A mirror for the customer's eyes
    belongs on the screen, since mirrored labels look different to the encoder.

    Raises:
        CameraError: nothing is known by that name, or the rotation is not one.
    """
    if rotation not in ROTATIONS:
        raise CameraError(
            f"A camera cannot be turned by {rotation} degrees.",
            next_step="Choose 0, 90, 180 or 270.",
        )
    source = _upright_source(spec.strip(), extra or {})
    return RotatedSource(source, lambda: rotation) if rotation else source


def _upright_source(spec: str, extra: Mapping[str, Callable[[], FrameSource]]) -> FrameSource:
    if spec in extra:
        return extra[spec]()
    if device := _DEVICE.fullmatch(spec):
        backend, name = device[1] or "", device[2]
        address = int(name) if name.isdigit() else name
        return ProcessCamera("device", address, title=f"Camera {name}", backend=backend)
    if "://" in spec:
        return _stream(spec)
    return _recording(spec)


def _stream(address: str) -> FrameSource:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in STREAM_SCHEMES:
        raise CameraError(
            f"{address.split('://')[0]}://... is not an address the kiosk can read.",
            next_step="Use rtsp://, rtsps://, http:// or https:// and a host.",
        )
    # The host alone: the rest of an address often holds a password.
    return ProcessCamera("stream", address, title=f"The camera at {host}")


def _recording(spec: str) -> FrameSource:
    path = Path(os.path.expanduser(spec))  # noqa: PTH111 - Path's own raises on ~stranger
    if spec and (path.is_dir() or (path.suffix.lower() in PICTURE_SUFFIXES and path.is_file())):
        return FolderSource(path)
    if spec and path.is_file():
        return VideoFileSource(path)
    raise CameraError(
        f"The source {spec!r} is not a camera number, an address, a file or a folder.",
        next_step="`kiosk cameras` lists the cameras; `--source demo` needs none.",
    )
