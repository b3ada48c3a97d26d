"""SigLIP2 reads words with its own tokenizer, which goes in beside the checkpoint or by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from export.load.model import load_model
from kiosk.errors import ModelError
from kiosk.vision.encoders.text_encoder import OnnxTextEncoder
from kiosk.vision.models import add_model
from tests.export.checkpoint_makers import resnet18, siglip2

MODEL = "siglip2_base"
WORDS = ["<pad>", "<unk>", "oat", "milk", "a", "carton", "of"]


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    (tmp_path / "published").mkdir()
    made = siglip2(tmp_path / "published")
    (made.parent / "tokenizer.json").unlink()
    return made


def tokenizer_file(path: Path, words: list[str]) -> Path:
    tokenizer = Tokenizer(
        models.WordLevel({word: number for number, word in enumerate(words)}, "<unk>")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(path))
    return path


@pytest.mark.timeout(600)
def test_named_tokenizer_gives_words(checkpoint: Path, tmp_path: Path) -> None:
    words = tokenizer_file(tmp_path / "words.json", WORDS)
    folder = add_model(checkpoint, as_id=MODEL, tokenizer=words, root=tmp_path / "models")
    assert folder.card.text is not None
    assert folder.card.text.clean == "canonicalize"
    assert folder.card.parity.cosine_min >= 0.9999
    encoder = OnnxTextEncoder(folder, runtime="onnxruntime")
    ids = encoder.token_ids(["A carton of OAT-milk!", "tea"])
    assert ids.shape == (2, 64)
    assert ids[0, :5].tolist() == [4, 5, 6, 1, 0]  # SigLIP drops punctuation: "oatmilk"
    assert ids[1, :2].tolist() == [1, 0]
    vectors = encoder.encode(["oat milk", "a carton"])
    assert vectors.shape == (2, folder.card.dimension)
    assert float(vectors[0] @ vectors[1]) < 0.999


def test_without_a_tokenizer_it_reads_no_words(checkpoint: Path) -> None:
    loaded = load_model(checkpoint, as_id=MODEL)
    assert (loaded.card.text, loaded.text_tower, loaded.tokenizer) == (None, None, None)


def test_tokenizer_beside_the_checkpoint_is_found(checkpoint: Path) -> None:
    tokenizer_file(checkpoint.parent / "tokenizer.json", WORDS)
    loaded = load_model(checkpoint, as_id=MODEL)
    assert loaded.tokenizer is not None
    assert loaded.tokenizer.encode("oat milk").ids[:3] == [2, 3, 0]


def test_tokenizer_of_another_network_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    large = tokenizer_file(tmp_path / "large.json", [*WORDS, *(f"w{n}" for n in range(300))])
    with pytest.raises(ModelError, match="ids up to 306, the network knows 300"):
        load_model(checkpoint, as_id=MODEL, tokenizer=large)


def test_file_that_is_no_tokenizer_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text("{}")
    with pytest.raises(ModelError, match="is not a tokenizer"):
        load_model(checkpoint, as_id=MODEL, tokenizer=tmp_path / "t.json")


def test_tokenizer_that_is_not_there_is_named(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no file .*gone\.json"):
        add_model(checkpoint, as_id=MODEL, tokenizer=tmp_path / "gone.json", root=tmp_path / "m")


def test_network_without_words_takes_no_tokenizer(tmp_path: Path) -> None:
    words = tokenizer_file(tmp_path / "words.json", WORDS)
    with pytest.raises(ModelError, match="it reads no words"):
        load_model(resnet18(tmp_path), as_id="resnet18", tokenizer=words)
