"""`python -m export bundle` and `inspect` on a real shop with the shipped encoder."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from export.bundle.reader import read_bundle
from export.commands import app
from kiosk.catalog import CatalogStore
from kiosk.domain import Image, Price, Product
from kiosk.errors import CatalogError, ConfigError, ModelError
from kiosk.settings import load_settings
from kiosk.shop import Shop
from tests.export.bundle.conftest import reseal

MODEL = "efficientnet_lite0"
COLOURS = [(200, 40, 30), (30, 160, 60), (40, 60, 190), (220, 200, 40)]


def box(number: int, view: int) -> Image:
    """A coloured box with stripes, a little elsewhere in each view."""
    rng = np.random.default_rng(100 * number + view)
    picture = np.full((240, 320, 3), 225, np.uint8)
    top, left = 40 + 6 * view, 80 + 9 * view
    picture[top : top + 140, left : left + 120] = COLOURS[number]
    for stripe in range(number + 1):
        picture[top + 20 * stripe : top + 20 * stripe + 8, left : left + 120] = 250
    return np.clip(picture + rng.normal(0, 6, picture.shape), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    store = CatalogStore.open(str(folder))
    for number in range(len(COLOURS)):
        store.put_product(Product(f"B{number}", f"Box {number}", Price(100 + number, "EUR")))
        for view in range(3):
            store.add_photo(f"B{number}", box(number, view))
    store.close()
    return folder


def invoke(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def bundle(db: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "Shop.kioskbundle"
    done = invoke(
        # Its int8 twin serves; the phone computes in half precision, so the original is packed.
        *("bundle", "--db", db, "--model", f"{MODEL}_int8", "--out", out, "--no-packages"),
        *("--thumbnails", 64, "--goldens", 3),
    )
    assert done.exit_code == 0, done.output
    return out


def test_shop_is_packed_and_read_back(bundle: Path) -> None:
    found = read_bundle(bundle)
    assert [one.name for one in found.products] == [f"Box {number}" for number in range(4)]
    assert len(found.vectors) == 12
    assert found.model.id == MODEL
    assert all((bundle / one.thumbnail).stat().st_size > 300 for one in found.products)
    assert len(found.goldens.pictures) == 3


def test_twin_answers_as_the_shop_does(bundle: Path, db: Path) -> None:
    twin = read_bundle(bundle).recogniser
    settings = load_settings(db=str(db), model=MODEL)
    with Shop.open(settings, background=False) as shop:
        shop.refresh()
        for number in range(4):
            vector = shop.embed(box(number, 7))
            ours, theirs = twin.recognise(vector), shop.recognise(vector)
            assert [c.sku for c in ours.candidates] == [c.sku for c in theirs.candidates]
            assert ours.decision == theirs.decision
            hits = shop.search(image=box(number, 7), top=4).hits
            assert [hit.product.sku for hit in hits] == [c.sku for c in ours.candidates]
            for hit, mine in zip(hits, ours.candidates, strict=True):
                assert hit.similarity == pytest.approx(mine.similarity, abs=1e-3)


def test_inspect_says_what_it_holds(bundle: Path) -> None:
    done = invoke("inspect", bundle)
    assert done.exit_code == 0, done.output
    assert "every file is what was written" in done.output
    found = json.loads(invoke("inspect", bundle, "--json").stdout)
    assert (found["products"], found["photos"], found["disagreements"]) == (4, 12, [])


def test_golden_with_another_answer_is_noticed(bundle: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(bundle, tmp_path / "Copy.kioskbundle"))
    goldens = json.loads((copy / "goldens.json").read_text("utf-8"))
    goldens["pictures"][0]["answer"]["candidates"].reverse()
    data = json.dumps(goldens).encode()
    (copy / "goldens.json").write_bytes(data)
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    manifest["files"]["goldens.json"] = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
    }
    reseal(copy, manifest)
    done = invoke("inspect", copy)
    assert done.exit_code == 1
    assert "the kiosk ranks" in done.output


def test_model_that_is_not_the_networks_own_is_noticed() -> None:
    from export.bundle.gather import require_same_network
    from export.towers import load_towers
    from export.verify.reference import embed_pictures, sample_pictures

    tower, _ = load_towers("mobilenet_v4_small", random_weights=True)
    pictures = sample_pictures(tower.card, 2)
    vectors = embed_pictures(tower, pictures)
    require_same_network(tower, pictures, vectors)
    with pytest.raises(ModelError, match="not the network that would go into the bundle"):
        require_same_network(tower, pictures, np.roll(vectors, 1, axis=1))


def test_bundle_without_its_ending_is_refused(db: Path, tmp_path: Path) -> None:
    done = invoke("bundle", "--db", db, "--model", MODEL, "--out", tmp_path / "Shop.zip")
    assert isinstance(done.exception, ConfigError)


def test_shop_without_photos_is_refused(tmp_path: Path) -> None:
    CatalogStore.open(str(tmp_path / "empty")).close()
    out = tmp_path / "Shop.kioskbundle"
    done = invoke("bundle", "--db", tmp_path / "empty", "--model", MODEL, "--out", out)
    assert isinstance(done.exception, CatalogError)
    assert not out.exists()
