"""The shipped encoder in 32, 16 and 8 bits: accuracy, speed, size, against torch.

    python -m benchmarks.encoder_precision [--threads 0] [--runs 30] [--every 1]

Enrols five photos a product of the grocery set and asks for photos of other days.
The set's folder is SHELFLENS_BENCH_DATA, or `shared` beside the checkout.
"""

from __future__ import annotations

import argparse
import csv
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.stopwatch import median_ms
from export.load.model import load_model
from export.to_onnx.model_folder import convert
from kiosk.domain import Gallery, Image
from kiosk.inference import automatic_threads
from kiosk.pictures import read_picture
from kiosk.recognition import SearchEngine
from kiosk.vision.encoders import Encoder, load_encoder, preprocess_batch
from kiosk.vision.models import find_model, quantise_model

MODEL = "efficientnet_lite0"
CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Shop:
    enrolled: list[tuple[str, Image]]
    asked: list[tuple[str, Image]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--threads", type=int, default=0)
    options.add_argument("--runs", type=int, default=30)
    options.add_argument("--every", type=int, default=1, help="ask for every nth photo only")
    given = options.parse_args()
    shop = _read_shop(given.every)
    threads = given.threads or automatic_threads()
    print(f"{threads} threads, median of {given.runs} runs; {len(shop.asked)} photos asked for")
    torch_ms = _torch_ms(shop.asked[0][1], threads, given.runs)
    print(f"{'torch eager':12} {torch_ms:7.2f} ms")
    with tempfile.TemporaryDirectory() as scratch:
        for label, half in (("fp32", False), ("fp16", True)):
            root = Path(scratch) / label
            convert(MODEL, root, half_weights=half)
            _report(label, MODEL, root, shop, threads, given.runs, torch_ms)
        pictures = [image for _, image in shop.enrolled[::3]]
        quantise_model(MODEL, pictures, lambda _encoder: 1.0, root=root, roots=[root])
        _report("int8", f"{MODEL}_int8", root, shop, threads, given.runs, torch_ms)


def _report(
    label: str, model_id: str, root: Path, shop: Shop, threads: int, runs: int, torch_ms: float
) -> None:
    encoder = load_encoder(model_id, runtime="onnxruntime", threads=threads, roots=[root])
    shown = shop.asked[0][1]
    spent = median_ms(lambda: encoder.encode([shown]), runs)
    size = (root / model_id / "image.onnx").stat().st_size / 1e6
    first, among, nearest = _recall(encoder, shop)
    print(
        f"{label:12} {spent:7.2f} ms  {torch_ms / spent:5.2f}x torch  {size:5.1f} MB  "
        f"nearest photo {nearest:.3f}  tuned {first:.3f}  among five {among:.3f}",
        flush=True,
    )


def _recall(encoder: Encoder, shop: Shop) -> tuple[float, float, float]:
    """Share right by the tuned engine, among its five, and by the nearest photo alone."""
    skus = tuple(sku for sku, _ in shop.enrolled)
    vectors = encoder.encode([image for _, image in shop.enrolled])
    photos = tuple(str(number) for number in range(len(skus)))
    engine = SearchEngine()
    engine.replace(Gallery(encoder.fingerprint, vectors, skus, photos))
    engine.refit()
    asked = encoder.encode([image for _, image in shop.asked])
    wanted = [sku for sku, _ in shop.asked]
    answers = [
        [candidate.sku for candidate in engine.recognise(row[None]).candidates] for row in asked
    ]
    pairs = list(zip(answers, wanted, strict=True))
    first = np.mean([answer[:1] == [sku] for answer, sku in pairs])
    among = np.mean([sku in answer[:5] for answer, sku in pairs])
    nearest = np.mean(np.array(skus)[(asked @ vectors.T).argmax(axis=1)] == np.array(wanted))
    return float(first), float(among), float(nearest)


def _torch_ms(image: Image, threads: int, runs: int) -> float:
    """The same network in torch eager, with the same preprocessing."""
    torch.set_num_threads(threads)
    tower, card = load_model(MODEL).image_tower, find_model(MODEL).card

    def encode() -> Any:
        return tower(torch.from_numpy(preprocess_batch([image], card)))

    with torch.no_grad():
        return median_ms(encode, runs)


def _read_shop(every: int) -> Shop:
    folder = Path(os.environ.get("SHELFLENS_BENCH_DATA", CHECKOUT.parent / "shared")) / "grocery"
    if not folder.is_dir():
        raise SystemExit(f"The grocery photo set is not at {folder}; set SHELFLENS_BENCH_DATA.")
    return Shop(_rows(folder, "enrol.csv"), _rows(folder, "val.csv", every))


def _rows(folder: Path, name: str, every: int = 1) -> list[tuple[str, Image]]:
    with (folder / name).open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))[::every]
    return [(row["sku"], read_picture(folder / row["path"])) for row in rows]


if __name__ == "__main__":
    main()
