"""A photo as a kiosk's camera would see it: held, turned, lit and compressed."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Image

SIDE = 720  # pixels: the square that the kiosk cuts out of a 720p frame
Array = NDArray[np.float32]


def scene_behind(rng: np.random.Generator, photos: Sequence[Image]) -> Image:
    """A defocused shop (720, 720, 3) made of random photos."""
    tiles = [cv2.resize(photos[int(rng.integers(len(photos)))], (240, 240)) for _ in range(6)]
    sheet = cv2.resize(np.vstack([np.hstack(tiles[:3]), np.hstack(tiles[3:])]), (SIDE, SIDE))
    scene: Image = (0.55 * cv2.GaussianBlur(sheet, (0, 0), 45) + 40).astype(np.uint8)
    return scene


def camera_view(rng: np.random.Generator, photo: Image, scene: Image) -> Image:
    """`photo` (RGB) before `scene`, 62 to 100 % of its height, as JPEG gives it: (720, 720, 3)."""
    corners = _held(rng, photo.shape[1] / photo.shape[0])
    height, width = photo.shape[:2]
    from_photo = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(from_photo, corners)
    layer = cv2.warpPerspective(photo, warp, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), warp, (SIDE, SIDE))
    alpha = cv2.GaussianBlur(mask, (0, 0), 2.5)[..., None].astype(np.float32) / 255
    return _exposed(rng, alpha * layer + (1 - alpha) * scene)


def _held(rng: np.random.Generator, proportions: float) -> Array:
    """Corners of the photo in the picture: sheared, turned, off the centre."""
    height = rng.uniform(0.62, 1.0) * SIDE
    width = proportions * height
    box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (width / 2, height / 2)
    shear = rng.normal(0, 0.08, 2)
    box[:, 0] *= 1 + shear[0] * box[:, 1] / height
    box[:, 1] *= 1 + shear[1] * box[:, 0] / width
    angle = rng.normal(0, 0.12)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    place = np.array([SIDE / 2 + rng.normal(0, 45), SIDE / 2 + rng.normal(0, 25)])
    corners: Array = (box @ turn + place).astype(np.float32)
    return corners


def _exposed(rng: np.random.Generator, picture: NDArray[np.floating]) -> Image:
    """Exposure, colour cast, sensor noise and one JPEG round trip."""
    gain = rng.uniform(0.7, 1.25) * rng.uniform(0.94, 1.06, 3)
    noise = rng.normal(0, 4, (SIDE // 2, SIDE // 2, 3)).astype(np.float32)
    noisy = np.clip(picture * gain + cv2.resize(noise, (SIDE, SIDE)), 0, 255).astype(np.uint8)
    _, jpeg = cv2.imencode(".jpg", noisy[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
    decoded = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.ascontiguousarray(decoded[..., ::-1], np.uint8)
