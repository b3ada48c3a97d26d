"""What the guide says about models is what the registry knows."""

from __future__ import annotations

import re
from pathlib import Path

from kiosk.vision.models import registered_models

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "models.md"
UNITS = {"MB": 1e6, "GB": 1e9}


def rows() -> list[list[str]]:
    """The table's rows: cells without their blanks."""
    lines = GUIDE.read_text("utf-8").splitlines()
    table = [line for line in lines if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_licences_words_and_sizes_are_those_of_the_registry() -> None:
    single = [row for row in rows() if row[0].count("`") == 2]
    assert len(single) >= 7
    for model, _, words, licence, size, how in single:
        known = registered_models()[model.strip("`")]
        assert licence.split()[0] == known.licence.commercial_use, model
        assert bool(words) == known.text, model
        assert how != "`pull`" or known.source.repo, model
        number, unit = size.split()
        stored = {"efficientnet_lite0_int8": 2.7, "efficientnet_lite0": 2.9}.get(
            known.id, 4
        )  # bytes
        assert abs(float(number) * UNITS[unit] / (known.parameters * stored) - 1) < 0.1, model


def test_research_weights_are_called_so() -> None:
    (row,) = [row for row in rows() if "mobileclip2_s0" in row[0]]
    named = re.findall(r"`(mobileclip2?_s0)`", row[0])
    assert row[3].startswith("no")
    assert {registered_models()[model].licence.commercial_use for model in named} == {"no"}
