"""A barcode in view names its product, whatever the picture says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kiosk.domain import Decision, Image, Price, Scan, SightingState
from kiosk.live import LivePipeline
from tests.codes import Format, held_up, printed
from tests.live.stage import COLOURS, FPS, ColourRecogniser, Stage

GREEN, FOREIGN, OWN = "4006381333931", "4710088412348", "2123456005998"
SHELF = "SHELF-42"


class Codes:
    """Says what a few codes stand for, and counts how often it is asked."""

    def __init__(self, uncoded: tuple[str, ...] = ()) -> None:
        self.asked: list[str] = []
        self.uncoded = uncoded
        self.answers = {
            GREEN: Scan(GREEN, "green"),
            SHELF: Scan(SHELF, "green"),
            FOREIGN: Scan(FOREIGN),
            OWN: Scan(OWN, "green", Price(599, "EUR")),
        }

    def find_code(self, text: str) -> Scan | None:
        self.asked.append(text)
        return self.answers.get(text)

    def has_barcode(self, sku: str) -> bool:
        return sku not in self.uncoded


@pytest.fixture
def codes() -> Codes:
    return Codes()


def stage_with(codes: Codes, width: int = 1280, height: int = 720) -> Stage:
    pipeline = LivePipeline(ColourRecogniser(), every=2, codes=codes)
    stage = Stage(pipeline, width=width, height=height)
    stage.play(12)
    return stage


@pytest.fixture
def stage(codes: Codes) -> Stage:
    return stage_with(codes)


def labelled(
    text: str, kind: Format = Format.EAN13, angle: float = 12, name: str = "red"
) -> Callable[[Stage], Image]:
    """Draws `name` with a code on it, unlike any frame before in its noise."""
    label = printed(text, kind, 230)

    def draw(stage: Stage) -> Image:
        rng = np.random.default_rng(stage.index)
        return held_up(stage.draw(name, rng.normal(0, 1, 2), rng), label, angle=angle)

    return draw


def play(stage: Stage, frames: int, draw: Callable[[Stage], Image]) -> None:
    for _ in range(frames):
        stage.feed(draw(stage))


def ms(frames: int) -> float:
    return frames * 1000 / FPS


@pytest.mark.parametrize("angle", [0, 12, 25, 35, 45, -45, 90])
@pytest.mark.parametrize(
    ("text", "kind"), [(GREEN, Format.EAN13), (GREEN, Format.QRCode), (SHELF, Format.DataMatrix)]
)
def test_a_code_names_its_product_within_300_ms_however_it_is_held(
    stage: Stage, text: str, kind: Format, angle: float
) -> None:
    held = stage.index
    play(stage, 10, labelled(text, kind, angle))
    last = stage.shown[-1]
    assert (last.state, last.sku) == (SightingState.MATCHED, "green")
    assert last.scan is not None
    assert last.scan.code == text
    assert ms(last.frame - held) <= 300


def test_a_code_outweighs_what_the_picture_says(stage: Stage) -> None:
    stage.play(20, "red")
    assert stage.names[-1] == "red"
    play(stage, 8, labelled(GREEN))
    assert stage.names[-1] == "green"
    play(stage, 20, labelled(GREEN))
    assert stage.names[-1] == "green"


def test_a_code_that_is_hidden_for_a_moment_stays(stage: Stage) -> None:
    play(stage, 8, labelled(GREEN))
    shown = len(stage.shown)
    stage.play(8, "red")
    play(stage, 8, labelled(GREEN))
    assert len(stage.shown) == shown


def test_the_answer_goes_when_code_and_product_go(stage: Stage) -> None:
    play(stage, 15, labelled(GREEN))
    gone = stage.index
    stage.play(25)
    assert stage.states[-1] == "idle"
    assert ms(stage.shown[-1].frame - gone) <= 600


def test_another_product_after_a_scanned_one_gets_its_own_name(stage: Stage) -> None:
    play(stage, 15, labelled(GREEN, name="green"))
    stage.play(45, "blue")
    assert stage.names[-1] == "blue"
    assert stage.shown[-1].scan is None


def test_a_scanned_product_that_turns_its_label_away_stays_scanned(stage: Stage) -> None:
    play(stage, 15, labelled(GREEN, name="green"))
    stage.play(45, "green")
    assert stage.names[-1] == "green"
    assert stage.shown[-1].scan == Scan(GREEN, "green")


def test_a_code_that_is_not_in_the_catalogue_says_so_with_its_number(stage: Stage) -> None:
    held = stage.index
    play(stage, 30, labelled(FOREIGN))
    last = stage.shown[-1]
    assert (last.state, last.decision, last.sku) == (
        SightingState.UNKNOWN, Decision.UNKNOWN, None,
    )  # fmt: skip
    assert last.scan == Scan(FOREIGN)
    assert ms(last.frame - held) <= 400
    stage.play(25)
    assert stage.states[-1] == "idle"


def test_a_product_without_a_barcode_is_still_known_by_its_picture() -> None:
    stage = stage_with(Codes(uncoded=("red",)))
    label = printed(FOREIGN, Format.EAN13, 226)

    def draw(stage: Stage) -> Image:
        rng = np.random.default_rng(stage.index)
        scene = stage.draw("red", rng.normal(0, 1, 2), rng)
        corner = label.shape
        y, x = 10, 10
        scene[y : y + corner[0], x : x + corner[1]] = label
        return scene

    play(stage, 30, draw)
    assert stage.names[-1] == "red"


def test_what_is_no_products_code_is_left_to_the_picture(stage: Stage) -> None:
    label = labelled("https://example.com/win", Format.QRCode, name="")
    play(stage, 20, label)
    assert all(sighting.scan is None for sighting in stage.shown)


def test_a_code_without_a_check_counts_from_its_second_reading(codes: Codes) -> None:
    stage = stage_with(codes)
    once = labelled(SHELF, Format.Code128, angle=0)
    play(stage, 3, once)
    assert all(sighting.scan is None for sighting in stage.shown)
    play(stage, 5, once)
    assert stage.shown[-1].scan == Scan(SHELF, "green")


def test_the_catalogue_is_asked_once_for_a_code_until_it_changes(
    stage: Stage, codes: Codes
) -> None:
    play(stage, 30, labelled(GREEN))
    assert codes.asked == [GREEN]
    codes.answers[GREEN] = Scan(GREEN, "blue")
    stage.pipeline.look_again()
    play(stage, 8, labelled(GREEN))
    assert codes.asked == [GREEN, GREEN]
    assert stage.names[-1] == "blue"


def test_a_price_in_the_code_comes_with_the_sighting(stage: Stage) -> None:
    play(stage, 10, labelled(OWN))
    assert stage.shown[-1].scan == Scan(OWN, "green", Price(599, "EUR"))


def test_without_a_code_nothing_is_scanned(stage: Stage, codes: Codes) -> None:
    for name in ("", *COLOURS):
        stage.play(12, name)
    assert codes.asked == []


def still(text: str, x: int = 100) -> Callable[[Stage], Image]:
    """The empty shop with a poster in it, which has a code."""
    label = printed(text, Format.EAN13, 230)

    def draw(stage: Stage) -> Image:
        rng = np.random.default_rng(stage.index)
        scene = stage.draw("", np.zeros(2), rng)
        scene[60 : 60 + label.shape[0], x : x + label.shape[1]] = label
        return scene

    return draw


def skip(stage: Stage, seconds: float, draw: Callable[[Stage], Image]) -> None:
    """Show a scene for that long, one frame in twelve of it: the rest are lost on the way."""
    for _ in range(round(seconds * FPS / 12)):
        stage.feed(draw(stage))
        stage.index += 11


def test_a_code_that_stands_still_keeps_its_card_only_for_a_while(codes: Codes) -> None:
    stage = stage_with(codes)
    skip(stage, 10, still(GREEN))
    assert stage.states[-1] == "matched"
    skip(stage, 20, still(GREEN))
    assert stage.states[-1] == "idle"


def test_a_product_before_a_poster_with_a_code_is_named_itself(codes: Codes) -> None:
    stage = stage_with(codes)
    skip(stage, 30, still(GREEN, x=40))
    poster = still(GREEN, x=40)

    def before_poster(stage: Stage) -> Image:
        scene = poster(stage)
        rng = np.random.default_rng(stage.index)
        shown = stage.draw("blue", rng.normal(0, 1, 2), rng)
        scene[:, 500:800] = shown[:, 500:800]
        return scene

    play(stage, 45, before_poster)
    assert stage.names[-1] == "blue"
    assert stage.shown[-1].scan is None


def test_a_code_that_moves_again_counts_again(codes: Codes) -> None:
    stage = stage_with(codes)
    skip(stage, 30, still(GREEN))
    play(stage, 12, still(GREEN, x=400))
    assert stage.names[-1] == "green"


def test_a_pack_that_is_left_with_its_code_hidden_loses_its_card(codes: Codes) -> None:
    stage = stage_with(codes)
    play(stage, 15, labelled(GREEN, name="green"))
    assert stage.names[-1] == "green"
    stage.play(300, "green", tremor=0.0)
    assert stage.states[-1] == "idle"
