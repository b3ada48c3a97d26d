"""Every figure of recognition, side by side: `python -m benchmarks.recognition PHOTOS`.

PHOTOS is the grocery photo set (`enrol.csv`, `train_rest.csv`, `val.csv`, `not_stocked.csv`).
Each photo is encoded once with a shipped encoder; everything else works on vectors.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import Gallery, Vectors
from kiosk.evaluation import EvaluationReport, Outcome
from kiosk.pictures import read_picture
from kiosk.recognition import MetricName, SearchEngine
from kiosk.vision.encoders import load_encoder
from kiosk.vision.models import SHIPPED


@dataclass(frozen=True)
class Photos:
    """Pictures of one CSV: paths, SKUs and vectors."""

    paths: tuple[Path, ...]
    skus: tuple[str, ...]
    vectors: Vectors

    def __add__(self, other: Photos) -> Photos:
        vectors = np.concatenate([self.vectors, other.vectors])
        return Photos(self.paths + other.paths, self.skus + other.skus, vectors)

    def of(self, wanted: Iterable[str]) -> Photos:
        chosen = set(wanted)
        rows = [i for i, sku in enumerate(self.skus) if sku in chosen]
        return Photos(
            tuple(self.paths[i] for i in rows),
            tuple(self.skus[i] for i in rows),
            self.vectors[rows],
        )


def read_photos(file: Path, model: str, cache: Path | None) -> Photos:
    """Encode the photos of a CSV, or take their vectors from `cache`."""
    with file.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    paths = tuple(file.parent / row["path"] for row in rows)
    kept = cache / f"{model}-{file.stem}.npy" if cache else None
    if kept and kept.is_file():
        vectors = np.load(kept)
    else:
        encoder = load_encoder(model)
        vectors = np.concatenate([encoder.encode([read_picture(path)]) for path in paths])
        if kept:
            np.save(kept, vectors)
    return Photos(paths, tuple(row["sku"] for row in rows), vectors)


def engine_for(photos: Photos, metric: MetricName, budget: float = 0.01) -> SearchEngine:
    engine = SearchEngine(metric=metric, error_budget=budget)
    names = tuple(str(path) for path in photos.paths)
    engine.replace(Gallery("shipped", photos.vectors, photos.skus, names))
    engine.refit()
    return engine


def ask(engine: SearchEngine, queries: Photos, stocked: set[str], metric: str) -> EvaluationReport:
    begin = time.perf_counter()
    outcomes = tuple(
        Outcome(path, sku if sku in stocked else None, engine.recognise(vector[None]))
        for path, sku, vector in zip(queries.paths, queries.skus, queries.vectors, strict=True)
    )
    spent = 1000 * (time.perf_counter() - begin) / len(outcomes)
    return EvaluationReport(outcomes, spent, "shipped", metric)


def show_recognition(five: Photos, every: Photos, queries: Photos, absent: set[str]) -> None:
    print(f"{'':34}{'metric':8} top-1  top-5  named  wrong  unkn.  AUROC  ECE    ms")
    everything = set(five.skus)
    for title, stocked in (
        ("81 products", everything),
        ("65, 16 not stocked", everything - absent),
    ):
        for photos, name in ((five, "5 photos each"), (every, "all photos")):
            for metric in ("cosine", "tuned"):
                engine = engine_for(photos.of(stocked), metric)  # type: ignore[arg-type]
                report = ask(engine, queries, stocked, metric)
                figures = (
                    report.top1,
                    report.top5,
                    1 - report.known_refused,
                    report.wrong_named,
                    report.unknown_named,
                    report.auroc,
                    report.ece,
                )
                cells = "  ".join(f"{value:.3f}" for value in figures)
                print(f"{title + ', ' + name:34}{metric:8} {cells}  {report.ms_per_query:.2f}")


def show_budgets(five: Photos, queries: Photos, absent: set[str]) -> None:
    print("\nbudget    known named  wrong among named  unknown named   (65 + 16, 5 photos, tuned)")
    stocked = set(five.skus) - absent
    for budget in (0.0025, 0.005, 0.01, 0.02, 0.05, 0.1):
        report = ask(engine_for(five.of(stocked), "tuned", budget), queries, stocked, "tuned")
        named = 1 - report.known_refused
        print(f"{budget:<10}{named:<13.3f}{report.wrong_named:<19.3f}{report.unknown_named:.3f}")


def show_fusion(five: Photos, queries: Photos) -> None:
    """Two photos of the same product, fused, against each alone."""
    engine, singles, pairs = engine_for(five, "tuned"), [], []
    for a, b in zip(range(0, len(queries.skus) - 1), range(1, len(queries.skus)), strict=True):
        if queries.skus[a] == queries.skus[b]:
            both = engine.recognise(queries.vectors[[a, b]]).best
            pairs.append(both is not None and both.sku == queries.skus[a])
            for i in (a, b):
                one = engine.recognise(queries.vectors[i : i + 1]).best
                singles.append(one is not None and one.sku == queries.skus[i])
    print(f"\ntwo views fused: top-1 {np.mean(pairs):.3f}; one view: {np.mean(singles):.3f}")


def show_refit(every: Photos) -> None:
    print("\nrefit                         seconds")
    for title, photos in (
        ("81 products, all photos", every),
        ("10,000 photos, 2,000 products", _many(every, 2000, 5)),
        ("10,000 photos, 333 products", _many(every, 333, 30)),
    ):
        engine = SearchEngine()
        names = tuple(f"{i:06d}" for i in range(len(photos.skus)))
        engine.replace(Gallery("shipped", photos.vectors, photos.skus, names))
        print(f"{title:30}{engine.refit().seconds:.2f}")


def _many(every: Photos, products: int, each: int) -> Photos:
    """An invented large shop: real vectors, disturbed."""
    rng = np.random.default_rng(0)
    centres = every.vectors[rng.integers(len(every.vectors), size=products)]
    centres = centres + 0.05 * rng.normal(size=centres.shape)
    noise: NDArray[np.float64] = 0.04 * rng.normal(size=(products, each, centres.shape[1]))
    vectors = (centres[:, None] + noise).reshape(-1, centres.shape[1]).astype(np.float32)
    skus = tuple(f"S{k:05d}" for k in np.repeat(np.arange(products), each))
    return Photos((Path("-"),) * len(skus), skus, vectors)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--model", default=SHIPPED[0], choices=SHIPPED)
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors between runs")
    options = parser.parse_args(arguments)
    if options.cache:
        options.cache.mkdir(parents=True, exist_ok=True)
    five, rest, queries = (
        read_photos(options.photos / f"{name}.csv", options.model, options.cache)
        for name in ("enrol", "train_rest", "val")
    )
    with (options.photos / "not_stocked.csv").open(newline="", encoding="utf-8") as stream:
        absent = {row["sku"] for row in csv.DictReader(stream)}
    every = five + rest
    show_recognition(five, every, queries, absent)
    show_budgets(five, queries, absent)
    show_fusion(five, queries)
    show_refit(every)


if __name__ == "__main__":
    main()
