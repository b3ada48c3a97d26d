from __future__ import annotations

import numpy as np

from kiosk.domain import Gallery
from kiosk.recognition import SearchEngine
from tests.recognition.shops import DIMENSION, clusters, gallery


def engine_of(skus: list[str], names: list[str], vectors: np.ndarray) -> SearchEngine:
    engine = SearchEngine()
    engine.replace(Gallery("m", vectors, tuple(skus), tuple(names), {}))
    return engine


def test_a_product_like_no_other_is_recognised_every_time() -> None:
    engine = SearchEngine()
    engine.replace(gallery(6, 5, nuisance=0.5))
    rehearsal = engine.rehearse("P003")
    assert (rehearsal.tried, rehearsal.right, rehearsal.confused_with) == (5, 5, ())


def test_a_look_alike_is_named() -> None:
    skus, names, vectors = clusters(5, 4, nuisance=0.2)
    vectors[4:8] = vectors[0:4]
    rehearsal = engine_of(skus, names, vectors).rehearse("P000")
    assert rehearsal.right == 0
    assert rehearsal.confused_with == (("P001", 4),)


def test_a_photo_of_something_else_is_an_outlier() -> None:
    skus, names, vectors = clusters(5, 6, nuisance=0.5)
    vectors[2] = vectors[20]
    assert engine_of(skus, names, vectors).rehearse("P000").outliers == ("000-02",)


def test_even_photos_have_no_outlier() -> None:
    engine = SearchEngine()
    engine.replace(gallery(6, 8, nuisance=0.5))
    assert [engine.rehearse(f"P00{k}").outliers for k in range(6)] == [()] * 6


def test_one_photo_cannot_be_rehearsed() -> None:
    engine = SearchEngine()
    engine.replace(gallery(3, 1))
    assert engine.rehearse("P000").tried == 0
    assert engine.rehearse("not there").tried == 0


def test_rehearsal_works_under_the_tuned_metric() -> None:
    engine = SearchEngine()
    engine.replace(gallery(30, 5, nuisance=6.0))
    before = sum(engine.rehearse(f"P{k:03d}").right for k in range(30))
    assert engine.refit().taken
    after = sum(engine.rehearse(f"P{k:03d}").right for k in range(30))
    assert after > before


def test_confusable_pairs_come_worst_first() -> None:
    skus, names, vectors = clusters(8, 4, nuisance=0.2)
    vectors[4:8] = vectors[0:4]
    pairs = engine_of(skus, names, vectors).confusables(3)
    assert (pairs[0].sku_a, pairs[0].sku_b, pairs[0].confused) == ("P000", "P001", 1.0)
    assert len(pairs) == 3
    assert pairs[1].confused == 0.0


def test_confusables_need_two_products() -> None:
    engine = SearchEngine()
    engine.upsert("A", 1, ["x"], np.ones((1, DIMENSION), np.float32))
    assert engine.confusables() == []
