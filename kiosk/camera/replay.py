"""Recorded sources: a video file, and a folder of pictures."""

from __future__ import annotations

from pathlib import Path

import cv2

from kiosk.camera.frames import Frame
from kiosk.domain import Image
from kiosk.errors import CameraError, PictureError
from kiosk.pictures import PICTURE_SUFFIXES, fit_within, read_picture

DEFAULT_FPS = 30.0  # where the file does not say


class VideoFileSource:
    """The frames of a video file, once, at the file's own frame times."""

    realtime = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._video: cv2.VideoCapture | None = None
        self._fps = DEFAULT_FPS
        self._index = 0

    def open(self) -> None:
        self._video = cv2.VideoCapture(str(self._path), cv2.CAP_FFMPEG)
        if not self._video.isOpened():
            raise CameraError(
                f"{self._path.name} cannot be read as a video.",
                next_step="Choose an MP4, MOV, MKV or AVI file.",
            )
        fps = self._video.get(cv2.CAP_PROP_FPS)
        self._fps = fps if 1 <= fps <= 1000 else DEFAULT_FPS
        self._index = 0

    def read(self) -> Frame | None:
        if self._video is None:
            raise CameraError(f"{self._path.name} is not open.")
        is_read, picture = self._video.read()
        if not is_read:
            return None
        index, self._index = self._index, self._index + 1
        image = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
        return Frame(image, index, round(index * 1000 / self._fps))  # type: ignore[arg-type]

    def close(self) -> None:
        if self._video is not None:
            self._video.release()


class FolderSource:
    """The pictures of a folder by name, each held for `hold_ms`; broken ones are skipped."""

    realtime = False

    def __init__(
        self, path: Path, *, hold_ms: int = 2000, frame_ms: int = 100, side: int = 1280
    ) -> None:
        self._path = path
        self._repeats = max(1, hold_ms // frame_ms)
        self._frame_ms = frame_ms
        self._side = side
        self._files: list[Path] = []
        self._index = 0
        self._shown: tuple[int, Image] | None = None

    def open(self) -> None:
        self._files = [self._path] if self._path.is_file() else _pictures(self._path)
        self._index = 0
        self._shown = None
        if self._picture(0) is None:
            raise CameraError(
                f"{self._path} holds no readable picture.",
                next_step="Put JPEG, PNG or WebP files there.",
            )

    def read(self) -> Frame | None:
        image = self._picture(self._index // self._repeats)
        if image is None:
            return None
        frame = Frame(image, self._index, self._index * self._frame_ms)
        self._index += 1
        return frame

    def close(self) -> None:
        """Nothing is held open."""

    def _picture(self, position: int) -> Image | None:
        """Return the readable picture at `position`; unreadable files before it are dropped."""
        if self._shown is not None and self._shown[0] == position:
            return self._shown[1]
        while position < len(self._files):
            try:
                image = fit_within(read_picture(self._files[position]), self._side)
            except PictureError:
                del self._files[position]
                continue
            self._shown = (position, image)
            return image
        return None


def _pictures(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise CameraError(f"{folder} cannot be read: {error.strerror}.") from error
    return [entry for entry in entries if entry.suffix.lower() in PICTURE_SUFFIXES]
