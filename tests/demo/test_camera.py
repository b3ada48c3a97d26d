"""The demo camera: the same film for one seed, and a truth that fits its frames."""

from __future__ import annotations

import threading

import cv2
import numpy as np
import pytest

from kiosk.camera import Frame
from kiosk.demo import FRAMES_PER_S, DemoCamera, Show, demo_products, strangers
from kiosk.demo.motion import Phase, placement
from kiosk.vision.frame import reticle_box


def film(camera: DemoCamera) -> list[Frame]:
    frames = []
    camera.open()
    while (frame := camera.read()) is not None:
        frames.append(frame)
    camera.close()
    return frames


@pytest.fixture(scope="module")
def one_show() -> tuple[Show, list[Frame]]:
    camera = DemoCamera(seed=4, shows=1)
    return camera.schedule()[0], film(camera)


def in_reticle(frame: Frame) -> np.ndarray:
    height, width = frame.image.shape[:2]
    return reticle_box(width, height).crop(frame.image).astype(np.int16)


def test_frames_are_what_a_camera_gives(one_show: tuple[Show, list[Frame]]) -> None:
    show, frames = one_show
    assert [frame.index for frame in frames] == list(range(show.last + 1))
    assert frames[0].image.shape == (720, 1280, 3)
    assert frames[0].image.dtype == np.uint8
    assert frames[FRAMES_PER_S].t_ms == 1000


def test_the_scene_is_empty_before_and_after(one_show: tuple[Show, list[Frame]]) -> None:
    show, frames = one_show
    before, after = in_reticle(frames[show.entering - 1]), in_reticle(frames[show.gone])
    held = in_reticle(frames[show.held + 10])
    noise = float(np.abs(before - after).mean())
    assert noise < 4
    assert np.abs(held - before).mean() > 3 * noise


def test_movement_blurs_and_holding_does_not(one_show: tuple[Show, list[Frame]]) -> None:
    show, frames = one_show

    def edges(index: int) -> float:
        return float(cv2.Laplacian(frames[index].image, cv2.CV_32F).var())

    assert edges(show.held + 4) > 1.5 * edges(show.held - 7)


def test_a_held_product_trembles_and_turns(one_show: tuple[Show, list[Frame]]) -> None:
    show, frames = one_show
    still = in_reticle(frames[show.held + 4])
    soon, later = in_reticle(frames[show.held + 7]), in_reticle(frames[show.leaving - 1])
    assert 0.5 < np.abs(still - soon).mean() < np.abs(still - later).mean()


def test_the_same_seed_gives_the_same_film() -> None:
    def some(seed: int) -> list[bytes]:
        camera = DemoCamera(width=320, height=180, seed=seed, shows=1)
        return [frame.image.tobytes() for frame in film(camera)[::15]]

    first = some(4)
    assert first == some(4)
    assert first != some(5)


def test_opening_again_begins_again() -> None:
    camera = DemoCamera(width=320, height=180, seed=1, shows=1)
    camera.open()
    first = camera.read()
    camera.read()
    camera.open()
    again = camera.read()
    camera.close()
    assert first is not None
    assert again is not None
    assert again.index == 0
    assert np.array_equal(first.image, again.image)


def test_a_portrait_camera_shows_the_product_in_the_portrait_reticle() -> None:
    camera = DemoCamera(width=360, height=640, seed=4, shows=1)
    show, frames = camera.schedule()[0], film(camera)
    assert frames[0].image.shape == (640, 360, 3)
    middle = reticle_box(360, 640).shrunk(0.3)
    empty = middle.crop(frames[0].image).astype(np.int16)
    held = middle.crop(frames[show.held + 10].image).astype(np.int16)
    assert np.abs(held - empty).mean() > 25


def test_closing_ends_a_read_that_waits() -> None:
    camera = DemoCamera(width=320, height=180, seed=2)
    camera.open()
    ended = threading.Event()

    def watch() -> None:
        while camera.read() is not None:
            pass
        ended.set()

    reader = threading.Thread(target=watch)
    reader.start()
    camera.close()
    reader.join(timeout=60)
    assert ended.is_set()
    assert camera.read() is None


def test_the_schedule_has_no_gaps_and_its_phases_follow_each_other() -> None:
    shows = DemoCamera(seed=7).schedule(60)
    for before, show in zip([None, *shows], shows, strict=False):
        assert show.first == (before.last + 1 if before else 0)
        assert show.first < show.entering < show.held < show.leaving < show.gone <= show.last
        phases = [show.phase(k) for k in range(show.first, show.last + 1)]
        order = [p for p, q in zip(phases, [None, *phases], strict=False) if p is not q]
        assert order == [Phase.EMPTY, Phase.ENTERING, Phase.HELD, Phase.LEAVING, Phase.EMPTY]


def test_truth_finds_the_show_of_a_frame() -> None:
    camera = DemoCamera(seed=7)
    third = camera.schedule(3)[2]
    assert camera.truth(third.held) == third
    assert camera.truth(third.first - 1).number == 1


def test_a_round_shows_every_product_and_all_that_is_not_in_stock() -> None:
    camera = DemoCamera(seed=3)
    shows = camera.schedule(camera.round_shows)
    sold = [show.sku for show in shows if show.stocked]
    assert sorted(sold) == sorted(product.sku for product in demo_products())
    assert {show.sku for show in shows if not show.stocked} == set(strangers())


def test_within_twenty_seconds_something_unknown_is_shown() -> None:
    shows = DemoCamera(seed=0).schedule(6)
    assert any(not s.stocked and s.held + 30 < 20 * FRAMES_PER_S for s in shows)


def test_the_hand_is_nowhere_while_the_scene_is_empty() -> None:
    show = DemoCamera(seed=0).schedule(3)[2]
    for frame in range(show.first, show.last + 1):
        assert (placement(show, frame) is None) == (show.phase(frame) is Phase.EMPTY)
