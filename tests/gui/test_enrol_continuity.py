"""Automatic capture stays with one product, and the pack proposes its name."""

from __future__ import annotations

import numpy as np
import pytest

from assets.screenshots.window_driver import WindowDriver
from kiosk.domain import Image
from kiosk.gui.app.session import StaffPage
from kiosk.gui.enrol.names import suggest_names, with_words
from kiosk.recognition.evidence import LabelText, Line
from kiosk.shop import Shop
from tests.gui.conftest import STOCK
from tests.gui.fingers import is_shown, labelled, named, tap, texts
from tests.labels import LATIN, pack

SODA = STOCK[0]
NEW, OTHER = "CARE-001", "HOME-001"


def hold(driver: WindowDriver, picture: Image, seconds: float = 2.0) -> None:
    """Hold something still before the camera for so long."""
    driver.frame(picture)
    for _ in range(round(seconds / 0.5)):
        driver.release_s += 0.5
        driver.view_models.enrol.glance()
        driver.settle()


def plain() -> Image:
    return np.full((720, 1280, 3), 120, np.uint8)


@pytest.fixture
def enrolling(driver: WindowDriver) -> WindowDriver:
    driver.staff(StaffPage.ENROL)
    return driver


def test_a_product_that_is_held_still_is_taken_unasked(enrolling: WindowDriver) -> None:
    hold(enrolling, enrolling.frames.held(NEW, 0.2))
    assert enrolling.view_models.enrol.view.draft.angles == ("front",)
    assert not is_shown(enrolling, "question")


def test_a_product_of_the_shop_is_not_taken_as_the_new_one_unasked(
    enrolling: WindowDriver, shop: Shop
) -> None:
    hold(enrolling, enrolling.frames.held(SODA))
    assert enrolling.view_models.enrol.view.pictures == 0
    assert is_shown(enrolling, "question")
    name = shop.catalog.product(SODA).name
    assert f"The shop has this already: {name}. Take the picture all the same?" in texts(enrolling)
    tap(enrolling, named(enrolling, "takeAnyway"))
    assert enrolling.view_models.enrol.view.draft.angles == ("front",)
    assert not is_shown(enrolling, "question")


def test_what_is_left_out_is_not_asked_about_again_until_it_has_gone(
    enrolling: WindowDriver,
) -> None:
    hold(enrolling, enrolling.frames.held(SODA))
    tap(enrolling, named(enrolling, "leaveOut"))
    hold(enrolling, enrolling.frames.held(SODA))
    assert not is_shown(enrolling, "question")
    assert enrolling.view_models.enrol.view.pictures == 0
    hold(enrolling, plain())
    hold(enrolling, enrolling.frames.held(NEW, 0.2))
    assert enrolling.view_models.enrol.view.draft.angles == ("front",)


def test_the_question_goes_with_the_thing(enrolling: WindowDriver) -> None:
    hold(enrolling, enrolling.frames.held(SODA))
    hold(enrolling, plain())
    assert not is_shown(enrolling, "question")


def test_another_thing_that_comes_after_the_product_left_is_asked_about(
    enrolling: WindowDriver,
) -> None:
    hold(enrolling, enrolling.frames.held(NEW, 0.2))
    hold(enrolling, plain())
    rng = np.random.default_rng(1)
    stripes = np.kron(rng.integers(0, 255, (9, 16, 3)), np.ones((80, 80, 1))).astype(np.uint8)
    hold(enrolling, stripes)
    assert is_shown(enrolling, "question")
    assert enrolling.view_models.enrol.view.pictures == 1


def test_the_same_product_after_it_left_is_taken_unasked(enrolling: WindowDriver) -> None:
    hold(enrolling, enrolling.frames.held(NEW, 0.2))
    hold(enrolling, plain())
    upside_down = enrolling.frames.held(NEW, 0.2)[::-1].copy()
    hold(enrolling, upside_down, seconds=4)
    assert enrolling.view_models.enrol.view.draft.angles == ("front", "back")


def test_words_on_the_pack_are_one_tap_from_the_name(enrolling: WindowDriver) -> None:
    label = pack(("Oat drink", LATIN), ("barista", LATIN), side=690)
    frame = np.full((720, 1280, 3), 120, np.uint8)
    frame[15:705, 295:985] = label
    enrolling.frame(frame)
    tap(enrolling, named(enrolling, "shutter"))
    assert set(enrolling.view_models.enrol.view.read_names) == {"Oat drink", "barista"}
    tap(enrolling, labelled(enrolling, "Oat drink"))
    tap(enrolling, labelled(enrolling, "barista"))
    assert enrolling.view_models.enrol.view.form.name == "Oat drink barista"
    assert enrolling.view_models.enrol.view.read_names == ()


def line(text: str, height: float, score: float = 0.95) -> Line:
    return Line(text, score, (0.1, 0.1, 0.8, height))


def test_the_largest_words_are_proposed_first_and_each_once() -> None:
    front = LabelText((line("康师傅", 0.1), line("茉莉花茶", 0.2), line("2026-11-25", 0.3)))
    back = LabelText((line("康师傅 ", 0.05), line("unsure", 0.4, 0.6), line("x" * 60, 0.4)))
    assert suggest_names([front, back]) == ("茉莉花茶", "康师傅")


def test_words_that_the_name_has_are_not_added_again() -> None:
    assert with_words("", "Oat drink") == "Oat drink"
    assert with_words("OAT drink ", "oat Drink") == "OAT drink "
    assert with_words("Oat", "barista") == "Oat barista"
