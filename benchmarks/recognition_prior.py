"""Learn the prior of the confidence: `python -m benchmarks.recognition_prior PHOTOS`.

The weights in `kiosk.recognition.confidence.PRIORS` come from here, and from a second run, with
those weights, `kiosk.recognition.open_set.RISK_PER_BUDGET`. Only training photos are
used. For each of two folds of products the encoder is trained and its projection learned
without the fold; queries are the fold's photos, shown to a catalogue of all 81 products.
Half of the splits divide each product's photos into the two least alike clusters (as if on
other days), half by their order in the file. Each query is asked once as it is and once
with its product taken out of the catalogue, the latter weighing 5 %.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from export.train.head import embed, extract, fit_head
from export.train.network import FOLDS, activations, train
from export.train.photos import Rows, read_rows, spread
from kiosk.domain import Vectors
from kiosk.recognition import LEAST_RIGHT, ConfidenceParameters, Index, group_rows
from kiosk.recognition.confidence import candidate_probabilities, fit_confidence
from kiosk.recognition.holdout import hold_out_cosine, hold_out_tuned, sample_rows
from kiosk.recognition.metric import fit_metric, product_means, scatter
from kiosk.recognition.open_set import risk
from kiosk.recognition.scoring import Scorer

ABSENT_WEIGHT = 0.05
TOP = 5
Numbers = NDArray[np.float64]


def clusters_apart(vectors: Vectors, owner: Rows) -> tuple[Rows, Rows]:
    """Each product's photos in two groups along their main axis."""
    one, other = [], []
    for product in np.unique(owner):
        rows = np.flatnonzero(owner == product)
        centred = vectors[rows] - vectors[rows].mean(axis=0)
        axis = np.linalg.svd(centred, full_matrices=False)[2][0]
        side = centred @ axis
        one.append(rows[side > np.median(side)])
        other.append(rows[side <= np.median(side)])
    return np.concatenate(one), np.concatenate(other)


def halves_of_the_file(owner: Rows, names: list[str]) -> tuple[Rows, Rows]:
    """Each product's photos in two groups by their number."""
    one, other = [], []
    for product in np.unique(owner):
        rows = sorted(np.flatnonzero(owner == product), key=lambda row: names[row])
        one.append(np.array(rows[: len(rows) // 2]))
        other.append(np.array(rows[len(rows) // 2 :]))
    return np.concatenate(one), np.concatenate(other)


def regimes(shown: Rows, owner: Rows) -> Iterator[Rows]:
    """A catalogue of five photos each, and one of all."""
    few = []
    for product in np.unique(owner):
        rows = shown[owner[shown] == product]
        few.append(spread(rows))
    yield np.unique(np.concatenate(few))
    yield shown


def fitted(
    vectors: Vectors, owner: Rows, shown: Rows, kind: str
) -> tuple[Scorer, ConfidenceParameters]:
    """What a catalogue of the photos `shown` answers with."""
    skus = [f"{k:03d}" for k in owner[shown]]
    products = group_rows(skus, [str(row) for row in shown], vectors[shown], {})
    index = Index.of(products.values())
    rows, means = sample_rows(index), product_means(index)
    tuned = kind == "tuned"
    held = hold_out_tuned(index, rows) if tuned else hold_out_cosine(index, rows)
    parameters = fit_confidence(kind, len(index.skus), index.owner[rows], held)
    return Scorer.of(index, fit_metric(scatter(index, means), means) if tuned else None), parameters


def ask(
    vectors: Vectors, owner: Rows, shown: Rows, asked: Rows, kind: str
) -> Iterator[tuple[Numbers, NDArray[np.bool_], NDArray[np.bool_], Numbers]]:
    """Features, whether right, whether known, and weights of the queries."""
    scorer, parameters = fitted(vectors, owner, shown, kind)
    scores = np.stack([scorer.score(vectors[row]) for row in asked])
    line = np.arange(len(asked))
    for present, weight in ((True, 1 - ABSENT_WEIGHT), (False, ABSENT_WEIGHT)):
        seen = scores.copy()
        if not present:
            seen[line, owner[asked]] = -1.0
        order = np.argsort(-seen, axis=1, kind="stable")
        best, second = seen[line, order[:, 0]], seen[line, order[:, 1]]
        features = parameters.features(
            best.astype(np.float64), second.astype(np.float64), order[:, 0]
        )
        right = (order[:, 0] == owner[asked]) & present
        weights = np.full(len(asked), weight / len(asked))
        yield features, right, np.full(len(asked), present), weights


def risks(vectors: Vectors, owner: Rows, shown: Rows, asked: Rows) -> Iterator[Numbers]:
    """Risk of naming the best product, whether that is wrong, and weight, of each query (n, 3)."""
    scorer, parameters = fitted(vectors, owner, shown, "tuned")
    for row in asked:
        scores = scorer.score(vectors[row])
        for weight in (1 - ABSENT_WEIGHT, ABSENT_WEIGHT):
            order = np.argsort(-scores, kind="stable")[:TOP]
            probabilities, known = candidate_probabilities(parameters, scores, order, 1.0)
            named = probabilities[0] >= LEAST_RIGHT
            danger = risk(probabilities, known, np.ones(TOP, np.int64)) if named else np.inf
            wrong = order[0] != owner[row] or weight == ABSENT_WEIGHT
            yield np.array([danger, wrong, weight / len(asked)])
            scores[owner[row]] = -1.0  # and once more without its product


def show_risk(by_fold: Vectors, owner: Rows, pair: tuple[Rows, Rows]) -> None:
    """The riskiest name that may be said so that the budget is kept, per budget."""
    table = []
    for fold, vectors in enumerate(by_fold):
        for shown, asked in (pair, pair[::-1]):
            few = next(regimes(shown, owner))
            table += list(risks(vectors, owner, few, asked[owner[asked] % FOLDS == fold]))
    danger, wrong, weight = np.stack(table).T
    order = np.argsort(danger, kind="stable")
    wrongly_named = np.cumsum((wrong * weight)[order]) / weight.sum()
    for budget in (0.005, 0.01, 0.02, 0.05):
        kept = np.flatnonzero((wrongly_named <= budget) & np.isfinite(danger[order]))
        riskiest = danger[order][kept[-1]] if len(kept) else 0.0
        print(
            f"budget {budget}: risk up to {riskiest:.3f}, {riskiest / budget:.1f} times the budget"
        )


def folds(photos: list[Path], owner: Rows) -> Iterator[Vectors]:
    """Vectors of all photos by encoders that never saw one fold of the products."""
    stored = activations(photos)
    for fold in range(FOLDS):
        kept = owner % FOLDS != fold
        numbers = np.unique(owner[kept], return_inverse=True)[1]
        network = train(stored[kept], numbers)
        features, camera = extract(photos, network)
        yield embed(features, fit_head(features[kept], camera[kept], numbers))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("photos", type=Path)
    arguments.add_argument("--cache", type=Path, help="file that keeps the folds' vectors")
    options = arguments.parse_args()
    photos, owner = read_rows(options.photos)
    if options.cache and options.cache.is_file():
        by_fold = np.load(options.cache)
    else:
        by_fold = np.stack(list(folds(photos, owner)))
        if options.cache:
            np.save(options.cache, by_fold)
    splits = (
        clusters_apart(by_fold[0], owner),
        halves_of_the_file(owner, [str(path) for path in photos]),
    )
    for kind in ("cosine", "tuned"):
        tables = []
        for fold, vectors in enumerate(by_fold):
            for pair in splits:
                for shown, asked in (pair, pair[::-1]):
                    asked_here = asked[owner[asked] % FOLDS == fold]
                    for catalogue in regimes(shown, owner):
                        tables += list(ask(vectors, owner, catalogue, asked_here, kind))
        features, right, known, weights = (
            np.concatenate(column) for column in zip(*tables, strict=True)
        )
        print(f"{kind}: {right[known].mean():.3f} right on products left out")
        for name, answers in (("right", right), ("known", known)):
            fit = LogisticRegression(C=100).fit(features, answers, sample_weight=1000 * weights)
            print(kind, name, np.round([fit.intercept_[0], *fit.coef_[0]], 2).tolist())
    show_risk(by_fold, owner, splits[0])


if __name__ == "__main__":
    main()
