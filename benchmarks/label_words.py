"""What the words on packs tell alone: `python -m benchmarks.label_words DATA SET --texts DIR`.

DATA holds sets of photos arranged as a shop (`enrol.csv`, `queries.csv` or `val.csv`,
`products.csv`, `not_stocked.csv`). Texts are read once and kept in DIR; `--dump` writes what
`WordIndex.compare` says of each query and product, for a fusion with other cues.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.pictures import read_picture
from kiosk.recognition.evidence import LabelText, ProductWords, RapidLabelReader, WordIndex

KEEP_EVERY = 50  # photos read between two writes of the kept texts


@dataclass(frozen=True, slots=True)
class PhotoSet:
    """Photos by SKU to enrol and to ask about, the products' names, and those left out."""

    name: str
    enrol: list[tuple[str, str]]
    queries: list[tuple[str, str]]
    names: dict[str, str]
    absent: set[str]


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def photo_set(folder: Path, one_picture: bool) -> PhotoSet:
    ending = "_one" if one_picture else ""
    queries = folder / f"queries{ending}.csv"
    return PhotoSet(
        folder.name + ending,
        [(row["path"], row["sku"]) for row in rows(folder / f"enrol{ending}.csv")],
        [(r["path"], r["sku"]) for r in rows(queries if queries.exists() else folder / "val.csv")],
        {r["sku"]: f"{r['name']} {r['description']}" for r in rows(folder / "products.csv")},
        {row["sku"] for row in rows(folder / "not_stocked.csv")},
    )


def read_texts(folder: Path, paths: list[str], kept: Path) -> dict[str, LabelText]:
    """Read the photos that `kept`, a JSON file, does not have, and add them to it."""
    stored = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    missing = [path for path in dict.fromkeys(paths) if path not in stored]
    reader, spent = RapidLabelReader(threads=1), []
    for number, path in enumerate(missing, 1):
        image = read_picture(folder / path)
        begin = time.process_time()
        stored[path] = json.loads(reader.read(image).to_bytes())
        spent.append(time.process_time() - begin)
        if number % KEEP_EVERY == 0 or number == len(missing):
            kept.write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
    if spent:
        print(f"{len(spent)} photos read, {1000 * np.median(spent):.0f} ms of CPU each (median)")
    return {path: LabelText.of_bytes(json.dumps(stored[path]).encode()) for path in paths}


def index_of(photos: PhotoSet, texts: dict[str, LabelText], left_out: set[str]) -> WordIndex:
    by_product: dict[str, list[LabelText]] = {}
    for path, sku in photos.enrol:
        if sku not in left_out:
            by_product.setdefault(sku, []).append(texts[path])
    return WordIndex.of(
        ProductWords.of(sku, photos.names[sku], read) for sku, read in by_product.items()
    )


def compare_all(
    index: WordIndex, photos: PhotoSet, texts: dict[str, LabelText]
) -> NDArray[np.float32]:
    """Return similarity, found, contradicted and elsewhere: (queries, products, 4)."""
    return np.array(
        [
            [astuple(match) for match in index.compare(texts[path], index.skus)]
            for path, _ in photos.queries
        ],
        np.float32,
    )


def report(photos: PhotoSet, texts: dict[str, LabelText], dump: Path | None) -> None:
    index = index_of(photos, texts, set())
    truth = np.array([index.skus.index(sku) for _, sku in photos.queries])
    matches = compare_all(index, photos, texts)
    scores, every = matches[:, :, 0], np.arange(len(truth))
    own = scores[every, truth]
    rank = (scores > own[:, None]).sum(axis=1)
    found = own > 0
    others = np.where(np.arange(len(index.skus)) == truth[:, None], -1.0, scores)
    rival = others.argmax(axis=1)
    print(f"\n{photos.name}: {len(index.skus)} products, {len(truth)} queries")
    first, five = np.mean(found & (rank == 0)), np.mean(found & (rank < 5))
    unread = np.mean([not texts[path].lines for path, _ in photos.queries])
    print(f"  first right {first:.3f}, among five {five:.3f}; nothing read on {unread:.3f}")
    print("                      found  contradicted  elsewhere (means)")
    for title, chosen in (("the right product", truth), ("its best rival", rival)):
        print(
            f"  {title:19} "
            + "  ".join(f"{v:9.3f}" for v in matches[every, chosen, 1:].mean(axis=0))
        )
    without = index_of(photos, texts, photos.absent)
    strangers = [path for path, sku in photos.queries if sku in photos.absent]
    best = [
        max(without.compare(texts[p], without.skus), key=lambda m: m.similarity) for p in strangers
    ]
    if best:
        means = np.array([astuple(match)[1:] for match in best]).mean(axis=0)
        print("  a stranger's best   " + "  ".join(f"{value:9.3f}" for value in means))
    if dump is not None:
        dump.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            dump / f"{photos.name}.npz",
            queries=np.array([path for path, _ in photos.queries]),
            truth=np.array([sku for _, sku in photos.queries]),
            skus=np.array(index.skus),
            matches=matches,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("sets", nargs="+", help="folders of DATA; covers:one enrols one picture")
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--dump", type=Path)
    given = parser.parse_args()
    given.texts.mkdir(parents=True, exist_ok=True)
    for name in given.sets:
        folder = given.data / name.partition(":")[0]
        photos = photo_set(folder, one_picture=name.endswith(":one"))
        paths = [path for path, _ in (*photos.enrol, *photos.queries)]
        report(photos, read_texts(folder, paths, given.texts / f"{folder.name}.json"), given.dump)


if __name__ == "__main__":
    main()
