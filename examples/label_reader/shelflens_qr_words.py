"""Reads what packs say in QR codes, in place of the words printed on them."""

import zxingcpp

from kiosk.domain import Image
from kiosk.recognition.evidence import LabelText, Line


class QrWordReader:
    """A `kiosk.recognition.evidence.LabelReader`."""

    version = "qr-words-1"  # texts that other versions read are read anew

    def read(self, image: Image) -> LabelText:
        """Return one line a code; a box is left, top, width and height, as shares."""
        height, width = image.shape[:2]
        lines = []
        for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode):
            corner, far = code.position.top_left, code.position.bottom_right
            box = (
                corner.x / width,
                corner.y / height,
                (far.x - corner.x) / width,
                (far.y - corner.y) / height,
            )
            lines.append(Line(code.text, 1.0, box))
        return LabelText(tuple(lines))

    def close(self) -> None:
        """Nothing is held."""
