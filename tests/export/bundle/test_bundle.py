"""What is written comes back, answers as the search engine does, and stays small."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from export.bundle.folder import BundleError
from export.bundle.reader import read_bundle
from export.bundle.writer import ordered, write_bundle
from kiosk.errors import ConfigError
from kiosk.search.metric import fit_metric, product_means, scatter
from kiosk.search.scoring import Scorer
from tests.export.bundle.conftest import MakeContents, scattered


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


@pytest.mark.parametrize("tuned", [False, True])
def test_twin_ranks_200_queries_as_the_kiosk_does(
    tuned: bool, make_contents: MakeContents, tmp_path: Path
) -> None:
    contents = make_contents()
    index = ordered(contents.gallery)
    means = product_means(index)
    metric = fit_metric(scatter(index, means), means) if tuned else None
    assert (metric is not None) == tuned
    write_bundle(tmp_path / "Shop.kioskbundle", dataclasses.replace(contents, metric=metric))
    twin = read_bundle(tmp_path / "Shop.kioskbundle").similarity
    scorer = Scorer.of(index, metric)
    queries = np.concatenate([scattered(60, 4, 64, seed=0)[::2], scattered(16, 5, 64, seed=9)])
    assert len(queries) == 200
    for query in queries:
        ours, theirs = twin.to(query), scorer.score(query)
        assert twin.skus == index.skus
        np.testing.assert_allclose(ours, theirs, atol=1e-3)
        assert np.argsort(-ours, kind="stable")[:5].tolist() == (
            np.argsort(-theirs, kind="stable")[:5].tolist()
        )


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
    index = ordered(contents.gallery)
    extra = make_contents(products=200, photos=4, dimension=512)
    means = product_means(ordered(extra.gallery))
    metric = fit_metric(scatter(ordered(extra.gallery), means), means)
    write_bundle(tmp_path / "Big.kioskbundle", dataclasses.replace(contents, metric=metric))
    bundle = read_bundle(tmp_path / "Big.kioskbundle")
    package = 12e6  # the largest default package
    assert bundle.bytes + package <= 40e6
    assert len(bundle.similarity.skus) == len(index.skus) == 10_000


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
    write_bundle(tmp_path / "S.kioskbundle", dataclasses.replace(contents, gallery=hidden))
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
    _reseal(path, manifest | {"version": 2})
    with pytest.raises(BundleError, match=r"version 2; .* version 1 is read"):
        read_bundle(path)


@pytest.mark.parametrize("part", ["model", "vectors", "metric", "preprocessing", "files"])
def test_manifest_without_a_part_is_refused(
    part: str, make_contents: MakeContents, tmp_path: Path
) -> None:
    path = tmp_path / "S.kioskbundle"
    write_bundle(path, make_contents(products=2))
    manifest = json.loads((path / "manifest.json").read_text("utf-8"))
    del manifest[part]
    _reseal(path, manifest)
    with pytest.raises(BundleError, match=r"S\.kioskbundle"):
        read_bundle(path)


def test_something_else_is_never_overwritten(make_contents: MakeContents, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "photo").write_text("mine")
    with pytest.raises(ConfigError, match="is no bundle"):
        write_bundle(tmp_path / "precious", make_contents(products=1))
    assert (tmp_path / "precious" / "photo").read_text() == "mine"


def _reseal(path: Path, manifest: object) -> None:
    import hashlib

    data = json.dumps(manifest).encode()
    (path / "manifest.json").write_bytes(data)
    (path / "manifest.sha256").write_text(hashlib.sha256(data).hexdigest())
