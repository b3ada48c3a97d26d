"""One answer from the glance and the second look."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from kiosk.domain import NO_EVIDENCE, Candidate, DetailMatch, Evidence
from kiosk.recognition.fusion import join_evidence

GOOD = Evidence(DetailMatch(inliers=60, coverage=0.5, query_coverage=0.6, agreement=0.8))
MARKS = Evidence(DetailMatch(inliers=20, coverage=0.1, query_coverage=0.1, agreement=0.2))
NONE_FOUND = Evidence(DetailMatch())


def candidates(*said: Evidence, confidence: float = 0.3) -> list[Candidate]:
    return [
        Candidate(f"S{place}", 0.8 - place / 100, confidence - place / 100, evidence)
        for place, evidence in enumerate(said)
    ]


def test_product_whose_details_fit_comes_first_and_is_surer() -> None:
    joined, known = join_evidence(candidates(MARKS, GOOD, NONE_FOUND), 0.9)
    assert joined[0].sku == "S1"
    assert joined[0].confidence > 0.8
    assert known > 0.9
    assert joined[0].evidence == GOOD


def test_shared_marks_alone_name_nobody() -> None:
    joined, _ = join_evidence(candidates(MARKS, NONE_FOUND, confidence=0.3), 0.6)
    assert joined[0].confidence < 0.6


def test_details_that_fit_nobody_say_nothing() -> None:
    before = candidates(NONE_FOUND, NONE_FOUND, NO_EVIDENCE)
    assert join_evidence(before, 0.7) == (tuple(before), 0.7)


def test_first_candidate_without_details_loses_to_one_with_them() -> None:
    glance = [Candidate("A", 0.9, 0.6, NONE_FOUND), Candidate("B", 0.8, 0.2, GOOD)]
    joined, _ = join_evidence(glance, 0.9)
    assert joined[0].sku == "B"


matches = st.builds(
    DetailMatch,
    inliers=st.integers(0, 400),
    coverage=st.floats(0, 1),
    query_coverage=st.floats(0, 1),
)


@given(
    said=st.lists(st.builds(Evidence, st.none() | matches), max_size=15),
    shares=st.lists(st.floats(0, 1), min_size=15, max_size=15),
    known=st.floats(0, 1),
)
def test_probabilities_stay_probabilities(
    said: list[Evidence], shares: list[float], known: float
) -> None:
    total = sum(shares[: len(said)]) or 1.0
    glance = [
        Candidate(str(k), 0.5, known * share / total, evidence)
        for k, (evidence, share) in enumerate(zip(said, shares, strict=False))
    ]
    joined, now_known = join_evidence(glance, known)
    assert {each.sku for each in joined} == {each.sku for each in glance}
    assert all(0 <= each.confidence <= 1 for each in joined)
    assert 0 <= now_known <= 1 + 1e-9
    assert sum(each.confidence for each in joined) == pytest.approx(
        min(now_known, sum(each.confidence for each in joined))
    )
    if any(e.details and e.details.inliers and e.details.coverage for e in said):
        ranked = [each.confidence for each in joined]
        assert ranked == sorted(ranked, reverse=True) or joined == tuple(glance)
