"""`load_model`: architectures, their own preprocessing, and clear refusals."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import torch

from export.load.checkpoints import read_checkpoint
from export.load.mixed_text import MixedTextTower
from export.load.model import fold_branches, load_model
from kiosk.errors import ModelError
from kiosk.vision.models import registered_models
from tests.export.checkpoint_makers import seeded, tinyclip


@pytest.mark.parametrize("model_id", ["mobileclip2_s3", "mobileclip2_s4"])
def test_large_mobileclip2_take_their_own_mean_and_std(model_id: str) -> None:
    import open_clip

    ours = registered_models()[model_id].preprocess
    theirs = open_clip.get_pretrained_cfg(registered_models()[model_id].network.name, "dfndr2b")
    assert ours.mean == tuple(theirs["mean"]) == (0.48145466, 0.4578275, 0.40821073)
    assert ours.std == tuple(theirs["std"]) == (0.26862954, 0.26130258, 0.27577711)


@pytest.mark.parametrize(
    "model_id",
    [name for name, entry in registered_models().items() if entry.network.kind == "open_clip"],
)
def test_registry_agrees_with_open_clips_own_configuration(model_id: str) -> None:
    import open_clip

    entry = registered_models()[model_id]
    config = open_clip.get_model_config(entry.network.name)
    assert entry.dimension == config["embed_dim"]
    assert entry.input == config["vision_cfg"]["image_size"]
    tag = open_clip.list_pretrained_tags_by_model(entry.network.name)[0]
    published = open_clip.get_pretrained_cfg(entry.network.name, tag)
    assert entry.preprocess.mean == tuple(published["mean"])
    assert entry.preprocess.std == tuple(published["std"])
    assert entry.preprocess.interpolation == (published.get("interpolation") or "bicubic")


@pytest.mark.parametrize("model_id", ["mobileclip_s0", "mobilenet_v4_small"])
def test_random_weights_need_no_download(model_id: str) -> None:
    loaded = load_model(model_id, random_weights=True)
    entry = registered_models()[model_id]
    with torch.no_grad():
        vectors = loaded.image_tower(torch.rand(2, 3, entry.input, entry.input))
    assert vectors.shape == (2, entry.dimension)
    assert torch.allclose(vectors.norm(dim=1), torch.ones(2), atol=1e-5)
    assert loaded.card.parameters == entry.parameters
    assert (loaded.text_tower is not None) == entry.text


def test_folding_the_branches_changes_no_embedding() -> None:
    tower = seeded(MixedTextTower).eval()
    ids = torch.randint(1, 49_000, (2, 77))
    with torch.no_grad():
        for block in (tower.transformer[0], tower.transformer[5]):
            block.layer_scale.fill_(0.3)
            block.token_mixer.layer_scale.normal_(0, 0.5)
        before = tower(ids)
        entries = len(tower.state_dict())
        fold_branches(tower)
        after = tower(ids)
    assert torch.nn.functional.cosine_similarity(before, after).min() > 0.99999
    assert len(tower.state_dict()) < entries


def test_checkpoint_whose_name_says_nothing_asks_which_it_is(tmp_path: Path) -> None:
    path = tmp_path / "weights.pt"
    torch.save({"a": torch.zeros(1)}, path)
    with pytest.raises(ModelError, match="does not say which model") as caught:
        load_model(path)
    assert "--as ID" in caught.value.next_step


def test_unknown_id_lists_what_is_known() -> None:
    with pytest.raises(ModelError, match="knows no model 'nothing'") as caught:
        load_model("nothing", random_weights=True)
    assert "mobileclip_s0" in caught.value.next_step


def test_missing_checkpoint_says_how_to_get_it() -> None:
    with pytest.raises(ModelError, match="no checkpoint of ResNet-50 Places365"):
        load_model("resnet50_places365")


def test_transformers_checkpoint_without_its_config_is_refused(tmp_path: Path) -> None:
    checkpoint = tinyclip(tmp_path)
    (tmp_path / "config.json").unlink()
    with pytest.raises(ModelError, match=r"needs its config\.json"):
        load_model(checkpoint, as_id="tinyclip_vit_8m16")


class _Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return (print, ("this must not run",))


def test_checkpoint_that_would_run_code_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mobileclip_s0.pt"
    torch.save({"a": torch.zeros(1), "b": _Evil()}, path)
    with pytest.raises(ModelError, match="more than plain tensors"):
        read_checkpoint(path)
    path.write_bytes(pickle.dumps(_Evil(), protocol=2))
    with pytest.raises(ModelError):
        read_checkpoint(path)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["x.pt", "x.safetensors", "x.pth.tar"])
@pytest.mark.parametrize("content", [b"", b"junk" * 100])
def test_damaged_checkpoint_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=name.replace(".", r"\.")):
        read_checkpoint(tmp_path / name)


def test_wrappers_of_training_are_taken_off(tmp_path: Path) -> None:
    torch.save({"epoch": 3, "state_dict": {"module.a": torch.ones(2)}}, tmp_path / "x.pt")
    assert list(read_checkpoint(tmp_path / "x.pt")) == ["a"]


def test_checkpoint_without_tensors_is_refused(tmp_path: Path) -> None:
    torch.save({"epoch": 3}, tmp_path / "x.pt")
    with pytest.raises(ModelError, match="holds no tensors"):
        read_checkpoint(tmp_path / "x.pt")
