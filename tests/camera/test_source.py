"""What `--source` understands, and what it says when it does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kiosk.camera import Frame, RotatedSource, VideoFileSource, open_source
from kiosk.camera.process import ProcessCamera
from kiosk.camera.replay import FolderSource
from kiosk.camera.rotation import rotate
from kiosk.errors import CameraError


class Drawn:
    realtime = False

    def open(self) -> None:
        self.left = 1

    def read(self) -> Frame | None:
        self.left -= 1
        image = np.zeros((2, 3, 3), np.uint8)
        image[0, 0] = 255
        return Frame(image, 0, 0) if self.left >= 0 else None

    def close(self) -> None:
        """Nothing is held."""


@pytest.mark.parametrize(
    "spec",
    ["0", "12", "dshow:0", "msmf:1", "v4l2:2", "/dev/video0", "rtsp://10.0.0.7/live", "http://c/v"],
)
def test_cameras_run_in_a_process_of_their_own(spec: str) -> None:
    source = open_source(spec)
    assert isinstance(source, ProcessCamera)
    assert source.realtime


def test_files_and_folders_are_recordings(tmp_path: Path) -> None:
    clip, picture = tmp_path / "a.mp4", tmp_path / "a.JPG"
    clip.touch()
    picture.touch()
    assert isinstance(open_source(str(clip)), VideoFileSource)
    assert isinstance(open_source(str(picture)), FolderSource)
    assert isinstance(open_source(str(tmp_path)), FolderSource)


def test_further_sources_are_made_by_name() -> None:
    assert isinstance(open_source("demo", extra={"demo": Drawn}), Drawn)


@pytest.mark.parametrize(
    "spec",
    ["", "demo", "~stranger/clip.mp4", "webcam", "no/such/file.mp4", "ftp://host/x", "http://"],
)
def test_an_unknown_source_is_named_with_a_next_step(spec: str) -> None:
    with pytest.raises(CameraError) as caught:
        open_source(spec)
    assert caught.value.next_step


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(CameraError) as caught:
        open_source("rtmp://staff:secret@camera/live")
    assert "secret" not in str(caught.value)


def test_an_odd_rotation_is_refused() -> None:
    with pytest.raises(CameraError, match="45"):
        open_source("demo", rotation=45, extra={"demo": Drawn})


@pytest.mark.parametrize(
    ("rotation", "shape", "corner"),
    [(90, (3, 2, 3), (0, 1)), (180, (2, 3, 3), (1, 2)), (270, (3, 2, 3), (2, 0))],
)
def test_pictures_are_turned_clockwise(
    rotation: int, shape: tuple[int, ...], corner: tuple[int, int]
) -> None:
    source = open_source("demo", rotation=rotation, extra={"demo": Drawn})
    source.open()
    frame = source.read()
    assert frame is not None
    assert frame.image.shape == shape
    assert frame.image[corner].tolist() == [255, 255, 255]
    assert frame.image.flags.c_contiguous
    assert source.read() is None


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_four_turns_give_the_picture_back(rotation: int) -> None:
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    turned = image
    for _ in range(4):
        turned = rotate(turned, rotation)
    assert np.array_equal(turned, image)


def test_the_rotation_is_asked_for_at_each_frame() -> None:
    degrees = 0
    source = RotatedSource(Drawn(), lambda: degrees)
    source.open()
    upright = source.read()
    source.open()
    degrees = 90
    turned = source.read()
    assert upright is not None
    assert upright.image.shape == (2, 3, 3)
    assert turned is not None
    assert turned.image.shape == (3, 2, 3)
