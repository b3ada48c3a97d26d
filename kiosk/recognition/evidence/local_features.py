"""Local features of a picture: where its details are, and what they look like.

SIFT (Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", IJCV 2004) compared as
RootSIFT (Arandjelovic and Zisserman, "Three things everyone should know to improve object
retrieval", CVPR 2012).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Image
from kiosk.errors import BugError

DETAILS_VERSION: Final = "sift-1"
"""Changes with everything that stored features depend on."""
SIDE: Final = 480  # pixels of the longer side; benchmarks/second_look.py
MOST: Final = 500  # features of a picture; benchmarks/second_look.py
THUMBNAIL_SIDE: Final = 96  # pixels of the longer side; chosen by eye
_CONTRAST: Final = 0.02  # half of SIFT's own: labels are often faint; chosen by eye
_EDGE: Final = 12.0  # SIFT's own is 10; chosen by eye
_DESCRIPTOR: Final = 128
_LEVELS: Final = 512.0  # of a descriptor's unit: its largest numbers are just below a half
_POINT_STEPS: Final = 64.0  # of a pixel
_SCALE_STEPS: Final = 24.0  # of an octave
_JPEG_QUALITY: Final = 85  # chosen by eye
_HEADER: Final = struct.Struct("<HHH")


@dataclass(frozen=True, eq=False)
class LocalFeatures:
    """The details of one picture, the strongest first.

    `points` is float32 (n, 2): x and y in pixels of the picture as it was searched, which is
    `width` x `height`, its longer side 480. `scales` (n,) are pixels, `angles` (n,) radians,
    `descriptors` uint8 (n, 128). `thumbnail` is the whole picture, RGB, longer side 96.
    """

    width: int
    height: int
    points: NDArray[np.float32]
    scales: NDArray[np.float32]
    angles: NDArray[np.float32]
    descriptors: NDArray[np.uint8]
    thumbnail: Image

    def __len__(self) -> int:
        return len(self.points)

    @cached_property
    def unit_descriptors(self) -> NDArray[np.float32]:
        """The descriptors as float32 (n, 128), rows of norm 1."""
        rows = self.descriptors.astype(np.float32)
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
        return rows

    def to_bytes(self) -> bytes:
        """Encode for storage: 134 bytes a feature and about 4,000 for the thumbnail."""
        import cv2

        points = np.rint(self.points * _POINT_STEPS).clip(0, 65535).astype("<u2")
        scales = np.rint(np.log2(self.scales) * _SCALE_STEPS).clip(0, 255).astype(np.uint8)
        turns = np.rint(self.angles / (2 * np.pi) * 256).astype(np.int64).astype(np.uint8)
        _, jpeg = cv2.imencode(
            ".jpg", self.thumbnail[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
        )
        head = _HEADER.pack(len(self), self.width, self.height)
        parts = (points, scales, turns, self.descriptors, jpeg)
        return head + b"".join(part.tobytes() for part in parts)

    @classmethod
    def from_bytes(cls, data: bytes) -> LocalFeatures:
        """Decode what `to_bytes` made.

        Raises:
            BugError: it is something else.
        """
        import cv2

        try:
            return cls._decoded(data)
        except (struct.error, ValueError, cv2.error) as error:
            raise BugError(f"{len(data)} bytes are no local features") from error

    @classmethod
    def _decoded(cls, data: bytes) -> LocalFeatures:
        import cv2

        count, width, height = _HEADER.unpack_from(data)
        at = _HEADER.size
        points = np.frombuffer(data, "<u2", 2 * count, at).reshape(count, 2)
        scales = np.frombuffer(data, np.uint8, count, at := at + 4 * count)
        turns = np.frombuffer(data, np.uint8, count, at := at + count)
        rows = np.frombuffer(data, np.uint8, _DESCRIPTOR * count, at := at + count)
        jpeg = np.frombuffer(data, np.uint8, -1, at + _DESCRIPTOR * count)
        thumbnail = cv2.imdecode(jpeg, cv2.IMREAD_COLOR_RGB)
        if thumbnail is None:
            raise ValueError("no thumbnail")
        return cls(
            width,
            height,
            points.astype(np.float32) / np.float32(_POINT_STEPS),
            np.exp2(scales.astype(np.float32) / np.float32(_SCALE_STEPS)),
            turns.astype(np.float32) * np.float32(2 * np.pi / 256),
            rows.reshape(count, _DESCRIPTOR),
            thumbnail.astype(np.uint8, copy=False),
        )


def extract_details(
    image: Image, mask: NDArray[np.bool_] | None = None, *, most: int = MOST
) -> LocalFeatures:
    """Find the details of an RGB picture (h, w, 3), in `mask` (any size) alone if it is given."""
    import cv2  # nowhere at the top: a service that looks at nothing closely never needs it

    small = _resized(image, SIDE)
    height, width = small.shape[:2]
    wanted = None
    if mask is not None:
        wanted = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    sift = cv2.SIFT.create(nfeatures=most, contrastThreshold=_CONTRAST, edgeThreshold=_EDGE)
    keypoints, found = sift.detectAndCompute(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), wanted)
    strongest = sorted(range(len(keypoints)), key=lambda i: -keypoints[i].response)[:most]
    chosen = [keypoints[i] for i in strongest]
    rows = np.zeros((0, _DESCRIPTOR), np.float32) if found is None else found[strongest]
    return LocalFeatures(
        width,
        height,
        np.array([point.pt for point in chosen], np.float32).reshape(-1, 2),
        np.array([point.size for point in chosen], np.float32),
        np.deg2rad(np.array([point.angle for point in chosen], np.float32)),
        _root(rows),
        _resized(small, THUMBNAIL_SIDE),
    )


def _root(found: NDArray[Any]) -> NDArray[np.uint8]:
    """Turn SIFT into RootSIFT, in bytes."""
    root = np.sqrt(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-6))
    rows: NDArray[np.uint8] = np.minimum(np.rint(root * _LEVELS), 255).astype(np.uint8)
    return rows


def _resized(image: Image, side: int) -> Image:
    """Resize to a longer side of `side` pixels."""
    import cv2

    height, width = image.shape[:2]
    factor = side / max(height, width)
    size = max(round(width * factor), 1), max(round(height * factor), 1)
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return cv2.resize(image, size, interpolation=how).astype(np.uint8, copy=False)


class DetailExtractor:
    """Makes what is stored of each photo: bytes of kind "details"."""

    kind: Final = "details"
    version: Final = DETAILS_VERSION

    def extract(self, image: Image) -> bytes:
        """Return the photo's `LocalFeatures` as bytes."""
        return extract_details(image).to_bytes()

    def close(self) -> None:
        """Do nothing: there is nothing to free."""
