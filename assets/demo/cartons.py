"""Cartons of the demo shop: gable-top, bricks and boxes."""

from __future__ import annotations

import numpy as np

from assets.demo import motifs
from assets.demo.raster import Pose, Surface
from assets.demo.render import Body
from assets.demo.shapes import box, disc, extrude, lathe, moved, plane, rounded_outline
from assets.demo.sheet import Colour, Sheet

PX = 900  # pixels of a wrap for one object unit


class Wrap(Sheet):
    """The unrolled sides of a box: half the back, left, front, right, half the back."""

    def __init__(self, width: float, height: float, depth: float, colour: Colour) -> None:
        self.front_width, self.side_width = width * PX, depth * PX
        super().__init__(int(2 * (width + depth) * PX), int(height * PX), colour)
        self.middle = self.width / 2
        self.left_side = self.middle - (self.front_width + self.side_width) / 2
        self.right_side = self.middle + (self.front_width + self.side_width) / 2

    def panel(self, side: str, colour: Colour) -> None:
        """Colour one whole side: front, left, right or back."""
        half = self.front_width / 2
        if side == "back":
            self.rect([0, 0, half, self.height], colour)
            self.rect([self.width - half, 0, self.width, self.height], colour)
            return
        middle = {"front": self.middle, "left": self.left_side, "right": self.right_side}[side]
        half = half if side == "front" else self.side_width / 2
        self.rect([middle - half, 0, middle + half, self.height], colour)


def _gable(width: float, height: float, depth: float) -> list[Surface]:
    """A carton with a roof, a fin and a screw cap."""
    top, ridge = height / 2 - 0.17, height / 2 - 0.045
    w, d, e = width / 2, depth / 2, 0.012
    walls = extrude(
        rounded_outline(width, depth, 0.014), [(top, 1), (-height / 2, 1)], "wrap", "coated"
    )
    front = plane([(-w, ridge, e), (w, ridge, e), (w, top, d), (-w, top, d)], "roof", "coated")
    back = plane([(w, ridge, -e), (-w, ridge, -e), (-w, top, -d), (w, top, -d)], "roof", "coated")
    folds = [
        plane(
            [
                (k * (w - 0.05), ridge, 0),
                (k * (w - 0.05), ridge, 0),
                (k * w, top, d),
                (k * w, top, -d),
            ],
            "roof",
            "coated",
        )
        for k in (-1, 1)
    ]
    up = height / 2
    fins = [
        plane(
            [(-w, up, k * e), (w, up, k * e), (w, ridge, k * e), (-w, ridge, k * e)],
            "roof",
            "coated",
            inside=(0, ridge, 0),
        )
        for k in (-1, 1)
    ]
    edge = plane([(-w, up, -e), (w, up, -e), (w, up, e), (-w, up, e)], "roof", "coated")
    cap = [
        lathe([(0.052, 0.05), (0.056, 0.042), (0.056, 0.0)], "cap", "plastic", rows=12, columns=49),
        disc(0.053, 0.05, "cap", "plastic"),
    ]
    lean = Pose(pitch=50).matrix()
    return [
        walls,
        front,
        back,
        *folds,
        *fins,
        edge,
        *moved(cap, lean, (0, (top + ridge) / 2, d / 2 + 0.01)),
    ]


def oat_drink(barcode: str) -> Body:
    size = (0.36, 1.0, 0.36)
    s = Wrap(size[0], size[1] - 0.17, size[2], "#F7EFDC")
    s.gradient([0, 0, s.width, s.height], ["#BFE3F2", "#E6F3EE", "#F7EFDC"])
    motifs.ridge(s, 560, 130, "#9CC9A0", 4, peaks=4)
    motifs.ridge(s, 640, 120, "#6FAE7C", 9, peaks=4)
    motifs.ridge(s, 720, 90, "#E8C169", 2, peaks=3)
    for k in range(28):
        x = 22 + k * s.width / 28
        motifs.sprig(
            s,
            (x, 750),
            (x + 10 * (k % 3 - 1), 520 + 40 * (k % 4)),
            "#B5862E",
            leaves=5,
            size=34,
            lean=32,
        )
    s.circle(s.middle + 88, 130, 46, "#FFE9A8")
    s.text(s.middle, 210, "Haverly", 92, "#1D4E63", within=290)
    s.text(s.middle, 300, "OAT DRINK", 44, "#1D4E63", spacing=0.08, within=280)
    s.rect([s.middle - 100, 345, s.middle + 100, 400], "#1D4E63", radius=27)
    s.text(s.middle, 372, "燕麥奶 · 1 L", 34, "#FFFFFF", within=180)
    s.text(s.left_side, 190, "Haverly", 64, "#1D4E63", within=250)
    s.small_print([s.right_side - 110, 150, s.right_side + 110, 420], "#6A8791", 9, 1)
    s.barcode(70, 300, barcode, 4, 120, ladder=True)
    s.turned_text(s.width - 84, 280, "Haverly", 104, "#1D4E63", 90)
    roof = Sheet(340, 200, "#1D4E63")
    roof.text(170, 120, "Haverly", 60, "#BFE3F2", within=240)
    cap = Sheet(8, 8, "#E8C169")
    return Body(
        _gable(*size), {"wrap": s.finished(), "roof": roof.finished(), "cap": cap.finished()}
    )


def _carton(s: Wrap, size: tuple[float, float, float], top: Sheet, finish: str = "coated") -> Body:
    return Body(box(*size, finish=finish), {"wrap": s.finished(), "top": top.finished()})


def mountain_tea(barcode: str) -> Body:
    size = (0.46, 0.94, 0.26)
    s = Wrap(*size, "#0F3D3A")
    s.gradient([0, 0, s.width, s.height], ["#F4EAD2", "#F1DDB4", "#D9C08A"])
    s.circle(s.middle + 90, 250, 74, "#D6452F")
    for y, height, colour, seed in (
        (520, 210, "#8FB3A3", 5),
        (600, 190, "#4F8A7B", 11),
        (690, 170, "#1F5E55", 7),
        (800, 120, "#0F3D3A", 3),
    ):
        motifs.ridge(s, y, height, colour, seed, peaks=6)
    s.column(s.middle - 92, 130, "高山烏龍", 96, "#0F3D3A")
    motifs.seal(s, s.middle + 120, 560, 42, "山嵐", "#D6452F", "#FFFFFF")
    s.text(s.middle, 728, "SHAN LAN", 40, "#F4EAD2", spacing=0.3)
    s.text(s.middle, 782, "oolong tea · 150 g", 28, "#F1DDB4", weight="Medium")
    s.column(s.left_side, 170, "山嵐茶", 72, "#0F3D3A")
    s.small_print([s.right_side - 80, 120, s.right_side + 80, 330], "#7A6A43", 8, 3)
    s.barcode(92, 560, barcode, 4, 120, ladder=True)
    s.column(s.width - 110, 130, "高山烏龍", 84, "#0F3D3A")
    motifs.seal(s, s.width - 110, 560, 42, "山嵐", "#D6452F", "#FFFFFF")
    s.small_print([20, 90, 180, 290], "#7A6A43", 8, 5)
    top = Sheet(420, 234, "#0F3D3A")
    motifs.seal(top, 210, 117, 60, "山嵐", "#D6452F", "#FFFFFF")
    return _carton(s, size, top, "card")


def soy_milk(barcode: str) -> Body:
    size = (0.44, 0.90, 0.28)
    s = Wrap(*size, "#FBF4E4")
    s.gradient([0, 560, s.width, s.height], ["#FBF4E4", "#F3E3B8"])
    for x in range(-20, s.width + 60, 118):
        for row, r in ((640, 46), (716, 54), (790, 46)):
            cx = x + (59 if row == 716 else 0)
            s.ellipse(cx, row, r, r * 0.8, "#E9C877")
            s.ellipse(cx - r * 0.25, row - r * 0.2, r * 0.5, r * 0.36, "#F4DFA4")
    s.rect([s.middle - 150, 60, s.middle + 150, 556], "#2F7D4F", radius=150)
    s.column(s.middle, 148, "豆日和", 102, "#FFFFFF")
    s.text(s.middle, 468, "SOY DAY", 32, "#D9F0DD", spacing=0.12)
    s.rect([s.middle + 62, 512, s.middle + 176, 592], "#D6452F", radius=40)
    s.text(s.middle + 119, 552, "無糖", 42, "#FFFFFF")
    s.column(s.left_side, 150, "無糖豆漿", 74, "#2F7D4F")
    s.column(s.right_side, 150, "無糖豆漿", 74, "#2F7D4F")
    s.barcode(92, 300, barcode, 4, 130, ladder=True)
    s.rect([s.width - 170, 70, s.width - 30, 530], "#2F7D4F", radius=70)
    s.column(s.width - 100, 160, "豆日和", 100, "#FFFFFF", pitch=1.3)
    top = Sheet(400, 252, "#2F7D4F")
    top.circle(320, 126, 34, "#CFD6D2", line="#FFFFFF", width=5)
    top.text(150, 126, "豆日和", 70, "#FFFFFF")
    return _carton(s, size, top)


def lotus_milk(barcode: str) -> Body:
    size = (0.38, 0.96, 0.26)
    s = Wrap(*size, "#CDE9F6")
    s.gradient([0, 0, s.width, s.height], ["#7CC4E8", "#CDE9F6", "#FCE9EF"])
    for x, y, r in ((90, 120, 70), (420, 90, 60), (760, 150, 74), (1050, 100, 60)):
        motifs.cloud(s, x, y, r, "#FFFFFF")
    for x in range(0, s.width + 1, s.width // 6):
        motifs.lotus(s, x, 830, 130, "#F29AB6", "#F9C5D5")
    motifs.lotus(s, s.middle, 700, 200, "#E76E96", "#F7A9C1")
    for dx in (-36, 0, 36):
        s.ellipse(s.middle + dx, 716, 15, 20, "#FFF3C9")
    s.text(s.middle, 255, "MÂY TRẮNG", 66, "#17517A", within=300)
    s.text(s.middle, 345, "Sữa hạt sen", 56, "#D2386C", within=280)
    s.text(s.middle, 420, "lotus seed milk", 30, "#17517A", weight="Medium")
    s.turned_text(s.left_side, 430, "MÂY TRẮNG", 76, "#17517A", 90)
    s.small_print([s.right_side - 80, 260, s.right_side + 80, 560], "#4F86A6", 9, 8)
    s.barcode(76, 380, barcode, 4, 120, ladder=True)
    s.turned_text(s.width - 84, 380, "MÂY TRẮNG", 84, "#17517A", 90)
    top = Sheet(342, 234, "#7CC4E8")
    motifs.cloud(top, 171, 120, 100, "#FFFFFF")
    return _carton(s, size, top)


def butter_biscuits(barcode: str) -> Body:
    size = (0.98, 0.56, 0.20)
    s = Wrap(*size, "#B3202C")
    s.gradient([0, 0, s.width, s.height], ["#C92A35", "#96131F"])
    s.rect([0, 30, s.width, 40], "#F2C879")
    s.rect([0, 464, s.width, 474], "#F2C879")
    for x, y, r in ((232, 222, 124), (138, 350, 98), (318, 360, 92)):
        x += int(s.middle - s.front_width / 2) - 10
        motifs.burst(s, x, y, r, "#D99A45", 24)
        s.circle(x, y, r * 0.94, "#EDB867")
        s.circle(x, y, r * 0.74, "", line="#D99A45", width=6)
        for a in range(5):
            motifs.star(
                s,
                x + r * 0.42 * ((a % 3) - 1),
                y + r * 0.34 * (a // 3 * 2 - 1) * 0.8,
                r * 0.09,
                "#C98536",
                points=4,
            )
    at = s.middle + 196
    s.text(at, 170, "Keksel", 150, "#FFF1D2", within=420)
    s.text(at, 290, "BUTTER BISCUITS", 52, "#F2C879", spacing=0.03, within=400)
    s.text(at, 370, "奶油餅乾 · 200 g", 44, "#FFF1D2", within=370)
    for middle in (s.left_side, s.right_side):
        s.turned_text(middle, 252, "Keksel", 96, "#FFF1D2", 90)
    s.barcode(0, 250, barcode, 4, 200)
    s.small_print([270, 110, 420, 390], "#F2C879", 9, 5)
    top = Sheet(882, 180, "#96131F")
    top.text(441, 90, "Keksel", 110, "#F2C879")
    return _carton(s, size, top)


def cereal(barcode: str) -> Body:
    size = (0.68, 0.98, 0.18)
    s = Wrap(*size, "#2447C9")
    motifs.burst(s, s.middle, 560, 1300, "#2F5BE8", 36)
    s.panel("left", "#F6B916")
    s.panel("right", "#F6B916")
    s.panel("back", "#2447C9")
    rng = np.random.default_rng(12)
    for k in range(64):
        x = s.middle + rng.uniform(-1, 1) * 225
        y = 790 - rng.uniform(0, 1) ** 0.8 * 250 * (1 - ((x - s.middle) / 300) ** 2)
        colour = ("#FF6B4A", "#FFD23A", "#7ED957", "#FF8AD0")[k % 4]
        s.circle(x, y, 40, "", line=colour, width=19)
    s.ellipse(s.middle, 800, 280, 60, "#FFFFFF")
    s.polygon(
        [
            (s.middle - 280, 800),
            (s.middle + 280, 800),
            (s.middle + 190, 882),
            (s.middle - 190, 882),
        ],
        "#EAF0FF",
    )
    s.text(s.middle + 8, 198, "ZUMI", 210, "#0E2270", within=500)
    s.text(s.middle, 190, "ZUMI", 210, "#FFD23A", within=500)
    s.text(s.middle, 355, "Crunch", 132, "#FFFFFF", within=430)
    s.text(s.middle, 460, "vòng ngũ cốc trái cây", 46, "#FFFFFF", weight="SemiBold", within=480)
    for x in (s.left_side, s.right_side):
        s.turned_text(x, 440, "ZUMI Crunch", 84, "#2447C9", 90)
    s.barcode(0, 700, barcode, 4, 150)
    s.small_print([60, 160, 260, 520], "#9DB4FF", 10, 6)
    s.small_print([s.width - 260, 160, s.width - 60, 520], "#9DB4FF", 10, 7)
    top = Sheet(612, 162, "#F6B916")
    top.text(306, 81, "ZUMI", 100, "#2447C9")
    return _carton(s, size, top)


def cocoa_box(barcode: str) -> Body:
    size = (0.52, 0.88, 0.24)
    s = Wrap(*size, "#5A2E1C")
    s.gradient([0, 0, s.width, s.height], ["#7A4327", "#41200F"])
    s.circle(s.middle, 300, 190, "#F7C9D4")
    for dx in (-130, 130):
        s.circle(s.middle + dx, 170, 62, "#8A5233")
        s.circle(s.middle + dx, 170, 34, "#D8A27E")
    s.circle(s.middle, 310, 150, "#8A5233")
    s.ellipse(s.middle, 360, 76, 60, "#E7C3A4")
    s.ellipse(s.middle, 332, 26, 18, "#2A120A")
    for dx in (-58, 58):
        s.circle(s.middle + dx, 275, 15, "#2A120A")
    s.text(s.middle, 570, "Brumm", 116, "#F7C9D4", within=390)
    s.text(s.middle, 665, "KAKAO", 54, "#FFFFFF", spacing=0.2)
    s.barcode(0, 400, barcode, 4, 130, ladder=True)
    top = Sheet(468, 216, "#F7C9D4")
    return _carton(s, size, top, "card")
