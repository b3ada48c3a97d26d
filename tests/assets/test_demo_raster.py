"""The z-buffer: what is nearer hides what is farther, and normals face the eye."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from assets.demo.raster import Patch, Pose, rasterise
from assets.demo.render import Body, draw_sprite
from assets.demo.shapes import disc, lathe, plane
from assets.demo.sheet import Sheet

ANGLES = st.floats(-180, 180)
SIZE = (120, 120)


def ball(radius: float = 0.4) -> list[Patch]:
    turn = np.linspace(0, np.pi, 40)
    profile = radius * np.column_stack([np.sin(turn), np.cos(turn)])
    return rasterise([lathe(profile, "skin", "fruit")], Pose(20, 30, 10), SIZE, 100)


def square(z: float, half: float) -> list[tuple[float, float, float]]:
    return [(-half, half, z), (half, half, z), (half, -half, z), (-half, -half, z)]


@given(ANGLES, ANGLES, ANGLES)
def test_a_pose_turns_without_stretching(yaw: float, pitch: float, roll: float) -> None:
    matrix = Pose(yaw, pitch, roll).matrix()
    assert np.allclose(matrix @ matrix.T, np.eye(3), atol=1e-5)
    assert np.linalg.det(matrix) == pytest.approx(1, abs=1e-4)


def test_a_ball_is_round_and_faces_the_eye() -> None:
    (patch,) = ball()
    rows, columns = np.divmod(patch.places, SIZE[0])
    far = np.hypot(rows - 59.5, columns - 59.5)
    assert far.max() < 0.4 * 100 * 1.05
    assert len(patch.places) == pytest.approx(np.pi * 40**2, rel=0.06)
    assert patch.normals[:, 2].min() > -0.15
    middle = patch.normals[far < 4]
    assert middle[:, 2].min() > 0.97


def test_the_nearer_square_hides_the_farther_whatever_their_order() -> None:
    near = plane(square(0.2, 0.2), "near", "card", inside=(0, 0, -1))
    far = plane(square(-0.2, 0.4), "far", "card", inside=(0, 0, -1))
    for surfaces, front in (([near, far], 0), ([far, near], 1)):
        patches = {
            p.surface: set(p.places.tolist()) for p in rasterise(surfaces, Pose(), SIZE, 100)
        }
        assert 60 * SIZE[0] + 60 in patches[front]
        assert not patches[0] & patches[1]
        assert 60 * SIZE[0] + 88 in patches[1 - front]


def test_what_faces_away_is_not_drawn() -> None:
    wall = plane(square(0.0, 0.3), "wall", "card", inside=(0, 0, 1))
    assert rasterise([wall], Pose(), SIZE, 100) == []


def test_a_lid_shows_from_above_and_not_from_below() -> None:
    lid = disc(0.3, 0.4, "lid", "metal")
    assert rasterise([lid], Pose(pitch=40), SIZE, 100)
    assert rasterise([lid], Pose(pitch=-40), SIZE, 100) == []


def test_what_lies_outside_the_picture_is_cut_off() -> None:
    wall = plane(square(0.0, 3.0), "wall", "card", inside=(0, 0, -1))
    (patch,) = rasterise([wall], Pose(), SIZE, 100)
    assert sorted(patch.places.tolist()) == list(range(SIZE[0] * SIZE[1]))


def test_a_texture_reads_the_right_way_round() -> None:
    sheet = Sheet(80, 80, "#FF0000")
    sheet.rect([40, 0, 80, 80], "#0000FF")
    sheet.rect([0, 40, 80, 80], "#00FF00")
    wall = plane(square(0.0, 0.4), "wall", "card", inside=(0, 0, -1))
    sprite = draw_sprite(Body([wall], {"wall": sheet.finished()}), Pose(), height_px=100)
    middle = sprite.shape[0] // 2
    top_left, top_right = sprite[middle - 20, middle - 20], sprite[middle - 20, middle + 20]
    below = sprite[middle + 20, middle - 20]
    assert top_left[:3].argmax() == 0
    assert top_right[:3].argmax() == 2
    assert below[:3].argmax() == 1
    assert sprite[0, 0, 3] == 0


def test_drawing_twice_gives_the_same_bytes() -> None:
    first, second = ball(), ball()
    assert np.array_equal(first[0].places, second[0].places)
    assert np.array_equal(first[0].uv, second[0].uv)
