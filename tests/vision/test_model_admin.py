"""Models come in and go out; licences are respected."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.errors import ModelError
from kiosk.resources import shipped_models_dir
from kiosk.vision.encoders import load_encoder, load_text_encoder
from kiosk.vision.encoders.text_encoder import OnnxTextEncoder
from kiosk.vision.models import (
    SHIPPED,
    ConsentNeededError,
    add_model,
    find_model,
    guess_model,
    install as model_admin,
    known_models,
    model_info,
    pull_model,
    registered_models,
    registry_entry,
    remove_model,
    usable_model,
)
from kiosk.vision.models.licences import consents, require_consent
from tests.vision.conftest import MakeModel, tiny_graph, words_graph


def test_registry_names_every_promised_model() -> None:
    promised = {
        *(f"mobileclip_{size}" for size in ("s0", "s1", "s2", "b", "blt")),
        *(f"mobileclip2_{size}" for size in ("s0", "s2", "b", "s3", "s4")),
        *("openclip_vit_b32_256", "tinyclip_vit_8m16", "siglip2_base", "dinov2_small"),
        *("resnet18", "resnet50", "resnet50_places365", "efficientnet_b0"),
        *("efficientnet_lite0", "mobilenet_v2", "mobilenet_v4_small", "vit_s16"),
    }
    assert promised <= set(registered_models())


def test_every_entry_is_complete() -> None:
    for known in registered_models().values():
        assert known.parameters > 1_000_000
        assert known.licence.url.startswith("https://")
        assert known.source.files or known.id in SHIPPED
        assert known.source.url.startswith(("https://", "http://"))
    apples = [known for name, known in registered_models().items() if name.startswith("mobileclip")]
    assert {known.licence.commercial_use for known in apples} == {"no"}


@pytest.mark.parametrize("shipped", SHIPPED)
def test_registry_agrees_with_the_shipped_models(shipped: str) -> None:
    known, card = registry_entry(shipped), find_model(shipped).card
    assert (known.parameters, known.dimension) == (card.parameters, card.dimension)
    assert known.input == card.input.width
    assert known.preprocess.mean == card.mean
    assert known.preprocess.resize == card.resize
    assert known.licence == card.licence


def test_official_file_names_say_which_model_they_are() -> None:
    named = guess_model(Path("/x/mobileclip_s0.pt"))
    assert named is not None
    assert named.id == "mobileclip_s0"
    assert guess_model(Path("model.safetensors")) is None  # many models have this one


def test_list_joins_what_is_known_and_what_is_installed(make_model: MakeModel) -> None:
    root = make_model("resnet18")
    make_model("my_own")
    rows = {row.model_id: row for row in known_models(roots=[root])}
    assert rows["resnet18"].folder is not None
    assert rows["resnet18"].entry is not None
    assert rows["vit_s16"].folder is None
    assert rows["my_own"].entry is None


def test_info_of_a_stranger_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model 'nothing'"):
        model_info("nothing", roots=[tmp_path])


def test_removed_model_is_gone(make_model: MakeModel) -> None:
    root = make_model()
    remove_model("tiny", roots=[root])
    with pytest.raises(ModelError, match="no model 'tiny'"):
        model_info("tiny", roots=[root])


def test_model_in_use_stays(make_model: MakeModel) -> None:
    root = make_model()
    with pytest.raises(ModelError, match="in use"):
        remove_model("tiny", in_use="tiny", roots=[root])
    assert find_model("tiny", roots=[root]).card.id == "tiny"


@pytest.mark.parametrize("shipped", SHIPPED)
def test_shipped_models_stay(shipped: str) -> None:
    with pytest.raises(ModelError, match="ships with the product"):
        remove_model(shipped)
    assert (shipped_models_dir() / shipped / "model.json").is_file()


def test_model_that_is_only_known_cannot_be_removed_or_used(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not installed"):
        remove_model("resnet18", roots=[tmp_path])
    with pytest.raises(ModelError, match="not installed") as caught:
        usable_model("resnet18", roots=[tmp_path])
    assert "kiosk models pull resnet18" in caught.value.next_step


def test_onnx_file_becomes_a_model_without_conversion(tmp_path: Path) -> None:
    file = tmp_path / "features.onnx"
    tiny_graph(file)
    folder = add_model(file, as_id="resnet18", root=tmp_path / "models")
    assert (folder.card.dimension, folder.card.input.width) == (12, 8)
    assert folder.card.mean == registry_entry("resnet18").preprocess.mean
    assert folder.card.parity.images == 0
    encoder = load_encoder("resnet18", roots=[tmp_path / "models"])
    assert encoder.dimension == 12


@pytest.mark.parametrize("where", ["beside", "by name"])
def test_text_tower_beside_an_onnx_file_comes_along(where: str, tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    file = tmp_path / "features.onnx"
    tiny_graph(file)
    words_graph(tmp_path / "text.onnx", length=4)
    tokenizer = Tokenizer(models.WordLevel({"<pad>": 0, "oatmilk": 1, "tea": 2}, "<pad>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_padding(length=4)
    words = tmp_path / ("tokenizer.json" if where == "beside" else "words.json")
    tokenizer.save(str(words))
    given = words if where == "by name" else None
    root = tmp_path / "models"
    folder = add_model(file, as_id="siglip2_base", tokenizer=given, root=root)
    text = load_text_encoder("siglip2_base", roots=[root])
    assert isinstance(text, OnnxTextEncoder)
    assert text.token_ids(["OAT-milk", "tea"]).tolist() == [[1, 0, 0, 0], [2, 0, 0, 0]]
    assert text.encode(["tea"]).shape == (1, folder.card.dimension)


def test_onnx_file_that_is_no_image_tower_is_refused(tmp_path: Path) -> None:
    import onnx
    from onnx import TensorProto, helper

    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("Relu", ["a"], ["b"])],
        "relu",
        [info("a", TensorProto.FLOAT, ["n", 3])],
        [info("b", TensorProto.FLOAT, ["n", 3])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save_model(model, str(tmp_path / "relu.onnx"))
    with pytest.raises(ModelError, match=r"should take \(n, 3, height, width\)"):
        add_model(tmp_path / "relu.onnx", as_id="resnet18", root=tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_onnx_file_whose_weights_lie_beside_it_is_refused(tmp_path: Path) -> None:
    import onnx

    tiny_graph(tmp_path / "whole.onnx")
    model = onnx.load(str(tmp_path / "whole.onnx"))
    split = {"save_as_external_data": True, "location": "weights.bin", "size_threshold": 0}
    onnx.save_model(model, str(tmp_path / "x.onnx"), **split)
    assert (tmp_path / "weights.bin").stat().st_size
    with pytest.raises(ModelError, match="weights in files beside it"):
        add_model(tmp_path / "x.onnx", as_id="resnet18", root=tmp_path / "models")
    assert not (tmp_path / "models" / "resnet18").exists()


def test_onnx_file_that_cannot_be_run_is_refused(tmp_path: Path) -> None:
    import onnx
    from onnx import TensorProto, helper

    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("Reshape", ["a", "shape"], ["b"])],
        "reshape",
        [info("a", TensorProto.FLOAT, ["n", 3, 8, 8])],
        [info("b", TensorProto.FLOAT, ["n", "m"])],
        [helper.make_tensor("shape", TensorProto.INT64, [2], [5, 7])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save_model(model, str(tmp_path / "x.onnx"))
    with pytest.raises(ModelError, match="cannot be run"):
        add_model(tmp_path / "x.onnx", as_id="resnet18", root=tmp_path / "models")


def test_damaged_onnx_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.onnx").write_bytes(b"junk")
    with pytest.raises(ModelError, match="cannot be loaded"):
        add_model(tmp_path / "x.onnx", as_id="resnet18", root=tmp_path / "models")


def test_file_of_unknown_name_asks_which_it_is(tmp_path: Path) -> None:
    (tmp_path / "x.pt").write_bytes(b"junk")
    with pytest.raises(ModelError, match="does not say which model") as caught:
        add_model(tmp_path / "x.pt", root=tmp_path / "models")
    assert "--as ID" in caught.value.next_step
    with pytest.raises(ModelError, match="no file"):
        add_model(tmp_path / "gone.pt", root=tmp_path / "models")


def test_without_the_converter_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_admin, "_is_installed", lambda name: name != "torch")
    (tmp_path / "mobileclip_s0.pt").write_bytes(b"junk")
    with pytest.raises(ModelError, match="needs torch") as caught:
        add_model(tmp_path / "mobileclip_s0.pt", root=tmp_path / "models")
    assert "shelflens[export]" in caught.value.next_step


def test_research_licence_is_shown_before_anything_is_downloaded(tmp_path: Path) -> None:
    with pytest.raises(ConsentNeededError, match="Apple Machine Learning Research") as caught:
        pull_model("mobileclip_s0", root=tmp_path)
    assert "A shop may not use it" in str(caught.value)
    assert caught.value.entry.id == "mobileclip_s0"
    assert consents(tmp_path) == {}


def test_consent_is_recorded_once_and_asked_no_more(tmp_path: Path) -> None:
    known = registry_entry("mobileclip_s0")
    require_consent(known, tmp_path, given=True)
    record = consents(tmp_path)["mobileclip_s0"]
    assert record["licence"] == "LicenseRef-Apple-AMLR"
    assert record["at"].startswith("20")
    require_consent(known, tmp_path, given=False)
    with pytest.raises(ConsentNeededError):
        require_consent(registry_entry("mobileclip_s2"), tmp_path, given=False)


def test_changed_licence_asks_again(tmp_path: Path) -> None:
    record = {"mobileclip_s0": {"licence": "something else"}}
    (tmp_path / "consents.json").write_text(json.dumps(record))
    with pytest.raises(ConsentNeededError):
        require_consent(registry_entry("mobileclip_s0"), tmp_path, given=False)


def test_free_licence_needs_no_consent(tmp_path: Path) -> None:
    require_consent(registry_entry("resnet18"), tmp_path, given=False)
    assert consents(tmp_path) == {}


def test_model_that_is_not_on_the_hub_says_where_it_is(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not on the hub") as caught:
        pull_model("resnet50_places365", consent=True, root=tmp_path)
    assert "places2.csail.mit.edu" in caught.value.next_step
