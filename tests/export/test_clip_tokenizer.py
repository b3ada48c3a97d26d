"""Our JSON tokenizer gives open_clip's ids, in any script."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from export.load.tokenizer import clip_tokenizer, read_tokenizer
from kiosk.errors import ModelError
from kiosk.vision.encoders import clean_text

SCRIPTS = [
    (0x20, 0x7E),  # Latin
    (0xA1, 0x17F),  # Latin with accents
    (0x1EA0, 0x1EF9),  # Vietnamese
    (0x370, 0x3FF),  # Greek
    (0x400, 0x4FF),  # Cyrillic
    (0x5D0, 0x5EA),  # Hebrew
    (0x621, 0x64A),  # Arabic
    (0x905, 0x939),  # Devanagari
    (0xE01, 0xE3A),  # Thai
    (0x3041, 0x30FF),  # Japanese
    (0x4E00, 0x9FFF),  # Chinese
    (0xAC00, 0xD7A3),  # Korean
    (0x1F300, 0x1F5FF),  # emoji
    (0x2010, 0x2027),  # typographic punctuation
    (0xFF01, 0xFF5E),  # full width
    (0x00, 0x1F),  # control characters
]
GLUE = ["", " ", "  ", "\n", "\t", "&amp;", "&lt;", "'s", "'LL", "_", "...", "12"]


def _random_texts(count: int) -> list[str]:
    rng = random.Random(1)
    texts = []
    for _ in range(count):
        pieces: list[str] = []
        for _ in range(rng.choice([0, 1, 3, 10, 40, 150])):
            low, high = rng.choice(SCRIPTS)
            pieces.append("".join(chr(rng.randint(low, high)) for _ in range(rng.randint(1, 8))))
            pieces.append(rng.choice(GLUE))
        texts.append("".join(pieces))
    return texts


def test_ids_equal_open_clips_on_random_texts_in_many_scripts() -> None:
    import open_clip

    texts = [*_random_texts(1_000), "word " * 500, "", "   ", "&amp;amp;", "“fancy” ﬁsh"]
    theirs = open_clip.SimpleTokenizer()(texts).tolist()
    tokenizer = clip_tokenizer()
    ours = [tokenizer.encode(clean_text(text, "lower")).ids for text in texts]
    assert ours == theirs
    full = sum(row[-1] != 0 for row in ours)
    assert 50 < full < 900  # over-long and short texts were both there


def test_saved_file_gives_the_same_ids_and_is_cut_and_padded(tmp_path: Path) -> None:
    clip_tokenizer().save(str(tmp_path / "tokenizer.json"))
    again = read_tokenizer(tmp_path / "tokenizer.json", 77)
    text = "a photo of 牛奶"
    assert again.encode(text).ids == clip_tokenizer().encode(text).ids
    assert len(again.encode("milk " * 300).ids) == 77
    assert again.encode("milk").ids[3:] == [0] * 74


def test_file_that_is_no_tokenizer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match="is not a tokenizer"):
        read_tokenizer(tmp_path / "tokenizer.json", 77)
