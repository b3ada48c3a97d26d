from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kiosk.errors import StorageError
from kiosk.recognition import SearchEngine
from tests.recognition.shops import DIMENSION, gallery


@pytest.fixture
def fitted() -> SearchEngine:
    engine = SearchEngine()
    engine.replace(gallery(20, 5, nuisance=5.0))
    assert engine.refit().taken
    return engine


def restarted(**options: object) -> SearchEngine:
    engine = SearchEngine(**options)  # type: ignore[arg-type]
    engine.replace(gallery(20, 5, nuisance=5.0))
    return engine


def test_a_kept_fit_answers_as_before(fitted: SearchEngine, tmp_path: Path) -> None:
    fitted.save(tmp_path / "shop" / "metric.npz")
    engine = restarted()
    assert engine.load(tmp_path / "shop" / "metric.npz")
    query = np.random.default_rng(1).normal(size=(2, DIMENSION)).astype(np.float32)
    assert engine.recognise(query) == fitted.recognise(query)
    assert engine.is_fitted


def test_a_fit_of_another_gallery_is_not_taken(fitted: SearchEngine, tmp_path: Path) -> None:
    fitted.save(tmp_path / "metric.npz")
    engine = restarted()
    engine.remove("P000")
    assert not engine.load(tmp_path / "metric.npz")
    assert engine.metric_name == "cosine"


def test_a_fit_by_another_recipe_is_not_taken(
    fitted: SearchEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted.save(tmp_path / "metric.npz")
    monkeypatch.setattr("kiosk.recognition.fit.RECIPE", "the next version's")
    assert not restarted().load(tmp_path / "metric.npz")


def test_a_tuned_fit_is_not_taken_where_cosine_is_set(fitted: SearchEngine, tmp_path: Path) -> None:
    fitted.save(tmp_path / "metric.npz")
    assert not restarted(metric="cosine").load(tmp_path / "metric.npz")


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut", b"not a file of ours"])
def test_a_damaged_file_is_not_taken(damage: bytes, tmp_path: Path) -> None:
    (tmp_path / "metric.npz").write_bytes(damage)
    assert not restarted().load(tmp_path / "metric.npz")
    assert not restarted().load(tmp_path / "missing.npz")


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.99])
def test_a_cut_file_is_not_taken(fitted: SearchEngine, tmp_path: Path, cut: float) -> None:
    file = tmp_path / "metric.npz"
    fitted.save(file)
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * cut)])
    assert not restarted().load(file)


def test_no_damage_of_the_files_directory_is_a_fault(fitted: SearchEngine, tmp_path: Path) -> None:
    file = tmp_path / "metric.npz"
    fitted.save(file)
    data, engine = file.read_bytes(), restarted()
    query = np.random.default_rng(1).normal(size=(2, DIMENSION)).astype(np.float32)
    for position in range(data.index(b"PK\x01\x02"), len(data)):
        file.write_bytes(data[:position] + bytes([data[position] ^ 0x55]) + data[position + 1 :])
        engine.load(file)
        assert engine.recognise(query).best is not None


def test_an_outdated_fit_is_not_saved(fitted: SearchEngine, tmp_path: Path) -> None:
    fitted.remove("P000")
    fitted.save(tmp_path / "metric.npz")
    assert not (tmp_path / "metric.npz").exists()


def test_a_place_that_cannot_be_written_is_said(fitted: SearchEngine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="could not be saved"):
        fitted.save(tmp_path / "file" / "metric.npz")
