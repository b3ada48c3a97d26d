"""`kiosk watch --source still:photo.jpg`: a camera that sees one picture for ten seconds."""

from pathlib import Path

from kiosk.camera import Frame
from kiosk.pictures import read_picture

FRAMES, EVERY_MS = 100, 100


class StillCamera:
    """A `kiosk.camera.FrameSource`; what follows `still:` is its argument."""

    realtime = False  # `read` returns at once, and `t_ms` says when the frame is due

    def __init__(self, argument: str) -> None:
        self._path = Path(argument)
        self._next = 0

    def open(self) -> None:
        self._image = read_picture(self._path)

    def read(self) -> Frame | None:
        if self._next == FRAMES:
            return None
        frame = Frame(self._image, self._next, self._next * EVERY_MS)
        self._next += 1
        return frame

    def close(self) -> None:
        self._next = FRAMES
