"""The Swift package reads what the Python writer wrote, where there is a Swift compiler."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from export.bundle.gather import Proofs
from export.bundle.writer import answer, ordered, write_bundle
from export.load.tokenizer import clip_tokenizer
from kiosk.domain import Image, Vectors
from kiosk.recognition import SearchEngine
from kiosk.recognition.scoring import Scorer
from kiosk.vision.encoders import clean_text
from tests.export.bundle.conftest import MakeContents, scattered

PACKAGE = Path(__file__).resolve().parents[3] / "export" / "ios"
SCRIPTS = (
    "a photo of an apple",
    "Two bottles of oat milk, 1 l each!!",
    "it's the shop's; we'll see, they've 50% off",
    "crème brûlée à la carte — naïve façade",
    "牛奶 一公升 特價",
    "cà phê sữa đá Việt Nam",
    "Молоко и хлеб",
    "حليب طازج",
    "とうふ 豆腐 トーフ",
    "emoji 🍎🥛 and symbols ©®™ €5",
    "“curly” ‘quotes’ and ＦＵＬＬ　ｗｉｄｔｈ",
    "x" * 300,
    "tab\tand\nnewline   many    spaces",
    "",
    "fish &amp; chips &lt;hot&gt;",
)


def write_fixture(folder: Path, make_contents: MakeContents) -> None:
    """A bundle with a tuned metric, and what the kiosk answers to queries and texts."""
    engine = SearchEngine(error_budget=0.02)
    contents = make_contents(products=24, photos=4, dimension=32, engine=engine)
    assert engine.metric_name == "tuned"
    queries = np.concatenate([scattered(24, 4, 32)[::2], scattered(8, 5, 32, seed=5)])
    proofs = Proofs(
        pictures=[noise(number) for number in range(3)],
        vectors=queries[:3],
        answers=[engine.recognise(query[None]) for query in queries[:3]],
    )
    write_bundle(folder / "Shop.kioskbundle", dataclasses.replace(contents, proofs=proofs))
    tokenizer = clip_tokenizer()
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    scorer = Scorer.of(ordered(contents.gallery), contents.metric)
    answers = {
        "queries": [_asked(scorer, query) for query in queries],
        "presentations": [
            *(_shown(engine, query[None], None) for query in queries),
            *(_shown(engine, queries[k : k + 3], None) for k in range(0, 40, 4)),
            *(_shown(engine, queries[k : k + 3], [0.1, 1.0, 0.5]) for k in range(0, 40, 6)),
        ],
        "words": [
            {"text": text, "tokens": tokenizer.encode(clean_text(text, "lower")).ids}
            for text in _texts()
        ],
    }
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")


def noise(seed: int) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (24, 32, 3), dtype=np.uint8)


def _shown(engine: SearchEngine, vectors: Vectors, weights: list[float] | None) -> dict[str, Any]:
    given = None if weights is None else np.array(weights, np.float32)
    said = answer(engine.recognise(vectors, given))
    return {"vectors": vectors.tolist(), "weights": weights, "answer": said.model_dump()}


def _asked(scorer: Scorer, query: Vectors) -> dict[str, Any]:
    similar = scorer.score(query)
    order = np.argsort(-similar, kind="stable")[:5]
    return {
        "vector": query.tolist(),
        "similarities": similar.tolist(),
        "order": [scorer.index.skus[k] for k in order],
    }


def _texts() -> list[str]:
    rng = np.random.default_rng(11)
    words = " ".join(SCRIPTS).replace("&", "").split()
    mixed = [" ".join(rng.choice(words, rng.integers(1, 12))) for _ in range(150)]
    return [*SCRIPTS, *mixed]


def test_fixture_for_swift_can_be_written(make_contents: MakeContents, tmp_path: Path) -> None:
    write_fixture(tmp_path, make_contents)
    written = json.loads((tmp_path / "answers.json").read_text("utf-8"))
    assert len(written["queries"]) >= 50
    assert all(len(word["tokens"]) == 77 for word in written["words"])


@pytest.mark.timeout(900)
def test_swift_package_passes_its_tests(make_contents: MakeContents, tmp_path: Path) -> None:
    swift = shutil.which("swift")
    if swift is None:
        pytest.skip("there is no Swift compiler here, so the Swift package was not built")
    write_fixture(tmp_path, make_contents)
    package = Path(shutil.copytree(PACKAGE, tmp_path / "package"))
    done = subprocess.run(
        [swift, "test", "--package-path", str(package)],
        env=os.environ | {"KIOSK_FIXTURE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert "Executed" in done.stdout + done.stderr
