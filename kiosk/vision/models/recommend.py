"""Recommend an installed model and its runtime for this machine, from measured times."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kiosk.errors import ModelError
from kiosk.vision.encoders.image_encoder import OnnxEncoder
from kiosk.vision.encoders.runtimes import choose_runtime, installed_runtimes, remember_runtime
from kiosk.vision.models.cards import ModelFolder, list_models

BUDGET_MS = 150.0  # a picture; chosen by eye
_WARM_UP, _RUNS = 2, 9  # chosen by eye
_MIN_SPEEDUP = 1.15  # chosen by eye


@dataclass(frozen=True, slots=True)
class Measured:
    """The median time of one picture, preprocessing included, of a model in a runtime."""

    folder: ModelFolder
    runtime: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Recommendation:
    """`best` is None where no installed model may be used by a shop within the budget.

    `changes` has a sentence for each model whose runtime `auto` stands for another one now.
    """

    best: Measured | None
    measured: tuple[Measured, ...]
    reasons: tuple[str, ...]
    changes: tuple[str, ...] = ()


def recommend_model(
    *,
    budget_ms: float = BUDGET_MS,
    research: bool = False,
    roots: Sequence[Path] | None = None,
    root: Path | None = None,
    on_step: Callable[[str], None] = lambda _step: None,
) -> Recommendation:
    """Measure every installed model in every installed runtime, and choose.

    Of the models that a shop may use (all of them with `research`) and that keep
    `budget_ms` a picture, those that read words come first, then the one with most
    parameters, then the one that sees most pixels, then the fastest.
    Each model's fastest runtime is remembered for `auto` in `root`.
    """
    measured: list[Measured] = []
    changes: list[str] = []
    for folder in list_models(roots=roots):
        on_step(folder.card.id)
        fastest = _fastest(folder)
        if fastest is not None:
            measured.append(fastest)
            former = choose_runtime(folder.card.id, root=root)
            remember_runtime(folder.card.id, fastest.runtime, root=root)
            if former != choose_runtime(folder.card.id, root=root):
                changes.append(_change(fastest, former))
    allowed = [result for result in measured if research or _is_for_shops(result)]
    quick = [result for result in allowed if result.milliseconds <= budget_ms]
    best = max(quick, key=_rank, default=None)
    reasons = _reasons(measured, best, budget_ms, research)
    return Recommendation(best, tuple(measured), reasons, tuple(changes))


def measure(folder: ModelFolder, runtime: str) -> Measured:
    """Time a model in a runtime with a picture of 640 x 480.

    Raises:
        ModelError: the runtime cannot load the model.
    """
    encoder = OnnxEncoder(folder, runtime=runtime)
    image = np.random.default_rng(1).integers(0, 255, (480, 640, 3), dtype=np.uint8)
    times = []
    for _ in range(_WARM_UP + _RUNS):
        started = time.perf_counter()
        encoder.encode([image])
        times.append(time.perf_counter() - started)
    encoder.close()
    return Measured(folder, runtime, float(np.median(times[_WARM_UP:]) * 1000))


def _fastest(folder: ModelFolder) -> Measured | None:
    """Return the fastest runtime's time; the plain one's unless another is clearly faster."""
    results = []
    usable = ["onnxruntime"] if folder.card.precision == "int8" else installed_runtimes()
    for runtime in usable:
        try:
            results.append(measure(folder, runtime))
        except ModelError:
            continue  # a runtime that lacks an operator is no choice
    if not results:
        return None
    plain, fastest = results[0], min(results, key=lambda result: result.milliseconds)
    return fastest if plain.milliseconds / fastest.milliseconds >= _MIN_SPEEDUP else plain


def _change(result: Measured, former: str) -> str:
    return (
        f"{result.folder.card.id} runs with {result.runtime} from its next start on, in place of "
        f"{former}; its vectors stay comparable. KIOSK_RUNTIME={former} goes back."
    )


def _is_for_shops(result: Measured) -> bool:
    return result.folder.card.licence.commercial_use == "yes"


def _rank(result: Measured) -> tuple[bool, int, int, float]:
    card = result.folder.card
    return card.text is not None, card.parameters, card.input.width, -result.milliseconds


def _reasons(
    measured: Sequence[Measured], best: Measured | None, budget_ms: float, research: bool
) -> tuple[str, ...]:
    reasons = []
    for result in measured:
        card = result.folder.card
        reason = f"{card.title}: {result.milliseconds:.0f} ms a picture with {result.runtime}"
        if not research and not _is_for_shops(result):
            reason += f"; left out: {card.licence.name} is not free for shops"
        elif result.milliseconds > budget_ms:
            reason += f"; left out: slower than {budget_ms:.0f} ms"
        elif result is best:
            words = "reads words" if card.text else "reads no words"
            reason += f"; chosen: {words}, {card.parameters / 1e6:.0f} million parameters"
        reasons.append(reason)
    return tuple(reasons)
