"""What the customer sees, from a stage with real pictures and a recogniser by colour."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.camera import Frame
from kiosk.domain import Decision, SightingState
from kiosk.live import LivePipeline
from kiosk.live.timeouts import Timeouts
from tests.live.stage import FPS, ColourRecogniser, Stage, product


@pytest.fixture
def recogniser() -> ColourRecogniser:
    return ColourRecogniser()


@pytest.fixture
def stage(recogniser: ColourRecogniser) -> Stage:
    stage = Stage(LivePipeline(recogniser, every=2))
    stage.play(30)
    return stage


def ms(frames: int) -> float:
    return frames * 1000 / FPS


def test_an_empty_scene_is_idle_and_costs_no_encode(
    stage: Stage, recogniser: ColourRecogniser
) -> None:
    stage.play(90)
    assert stage.states == ["idle"]
    assert recogniser.encoded == 0


def test_a_held_product_is_named_within_450_ms(stage: Stage) -> None:
    held = stage.index
    stage.play(30, "red")
    assert stage.states == ["idle", "looking", "matched"]
    assert stage.shown[-1].sku == "red"
    assert stage.shown[-1].candidates[0].sku == "red"
    assert ms(stage.shown[-1].frame - held) <= 450


@pytest.mark.parametrize(
    ("name", "before", "after", "sku"), [("red", 15, 150, "red"), ("stranger", 40, 60, None)]
)
def test_an_answered_product_is_not_encoded_again_while_it_is_held(
    stage: Stage, recogniser: ColourRecogniser, name: str, before: int, after: int, sku: str | None
) -> None:
    stage.play(before, name)
    encoded = recogniser.encoded
    stage.play(after, name)
    assert recogniser.encoded == encoded <= 10
    assert stage.names[-1] == sku


def test_a_name_is_taken_down_soon_after_the_product_has_gone(stage: Stage) -> None:
    stage.play(30, "red")
    gone = stage.index
    stage.play(30)
    assert stage.states[-1] == "idle"
    assert ms(stage.shown[-1].frame - gone) <= 600


def test_another_product_directly_after_the_first_gets_its_own_name(stage: Stage) -> None:
    stage.play(30, "red")
    swapped = stage.index
    stage.play(30, "blue")
    assert [name for name in stage.names if name] == ["red", "blue"]
    assert ms(stage.shown[-1].frame - swapped) <= 600


def test_a_stranger_directly_after_a_product_takes_the_name_down(stage: Stage) -> None:
    stage.play(30, "red")
    swapped = stage.index
    stage.play(30, "stranger")
    cleared = next(s for s in stage.shown if s.frame >= swapped and s.sku is None)
    assert ms(cleared.frame - swapped) <= 600
    assert stage.states[-1] == "unknown"


def test_a_product_not_in_the_catalogue_is_unknown_with_a_picklist(stage: Stage) -> None:
    stage.play(60, "stranger")
    last = stage.shown[-1]
    assert last.state is SightingState.UNKNOWN
    assert last.sku is None
    assert last.decision is Decision.UNKNOWN
    assert len(last.candidates) == 3


def test_a_product_sliding_in_is_not_judged_before_it_is_held(
    stage: Stage, recogniser: ColourRecogniser
) -> None:
    stage.play(16, "red", speed=20)
    assert recogniser.encoded <= 1
    stage.play(20, "red")
    assert stage.names[-1] == "red"


def test_a_product_held_when_the_kiosk_starts_is_named(recogniser: ColourRecogniser) -> None:
    stage = Stage(LivePipeline(recogniser, every=2))
    stage.play(30, "green")
    assert stage.names[-1] == "green"
    stage.play(30)
    assert stage.states[-1] == "idle"
    stage.play(30, "blue")
    assert stage.names[-1] == "blue"


def test_a_stranger_held_when_the_kiosk_starts_does_no_lasting_harm(
    recogniser: ColourRecogniser,
) -> None:
    stage = Stage(LivePipeline(recogniser, every=2))
    stage.play(30, "stranger")
    stage.play(60)
    assert stage.states[-1] == "idle"
    stage.play(30, "blue")
    assert stage.names[-1] == "blue"


def test_changed_light_is_not_taken_for_a_product(stage: Stage) -> None:
    stage.light = 0.7
    stage.play(60)
    stage.light = 1.25
    stage.play(60)
    assert stage.states == ["idle"]


def test_changed_light_does_not_take_a_name_down(stage: Stage) -> None:
    stage.play(30, "red")
    stage.light = 0.75
    stage.play(60, "red")
    assert stage.names[-1] == "red"
    assert stage.names.count("red") == 1


def test_a_thing_that_nobody_holds_becomes_scenery(recogniser: ColourRecogniser) -> None:
    timeouts = Timeouts(absorb_ms=2000)
    stage = Stage(LivePipeline(recogniser, every=2, timeouts=timeouts), noise=0)
    stage.play(30)
    stage.play(120, "stranger", tremor=0)
    assert stage.states[-2:] == ["unknown", "idle"]
    stage.play(30)  # taken away again: the bare scene, if anything, is unknown for a while
    stage.play(120, tremor=0)
    assert stage.states[-1] == "idle"
    stage.play(30, "red")
    assert stage.names[-1] == "red"


def test_a_product_enrolled_while_it_is_held_is_named(
    stage: Stage, recogniser: ColourRecogniser
) -> None:
    stage.play(60, "stranger")
    recogniser.stocked = (*recogniser.stocked, "stranger")
    stage.pipeline.look_again()
    stage.play(30, "stranger")
    assert stage.names[-1] == "stranger"


def test_a_lost_camera_takes_the_name_down(stage: Stage) -> None:
    stage.play(30, "red")
    last = Frame(np.zeros((2, 2, 3), np.uint8), stage.index, 3000)
    sighting = stage.pipeline.lost(last)
    assert sighting is not None
    assert sighting.state is SightingState.IDLE
    assert stage.pipeline.lost(last) is None


def test_after_resting_the_held_product_is_named_again(stage: Stage) -> None:
    stage.play(30, "red")
    sighting = stage.pipeline.rest(Frame(np.zeros((2, 2, 3), np.uint8), stage.index, 3000))
    assert sighting is not None
    assert sighting.sku is None
    stage.play(30, "red")
    assert stage.names[-1] == "red"


def test_the_same_frames_give_the_same_sightings() -> None:
    def run() -> list[object]:
        stage = Stage(LivePipeline(ColourRecogniser(), every=3))
        for name in ("", "red", "blue", "", "stranger"):
            stage.play(25, name)
        return [(s.frame, s.state, s.sku, s.confidence, s.progress) for s in stage.shown]

    assert run() == run()


def test_it_works_in_portrait(recogniser: ColourRecogniser) -> None:
    stage = Stage(LivePipeline(recogniser, every=2), width=360, height=640)
    stage.play(30)
    stage.play(30, "green")
    assert stage.names[-1] == "green"


def test_a_camera_that_changes_its_picture_size_starts_afresh(stage: Stage) -> None:
    stage.play(30, "red")
    stage.width, stage.height = 480, 480
    stage.play(60)
    assert stage.states[-1] == "idle"
    stage.play(30, "blue")
    assert stage.names[-1] == "blue"


def test_the_products_view_is_cut_tighter_than_the_reticle(stage: Stage) -> None:
    stage.play(30, "red")
    image = stage.draw("red", np.zeros(2), np.random.default_rng(0))
    view = stage.pipeline.product_view(image)
    side = product("red").shape[0]
    assert 0.7 * side <= min(view.shape[:2]) <= max(view.shape[:2]) <= 1.1 * side


def test_the_empty_view_is_known_once_the_scene_was_empty(stage: Stage) -> None:
    held = stage.draw("red", np.zeros(2), np.random.default_rng(0))
    empty = stage.pipeline.empty_view(held)
    assert empty is not None
    assert empty.shape[0] == empty.shape[1]
    assert LivePipeline(ColourRecogniser()).empty_view(held) is None


def test_the_empty_view_is_in_the_light_of_the_picture(stage: Stage) -> None:
    rng = np.random.default_rng(0)
    bright = stage.pipeline.empty_view(stage.draw("", np.zeros(2), rng))
    stage.light = 0.6
    dark = stage.pipeline.empty_view(stage.draw("", np.zeros(2), rng))
    assert bright is not None
    assert dark is not None
    assert dark.mean() == pytest.approx(0.6 * bright.mean(), rel=0.05)
