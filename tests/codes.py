"""Codes drawn into pictures, as a camera would see them."""

from __future__ import annotations

import cv2
import numpy as np
import zxingcpp

from kiosk.domain import Image

Format = zxingcpp.BarcodeFormat


def printed(text: str, kind: zxingcpp.BarcodeFormat, width: int, **options: object) -> Image:
    """The code on white paper, with its quiet zone, `width` pixels wide."""
    drawn = np.asarray(zxingcpp.create_barcode(text, kind, **options).to_image(scale=8))
    if kind in (Format.QRCode, Format.DataMatrix):
        height = round(width * drawn.shape[0] / drawn.shape[1])
    else:
        height = round(width * 0.62)  # GS1's nominal EAN-13 is 31.35 mm x 22.85 mm without digits
        drawn = drawn[drawn.shape[0] // 2 : drawn.shape[0] // 2 + 1]
    drawn = cv2.resize(drawn, (width, height), interpolation=cv2.INTER_AREA)
    margin = width // 8
    paper = np.pad(drawn, margin, constant_values=255)
    return cv2.cvtColor(paper, cv2.COLOR_GRAY2RGB).astype(np.uint8)


def held_up(scene: Image, label: Image, *, angle: float = 0.0, blur: float = 0.8) -> Image:
    """`scene` with `label` in its middle, turned by `angle` degrees, a little out of focus."""
    height, width = scene.shape[:2]
    label_height, label_width = label.shape[:2]
    turn = cv2.getRotationMatrix2D((label_width / 2, label_height / 2), angle, 1.0)
    shift = np.array([[0, 0, (width - label_width) / 2], [0, 0, (height - label_height) / 2]])
    placed = cv2.warpAffine(label, turn + shift, (width, height))
    mask = cv2.warpAffine(np.full_like(label, 255), turn + shift, (width, height))
    soft = np.where(mask > 127, placed, scene).astype(np.uint8)
    return cv2.GaussianBlur(soft, (0, 0), blur).astype(np.uint8)
