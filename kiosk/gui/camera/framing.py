"""Where a camera frame lies on an item of the screen. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in pixels; x and y of the upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Framing:
    """Frame pixel (u, v) lies at (x + u * scale, y + v * scale) of the item."""

    scale: float
    x: float
    y: float

    def place(self, box: Rect) -> Rect:
        """A box of the frame in the item's pixels."""
        return Rect(
            self.x + box.x * self.scale,
            self.y + box.y * self.scale,
            box.width * self.scale,
            box.height * self.scale,
        )


def frame_to_item(
    frame: tuple[float, float],
    item: tuple[float, float],
    focus: Rect,
    free: Rect | None = None,
    room: float = 1.05,
) -> Framing:
    """Cover the item with the frame, keeping the whole `focus` box in view and centred.

    `frame` and `item` are (width, height). `free` is the part of the item that nothing lies
    over, by default all of it: there the focus box belongs. `room` is how much larger than
    the focus box it must be. Where covering would cut the focus box, the frame is shown
    smaller and leaves bars instead.
    """
    free = free or Rect(0, 0, *item)
    cover = max(item[0] / frame[0], item[1] / frame[1])
    whole = min(free.width / (focus.width * room), free.height / (focus.height * room))
    scale = min(cover, whole)
    centre = ((focus.x + focus.width / 2) * scale, (focus.y + focus.height / 2) * scale)
    return Framing(
        scale,
        _offset(frame[0] * scale, item[0], free.x + free.width / 2 - centre[0]),
        _offset(frame[1] * scale, item[1], free.y + free.height / 2 - centre[1]),
    )


def _offset(size: float, room: float, wanted: float) -> float:
    """`wanted`, but so that no edge of the frame is seen that could be out of view."""
    low, high = min(0.0, room - size), max(0.0, room - size)
    return max(low, min(high, wanted))
