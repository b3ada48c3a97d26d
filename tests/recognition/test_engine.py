from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays

from kiosk.domain import Decision, Gallery
from kiosk.errors import BugError
from kiosk.recognition import SearchEngine, group_rows
from tests.recognition.shops import DIMENSION, gallery


def engine_with(shop: Gallery) -> SearchEngine:
    engine = SearchEngine()
    engine.replace(shop)
    return engine


@pytest.fixture(scope="module")
def tuned() -> SearchEngine:
    engine = engine_with(gallery(20, 6, nuisance=4.0))
    assert engine.refit().taken
    return engine


def test_an_empty_catalogue_knows_nothing() -> None:
    recognition = SearchEngine().recognise(np.ones((1, 8), np.float32))
    assert (recognition.decision, recognition.best) == (Decision.UNKNOWN, None)


def test_a_product_is_found_as_soon_as_it_is_added() -> None:
    engine, shop = engine_with(gallery(5, 3)), gallery(6, 3)
    new = shop.vectors[-3:]
    engine.upsert("P005", 100, ["a", "b", "c"], new)
    assert engine.nearest(new[:1], 1)[0].sku == "P005"
    assert engine.products == 6


def test_a_removed_product_is_not_recognised() -> None:
    shop = gallery(5, 3)
    engine = engine_with(shop)
    engine.remove("P002")
    engine.remove("never there")
    assert "P002" not in [c.sku for c in engine.nearest(shop.vectors[6:7], 10)]
    assert engine.photos == 12


def test_photos_of_a_product_are_replaced_not_added() -> None:
    engine = engine_with(gallery(5, 3))
    engine.upsert("P000", 1, ["only"], gallery(5, 3).vectors[:1])
    assert engine.photos == 13


def test_nearest_lists_each_product_once_best_first(tuned: SearchEngine) -> None:
    found = tuned.nearest(gallery(20, 6, nuisance=4.0).vectors[0], 20)
    assert len({c.sku for c in found}) == len(found) == 20
    assert [c.similarity for c in found] == sorted((c.similarity for c in found), reverse=True)


@pytest.mark.parametrize("fitted", [False, True])
def test_an_identical_photo_is_found_first(fitted: bool) -> None:
    shop = gallery(20, 6, nuisance=6.0)
    engine = engine_with(shop)
    if fitted:
        engine.refit()
    for row, sku in enumerate(shop.skus):
        best = engine.recognise(shop.vectors[row : row + 1]).best
        assert best is not None
        assert best.sku == sku


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(24)))
def test_the_order_of_enrolment_changes_no_answer(order: list[int]) -> None:
    shop = gallery(6, 4, nuisance=3.0)
    forward = engine_with(shop)
    shuffled = SearchEngine()
    rows = group_rows(
        [shop.skus[i] for i in order],
        [shop.photos[i] for i in order],
        shop.vectors[order],
        dict(shop.prices),
    )
    for sku, one in rows.items():
        shuffled.upsert(sku, one.price_minor, one.photos[::-1], one.vectors[::-1])
    forward.refit()
    shuffled.refit()
    query = gallery(6, 1, seed=9).vectors[:1]
    assert forward.recognise(query) == shuffled.recognise(query)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_an_unrelated_product_never_hides_a_clear_match(seed: int, refit: bool) -> None:
    shop = gallery(8, 4, nuisance=1.0)
    engine = engine_with(shop)
    engine.refit()
    query = shop.vectors[:4].mean(axis=0, keepdims=True)
    assert engine.recognise(query).decision is Decision.NAMED
    stranger = np.random.default_rng(seed).normal(size=(1, DIMENSION)).astype(np.float32)
    stranger -= (stranger @ query.T) / (query @ query.T) * query
    engine.upsert("NEW", 100, ["x"], stranger)
    if refit:
        engine.refit()
    after = engine.recognise(query)
    assert after.best is not None
    assert (after.best.sku, after.decision is Decision.UNKNOWN) == ("P000", False)


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.float32, (2, DIMENSION), elements=st.floats(width=32)),
    arrays(np.float32, 2, elements=st.floats(width=32)),
)
def test_scores_are_finite_for_any_input(queries: np.ndarray, weights: np.ndarray) -> None:
    engine = engine_with(gallery(6, 3))
    recognition = engine.recognise(queries, weights)
    for candidate in recognition.candidates:
        assert -1 <= candidate.similarity <= 1
        assert 0 <= candidate.confidence <= 1
    assert sum(c.confidence for c in recognition.candidates) <= 1 + 1e-9


@pytest.mark.parametrize(
    "vectors",
    [
        np.ones((4, 8)),
        np.zeros((4, 8)),
        np.full((4, 8), np.nan),
        np.eye(4, 8),
    ],
    ids=["duplicates", "zeros", "not numbers", "orthogonal"],
)
@pytest.mark.parametrize("skus", [("A",) * 4, ("A", "A", "B", "B"), ("A", "B", "C", "D")])
def test_odd_galleries_degrade_to_plain_cosine(vectors: np.ndarray, skus: tuple[str, ...]) -> None:
    engine = engine_with(Gallery("m", vectors.astype(np.float32), skus, ("1", "2", "3", "4")))
    report = engine.refit()
    assert (report.metric, engine.metric_name) == ("cosine", "cosine")
    assert report.reason
    assert len(engine.recognise(np.ones((1, 8), np.float32)).candidates) == len(set(skus))
    assert engine.rehearse("A").sku == "A"
    assert len(engine.confusables()) == len(set(skus)) * (len(set(skus)) - 1) / 2


def test_vectors_of_another_model_are_a_bug() -> None:
    with pytest.raises(BugError, match="7 numbers, 48 wanted"):
        engine_with(gallery(3, 2)).recognise(np.ones((1, 7), np.float32))


def test_another_models_gallery_drops_the_old_metric(tuned: SearchEngine) -> None:
    engine = engine_with(gallery(20, 6, nuisance=4.0))
    engine.refit()
    engine.replace(Gallery("other", np.eye(4, dtype=np.float32), tuple("ABCD"), tuple("abcd")))
    assert engine.recognise(np.eye(4, dtype=np.float32)[:1]).candidates[0].sku == "A"
    assert engine.metric_name == "cosine"
    assert tuned.metric_name == "tuned"


def test_frames_that_disagree_cost_confidence(tuned: SearchEngine) -> None:
    shop = gallery(20, 6, nuisance=4.0)
    steady = tuned.recognise(shop.vectors[[0, 0, 0]])
    torn = tuned.recognise(shop.vectors[[0, 0, 6]])
    assert steady.candidates[0].sku == torn.candidates[0].sku == "P000"
    assert torn.candidates[0].confidence < steady.candidates[0].confidence


def test_a_frame_without_weight_does_not_count(tuned: SearchEngine) -> None:
    shop = gallery(20, 6, nuisance=4.0)
    weights = np.array([1.0, 0.0], np.float32)
    answer = tuned.recognise(shop.vectors[[0, 6]], weights)
    alone = tuned.recognise(shop.vectors[[0]])
    assert answer.decision is alone.decision
    assert answer.candidates[0] == pytest.approx(alone.candidates[0])


def test_a_larger_budget_names_more() -> None:
    shop = gallery(20, 5, nuisance=6.0)
    named = []
    for budget in (0.001, 0.01, 0.1, 0.5):
        engine = SearchEngine(error_budget=budget)
        engine.replace(shop)
        engine.refit()
        queries = gallery(20, 1, seed=0, nuisance=9.0).vectors
        named.append(sum(engine.recognise(q[None]).decision is Decision.NAMED for q in queries))
    assert named == sorted(named)
    assert named[0] < named[-1]


def test_fitted_until_the_gallery_changes() -> None:
    engine = engine_with(gallery(5, 3))
    assert not engine.is_fitted
    engine.refit()
    assert engine.is_fitted
    engine.upsert("NEW", 1, ["x"], np.ones((1, DIMENSION), np.float32))
    assert not engine.is_fitted


def test_a_change_during_a_refit_is_kept() -> None:
    engine = engine_with(gallery(30, 6, nuisance=4.0))
    new = np.ones((1, DIMENSION), np.float32)
    worker = threading.Thread(target=engine.refit)
    worker.start()
    engine.upsert("NEW", 1, ["x"], new)
    worker.join()
    assert engine.nearest(new, 1)[0].sku == "NEW"
    engine.refit()
    assert engine.is_fitted


def test_readers_and_writers_do_not_disturb_each_other() -> None:
    shop = gallery(12, 4, nuisance=3.0)
    engine, problems, stop = engine_with(shop), [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            answer = engine.recognise(shop.vectors[:1])
            if not answer.candidates or answer.candidates[0].sku != "P000":
                problems.append(answer)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for round_ in range(10):
        engine.upsert(f"N{round_}", 1, ["x"], shop.vectors[40 + round_ % 2 : 41 + round_ % 2])
        engine.refit()
        engine.remove(f"N{round_}")
    stop.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert engine.products == 12
