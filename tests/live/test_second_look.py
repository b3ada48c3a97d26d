"""Second looks: beside the frames, the newest only, and never about what has gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.domain import (
    Candidate,
    Decision,
    DetailMatch,
    Evidence,
    Image,
    Recognition,
    SightingState,
    Vectors,
    WordMatch,
)
from kiosk.live import BackgroundLooks, ImmediateLooks, LivePipeline
from kiosk.live.presentation import best_evidence
from kiosk.live.second_look import Look
from kiosk.vision.frame import Mask
from tests.live.stage import ColourRecogniser, Stage

FITS = Evidence(DetailMatch(inliers=50, coverage=0.6, query_coverage=0.6))
WAIT_S = 20.0


class CloseRecogniser(ColourRecogniser):
    """Is never sure of a colour until details say which product it is."""

    def __init__(self, says: Mapping[str, Evidence]) -> None:
        super().__init__()
        self.says = says
        self.seen: list[tuple[tuple[int, ...], Mask | None]] = []

    def needs_evidence(self, recognition: Recognition) -> bool:
        return recognition.decision is not Decision.NAMED

    def gather_evidence(
        self,
        image: Image,
        vectors: Vectors,  # noqa: ARG002
        weights: NDArray[np.float32] | None = None,  # noqa: ARG002
        *,
        mask: Mask | None = None,
    ) -> Mapping[str, Evidence]:
        self.seen.append((image.shape, mask))
        return self.says

    def recognise_with(
        self,
        vectors: Vectors,
        weights: NDArray[np.float32] | None,
        evidence: Mapping[str, Evidence],
    ) -> Recognition:
        glance = self.recognise(vectors, weights)
        first = [Candidate(sku, 0.9, 0.99, said) for sku, said in evidence.items()]
        rest = [each for each in glance.candidates if each.sku not in evidence]
        decision = Decision.NAMED if first else Decision.UNSURE
        return Recognition(decision, (*first, *rest))


class HeldBack:
    """Looks that end when the test says so."""

    def __init__(self) -> None:
        self.waiting: tuple[object, Look] | None = None
        self.requests = 0
        self._found: tuple[object, Mapping[str, Evidence]] | None = None

    def request(self, key: object, look: Look) -> None:
        self.requests += 1
        self.waiting = key, look

    def is_pending(self, key: object) -> bool:
        return self.waiting is not None and self.waiting[0] is key

    def collect(self, key: object) -> Mapping[str, Evidence] | None:
        found, self._found = self._found, None
        return found[1] if found is not None and found[0] is key else None

    def close(self) -> None:
        self.waiting = None

    def end(self) -> None:
        assert self.waiting is not None
        (key, look), self.waiting = self.waiting, None
        self._found = key, look()


def stage_of(recogniser: CloseRecogniser, looks: object) -> Stage:
    pipeline = LivePipeline(recogniser, every=2, closer=recogniser, looks=looks)  # type: ignore[arg-type]
    stage = Stage(pipeline)
    stage.play(30)
    return stage


def test_product_that_the_glance_is_not_sure_of_is_named_by_its_details() -> None:
    stage = stage_of(CloseRecogniser({"green": FITS}), ImmediateLooks())
    stage.play(30, "stranger")
    assert stage.states == ["idle", "looking", "matched"]
    assert stage.shown[-1].sku == "green"
    assert stage.shown[-1].candidates[0].evidence == FITS


def test_look_sees_the_product_alone() -> None:
    recogniser = CloseRecogniser({})
    stage_of(recogniser, ImmediateLooks()).play(20, "stranger")
    shape, mask = recogniser.seen[0]
    assert 200 < shape[0] == shape[1] < 330
    assert mask is not None
    assert mask.shape[0] == mask.shape[1]
    assert mask.mean() > 0.9


def test_nothing_is_refused_while_a_look_is_awaited() -> None:
    looks = HeldBack()
    stage = stage_of(CloseRecogniser({"green": FITS}), looks)
    stage.play(60, "stranger")
    assert stage.states == ["idle", "looking"]
    looks.end()
    stage.play(15, "stranger")
    assert stage.states == ["idle", "looking", "matched"]


def test_frames_are_encoded_while_a_look_is_awaited() -> None:
    recogniser = CloseRecogniser({})
    stage = stage_of(recogniser, HeldBack())
    stage.play(20, "stranger")
    before = recogniser.encoded
    stage.play(20, "stranger")
    assert recogniser.encoded > before


def test_look_that_finds_nothing_lets_the_refusal_stand() -> None:
    stage = stage_of(CloseRecogniser({}), ImmediateLooks())
    stage.play(60, "stranger")
    assert stage.shown[-1].state is SightingState.UNKNOWN


def test_few_looks_are_taken_at_one_thing() -> None:
    recogniser = CloseRecogniser({})
    stage_of(recogniser, ImmediateLooks()).play(90, "stranger")
    assert 1 <= len(recogniser.seen) <= 3


def test_what_was_found_of_a_thing_that_has_gone_names_nothing() -> None:
    looks = HeldBack()
    stage = stage_of(CloseRecogniser({"green": FITS}), looks)
    stage.play(10, "stranger")
    stage.play(40)
    looks.end()
    stage.play(30)
    assert stage.states == ["idle", "looking", "idle"]


@pytest.fixture
def background() -> Iterator[BackgroundLooks]:
    looks = BackgroundLooks()
    yield looks
    looks.close()


def test_newest_look_replaces_one_that_waits(background: BackgroundLooks) -> None:
    running, may_end, done = threading.Event(), threading.Event(), threading.Event()
    taken: list[str] = []

    def first() -> dict[str, Evidence]:
        running.set()
        may_end.wait(WAIT_S)
        return {}

    def look(name: str) -> Look:
        def take() -> dict[str, Evidence]:
            taken.append(name)
            done.set()
            return {name: FITS}

        return take

    background.request("a", first)
    assert running.wait(WAIT_S)
    background.request("b", look("old"))
    background.request("c", look("new"))
    assert background.is_pending("a")
    assert background.is_pending("c")
    assert not background.is_pending("b")
    may_end.set()
    assert done.wait(WAIT_S)
    background.close()
    assert taken == ["new"]
    assert background.collect("b") is None
    assert background.collect("c") == {"new": FITS}
    assert background.collect("c") is None


def test_look_that_fails_counts_as_one_that_found_nothing() -> None:
    faults: list[Exception] = []
    looks = BackgroundLooks(faults.append)

    def fail() -> dict[str, Evidence]:
        raise ValueError("no")

    looks.request("a", fail)
    while looks.is_pending("a"):
        pass
    looks.close()
    assert looks.collect("a") == {}
    assert [str(fault) for fault in faults] == ["no"]


def test_closed_looks_take_no_more(background: BackgroundLooks) -> None:
    background.close()
    background.request("a", dict)
    assert not background.is_pending("a")


def test_of_several_looks_each_cue_counts_where_it_fits_better() -> None:
    weak = Evidence(DetailMatch(inliers=3), WordMatch(similarity=0.5))
    strong = Evidence(DetailMatch(inliers=30), WordMatch(similarity=0.1))
    assert best_evidence(weak, strong) == Evidence(strong.details, weak.words)
    assert best_evidence(Evidence(), strong) == strong
