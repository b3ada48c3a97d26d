"""Recordings: a video file written by OpenCV, and folders of pictures."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.camera import Frame, FrameSource, VideoFileSource
from kiosk.camera.replay import FolderSource
from kiosk.errors import CameraError

COLOURS = [(200, 30, 30), (30, 200, 30), (30, 30, 200)]


def solid(colour: tuple[int, int, int], width: int = 64, height: int = 48) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


def read_all(source: FrameSource) -> list[Frame]:
    source.open()
    frames = []
    while (frame := source.read()) is not None:
        frames.append(frame)
    source.close()
    return frames


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25, (64, 48))
    for colour in COLOURS:
        writer.write(cv2.cvtColor(solid(colour), cv2.COLOR_RGB2BGR))
    writer.release()
    return path


def test_a_video_gives_its_frames_in_order_as_rgb_with_their_times(clip: Path) -> None:
    frames = read_all(VideoFileSource(clip))
    assert [frame.index for frame in frames] == [0, 1, 2]
    assert [frame.t_ms for frame in frames] == [0, 40, 80]
    for frame, colour in zip(frames, COLOURS, strict=True):
        assert np.abs(frame.image.mean(axis=(0, 1)) - colour).max() < 12


def test_a_video_can_be_opened_again(clip: Path) -> None:
    source = VideoFileSource(clip)
    assert len(read_all(source)) == len(read_all(source)) == 3


def test_a_text_file_is_not_a_video(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("not a video")
    with pytest.raises(CameraError, match=r"notes\.mp4"):
        VideoFileSource(path).open()


def save(path: Path, colour: tuple[int, int, int]) -> None:
    cv2.imwrite(str(path), cv2.cvtColor(solid(colour), cv2.COLOR_RGB2BGR))


def test_a_folder_shows_each_picture_for_a_while_by_name(tmp_path: Path) -> None:
    for name, colour in zip(("b.png", "a.jpg", "c.webp"), COLOURS, strict=True):
        save(tmp_path / name, colour)
    frames = read_all(FolderSource(tmp_path, hold_ms=300, frame_ms=100))
    assert [frame.t_ms for frame in frames] == list(range(0, 900, 100))
    means = [frame.image.mean(axis=(0, 1)) for frame in frames[::3]]
    for mean, colour in zip(means, (COLOURS[1], COLOURS[0], COLOURS[2]), strict=True):
        assert np.abs(mean - colour).max() < 12


def test_a_broken_picture_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"not a picture")
    save(tmp_path / "b.png", COLOURS[0])
    (tmp_path / "c.png").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("not looked at")
    assert len(read_all(FolderSource(tmp_path, hold_ms=200, frame_ms=100))) == 2


def test_a_folder_without_a_readable_picture_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"not a picture")
    with pytest.raises(CameraError, match="no readable picture"):
        FolderSource(tmp_path).open()


def test_a_large_picture_is_shrunk_to_a_frame(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), solid(COLOURS[0], 4000, 1000))
    frames = read_all(FolderSource(tmp_path, hold_ms=100, frame_ms=100))
    assert frames[0].image.shape == (320, 1280, 3)
