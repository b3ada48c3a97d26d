"""An evaluation as one picture: four charts, drawn with Pillow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image as Pillow, ImageDraw, ImageFont

from kiosk.domain import Image
from kiosk.errors import StorageError
from kiosk.evaluation.measures import reliability, wrong_against_refused
from kiosk.evaluation.report import TOP, EvaluationReport
from kiosk.pictures import read_picture

INK, PAPER, MUTE, LINE, LEAF, AMBER = (
    "#14171A",
    "#FBF9F4",
    "#6B7076",
    "#E6E1D6",
    "#0B7A4B",
    "#B86E00",
)
WIDTH, HEIGHT, MARGIN, CHART = 1280, 1180, 70, 400
THUMBNAIL = 84
SHARES = tuple((tick / 5, f"{tick / 5:.0%}") for tick in range(6))
Points = Sequence[tuple[float, float]]
Cover = Callable[[str], Image | None]


def save_plot(report: EvaluationReport, file: Path, cover: Cover = lambda _sku: None) -> None:
    """Draw reliability, recall at k, wrong against refused, and the worst confusions.

    `cover` gives a product's picture for the confusions, or None.

    Raises:
        StorageError: the file cannot be written.
    """
    sheet = Pillow.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, 28), _headline(report), INK, _font(22))
    _reliability(draw, report, (MARGIN, 130))
    _recall(draw, report, (WIDTH // 2 + MARGIN, 130))
    _refusals(draw, report, (MARGIN, 670))
    _confusions(sheet, draw, report, (WIDTH // 2 + MARGIN, 670), cover)
    try:
        sheet.save(file, "PNG")
    except OSError as error:
        raise StorageError(
            f"The plot could not be written to {file}: {error.strerror or error}.",
            next_step="Choose a folder that exists and has room.",
        ) from error


def _headline(report: EvaluationReport) -> str:
    figures = f"{report.n} photos of stocked products: {report.top1:.1%} first, "
    figures += f"{report.top5:.1%} among five"
    if report.unknown_n:
        figures += f"; {report.unknown_n} of others: {report.unknown_named:.1%} named"
    return f"{figures}  ({report.model}, {report.metric})"


def _reliability(draw: ImageDraw.ImageDraw, report: EvaluationReport, at: tuple[int, int]) -> None:
    frame = _Frame(draw, at, "confidence shown", "share right")
    draw.text((at[0], at[1] - 40), f"Reliability: off by {report.ece:.1%}", INK, _font(20))
    frame.line([(0, 0), (1, 1)], LINE)
    rows = reliability(*report.confidences()) if report.outcomes else []
    largest = max((count for *_, count in rows), default=1)
    frame.line([(mean, share) for mean, share, _ in rows], LEAF)
    for mean, share, count in rows:
        frame.dot((mean, share), 4 + 10 * count / largest)


def _recall(draw: ImageDraw.ImageDraw, report: EvaluationReport, at: tuple[int, int]) -> None:
    places = [((k - 0.5) / TOP, k) for k in range(1, TOP + 1)]
    labels = [(place, str(k)) for place, k in places]
    frame = _Frame(draw, at, "k candidates", "right one among them", labels)
    draw.text((at[0], at[1] - 40), "Recall at k", INK, _font(20))
    points = [(place, report.recall(k)) for place, k in places] if report.n else []
    frame.line(points, LEAF)
    for point in points:
        frame.dot(point, 6)
        frame.label(point, f"{point[1]:.1%}")


def _refusals(draw: ImageDraw.ImageDraw, report: EvaluationReport, at: tuple[int, int]) -> None:
    frame = _Frame(draw, at, "share refused", "share wrong among named")
    draw.text((at[0], at[1] - 40), "Wrong against refused", INK, _font(20))
    if report.outcomes:
        frame.line(wrong_against_refused(*report.confidences()), LEAF)
        named = 1 - sum(one.decision == "named" for one in report.outcomes) / len(report.outcomes)
        if named < 1:
            frame.dot((named, report.wrong_named), 8, AMBER)
            frame.label((named, report.wrong_named + 0.12), "served")


def _confusions(
    sheet: Pillow.Image,
    draw: ImageDraw.ImageDraw,
    report: EvaluationReport,
    at: tuple[int, int],
    cover: Cover,
) -> None:
    draw.text((at[0], at[1] - 40), "Worst confusions: shown, right, taken for", INK, _font(20))
    for row, (right, taken, count, example) in enumerate(report.confusions(5)):
        top = at[1] + row * (THUMBNAIL + 8)
        pictures = (read_picture(example.path), cover(right), cover(taken))
        for column, picture in enumerate(pictures):
            place = (at[0] + column * (THUMBNAIL + 8), top)
            if picture is None:
                draw.rectangle((*place, place[0] + THUMBNAIL, place[1] + THUMBNAIL), outline=LINE)
            else:
                small = Pillow.fromarray(picture)
                small.thumbnail((THUMBNAIL, THUMBNAIL))
                sheet.paste(small, place)
        text = f"{count} x {right}\ntaken for {taken}"
        draw.multiline_text((at[0] + 3 * (THUMBNAIL + 8) + 8, top + 20), text, INK, _font(16))


class _Frame:
    """A unit square with axes; points are (x, y), 0 to 1."""

    def __init__(
        self,
        draw: ImageDraw.ImageDraw,
        at: tuple[int, int],
        x_title: str,
        y_title: str,
        x_labels: Sequence[tuple[float, str]] = SHARES,
    ) -> None:
        self._draw, self._at = draw, at
        left, top = at
        draw.rectangle((left, top, left + CHART, top + CHART), outline=LINE, width=2)
        for share, text in SHARES:
            y = self._pixel((0, share))[1]
            draw.line((left, y, left + CHART, y), LINE)
            draw.text((left - 10, y), text, MUTE, _font(14), anchor="rm")
        for share, text in x_labels:
            x = self._pixel((share, 0))[0]
            draw.text((x, top + CHART + 8), text, MUTE, _font(14), anchor="mt")
        draw.text((left + CHART / 2, top + CHART + 30), x_title, MUTE, _font(15), anchor="mt")
        draw.text((left + CHART, top - 8), y_title, MUTE, _font(15), anchor="rb")

    def line(self, points: Points, colour: str) -> None:
        if len(points) > 1:
            self._draw.line([self._pixel(point) for point in points], colour, 3)

    def dot(self, point: tuple[float, float], radius: float, colour: str = LEAF) -> None:
        x, y = self._pixel(point)
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), colour)

    def label(self, point: tuple[float, float], text: str) -> None:
        x, y = self._pixel(point)
        self._draw.text((x, y + 14), text, INK, _font(14), anchor="mt")

    def _pixel(self, point: tuple[float, float]) -> tuple[float, float]:
        left, top = self._at
        return left + point[0] * CHART, top + CHART - point[1] * CHART


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
