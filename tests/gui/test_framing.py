from __future__ import annotations

from hypothesis import given, strategies as st

from kiosk.gui.app.composition import analysed_box, focus_box
from kiosk.gui.camera.framing import Rect, frame_to_item

SIDES = st.integers(60, 4000)


@given(SIDES, SIDES, st.floats(0.4, 3.0), SIDES)
def test_the_reticle_is_always_whole_inside_the_item(
    width: int, height: int, ratio: float, item_width: int
) -> None:
    item = (float(item_width), item_width * ratio)
    focus = focus_box(width, height)
    shown = frame_to_item((width, height), item, focus).place(focus)
    assert shown.x >= -0.01
    assert shown.y >= -0.01
    assert shown.x + shown.width <= item[0] + 0.01
    assert shown.y + shown.height <= item[1] + 0.01


@given(SIDES, SIDES)
def test_the_reticle_lies_within_what_is_analysed(width: int, height: int) -> None:
    focus, analysed = focus_box(width, height), analysed_box(width, height)
    assert analysed.x <= focus.x
    assert focus.x + focus.width <= analysed.x + analysed.width
    assert analysed.y <= focus.y
    assert focus.y + focus.height <= analysed.y + analysed.height


def test_a_wide_frame_covers_a_wide_window() -> None:
    framing = frame_to_item((1280, 720), (1280, 720), focus_box(1280, 720))
    assert framing.place(Rect(0, 0, 1280, 720)) == Rect(0, 0, 1280, 720)


def test_beside_the_card_the_reticle_moves_to_the_middle_of_what_is_left() -> None:
    focus = focus_box(1280, 720)
    free = Rect(0, 0, 828, 720)
    shown = frame_to_item((1280, 720), (856, 720), focus, free).place(focus)
    assert abs(shown.x + shown.width / 2 - 414) < 2


def test_what_lies_over_the_picture_does_not_lie_over_the_reticle() -> None:
    focus = focus_box(720, 1280)
    free = Rect(0, 78, 720, 574)
    shown = frame_to_item((720, 1280), (720, 680), focus, free).place(focus)
    assert shown.y >= 78
    assert shown.y + shown.height <= 652
