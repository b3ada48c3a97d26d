"""From nothing to a kiosk on MobileCLIP: consent, pull, use, words, eval, Core ML, licence.

The hub is one on this machine; the checkpoint has Apple's layout, names and shapes, with
weights made from each name.
"""

from __future__ import annotations

import importlib.util
import io
import json
from pathlib import Path

import pytest
import torch

from tests.cli.conftest import Run, photos, run
from tests.export.test_pull import Hub, hub

__all__ = ["hub", "photos", "run"]
MODEL = "mobileclip_s0"
pytestmark = pytest.mark.timeout(900)


def apples_checkpoint(folder: Path) -> bytes:
    spec = importlib.util.spec_from_file_location("weights", folder / "weights.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stream = io.BytesIO()
    torch.save(module.state_dict(MODEL), stream)
    return stream.getvalue()


@pytest.fixture
def models(tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of models, and commands that pull from the hub on this machine."""
    folder = tmp_path / "models"
    for module in ("cards", "install"):
        monkeypatch.setattr(f"kiosk.vision.models.{module}.models_dir", lambda: folder)
    template = f"{hub.address}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.address)
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", template)
    return folder


def assert_weights_mix(run: Run, picture: Path) -> None:
    """At a weight between, the similarity is that of neither the picture nor the words alone."""

    def similarities(*weight: object) -> dict[str, float]:
        found = run("search", "--image", picture, "--text", "box", *weight, "--json")
        return {hit["sku"]: hit["similarity"] for hit in json.loads(found.out)}

    looks, mixed, words = (similarities("--image-weight", weight) for weight in (1.0, 0.7, 0.0))
    assert next(iter(looks)) == "C"
    assert len({looks["C"], mixed["C"], words["C"]}) == 3


def test_from_nothing_to_a_kiosk_that_reads_words(
    hub: Hub, models: Path, run: Run, photos: dict[str, list[Path]], bench_data: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    data = apples_checkpoint(bench_data / "mobileclip")
    hub.files["apple/MobileCLIP-S0/mobileclip_s0.pt"] = data
    hub.cut_once = len(data) // 2
    refused = run("models", "pull", MODEL)
    assert refused.status == 1
    assert "--accept-licence" in refused.err

    pulled = run("models", "pull", MODEL, "--accept-licence")
    assert pulled.status == 0, pulled.err
    assert hub.ranges, "the download was cut, and went on where it stopped"
    assert "a shop may not use it" in pulled.out
    card = json.loads((models / MODEL / "model.json").read_text(encoding="utf-8"))
    assert card["parity"]["cosine_min"] >= 0.9999
    assert card["mean"] == [0, 0, 0]

    for sku, files in photos.items():
        added = run("enroll", "--sku", sku, "--name", f"Thing {sku}", "--price", "5", *files[:2])
        assert added.status == 0, added.err
    used = run("models", "use", MODEL)
    assert used.status == 0, used.err
    by_picture = json.loads(run("search", "--image", photos["B"][2], "--top", 2, "--json").out)
    assert by_picture[0]["sku"] == "B"
    in_words = json.loads(run("search", "--text", "a blue box with a cow", "--json").out)
    assert {hit["sku"] for hit in in_words} <= {"A", "B", "C"}
    assert all(hit["similarity"] is not None for hit in in_words)
    assert_weights_mix(run, photos["C"][2])
    shares = json.loads(run("classify", "--labels", "apple,milk", photos["A"][0], "--json").out)
    assert sum(shares[0]["labels"].values()) == pytest.approx(1)

    (tmp_path / "queries.csv").write_text(f"path,sku\n{photos['A'][2]},A\n", encoding="utf-8")
    figures = run("eval", tmp_path / "queries.csv", "--json", tmp_path / "figures.json")
    assert figures.status == 0, figures.err
    assert json.loads((tmp_path / "figures.json").read_text())["model"] == MODEL

    packages = tmp_path / "packages"  # the image tower overflows float16 with weights like these
    exported = run("export", "coreml", MODEL, "--out", packages, "--towers", "text")
    assert exported.status == 0, exported.err
    assert [found.suffix for found in packages.iterdir() if found.is_dir()] == [".mlpackage"]
