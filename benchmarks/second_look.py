"""What matching details adds to the glance: `python -m benchmarks.second_look DATA SET...`.

DATA holds folders arranged like a shop; a SET is `folder` or `folder:gallery:queries`, as
`covers:enrol_one:queries_one`. Each query's first candidates by a shipped encoder are compared
by details with their nearest photos. A line a set: how often the first candidate is right by
the glance and by the most inliers, how many are decided (15 inliers, twice the next product's),
how many of those wrongly, and how often a product that is not there (its own photos left out)
reaches 15 and 25 inliers all the same; then the processor time of one picture and one candidate.
"""

from __future__ import annotations

import argparse
import csv
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain import DetailMatch, Image, Vectors
from kiosk.pictures import read_picture
from kiosk.recognition.evidence import LocalFeatures, compare_details, extract_details
from kiosk.vision.encoders import load_encoder
from kiosk.vision.models import SHIPPED

Photo = tuple[Path, str]
SIDE = 480  # as of the details that are stored
DECIDED, LEAD = 15, 2  # inliers, and times those of the next product
COLUMNS = tuple(field.name for field in fields(DetailMatch))


def orb_details(image: Image, most: int) -> LocalFeatures:
    """ORB in SIFT's place: each bit beside its opposite, so that a dot product counts equals."""
    factor = SIDE / max(image.shape[:2])
    size = round(image.shape[1] * factor), round(image.shape[0] * factor)
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    gray = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    keypoints, found = cv2.ORB_create(most, fastThreshold=8).detectAndCompute(gray, None)  # type: ignore[call-overload]  # its stub forbids a missing mask
    bits = np.zeros((0, 256), np.uint8) if found is None else np.unpackbits(found, axis=1)
    return LocalFeatures(
        *size,
        np.array([point.pt for point in keypoints], np.float32).reshape(-1, 2),
        np.array([point.size for point in keypoints], np.float32),
        np.deg2rad(np.array([point.angle for point in keypoints], np.float32)),
        np.concatenate([bits, 1 - bits], axis=1),
        cv2.resize(small, (size[0] // 5, size[1] // 5), interpolation=cv2.INTER_AREA),
    )


DETECTORS: dict[str, Callable[[Image, int], LocalFeatures]] = {
    "sift": lambda image, most: extract_details(image, most=most),
    "orb": orb_details,
}


@dataclass(frozen=True, eq=False)
class Pairs:
    """Each query beside each candidate: `scores` (n, 6) as `COLUMNS`, `right` (n,), and so on."""

    query: NDArray[np.intp]
    sku: tuple[str, ...]
    right: NDArray[np.bool_]
    similarity: NDArray[np.float32]
    scores: NDArray[np.float32]


@dataclass(frozen=True)
class Spent:
    """Milliseconds of processor time, a number for each picture and each candidate."""

    extract_ms: list[float]
    candidate_ms: list[float]


def read_rows(file: Path) -> list[Photo]:
    with file.open(newline="", encoding="utf-8") as stream:
        return [(file.parent / row["path"], row["sku"]) for row in csv.DictReader(stream)]


def encode(model: str, photos: Sequence[Photo], kept: Path | None) -> Vectors:
    if kept is not None and kept.is_file():
        return np.asarray(np.load(kept))
    encoder = load_encoder(model)
    vectors = np.concatenate([encoder.encode([read_picture(path)]) for path, _ in photos])
    if kept is not None:
        np.save(kept, vectors)
    return vectors


def candidates(
    cosines: NDArray[np.float32], gallery: Sequence[Photo], top: int, each: int
) -> dict[str, list[int]]:
    """The first `top` products of one query, best first, each with its `each` nearest photos."""
    found: dict[str, list[int]] = {}
    for row in np.argsort(-cosines, kind="stable"):
        sku = gallery[row][1]
        if sku in found or len(found) < top:
            found.setdefault(sku, []).append(int(row))
    return {sku: rows[:each] for sku, rows in found.items()}


def compare_all(
    gallery: Sequence[Photo],
    queries: Sequence[Photo],
    cosines: NDArray[np.float32],
    options: argparse.Namespace,
    spent: Spent,
) -> Pairs:
    @cache
    def details(path: Path) -> LocalFeatures:
        image = read_picture(path)
        begin = time.thread_time()
        found = DETECTORS[options.detector](image, options.most)
        spent.extract_ms.append(1000 * (time.thread_time() - begin))
        return found

    rows: list[tuple[int, str, bool, float, tuple[float, ...]]] = []
    for number, (path, wanted) in enumerate(queries):
        query = details(path)
        for sku, photos in candidates(
            cosines[number], gallery, options.top, options.photos
        ).items():
            stored = [details(gallery[row][0]) for row in photos]
            begin = time.thread_time()
            best = max(compare_details(query, stored), key=lambda score: score.inliers)
            spent.candidate_ms.append(1000 * (time.thread_time() - begin))
            similarity = float(cosines[number, photos[0]])
            rows.append((number, sku, sku == wanted, similarity, astuple(best)))
    query_of, skus, right, similarity, scores = zip(*rows, strict=True)
    return Pairs(
        np.array(query_of),
        skus,
        np.array(right),
        np.array(similarity, np.float32),
        np.array(scores, np.float32),
    )


def describe(name: str, pairs: Pairs, spent: Spent) -> str:
    glance, first, wrong, fooled = [], [], [], []
    for number in np.unique(pairs.query):
        own = pairs.query == number
        inliers, right = pairs.scores[own, 0], pairs.right[own]
        order = np.argsort(-inliers, kind="stable")
        glance.append(bool(right[0]))
        first.append(bool(right[order[0]]))
        second = inliers[order[1]] if len(order) > 1 else 0
        if inliers[order[0]] >= max(DECIDED, LEAD * second):
            wrong.append(not first[-1])
        fooled.append(float(inliers[~right].max(initial=0)))
    cells = (
        np.mean(glance),
        np.mean(first),
        len(wrong) / len(first),
        np.mean(wrong) if wrong else 0.0,
        np.mean(np.array(fooled) >= 15),
        np.mean(np.array(fooled) >= 25),
    )
    times = (f"{np.median(each):8.1f}" for each in (spent.extract_ms, spent.candidate_ms))
    return f"{name:16}" + "".join(f"{cell:8.3f}" for cell in cells) + "".join(times)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--model", default=SHIPPED[0], choices=SHIPPED)
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors between runs")
    parser.add_argument("--dump", type=Path, help="folder for an .npz with every pair of a set")
    parser.add_argument("--detector", default="sift", choices=DETECTORS)
    parser.add_argument("--most", type=int, default=500, help="features of a picture")
    parser.add_argument("--top", type=int, default=10, help="candidates of a query")
    parser.add_argument("--photos", type=int, default=2, help="compared photos of a candidate")
    parser.add_argument("--sample", type=int, default=0, help="so many queries (0: all)")
    options = parser.parse_args(arguments)
    cv2.setNumThreads(1)  # else processor time is not what one thread takes
    print(f"{'':16}  glance details decided   wrong  not>15  not>25 extract  candidate ms")
    for name in options.sets:
        folder, gallery_name, queries_name = (*name.split(":"), "enrol", "queries")[:3]
        gallery = read_rows(options.data / folder / f"{gallery_name}.csv")
        queries = read_rows(options.data / folder / f"{queries_name}.csv")
        if options.sample:
            queries = random.Random(1).sample(queries, min(options.sample, len(queries)))
        kept = options.cache and options.cache / f"{options.model}-{folder}-{gallery_name}.npy"
        cosines = encode(options.model, queries, None) @ encode(options.model, gallery, kept).T
        spent = Spent([], [])
        pairs = compare_all(gallery, queries, cosines, options, spent)
        print(describe(name, pairs, spent), flush=True)
        if options.dump:
            file = options.dump / f"{name.replace(':', '-')}-{options.detector}.npz"
            np.savez(file, columns=COLUMNS, **vars_of(pairs))


def vars_of(pairs: Pairs) -> dict[str, NDArray[np.generic]]:
    return {field.name: np.asarray(getattr(pairs, field.name)) for field in fields(Pairs)}


if __name__ == "__main__":
    main()
