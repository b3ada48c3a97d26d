"""Equal files and look-alikes are told apart; bad pictures are listed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kiosk.domain import Image
from kiosk.errors import CatalogError
from kiosk.pictures import encode_jpeg
from kiosk.shop.duplicates import folder_duplicates
from kiosk.vision.encoders import Encoder


class Shades(Encoder):
    """Embeds a picture as its mean colour, so that the test decides what looks alike."""

    model_id = fingerprint = "shades"
    dimension = 3

    def encode(self, images: list[Image]) -> np.ndarray:
        means = np.array([image.reshape(-1, 3).mean(axis=0) for image in images], np.float32)
        return means / np.linalg.norm(means, axis=1, keepdims=True)

    def close(self) -> None:
        pass


def flat(colour: tuple[int, int, int], size: int = 64) -> bytes:
    return encode_jpeg(np.full((size, size, 3), colour, np.uint8))


def test_the_same_file_and_a_look_alike_are_two_kinds(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(flat((200, 20, 20)))
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "copy.JPG").write_bytes(flat((200, 20, 20)))
    (tmp_path / "larger.jpg").write_bytes(flat((200, 20, 20), 128))
    (tmp_path / "blue.jpg").write_bytes(flat((20, 20, 200)))
    report = folder_duplicates(Shades(), tmp_path, 0.99)
    assert [(group.kind, group.photos) for group in report.groups] == [
        ("same", ("a.jpg", "deep/copy.JPG")),
        ("alike", ("a.jpg", "larger.jpg")),
    ]
    assert not report.unreadable


def test_bad_pictures_are_listed_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(flat((9, 200, 20)))
    (tmp_path / "b.png").write_bytes(b"text")
    (tmp_path / "c.jpg").write_bytes(flat((9, 200, 20)))
    (tmp_path / "notes.txt").write_text("not looked at")
    seen: list[tuple[int, int]] = []
    report = folder_duplicates(
        Shades(), tmp_path, 0.9, on_progress=lambda done, total: seen.append((done, total))
    )
    assert set(report.unreadable) == {"b.png"}
    assert [group.photos for group in report.groups] == [("a.jpg", "c.jpg")]
    assert seen[-1] == (3, 3)


def test_an_empty_folder_has_no_duplicates(tmp_path: Path) -> None:
    assert folder_duplicates(Shades(), tmp_path, 0.9).groups == ()


def test_a_missing_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="not a folder"):
        folder_duplicates(Shades(), tmp_path / "gone", 0.9)
