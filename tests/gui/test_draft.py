from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kiosk.errors import StorageError
from kiosk.gui.enrol.draft import FORM_NAME, Draft, DraftFolder
from kiosk.gui.products.form import ProductForm

PICTURE = np.full((40, 60, 3), 120, np.uint8)
DRAFT = Draft(ProductForm(name="Trà", price="12"), ("front", "extra1"))


def test_a_draft_is_there_again_after_a_restart(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path / "draft")
    for angle in DRAFT.angles:
        folder.save_picture(angle, PICTURE)
    folder.save(DRAFT)
    again = DraftFolder(tmp_path / "draft")
    assert again.load() == DRAFT
    assert [picture.shape for picture in again.pictures(DRAFT.angles)] == [(40, 60, 3)] * 2


def test_no_draft_is_an_empty_one(tmp_path: Path) -> None:
    assert DraftFolder(tmp_path / "none").load().is_empty


def test_a_picture_that_never_reached_the_disk_is_not_promised(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path)
    folder.save(DRAFT)
    folder.save_picture("front", PICTURE)
    assert folder.load().angles == ("front",)


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"form": {"unknown": 3}, "angles": []}'])
def test_a_damaged_form_loses_the_form_alone(tmp_path: Path, content: str) -> None:
    (tmp_path / FORM_NAME).write_text(content, encoding="utf-8")
    assert DraftFolder(tmp_path).load().is_empty


def test_a_discarded_draft_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path / "draft")
    folder.save_picture("front", PICTURE)
    folder.discard()
    assert not (tmp_path / "draft").exists()


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="could not be kept"):
        DraftFolder(tmp_path / "file").save(DRAFT)
