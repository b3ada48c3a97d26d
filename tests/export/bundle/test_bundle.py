"""What is written comes back, answers as the search engine does, and stays small."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from export.bundle.files import BundleError
from export.bundle.gather import PackagedTower, Proofs
from export.bundle.reader import read_bundle
from export.bundle.writer import ordered, write_bundle
from kiosk.domain import Recognition
from kiosk.errors import ConfigError
from kiosk.recognition import MetricName, SearchEngine
from tests.export.bundle.conftest import MakeContents, reseal, scattered


def test_products_and_vectors_come_back(make_contents: MakeContents, tmp_path: Path) -> None:
    contents = make_contents()
    write_bundle(tmp_path / "Shop.kioskbundle", contents)
    bundle = read_bundle(tmp_path / "Shop.kioskbundle")
    assert bundle.model.id == "drawn"
    assert bundle.preprocessing.width == 32
    assert [one.sku for one in bundle.products] == sorted(p.sku for p in contents.products)
    first = bundle.products[7]
    assert (first.name, first.price_minor, first.currency) == ("產品 7: café 1/2 “l”", 107, "EUR")
    assert first.price == "€1.07"
    index = ordered(contents.gallery)
    np.testing.assert_allclose(bundle.vectors, index.vectors, atol=1e-6)


@pytest.mark.parametrize("metric", ["cosine", "tuned"])
def test_twin_answers_200_queries_as_the_kiosk_does(
    metric: MetricName, make_contents: MakeContents, tmp_path: Path
) -> None:
    engine = SearchEngine(metric=metric, error_budget=0.02)
    contents = make_contents(engine=engine)
    assert engine.metric_name == metric
    write_bundle(tmp_path / "Shop.kioskbundle", contents)
    twin = read_bundle(tmp_path / "Shop.kioskbundle").recogniser
    strangers = scattered(20, 4, 64, seed=9)
    queries = np.concatenate([scattered(60, 4, 64, seed=0)[::2], strangers])
    assert len(queries) == 200
    decisions = set()
    for query in queries:
        ours, theirs = twin.recognise(query[None]), engine.recognise(query[None])
        same_answer(ours, theirs)
        decisions.add(ours.decision)
    assert len(decisions) >= 2


@pytest.mark.parametrize("metric", ["cosine", "tuned"])
def test_twin_joins_frames_as_the_kiosk_does(
    metric: MetricName, make_contents: MakeContents, tmp_path: Path
) -> None:
    engine = SearchEngine(metric=metric)
    write_bundle(tmp_path / "Shop.kioskbundle", make_contents(engine=engine))
    twin = read_bundle(tmp_path / "Shop.kioskbundle").recogniser
    frames = scattered(60, 4, 64, seed=0)
    weights = np.array([0.2, 1.0, 0.5], np.float32)
    for start in range(0, 60, 7):
        shown = frames[start : start + 3]
        same_answer(twin.recognise(shown), engine.recognise(shown))
        same_answer(twin.recognise(shown, weights), engine.recognise(shown, weights))


def same_answer(ours: Recognition, theirs: Recognition) -> None:
    assert [one.sku for one in ours.candidates] == [one.sku for one in theirs.candidates]
    for one, other in zip(ours.candidates, theirs.candidates, strict=True):
        assert one.similarity == pytest.approx(other.similarity, abs=1e-3)
        assert one.confidence == pytest.approx(other.confidence, abs=1e-2)
    assert ours.decision == theirs.decision


def test_compact_bundle_is_a_third_smaller_and_nearly_the_same(
    make_contents: MakeContents, tmp_path: Path
) -> None:
    contents = make_contents()
    write_bundle(tmp_path / "Whole.kioskbundle", contents)
    write_bundle(tmp_path / "Compact.kioskbundle", dataclasses.replace(contents, compact=True))
    whole = read_bundle(tmp_path / "Whole.kioskbundle")
    compact = read_bundle(tmp_path / "Compact.kioskbundle")
    assert whole.bytes - compact.bytes == whole.vectors.size
    np.testing.assert_allclose(compact.vectors, whole.vectors, atol=3e-4)


def test_ten_thousand_products_fit_into_40_megabytes(
    make_contents: MakeContents, tmp_path: Path
) -> None:
    contents = make_contents(products=10_000, photos=1, dimension=512)
    tuned = make_contents(products=200, photos=4, dimension=512).metric
    assert tuned is not None
    write_bundle(tmp_path / "Big.kioskbundle", dataclasses.replace(contents, metric=tuned))
    bundle = read_bundle(tmp_path / "Big.kioskbundle")
    package = 12e6  # the largest default package
    assert bundle.bytes + package <= 40e6
    assert len(bundle.similarity.skus) == 10_000


def test_product_without_photos_and_photos_without_product_stay_out_of_the_ranking(
    make_contents: MakeContents, tmp_path: Path
) -> None:
    contents = make_contents(products=4, photos=2, dimension=16)
    hidden = dataclasses.replace(
        contents.gallery,
        vectors=contents.gallery.vectors[2:],
        skus=contents.gallery.skus[2:],
        photos=contents.gallery.photos[2:],
    )
    engine = SearchEngine()
    engine.replace(hidden)
    contents = dataclasses.replace(
        contents, gallery=hidden, confidence=engine.parameters[1], metric=None
    )
    write_bundle(tmp_path / "S.kioskbundle", contents)
    bundle = read_bundle(tmp_path / "S.kioskbundle")
    assert bundle.products[0].count == 0
    assert bundle.similarity.skus == ("P00001", "P00002", "P00003")


def test_empty_shop_can_be_written_and_read(make_contents: MakeContents, tmp_path: Path) -> None:
    write_bundle(tmp_path / "S.kioskbundle", make_contents(products=0))
    bundle = read_bundle(tmp_path / "S.kioskbundle")
    assert bundle.products == ()
    assert bundle.similarity.to(np.zeros(64, np.float32)).shape == (0,)


def test_bundle_of_a_later_version_is_refused(make_contents: MakeContents, tmp_path: Path) -> None:
    path = tmp_path / "S.kioskbundle"
    write_bundle(path, make_contents(products=2))
    manifest = json.loads((path / "manifest.json").read_text("utf-8"))
    reseal(path, manifest | {"version": 2})
    with pytest.raises(BundleError, match=r"version 2; .* version 1 is read"):
        read_bundle(path)


def test_entries_that_a_later_writer_adds_are_passed_over(
    make_contents: MakeContents, tmp_path: Path
) -> None:
    path = tmp_path / "S.kioskbundle"
    write_bundle(path, make_contents(products=2))
    manifest = json.loads((path / "manifest.json").read_text("utf-8"))
    manifest["opening_hours"] = "9 to 5"
    for part in ("model", "vectors", "metric", "confidence", "preprocessing"):
        manifest[part]["added_later"] = 1
    reseal(path, manifest)
    assert len(read_bundle(path).products) == 2


@pytest.mark.parametrize(
    "part", ["model", "vectors", "metric", "confidence", "preprocessing", "files"]
)
def test_manifest_without_a_part_is_refused(
    part: str, make_contents: MakeContents, tmp_path: Path
) -> None:
    path = tmp_path / "S.kioskbundle"
    write_bundle(path, make_contents(products=2))
    manifest = json.loads((path / "manifest.json").read_text("utf-8"))
    del manifest[part]
    reseal(path, manifest)
    with pytest.raises(BundleError, match=r"S\.kioskbundle"):
        read_bundle(path)


def test_something_else_is_never_overwritten(make_contents: MakeContents, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "photo").write_text("mine")
    with pytest.raises(ConfigError, match="is no bundle"):
        write_bundle(tmp_path / "precious", make_contents(products=1))
    assert (tmp_path / "precious" / "photo").read_text() == "mine"


def test_packages_and_tokenizer_go_along(make_contents: MakeContents, tmp_path: Path) -> None:
    package = tmp_path / "eye.mlpackage"
    (package / "Data" / "weights").mkdir(parents=True)
    (package / "Manifest.json").write_text("{}")
    (package / "Data" / "weights" / "weight.bin").write_bytes(bytes(1000))
    plain = make_contents(products=3)
    words = {"file": "t", "input": "i", "output": "o", "context_length": 77, "tokenizer": "t.json"}
    card = type(plain.card).model_validate(plain.card.model_dump() | {"text": words})
    proofs = Proofs(
        texts=("milk",),
        tokens=np.array([[1, 2, 3]], np.int32),
        text_vectors=np.ones((1, 64), np.float32),
    )
    contents = dataclasses.replace(
        plain,
        card=card,
        proofs=proofs,
        image=PackagedTower(package, "image", "final_emb_1"),
        text=PackagedTower(Path(shutil.copytree(package, tmp_path / "ear.mlpackage")), "text", "o"),
        tokenizer='{"model": {}}',
        thumbnails={"P00001": b"jpeg"},
    )
    write_bundle(tmp_path / "S.kioskbundle", contents)
    bundle = read_bundle(tmp_path / "S.kioskbundle")
    assert bundle.model.image is not None
    assert bundle.model.text is not None
    assert bundle.model.image.package == "models/eye.mlpackage"
    weights = bundle.path / bundle.model.text.package / "Data" / "weights" / "weight.bin"
    assert weights.stat().st_size == 1000
    assert (bundle.path / bundle.model.text.tokenizer).read_text() == '{"model": {}}'
    assert bundle.goldens.texts[0].tokens == (1, 2, 3)
    assert (bundle.path / bundle.products[1].thumbnail).read_bytes() == b"jpeg"
    weights.write_bytes(bytes(999))
    with pytest.raises(BundleError, match=r"weight\.bin"):
        read_bundle(bundle.path)
