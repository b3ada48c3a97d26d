"""The text on a pack, read by an OCR library that brings its networks with it."""

from __future__ import annotations

import importlib.util
import json
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from kiosk.domain import Image
from kiosk.errors import ModelError
from kiosk.extensions import extension_names, load_extension
from kiosk.inference import session_options

if TYPE_CHECKING:
    import onnxruntime as ort

SIDE = (
    640  # pixels of the longer side; 960 found words on 2 of 14 more snack packs, at a higher cost
)
THREADS = 2  # leaves cores to camera and screen; chosen by eye
LEAST_SCORE = 0.5  # below it a line is more often wrong than right; the library's default
_NETWORKS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. `score` is how sure the reader is, 0 to 1.

    `box` is left, top, width and height of the line as shares of the picture's sides.
    """

    text: str
    score: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class LabelText:
    """The lines in a picture, from top to bottom."""

    lines: tuple[Line, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the lines as UTF-8 JSON; `of_bytes` reads it."""
        rows = [
            [line.text, round(line.score, 2), *(round(share, 3) for share in line.box)]
            for line in self.lines
        ]
        return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def of_bytes(cls, data: bytes) -> LabelText:
        """Return the lines that `to_bytes` wrote."""
        rows = json.loads(data)
        return cls(tuple(Line(text, score, (*box,)) for text, score, *box in rows))


class LabelReader(Protocol):
    """Reads the text in a picture. Any thread may call it."""

    @property
    def version(self) -> str:
        """Identify library, networks and size: texts of other versions are read anew."""
        ...

    def read(self, image: Image) -> LabelText:
        """Return the lines of text in an RGB picture."""
        ...

    def close(self) -> None:
        """Free what reading needs; the next picture loads it again."""
        ...


def can_read_labels() -> bool:
    """Whether a package that reads labels is installed: an extension, or the extra `labels`."""
    return bool(extension_names("label_readers")) or _has_rapidocr()


def open_label_reader(threads: int = THREADS) -> LabelReader:
    """Return the first label reader that an installed package brings, else RapidOCR.

    `threads` is for RapidOCR; an extension chooses its own. Nothing is loaded yet.
    """
    for name in extension_names("label_readers"):
        reader: LabelReader = load_extension("label_readers", name)()
        return reader
    return RapidLabelReader(threads)


def _has_rapidocr() -> bool:
    return importlib.util.find_spec("rapidocr") is not None


class RapidLabelReader:
    """Reads Latin and Chinese letters with RapidOCR, one picture at a time.

    The networks, which lie in the library's wheel, are loaded at the first picture.
    """

    version = f"rapidocr-ppocrv6-small-{SIDE}"

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = threads
        self._lock = threading.Lock()

    def read(self, image: Image) -> LabelText:
        """See `LabelReader.read`.

        Raises:
            ModelError: the library is not installed, or lacks its networks.
        """
        small = _reduced(image)
        height, width = small.shape[:2]
        with self._lock:
            found = self._engine(np.ascontiguousarray(small[..., ::-1]))
        if found.boxes is None:
            return LabelText()
        return LabelText(
            tuple(
                Line(text, float(score), _share(box, width, height))
                for text, score, box in zip(found.txts, found.scores, found.boxes, strict=True)
            )
        )

    def close(self) -> None:
        """Free the networks' memory; the next picture loads them again."""
        with self._lock:
            self.__dict__.pop("_engine", None)

    @cached_property
    def _engine(self) -> Any:
        if not _has_rapidocr():
            raise ModelError(
                "The library that reads labels is not installed.",
                next_step='Install it: pip install "shelflens[labels]".',
            )
        return _load(self._threads)


def _load(threads: int) -> Any:
    import rapidocr
    from omegaconf import flag_override

    engine = rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",  # it warns of each picture without text
            "Global.text_score": LEAST_SCORE,
            "Det.limit_type": "max",
            "Det.limit_side_len": SIDE,
        }
    )
    folder = Path(rapidocr.__file__).parent / "models"
    with flag_override(engine.cfg, "allow_objects", True):
        for part, name in _NETWORKS.items():
            # With a session of ours nothing is ever downloaded, and no thread spins.
            engine.cfg[part].session = _open(folder / name, threads)
    return engine


def _open(network: Path, threads: int) -> ort.InferenceSession:
    if not network.is_file():
        raise ModelError(
            f"The library that reads labels lacks {network.name}.",
            next_step='Install it again: pip install --force-reinstall "rapidocr>=3.10".',
        )
    options = session_options(threads)
    import onnxruntime as ort

    return ort.InferenceSession(str(network), options, providers=["CPUExecutionProvider"])


def _reduced(image: Image) -> Image:
    scale = SIDE / max(image.shape[:2])
    if scale >= 1:
        return image
    import cv2  # not at the top: a shop that reads no labels never needs it

    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _share(box: Any, width: int, height: int) -> tuple[float, float, float, float]:
    corners = np.asarray(box, np.float32) / (width, height)
    left, top = corners.min(axis=0).clip(0, 1)
    right, bottom = corners.max(axis=0).clip(0, 1)
    return float(left), float(top), float(right - left), float(bottom - top)
