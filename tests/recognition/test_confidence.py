from __future__ import annotations

import numpy as np
import pytest

from kiosk.recognition import ConfidenceParameters
from kiosk.recognition.confidence import candidate_probabilities, fit_confidence
from kiosk.recognition.holdout import Holdout


def holdout(own: list[float], rivals: list[float]) -> Holdout:
    count = len(own)
    others = np.full((count, 5), -1.0, np.float32)
    others[:, 0] = rivals
    others[:, 1] = np.array(rivals) - 0.1
    numbers = np.tile(np.array([1, 2, -1, -1, -1]), (count, 1))
    return Holdout(np.arange(count), np.array(own, np.float32), others, numbers)


def fitted(own: list[float], rivals: list[float]) -> ConfidenceParameters:
    owner = np.zeros(len(own), np.intp)
    return fit_confidence("tuned", 3, owner, holdout(own, rivals))


def first(parameters: ConfidenceParameters, *scores: float, agreement: float = 1.0) -> float:
    values = np.array(scores, np.float32)
    probabilities, _ = candidate_probabilities(
        parameters, values, np.arange(len(values)), agreement
    )
    return float(probabilities[0])


def test_without_photos_the_prior_serves() -> None:
    none = fit_confidence("tuned", 2, np.zeros(0, np.intp), None)
    alone = fit_confidence("tuned", 2, np.zeros(2, np.intp), holdout([np.nan] * 2, [0.3, 0.4]))
    assert first(none, 0.9, 0.2) == first(alone, 0.9, 0.2) > 0.8


def test_confidence_grows_with_level_and_margin() -> None:
    parameters = fitted([0.8] * 50, [0.4] * 50)
    assert first(parameters, 0.9, 0.3) > first(parameters, 0.7, 0.3) > first(parameters, 0.7, 0.6)


def test_a_shop_of_look_alikes_is_less_sure() -> None:
    spread = np.random.default_rng(0).normal(0, 0.1, 200)
    easy = fitted([0.95] * 200, (spread + 0.3).tolist())
    hard = fitted([0.95] * 200, (spread + 0.6).tolist())
    assert first(hard, 0.7, 0.6) < first(easy, 0.7, 0.6)


def test_photos_that_fail_lower_the_confidence() -> None:
    rng = np.random.default_rng(0)
    rivals = rng.normal(0.5, 0.1, 200)
    good = fitted((rivals + 0.3).tolist(), rivals.tolist())
    bad = fitted((rivals - 0.2).tolist(), rivals.tolist())
    assert good.shift_right == 0.0
    assert bad.shift_right < -1.0


def test_disagreeing_frames_halve_the_confidence_at_most() -> None:
    parameters = fitted([0.8] * 50, [0.4] * 50)
    assert first(parameters, 0.9, 0.3, agreement=0.0) == pytest.approx(
        first(parameters, 0.9, 0.3) / 2
    )


def test_probabilities_are_ordered_and_sum_to_at_most_one() -> None:
    parameters = fitted([0.8] * 50, [0.4] * 50)
    scores = np.array([0.7, 0.65, 0.6, 0.1], np.float32)
    probabilities, known = candidate_probabilities(parameters, scores, np.arange(4), 1.0)
    assert (np.diff(probabilities) <= 0).all()
    assert probabilities.sum() <= known + 1e-9 <= 1 + 1e-9


def test_a_single_product_is_judged_against_the_scale() -> None:
    parameters = fitted([0.8] * 50, [0.4] * 50)
    assert first(parameters, 0.95) > 0.8 > first(parameters, 0.3)
