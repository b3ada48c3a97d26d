"""Model folders: what is there is listed, what does not fit is refused in words."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import ModelError, StorageError
from kiosk.vision.models import find_model, list_models, write_folder
from kiosk.vision.models.cards import read_model
from kiosk.vision.models.writing import remove_folder
from tests.vision.conftest import MakeModel, tiny_card, tiny_graph


def test_the_shipped_model_is_found_and_a_shop_may_use_it() -> None:
    folder = find_model("efficientnet_lite0")
    assert folder.card.licence.commercial_use == "yes"
    assert folder.card.parity.cosine_min >= 0.9999


def test_unknown_model_lists_what_is_installed(make_model: MakeModel) -> None:
    root = make_model("tiny")
    with pytest.raises(ModelError, match="no model 'huge'; installed: tiny"):
        find_model("huge", roots=[root])


@pytest.mark.parametrize("model_id", ["", ".", "..", "../tiny", "tiny/..", "/etc", ".hidden"])
def test_an_id_never_leaves_the_models_folder(model_id: str, make_model: MakeModel) -> None:
    root = make_model("tiny")
    with pytest.raises(ModelError, match="no model"):
        find_model(model_id, roots=[root / "tiny"])


def test_changed_file_is_refused_by_its_checksum(make_model: MakeModel) -> None:
    root = make_model("tiny")
    with (root / "tiny" / "image.onnx").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(ModelError, match=r"image\.onnx is damaged.*sha256"):
        find_model("tiny", roots=[root])


def test_missing_file_is_refused_by_name(make_model: MakeModel) -> None:
    root = make_model("tiny")
    (root / "tiny" / "image.onnx").unlink()
    with pytest.raises(ModelError, match=r"image\.onnx cannot be read"):
        find_model("tiny", roots=[root])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"dimension": 0}, "dimension"),
        ({"resize": "stretch"}, "resize"),
        ({"std": [0, 1, 1]}, "std"),
        ({"image": {"file": "../x.onnx", "input": "a", "output": "b"}}, "image.file"),
        ({"surprise": 1}, "surprise"),
        ({"files": {}}, "no sha256 for image.onnx"),
        ({"licence": {"name": "x"}}, "licence"),
    ],
)
def test_invalid_card_names_the_entry(
    change: dict[str, Any], named: str, make_model: MakeModel
) -> None:
    root = make_model("tiny", **change)
    with pytest.raises(ModelError) as caught:
        find_model("tiny", roots=[root])
    assert named in str(caught.value)
    assert list_models(roots=[root]) == []


def test_card_that_is_not_json_is_refused(make_model: MakeModel) -> None:
    root = make_model("tiny")
    (root / "tiny" / "model.json").write_text("{")
    with pytest.raises(ModelError, match="not valid"):
        find_model("tiny", roots=[root])


def test_folder_without_card_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a model folder"):
        read_model(tmp_path)


def test_folder_of_another_name_is_refused(make_model: MakeModel) -> None:
    root = make_model("tiny")
    (root / "tiny").rename(root / "renamed")
    with pytest.raises(ModelError, match="holds the model 'tiny'"):
        find_model("renamed", roots=[root])


def test_first_root_wins_and_all_roots_are_listed(make_model: MakeModel, tmp_path: Path) -> None:
    root = make_model("a")
    make_model("b")
    other = tmp_path / "other"
    other.mkdir()
    assert [f.card.id for f in list_models(roots=[other, root, root])] == ["a", "b"]


def _fill(folder: Path) -> dict[str, Any]:
    tiny_graph(folder / "image.onnx")
    return {"parity": {"cosine_min": 0.99995, "images": 3}}


def test_written_folder_is_found_again_with_its_late_entries(tmp_path: Path) -> None:
    write_folder(tmp_path, tiny_card(), _fill)
    assert find_model("tiny", roots=[tmp_path]).card.parity.images == 3
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_writing_again_replaces_the_folder(tmp_path: Path) -> None:
    write_folder(tmp_path, tiny_card(title="first"), _fill)
    write_folder(tmp_path, tiny_card(title="second"), _fill)
    assert find_model("tiny", roots=[tmp_path]).card.title == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_failed_writing_leaves_the_old_model_and_nothing_else(tmp_path: Path) -> None:
    write_folder(tmp_path, tiny_card(title="first"), _fill)

    def fail(folder: Path) -> None:
        tiny_graph(folder / "image.onnx")
        raise ModelError("drifts")

    with pytest.raises(ModelError, match="drifts"):
        write_folder(tmp_path, tiny_card(title="second"), fail)
    assert find_model("tiny", roots=[tmp_path]).card.title == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_remains_of_a_killed_writer_are_swept_but_not_a_running_one(tmp_path: Path) -> None:
    for name, age_s in ((".tiny.dead", 7200), (".tiny.alive", 10), (".other.dead", 7200)):
        (tmp_path / name / "tiny").mkdir(parents=True)
        then = time.time() - age_s
        os.utime(tmp_path / name, (then, then))
    write_folder(tmp_path, tiny_card(), _fill)
    assert {path.name for path in tmp_path.iterdir()} == {"tiny", ".tiny.alive", ".other.dead"}
    assert [folder.card.id for folder in list_models(roots=[tmp_path])] == ["tiny"]


def test_writing_where_a_file_stands_is_a_storage_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StorageError, match="could not be written"):
        write_folder(blocked, tiny_card(), _fill)


def test_removed_model_is_gone_with_its_files(make_model: MakeModel) -> None:
    root = make_model("tiny")
    remove_folder(find_model("tiny", roots=[root]))
    assert os.listdir(root) == []  # noqa: PTH208 - hidden remains would count too


def test_card_survives_a_round_trip(make_model: MakeModel) -> None:
    card = find_model("tiny", roots=[make_model("tiny")]).card
    assert type(card).model_validate_json(json.dumps(card.model_dump(mode="json"))) == card
