from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from kiosk.domain import Image, Vectors
from kiosk.errors import CatalogError, PictureError, StorageError
from kiosk.evaluation import EvaluationReport, evaluate, save_plot
from kiosk.pictures import encode_jpeg
from kiosk.recognition import SearchEngine

COLOURS = {"RED": (220, 20, 20), "GREEN": (20, 200, 20), "BLUE": (20, 20, 220)}


def encode(image: Image) -> Vectors:
    """Mean colour and its differences: enough for pictures of one colour."""
    mean = image.reshape(-1, 3).mean(axis=0)
    vector = np.concatenate([mean - mean.mean(), [5.0]])
    return (vector / np.linalg.norm(vector))[None].astype(np.float32)


def picture(folder: Path, name: str, colour: tuple[int, int, int]) -> str:
    (folder / name).write_bytes(encode_jpeg(np.full((40, 40, 3), colour, np.uint8)))
    return name


@pytest.fixture
def engine() -> SearchEngine:
    engine = SearchEngine(error_budget=0.02)
    for sku, colour in COLOURS.items():
        vector = encode(np.full((4, 4, 3), colour, np.uint8))
        engine.upsert(sku, 100, ["photo"], vector)
    return engine


@pytest.fixture
def report(engine: SearchEngine, tmp_path: Path) -> EvaluationReport:
    rows = [f"{picture(tmp_path, f'{sku}.jpg', c)},{sku}" for sku, c in COLOURS.items()]
    rows.append(f"{picture(tmp_path, 'odd.jpg', (30, 30, 200))},RED")
    (tmp_path / "queries.csv").write_text("\ufeffpath,sku\n" + "\n".join(rows) + "\n,\n")
    grey = picture(tmp_path, "grey.jpg", (128, 128, 128))
    (tmp_path / "unknown.csv").write_text(f"path\n{grey}\n")
    return evaluate(
        engine,
        encode,
        tmp_path / "queries.csv",
        tmp_path / "unknown.csv",
        metric="cosine",
        model="colours",
    )


def test_figures_are_those_of_the_photos(report: EvaluationReport) -> None:
    figures = report.as_dict()
    assert (figures["n"], figures["unknown_n"]) == (4, 1)
    assert (figures["top1"], figures["top5"]) == (0.75, 1.0)
    assert figures["unknown_named"] == 0.0
    assert figures["told_wrong"] == pytest.approx(figures["told_wrong_known"] * 4 / 5)
    assert figures["told_wrong"] < figures["told_wrong_at_most"] < 1.0
    assert figures["auroc"] == 1.0
    assert (figures["model"], figures["metric"]) == ("colours", "cosine")
    assert json.loads(json.dumps(figures)) == figures


def test_confusions_name_who_was_taken_for_whom(report: EvaluationReport) -> None:
    ((right, taken, count, example),) = report.confusions()
    assert (right, taken, count, example.path.name) == ("RED", "BLUE", 1, "odd.jpg")


def test_progress_counts_every_photo(engine: SearchEngine, tmp_path: Path) -> None:
    picture(tmp_path, "a.jpg", COLOURS["RED"])
    (tmp_path / "q.csv").write_text("path,sku\na.jpg,RED\na.jpg,RED\n")
    seen: list[tuple[int, int]] = []
    evaluate(
        engine,
        encode,
        tmp_path / "q.csv",
        metric="cosine",
        model="m",
        on_progress=lambda done, every: seen.append((done, every)),
    )
    assert seen == [(1, 2), (2, 2)]


def test_products_that_are_not_stocked_count_as_unknown(
    engine: SearchEngine, tmp_path: Path
) -> None:
    picture(tmp_path, "a.jpg", COLOURS["RED"])
    (tmp_path / "q.csv").write_text("path,sku\na.jpg,RED\na.jpg,GONE\n")
    report = evaluate(
        engine, encode, tmp_path / "q.csv", metric="cosine", model="m", stocked=["RED"]
    )
    assert (report.n, report.unknown_n) == (1, 1)


def test_figures_of_nothing_are_null_in_json(engine: SearchEngine, tmp_path: Path) -> None:
    picture(tmp_path, "a.jpg", COLOURS["RED"])
    (tmp_path / "q.csv").write_text("path,sku\na.jpg,RED\n")
    report = evaluate(engine, encode, tmp_path / "q.csv", metric="cosine", model="m")
    assert math.isnan(report.unknown_named)
    assert report.as_dict()["unknown_named"] is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,sku\na.jpg,RED\n", "no column 'path'"),
        ("path,sku\n", "names no photo"),
        ("", "no column 'path'"),
    ],
)
def test_unusable_queries_are_explained(
    engine: SearchEngine, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "q.csv").write_text(text)
    with pytest.raises(CatalogError, match=message):
        evaluate(engine, encode, tmp_path / "q.csv", metric="cosine", model="m")


def test_missing_files_are_explained(engine: SearchEngine, tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="cannot be read"):
        evaluate(engine, encode, tmp_path / "none.csv", metric="cosine", model="m")
    (tmp_path / "q.csv").write_text("path,sku\nnone.jpg,RED\n")
    with pytest.raises(PictureError, match=r"none\.jpg"):
        evaluate(engine, encode, tmp_path / "q.csv", metric="cosine", model="m")


def test_the_plot_is_a_picture_with_content(report: EvaluationReport, tmp_path: Path) -> None:
    covers: list[str] = []

    def cover(sku: str) -> Image | None:
        covers.append(sku)
        return np.full((50, 80, 3), 255, np.uint8) if sku == "RED" else None

    save_plot(report, tmp_path / "plot.png", cover)
    with Pillow.open(tmp_path / "plot.png") as plot:
        assert plot.size == (1280, 1180)
        assert len(plot.convert("RGB").getcolors(2**24) or []) > 20
    assert covers == ["RED", "BLUE"]


def test_a_plot_without_unknown_queries_or_names(engine: SearchEngine, tmp_path: Path) -> None:
    save_plot(EvaluationReport((), 0.0, "m", "cosine"), tmp_path / "empty.png")
    assert (tmp_path / "empty.png").stat().st_size > 1000
    assert engine.products == 3


def test_a_plot_that_cannot_be_written_is_explained(
    report: EvaluationReport, tmp_path: Path
) -> None:
    with pytest.raises(StorageError, match="could not be written"):
        save_plot(report, tmp_path / "no folder" / "plot.png")
