"""Words: cleaned as CLIP does, cut and padded, embedded with norm one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from kiosk.errors import ModelError
from kiosk.vision.encoders import clean_text, load_text_encoder
from kiosk.vision.encoders.text_encoder import OnnxTextEncoder
from kiosk.vision.models import find_model, sha256_of
from tests.vision.conftest import MakeModel

LENGTH = 6
WORDS = {"<pad>": 0, "milk": 1, "bread": 2, "green": 3, "tea": 4, "?": 5}


def _with_words(root: Path, *, length: int = LENGTH, context: int = LENGTH) -> Path:
    """Give the tiny model a text tower: the mean of random word vectors."""
    folder = root / "tiny"
    table = np.random.default_rng(3).normal(size=(len(WORDS), 12)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "text"], ["words"]),
            helper.make_node("ReduceMean", ["words", "axis"], ["embedding"], keepdims=0),
        ],
        "words",
        [helper.make_tensor_value_info("text", TensorProto.INT64, ["batch", length])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", 12])],
        [
            numpy_helper.from_array(table, "table"),
            numpy_helper.from_array(np.array([1], np.int64), "axis"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save_model(model, str(folder / "text.onnx"))
    tokenizer = Tokenizer(models.WordLevel(WORDS, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_truncation(context)
    tokenizer.enable_padding(length=context, pad_id=0)
    tokenizer.save(str(folder / "tokenizer.json"))
    card = json.loads((folder / "model.json").read_text())
    card["text"] = {
        "file": "text.onnx",
        "input": "text",
        "output": "embedding",
        "context_length": LENGTH,
        "tokenizer": "tokenizer.json",
        "clean": "lower",
    }
    card["files"] |= {name: sha256_of(folder / name) for name in ("text.onnx", "tokenizer.json")}
    (folder / "model.json").write_text(json.dumps(card))
    return root


def test_model_without_words_has_no_text_encoder(make_model: MakeModel) -> None:
    root = make_model()
    assert load_text_encoder("tiny", roots=[root]) is None
    with pytest.raises(ModelError, match="reads no words"):
        OnnxTextEncoder(find_model("tiny", roots=[root]))


def test_texts_become_rows_of_norm_one(make_model: MakeModel) -> None:
    encoder = load_text_encoder("tiny", roots=[_with_words(make_model())])
    assert encoder is not None
    vectors = encoder.encode(["milk", "green tea", "GREEN   tea\n", ""])
    assert vectors.shape == (4, 12)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors[1], vectors[2])
    assert not np.allclose(vectors[0], vectors[1])


def test_no_texts_give_no_rows_and_many_equal_single_ones(make_model: MakeModel) -> None:
    encoder = load_text_encoder("tiny", roots=[_with_words(make_model())])
    assert encoder is not None
    assert encoder.encode([]).shape == (0, 12)
    texts = ["milk", "tea"] * 40
    assert np.allclose(encoder.encode(texts), np.tile(encoder.encode(texts[:2]), (40, 1)))


def test_long_text_is_cut_and_short_text_is_padded(make_model: MakeModel) -> None:
    folder = find_model("tiny", roots=[_with_words(make_model())])
    ids = OnnxTextEncoder(folder).token_ids(["milk " * 50, "tea", "牛奶"])
    assert ids.tolist() == [[1] * 6, [4, 0, 0, 0, 0, 0], [5, 0, 0, 0, 0, 0]]


def test_tokenizer_of_another_length_is_refused(make_model: MakeModel) -> None:
    root = _with_words(make_model(), context=9)
    with pytest.raises(ModelError, match=r"gives 9 ids a text; model\.json says 6"):
        load_text_encoder("tiny", roots=[root])


def test_text_graph_of_another_length_is_refused(make_model: MakeModel) -> None:
    root = _with_words(make_model(), length=9)
    with pytest.raises(ModelError, match=r"model\.json says \(n, 6\)"):
        load_text_encoder("tiny", roots=[root])


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ("none", "  “Oat_Milk”,\n 1&nbsp;L &amp;amp; more! "),
        ("lower", '"oat_milk", 1 l & more!'),
        ("canonicalize", "oat milk 1 l more"),
    ],
)
def test_text_is_cleaned_as_the_networks_authors_do(how: str, wanted: str) -> None:
    assert clean_text("  “Oat_Milk”,\n 1&nbsp;L &amp;amp; more! ", how) == wanted
