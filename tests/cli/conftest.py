"""Runs the command line in this process, as a shell would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.cli import main


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("products", "--json")` against a catalogue of this test's own."""
    monkeypatch.setenv("KIOSK_DB", str(tmp_path / "shop"))
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: object) -> Outcome:
        try:
            main([str(argument) for argument in arguments])
            status = 0
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return call


@pytest.fixture
def photos(tmp_path: Path) -> dict[str, list[Path]]:
    """Three products' photos, `A`, `B` and `C`, as JPEG files beside each other."""
    return {
        sku: [draw(tmp_path / f"{sku}{shade}.jpg", seed, shade) for shade in (0, 10, -10)]
        for seed, sku in enumerate("ABC")
    }


def draw(path: Path, seed: int, shade: int = 0) -> Path:
    """Coloured blocks, one pattern a seed, a little lighter or darker by `shade`."""
    blocks = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    image = np.kron(blocks, np.ones((48, 48, 1), np.uint8)).astype(int) + shade
    cv2.imwrite(str(path), np.clip(image, 0, 255).astype(np.uint8))
    return path
