"""Votes over time."""

from __future__ import annotations

from hypothesis import given, strategies as st

from kiosk.domain import Candidate, Decision, Recognition
from kiosk.live.vote import Rules, vote

RULES = Rules(agreeing=2, refusing=4, max_frames=8)


def answer(decision: Decision, sku: str = "a") -> Recognition:
    return Recognition(decision, (Candidate(sku, 0.8, 0.9),))


NAMED, UNSURE, UNKNOWN = Decision.NAMED, Decision.UNSURE, Decision.UNKNOWN
answers = st.builds(answer, st.sampled_from(list(Decision)), st.sampled_from("abc"))


def test_one_frame_is_not_enough_for_a_name() -> None:
    assert vote([answer(NAMED)], RULES).decision is None


def test_two_frames_that_agree_name_the_product_at_once() -> None:
    result = vote([answer(NAMED), answer(NAMED)], RULES)
    assert result.decision is NAMED
    assert result.settled


def test_two_frames_that_disagree_name_nothing() -> None:
    assert vote([answer(NAMED, "a"), answer(NAMED, "b")], RULES).decision is None


def test_a_refusal_takes_more_frames_than_a_name() -> None:
    assert vote([answer(UNKNOWN)] * 3, RULES).decision is None
    assert vote([answer(UNKNOWN)] * 4, RULES).decision is UNKNOWN


def test_a_name_that_comes_and_goes_is_only_offered() -> None:
    history = [answer(NAMED), answer(UNSURE), answer(UNSURE), answer(NAMED)]
    assert vote(history, RULES).decision is UNSURE


def test_a_refusal_may_still_become_a_name() -> None:
    history = [answer(UNSURE)] * 4 + [answer(NAMED)] * 2
    assert vote(history, RULES).decision is NAMED


@given(st.lists(answers, min_size=1, max_size=20))
def test_a_name_is_what_the_newest_frames_agree_on(history: list[Recognition]) -> None:
    result = vote(history, RULES)
    if result.decision is NAMED:
        newest = history[-RULES.agreeing :]
        assert {r.best.sku for r in newest if r.best} == {result.recognition.candidates[0].sku}
        assert all(r.decision is NAMED for r in newest)


@given(st.lists(answers, min_size=1, max_size=20))
def test_progress_grows_and_every_vote_settles(history: list[Recognition]) -> None:
    steps = [vote(history[: k + 1], RULES) for k in range(len(history))]
    for step in steps:
        assert 0 < step.progress <= 1
    undecided = [step.progress for step in steps if step.decision is None]
    assert undecided == sorted(undecided)
    if len(history) >= RULES.max_frames:
        assert steps[-1].settled
        assert steps[-1].decision is not None
