"""A photo as a kiosk's camera would see it: held, turned, lit, and compressed.

The ranges were chosen by eye; what such views are worth is measured in benchmarks/RESULTS.md.
"""

from __future__ import annotations

import zlib
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Image
from kiosk.vision.frame.geometry import Box
from kiosk.vision.frame.segmentation import Mask

Array = NDArray[np.float32]
CAMERA_SIDE: Final = 720  # pixels: the square that the kiosk cuts out of a 720p frame
_SCENE_CELLS: Final = 6  # of a scene's side: as coarse as a shop out of focus; chosen by eye
_PLAIN_SHARE: Final = 0.9  # of a picture's edge that has one colour in a studio; chosen by eye
_PLAIN_TOLERANCE: Final = 14  # of 255, from that colour; chosen by eye
_PRODUCT_SHARES: Final = (0.03, 0.97)  # of the picture that a product may cover; chosen by eye


def synthetic_view(photo: Image, number: int) -> Image:
    """Return a camera's view of an RGB photo, another for each `number`: (720, 720, 3).

    The same photo and number give the same view. What stands before a plain background is cut out.
    """
    rng = np.random.default_rng([zlib.crc32(np.ascontiguousarray(photo).tobytes()), number])
    scene, mask = _plain_shop(rng), cut_out(photo)
    if mask is None:
        return camera_view(rng, photo, scene)
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    box = Box(left, top, width, height)
    return camera_view(rng, box.crop(photo), scene, box.crop(mask))


def cut_out(photo: Image) -> Mask | None:
    """Mark the product (h, w) before a background of one colour; None where there is none."""
    edge = np.concatenate([photo[0], photo[-1], photo[:, 0], photo[:, -1]]).astype(np.int16)
    colour = np.median(edge, axis=0)
    if (np.abs(edge - colour).max(axis=1) <= _PLAIN_TOLERANCE).mean() < _PLAIN_SHARE:
        return None
    like = (np.abs(photo.astype(np.int16) - colour).max(axis=2) <= _PLAIN_TOLERANCE).astype(
        np.uint8
    )
    _, labels = cv2.connectedComponents(np.pad(like, 1, constant_values=1))
    product: Mask = labels[1:-1, 1:-1] != labels[0, 0]
    least, most = _PRODUCT_SHARES
    return product if least < product.mean() < most else None


def _plain_shop(rng: np.random.Generator) -> Image:
    """A shop out of focus (720, 720, 3): soft patches of subdued colours."""
    cells = rng.uniform(40, 190, (_SCENE_CELLS, _SCENE_CELLS, 1))
    tinted = np.clip(cells + rng.normal(0, 18, (_SCENE_CELLS, _SCENE_CELLS, 3)), 0, 255)
    size = CAMERA_SIDE, CAMERA_SIDE
    scene = cv2.resize(tinted.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    return np.clip(scene, 0, 255).astype(np.uint8)


def camera_view(
    rng: np.random.Generator, photo: Image, scene: Image, mask: Mask | None = None
) -> Image:
    """Show `photo` (RGB) before `scene`, at 62 to 100 % of its height: (720, 720, 3).

    Of the photo only `mask` (h, w) is held up, where it is given.
    """
    corners = _held(rng, photo.shape[1] / photo.shape[0])
    height, width = photo.shape[:2]
    from_photo = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(from_photo, corners)
    layer = cv2.warpPerspective(photo, warp, (CAMERA_SIDE, CAMERA_SIDE), flags=cv2.INTER_LINEAR)
    whole = np.full((height, width), 255, np.uint8)
    shown = whole if mask is None else whole * mask
    covered = cv2.warpPerspective(shown, warp, (CAMERA_SIDE, CAMERA_SIDE))
    alpha = cv2.GaussianBlur(covered, (0, 0), 2.5)[..., None].astype(np.float32) / 255
    return _exposed(rng, alpha * layer + (1 - alpha) * scene)


def _held(rng: np.random.Generator, proportions: float) -> Array:
    """Corners of the photo in the picture: sheared, turned, off the centre."""
    height = rng.uniform(0.62, 1.0) * CAMERA_SIDE
    width = proportions * height
    box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (width / 2, height / 2)
    shear = rng.normal(0, 0.08, 2)
    box[:, 0] *= 1 + shear[0] * box[:, 1] / height
    box[:, 1] *= 1 + shear[1] * box[:, 0] / width
    angle = rng.normal(0, 0.12)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    place = np.array([CAMERA_SIDE / 2 + rng.normal(0, 45), CAMERA_SIDE / 2 + rng.normal(0, 25)])
    corners: Array = (box @ turn + place).astype(np.float32)
    return corners


def _exposed(rng: np.random.Generator, picture: NDArray[np.floating]) -> Image:
    """Exposure, colour cast, sensor noise and one JPEG round trip."""
    gain = rng.uniform(0.7, 1.25) * rng.uniform(0.94, 1.06, 3)
    noise = rng.normal(0, 4, (CAMERA_SIDE // 2, CAMERA_SIDE // 2, 3)).astype(np.float32)
    noisy = np.clip(picture * gain + cv2.resize(noise, (CAMERA_SIDE, CAMERA_SIDE)), 0, 255).astype(
        np.uint8
    )
    _, jpeg = cv2.imencode(".jpg", noisy[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
    decoded = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.ascontiguousarray(decoded[..., ::-1], np.uint8)
