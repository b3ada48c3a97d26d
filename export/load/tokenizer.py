"""CLIP's tokenizer as one JSON file of the `tokenizers` library, which needs no torch."""

from __future__ import annotations

import gzip
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, pre_tokenizers, processors
from tokenizers.models import BPE

from kiosk.errors import ModelError

START, END = "<start_of_text>", "<end_of_text>"
_WORD_END = "</w>"
_MERGES = 49152 - 256 - 2  # the vocabulary's size less single bytes and the two marks
# Contractions, words, single digits, runs of anything else.
_PATTERN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+"


def clip_tokenizer(context_length: int = 77) -> Tokenizer:
    """Build the tokenizer of OpenAI's CLIP from the merges that open_clip carries.

    It expects cleaned, lower-cased text (`kiosk.vision.encoders.clean_text`), puts the start and
    end marks around it, and cuts and pads (with 0) to `context_length`.
    """
    merges = _merges()
    single = list(_byte_symbols())
    words = [*single, *(symbol + _WORD_END for symbol in single), *map("".join, merges)]
    words += [START, END]
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(
        BPE(vocabulary, merges, end_of_word_suffix=_WORD_END, unk_token=END, fuse_unk=False)
    )
    tokenizer.add_special_tokens([AddedToken(mark, normalized=False) for mark in (START, END)])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PATTERN), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{START} $A {END}",
        special_tokens=[(START, vocabulary[START]), (END, vocabulary[END])],
    )
    return _fitted(tokenizer, context_length)


def read_tokenizer(path: Path, context_length: int) -> Tokenizer:
    """A published `tokenizer.json`, made to cut and pad to `context_length`.

    Raises:
        ModelError: the file is not a tokenizer.
    """
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare exceptions only
        raise ModelError(
            f"{path} is not a tokenizer: {error}.", next_step="Download it again."
        ) from error
    return _fitted(tokenizer, context_length)


def _fitted(tokenizer: Tokenizer, context_length: int) -> Tokenizer:
    tokenizer.enable_truncation(context_length)
    tokenizer.enable_padding(length=context_length, pad_id=0)
    return tokenizer


def _merges() -> list[tuple[str, str]]:
    from open_clip.tokenizer import default_bpe

    with gzip.open(default_bpe(), "rt", encoding="utf-8") as stream:
        lines = stream.read().split("\n")[1 : _MERGES + 1]
    pairs = (line.split() for line in lines)
    return [(first, second) for first, second in pairs]


def _byte_symbols() -> list[str]:
    """A printable character for each byte, in the order of CLIP's vocabulary.

    Printable bytes stand for themselves and come first; the others follow, moved
    to U+0100 and up ("Language Models are Unsupervised Multitask Learners", 2.2).
    """
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1)]
    plain += range(ord("®"), ord("ÿ") + 1)
    moved = len([byte for byte in range(256) if byte not in plain])
    return [chr(byte) for byte in plain] + [chr(256 + number) for number in range(moved)]
