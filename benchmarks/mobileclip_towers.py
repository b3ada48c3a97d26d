"""MobileCLIP2 towers, one input at a time: torch, ONNX Runtime, OpenVINO, int8.

    python -m benchmarks.mobileclip_towers [--runs 15] [MODEL ...]

Random weights: speed does not depend on them. All on the CPU with the threads that
the kiosk would take. Every line is also given as a ratio to torch as loaded.
"""

from __future__ import annotations

import argparse
import importlib.util
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray

from benchmarks.stopwatch import median_ms
from export.load.model import LoadedModel, fold_branches, load_model
from export.parity import sample_pixels
from export.to_onnx.graph import export_onnx
from kiosk.inference import automatic_threads
from kiosk.vision.encoders import open_graph
from kiosk.vision.models import quantise_graph

Call = Callable[[], Any]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("models", nargs="*", default=["mobileclip2_s0", "mobileclip2_s2"])
    options.add_argument("--runs", type=int, default=15)
    given = options.parse_args()
    torch.set_num_threads(automatic_threads())
    print(f"{automatic_threads()} threads, median of {given.runs} runs")
    for model_id in given.models:
        loaded = load_model(model_id, random_weights=True, reparameterise=False)
        card = loaded.card
        pixels = torch.from_numpy(sample_pixels(8, card.input.height, card.input.width))
        _compare(f"{card.title} image", loaded.image_tower, pixels, "image", given.runs)
        if loaded.text_tower is not None:
            _compare(f"{card.title} text", loaded.text_tower, _ids(loaded), "text", given.runs)


def _compare(
    title: str, tower: torch.nn.Module, samples: torch.Tensor, name: str, runs: int
) -> None:
    one = samples[:1].numpy()
    print(f"\n{title}")
    with tempfile.TemporaryDirectory() as scratch, torch.no_grad():
        first = _line("torch as loaded", lambda: tower(samples[:1]), runs, None)
        fold_branches(tower)
        _line("torch reparameterised", lambda: tower(samples[:1]), runs, first)
        graph = Path(scratch) / "graph.onnx"
        export_onnx(tower, samples[:2], graph, input_name=name)
        _graph("ONNX Runtime", graph, "onnxruntime", one, name, runs, first)
        if importlib.util.find_spec("openvino") is not None:
            _graph("OpenVINO", graph, "openvino", one, name, runs, first)
        small = Path(scratch) / "int8.onnx"
        quantise_graph(graph, small, name, _batches(samples))
        _graph("ONNX Runtime int8", small, "onnxruntime", one, name, runs, first)


def _graph(
    title: str,
    path: Path,
    runtime: str,
    values: NDArray[Any],
    name: str,
    runs: int,
    first: float,
) -> None:
    graph = open_graph(path, runtime=runtime)
    _line(title, lambda: graph.run(values, input_name=name, output_name="embedding"), runs, first)


def _line(title: str, call: Call, runs: int, first: float | None) -> float:
    median = median_ms(call, runs)
    print(f"  {title:24} {median:8.2f} ms   {(first or median) / median:5.2f}x", flush=True)
    return median


def _ids(loaded: LoadedModel) -> torch.Tensor:
    assert loaded.tokenizer is not None
    texts = ["a photo of a carton of milk", "green tea", "紅茶", "bread", *"abcd"]
    return torch.tensor([loaded.tokenizer.encode(text).ids for text in texts])


def _batches(samples: torch.Tensor) -> Iterable[NDArray[Any]]:
    return (samples[i : i + 1].numpy() for i in range(len(samples)))


if __name__ == "__main__":
    main()
