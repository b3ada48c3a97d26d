"""Cameras are listed from what the system says of them, without opening any."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.camera.devices import CameraInfo, cameras_of_linux, cameras_of_macos, cameras_of_windows
from kiosk.errors import CameraError


def add_node(root: Path, node: str, name: str, index: str) -> None:
    folder = root / "sys" / node
    folder.mkdir(parents=True)
    (folder / "name").write_text(name + "\n")
    (folder / "index").write_text(index + "\n")
    (root / "dev").mkdir(exist_ok=True)
    (root / "dev" / node).touch()


def test_linux_cameras_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    add_node(tmp_path, "video10", "Far camera", "0")
    add_node(tmp_path, "video2", "HD Webcam", "0")
    add_node(tmp_path, "video3", "HD Webcam", "1")  # its metadata
    found = cameras_of_linux(tmp_path / "sys", tmp_path / "dev")
    assert found == [CameraInfo(2, "HD Webcam"), CameraInfo(10, "Far camera")]


def test_a_linux_camera_that_was_pulled_out_is_not_listed(tmp_path: Path) -> None:
    add_node(tmp_path, "video0", "Gone", "0")
    (tmp_path / "dev" / "video0").unlink()
    assert cameras_of_linux(tmp_path / "sys", tmp_path / "dev") == []


def test_a_machine_without_cameras_lists_none(tmp_path: Path) -> None:
    assert cameras_of_linux(tmp_path / "nothing", tmp_path) == []


def test_macos_names_its_cameras() -> None:
    answer = '{"SPCameraDataType": [{"_name": "FaceTime HD"}, {"spcamera_unique-id": "x"}]}'
    assert cameras_of_macos(answer) == [CameraInfo(0, "FaceTime HD"), CameraInfo(1, "Camera")]


@pytest.mark.parametrize(
    ("answer", "names"),
    [("", []), ('{"Name":"One"}', ["One"]), ('[{"Name":"One"},{"Name":"Two"}]', ["One", "Two"])],
)
def test_windows_gives_nothing_one_or_many(answer: str, names: list[str]) -> None:
    assert [camera.name for camera in cameras_of_windows(answer)] == names


def test_an_answer_of_another_form_is_a_clear_error() -> None:
    with pytest.raises(CameraError, match="unknown form"):
        cameras_of_macos("<plist>")
