"""Shops whose database searches: the answers of a shop with its vectors in memory, shared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.catalog import ProductFilter
from kiosk.domain import Decision
from kiosk.settings import Settings
from kiosk.shop import Shop, database_index
from tests.catalog.conftest import new_database
from tests.shop.test_shop import Blocks, picture, product

PRODUCTS = 14


def stock(shop: Shop) -> None:
    for seed in range(PRODUCTS):
        views = [picture(seed), picture(seed, 14), picture(seed, -11)]
        shop.enrol(product(f"S{seed:02}", category="ab"[seed % 2]), views)
    shop.refresh()


@contextmanager
def on_server(url: str) -> Iterator[Shop]:
    with Shop.open(Settings(db=url), encoder=Blocks(), background=False, on_server=True) as shop:
        yield shop


@pytest.fixture(scope="module")
def shops(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Shop, Shop]]:
    """Two on one catalogue, as two processes have it; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("machine")
    with pytest.MonkeyPatch.context() as patch:
        for module in ("kiosk.settings", "kiosk.resources"):
            patch.setattr(f"{module}.default_data_dir", lambda: folder)
        url = new_database(postgres_url, "two_shops")
        with on_server(url) as here, on_server(url) as there:
            stock(here)
            yield here, there


def test_answers_are_those_of_a_shop_with_its_vectors_in_memory(
    shops: tuple[Shop, Shop], tmp_path: Path
) -> None:
    shared = shops[0]
    assert shared.on_server
    settings = Settings(db=str(tmp_path / "alone"))
    with Shop.open(settings, encoder=Blocks(), background=False, on_server=True) as alone:
        assert not alone.on_server  # a file is searched in memory
        stock(alone)
        assert shared.index.photos == alone.index.photos == 3 * PRODUCTS
        assert shared.index.metric == alone.index.metric
        for seed in (3, 8, 500):
            vector = shared.embed(picture(seed, 6))
            ours, theirs = shared.search(vector=vector), alone.search(vector=vector)
            assert ours.decision is theirs.decision
            assert [h.product.sku for h in ours.hits] == [h.product.sku for h in theirs.hits]
            for mine, other in zip(ours.hits, theirs.hits, strict=True):
                assert mine.similarity == pytest.approx(other.similarity, abs=1e-5)
                assert mine.confidence == pytest.approx(other.confidence, abs=1e-5)
            near, nearest = (s.nearest_photos(vector, 5) for s in (shared, alone))
            assert [hit.sha256 for hit in near] == [hit.sha256 for hit in nearest]
        assert shared.rehearse("S03") == alone.rehearse("S03")
        assert shared.confusables(3) == alone.confusables(3)


def test_a_filter_makes_no_product_more_probable_than_it_is(shops: tuple[Shop, Shop]) -> None:
    shop = shops[0]
    vector = shop.embed(picture(8, 6))  # of category a
    plain = {hit.product.sku: hit for hit in shop.search(vector=vector, top=PRODUCTS).hits}
    found = shop.search(vector=vector, filters=ProductFilter(category="b"), top=PRODUCTS)
    assert found.decision is Decision.NAMED
    assert {hit.product.category for hit in found.hits} == {"b"}
    assert len(found.hits) == PRODUCTS // 2
    for hit in found.hits:
        assert hit.confidence == pytest.approx(plain[hit.product.sku].confidence, abs=1e-5)


def test_one_shop_fits_and_the_other_takes_it_over(shops: tuple[Shop, Shop]) -> None:
    here, there = shops
    assert here.parameters[1].low != there.parameters[1].low
    with here.database.alone():  # here is at work
        there.refresh()
    assert there.parameters[1].low == here.parameters[1].low
    assert there.index.photos == 3 * PRODUCTS


def test_words_and_pictures_are_searched_together(shops: tuple[Shop, Shop]) -> None:
    shop = shops[0]
    found = shop.search(vector=shop.embed(picture(5, 6)), text="thing s07")
    assert {"S05", "S07"} <= {hit.product.sku for hit in found.hits[:3]}
    assert shop.search(text="thing -s07", top=PRODUCTS).decision is None


def test_a_change_is_seen_by_every_other_process_at_once(shops: tuple[Shop, Shop]) -> None:
    here, there = shops
    here.enrol(product("NEW"), [picture(77), picture(77, 10)])
    assert there.search(vector=there.embed(picture(77, 4))).hits[0].product.sku == "NEW"
    there.delete("NEW")
    found = here.search(vector=here.embed(picture(77, 4))).hits
    assert "NEW" not in [hit.product.sku for hit in found]


def test_a_large_catalogue_is_fitted_to_a_sample_and_its_rivals(
    shops: tuple[Shop, Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = shops[0]
    shop.refresh()
    whole = shop.parameters[1]
    monkeypatch.setattr(database_index, "FITTED_PHOTOS", 20)
    monkeypatch.setattr(database_index, "PROBES", 12)
    monkeypatch.setattr(database_index, "REST", 0.0)
    shop.save_product(product("S00", category="b"))
    shop.refresh()
    sampled = shop.parameters[1]
    assert sampled.low != whole.low
    assert sampled.low == pytest.approx(whole.low, abs=0.1)
    assert shop.search(vector=shop.embed(picture(5, 6))).hits[0].product.sku == "S05"


def test_second_look_compares_photos_that_any_process_has_extracted(
    shops: tuple[Shop, Shop],
) -> None:
    there = shops[1]
    vector = there.embed(picture(8, 6))
    evidence = there.gather_evidence(picture(8, 6), vector)
    assert "S08" in evidence
    answer = there.recognise_with(vector, None, evidence)
    assert answer.best is not None
    assert answer.best.sku == "S08"
    assert answer.best.evidence == evidence["S08"]
