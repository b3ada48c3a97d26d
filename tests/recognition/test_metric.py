from __future__ import annotations

import numpy as np
import pytest

from kiosk.recognition import Index, group_rows
from kiosk.recognition.fit import fit_gallery
from kiosk.recognition.holdout import hold_out_cosine, hold_out_tuned, sample_rows
from kiosk.recognition.metric import fit_metric, product_means, scatter
from kiosk.recognition.scoring import Scorer
from tests.recognition.shops import DIMENSION, clusters


def index_of(products: int, photos: int, **options: float) -> Index:
    seed = int(options.pop("seed", 0))
    skus, names, vectors = clusters(products, photos, seed=seed, **options)
    return Index.of(group_rows(skus, names, vectors, {}).values())


def test_the_tuned_metric_recognises_more_where_photos_vary_alike() -> None:
    index = index_of(40, 5, nuisance=6.0)
    rows = sample_rows(index)
    tuned = hold_out_tuned(index, rows)
    assert tuned is not None
    assert tuned.top1 > hold_out_cosine(index, rows).top1 + 0.1


def test_it_helps_photos_it_was_not_fitted_on() -> None:
    skus, names, vectors = clusters(40, 8, nuisance=6.0)
    first = [i for i in range(len(skus)) if int(names[i][-2:]) < 5]
    later = [i for i in range(len(skus)) if int(names[i][-2:]) >= 5]
    index = Index.of(
        group_rows([skus[i] for i in first], [names[i] for i in first], vectors[first], {}).values()
    )
    means = product_means(index)
    right = {}
    for name, metric in (("cosine", None), ("tuned", fit_metric(scatter(index, means), means))):
        scorer = Scorer.of(index, metric)
        best = [index.skus[int(np.argmax(scorer.score(vectors[i])))] for i in later]
        right[name] = np.mean([sku == skus[i] for sku, i in zip(best, later, strict=True)])
    assert right["tuned"] > right["cosine"] + 0.1


def test_a_metric_that_is_not_better_is_not_taken() -> None:
    index = index_of(10, 4, nuisance=0.0, seed=3)
    trial = fit_gallery(index, tuned=True)
    assert trial.tuned is not None
    better = trial.tuned.top1 >= trial.cosine.top1 and trial.tuned.loss() < trial.cosine.loss()
    assert (trial.fit.metric is not None) == better


def test_single_photos_give_no_metric() -> None:
    index = index_of(30, 1)
    means = product_means(index)
    assert fit_metric(scatter(index, means), means) is None
    assert hold_out_tuned(index, sample_rows(index)) is None


def test_leaving_products_out_equals_never_having_had_them() -> None:
    index = index_of(6, 4)
    means = product_means(index)
    chosen = np.arange(6) < 2
    rest = scatter(index, means) - scatter(index, means, chosen)
    alone = scatter(index, means, ~chosen)
    assert rest.degrees == alone.degrees
    assert rest.total == pytest.approx(alone.total, abs=1e-5)


def test_leave_one_out_equals_a_catalogue_without_the_photo() -> None:
    skus, names, vectors = clusters(5, 4)
    index = Index.of(group_rows(skus, names, vectors, {}).values())
    held = hold_out_cosine(index, sample_rows(index))
    for row in (0, 7, 19):
        rest = [i for i in range(len(skus)) if i != row]
        without = Index.of(
            group_rows(
                [skus[i] for i in rest], [names[i] for i in rest], vectors[rest], {}
            ).values()
        )
        scores = dict(zip(without.skus, Scorer.of(without, None).score(vectors[row]), strict=True))
        assert held.own[row] == pytest.approx(scores.pop(skus[row]), abs=1e-5)
        assert held.others[row, 0] == pytest.approx(max(scores.values()), abs=1e-5)


def test_rows_of_the_tuned_space_have_norm_one() -> None:
    index = index_of(10, 4)
    means = product_means(index)
    metric = fit_metric(scatter(index, means), means)
    assert metric is not None
    assert np.linalg.norm(metric.apply(index.vectors), axis=1) == pytest.approx(1.0, abs=1e-5)
    assert metric.projection.shape == (DIMENSION, DIMENSION)
