"""`kiosk watch`: events as JSON lines, the same lines for the same recording."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from kiosk.camera import CameraState, CameraStatus, VideoFileSource
from kiosk.errors import CameraError
from kiosk.live import LivePipeline, watch
from tests.live.stage import FPS, HEIGHT, WIDTH, ColourRecogniser, Stage

PARTS = (("", 20), ("red", 25), ("", 20), ("stranger", 25), ("", 20))
FIELDS = {"frame", "t_ms", "state", "sku", "confidence", "similarity", "candidates"}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (WIDTH, HEIGHT))
    painter = Stage(LivePipeline(ColourRecogniser()))
    index = 0
    for name, frames in PARTS:
        for _ in range(frames):
            rng = np.random.default_rng(index)
            image = painter.draw(name, rng.normal(0, 1, 2), rng)
            writer.write(cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
            index += 1
    writer.release()
    return path


def events_of(clip: Path, *, every: int = 0, realtime: bool = False) -> list[dict[str, Any]]:
    out = io.StringIO()
    watch(VideoFileSource(clip), ColourRecogniser(), out, every=every, realtime=realtime)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_recording_gives_the_states_in_order(clip: Path) -> None:
    events = events_of(clip)
    assert [event["state"] for event in events] == [
        "idle", "looking", "matched", "idle", "looking", "unknown", "idle",
    ]  # fmt: skip
    assert [event["sku"] for event in events if event["sku"]] == ["red"]


def test_each_line_has_the_promised_fields(clip: Path) -> None:
    events = events_of(clip)
    for event in events:
        assert set(event) == FIELDS
        assert abs(event["t_ms"] - event["frame"] * 1000 / FPS) <= 1
    named = next(event for event in events if event["state"] == "matched")
    assert named["candidates"][0] == "red"
    assert 0 < named["confidence"] <= 1


def test_frame_by_frame_the_same_recording_gives_the_same_lines(clip: Path) -> None:
    assert events_of(clip, every=3) == events_of(clip, every=3)


def test_in_real_time_the_recording_plays_to_its_end(clip: Path) -> None:
    out = io.StringIO()
    states: list[CameraState] = []

    def note(status: CameraStatus) -> None:
        states.append(status.state)

    watch(VideoFileSource(clip), ColourRecogniser(), out, every=1, on_status=note)
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    assert "red" in [event["sku"] for event in events]
    assert states == [CameraState.CONNECTING, CameraState.LIVE, CameraState.ENDED]


def test_a_source_that_cannot_be_opened_raises(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    with pytest.raises(CameraError, match=r"empty\.mp4"):
        events_of(path)
