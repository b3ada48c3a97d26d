"""What the text on a pack says about products: character n-grams, weighted by rarity. Pure.

Characters instead of words, as readers drop letters and join or split words, and Chinese
has no spaces. Source: Cavnar and Trenkle, "N-Gram-Based Text Categorization", 1994;
term weights as in Salton and Buckley, "Term-weighting approaches", 1988.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.domain import WordMatch
from kiosk.folding import fold
from kiosk.recognition.evidence.label_reader import LabelText, Line

SURE_SCORE = 0.9  # of a line that may contradict a product; chosen by eye
LEAST_FOUND = 0.5  # share of a line's n-grams that a product has to hold; chosen by eye
LEAST_LETTERS = 2  # of a word, as most Chinese ones have; what holds more digits is a date or lot
_BITS = 21  # of a Unicode character

Grams = NDArray[np.int64]
Weights = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class ProductWords:
    """The n-grams of one product's name and label: sorted `grams` (n,), how often `counts` (n,).

    `is_labelled`: text was read on a photo, so that a word that is not there says something.
    """

    sku: str
    grams: Grams
    counts: NDArray[np.float16]
    is_labelled: bool

    @classmethod
    def of(cls, sku: str, name: str, texts: Iterable[LabelText]) -> ProductWords:
        """Collect them from the product's name and description, and the text on each photo."""
        lines = [(line.text, line.score) for text in texts for line in text.lines]
        grams, counts = _counted([(name, 1.0), *lines])
        return cls(sku, grams, counts.astype(np.float16), bool(lines))


@dataclass(frozen=True, eq=False)
class WordIndex:
    """The n-grams of all products as one sparse matrix, in the order of `skus`.

    Column g of the matrix is n-gram `vocabulary[g]`; its entries are `starts[g]` to
    `starts[g + 1]`: `weights` of the products `owners`, each product's of norm 1.
    """

    skus: tuple[str, ...]
    vocabulary: Grams
    rarity: Weights
    starts: NDArray[np.int64]
    owners: NDArray[np.int32]
    weights: NDArray[np.float16]
    is_labelled: NDArray[np.bool_]

    @classmethod
    def of(cls, products: Iterable[ProductWords]) -> WordIndex:
        """Join products, sorted by SKU."""
        kept = sorted(products, key=lambda product: product.sku)
        grams = np.concatenate([p.grams for p in kept] or [np.zeros(0, np.int64)])
        counts = np.concatenate([p.counts for p in kept] or [np.zeros(0, np.float16)])
        owners = np.repeat(np.arange(len(kept), dtype=np.int32), [len(p.grams) for p in kept])
        order = np.argsort(grams, kind="stable")
        vocabulary, starts = np.unique(grams[order], return_index=True)
        starts = np.append(starts, len(grams)).astype(np.int64)
        rarity = _rarity(len(kept), np.diff(starts))
        weights = _damped(counts[order]) * np.repeat(rarity, np.diff(starts))
        owners = owners[order]
        norms = np.sqrt(np.bincount(owners, weights**2, minlength=len(kept)))
        return cls(
            tuple(p.sku for p in kept),
            vocabulary,
            rarity,
            starts,
            owners,
            (weights / norms[owners]).astype(np.float16),
            np.array([p.is_labelled for p in kept], np.bool_),
        )

    def scores(self, text: LabelText) -> Weights:
        """Return the cosine of `text` to each product: float32 (len(skus),), 0 to 1."""
        grams, counts = _counted([(line.text, line.score) for line in text.lines])
        weights = _damped(counts) * self._rarity_of(grams)
        norm = np.linalg.norm(weights)
        total = np.zeros(len(self.skus), np.float32)
        for place, weight in zip(self._places(grams), weights / (norm or 1.0), strict=True):
            if place >= 0:
                entries = slice(self.starts[place], self.starts[place + 1])
                total[self.owners[entries]] += weight * self.weights[entries]
        return total

    def compare(self, text: LabelText, skus: Sequence[str]) -> tuple[WordMatch, ...]:
        """Return what `text` says about each of `skus`."""
        scores = self.scores(text)
        lines = [grams for line in text.lines if len(grams := _sure_grams(line))]
        weights = np.array([self._rarity_of(grams).sum() for grams in lines])
        held = np.array([self._held(grams) for grams in lines])
        places = {sku: place for place, sku in enumerate(self.skus)}
        return tuple(
            self._match(places[sku], scores, weights, held) if sku in places else WordMatch()
            for sku in skus
        )

    def _match(
        self, place: int, scores: Weights, weights: NDArray[np.float64], held: Weights
    ) -> WordMatch:
        """Sum up what lines of `weights` (lines,) say, `held` (lines, products) by each."""
        similarity = float(scores[place])
        if not len(weights) or not self.is_labelled[place]:
            return WordMatch(similarity)
        shares = weights / weights.sum()
        is_found = held[:, place] >= LEAST_FOUND
        others = np.delete(held, place, axis=1).max(axis=1, initial=0.0)
        found = float(shares[is_found].sum())
        elsewhere = float(shares[~is_found & (others >= LEAST_FOUND)].sum())
        return WordMatch(similarity, found, 1 - found, elsewhere)

    def _held(self, grams: Grams) -> Weights:
        """Return the share of a line's n-grams, by rarity, that each product holds."""
        total = np.zeros(len(self.skus), np.float32)
        rarity = self._rarity_of(grams)
        for place, weight in zip(self._places(grams), rarity, strict=True):
            if place >= 0:
                total[self.owners[self.starts[place] : self.starts[place + 1]]] += weight
        return total / np.float32(rarity.sum())

    def _places(self, grams: Grams) -> NDArray[np.int64]:
        """Return the n-grams' columns, -1 for those that no product has."""
        places = np.searchsorted(self.vocabulary, grams)
        known = places < len(self.vocabulary)
        known[known] = self.vocabulary[places[known]] == grams[known]
        return np.where(known, places, -1)

    def _rarity_of(self, grams: Grams) -> Weights:
        places = self._places(grams)
        unseen = _rarity(len(self.skus), np.zeros(1))[0]
        return np.where(places < 0, unseen, np.append(self.rarity, unseen)[places])


def line_grams(text: str) -> Grams:
    """Return the runs of two and three letters or digits of a folded text, as numbers."""
    plain = "".join(letter for letter in fold(text) if letter.isalnum())
    letters = np.frombuffer(plain.encode("utf-32-le"), np.uint32).astype(np.int64)
    pairs = letters[:-1] << _BITS | letters[1:]
    triples = pairs[:-1] << _BITS | letters[2:]
    return np.concatenate([pairs, triples])


def _sure_grams(line: Line) -> Grams:
    """Return the n-grams of a line that was surely read and is a word, else none."""
    letters = sum(letter.isalpha() for letter in line.text)
    is_word = 2 * letters > len(line.text) and letters >= LEAST_LETTERS
    return line_grams(line.text if is_word and line.score >= SURE_SCORE else "")


def _counted(lines: Iterable[tuple[str, float]]) -> tuple[Grams, Weights]:
    """Return the n-grams of lines, sorted, and the sum of their lines' scores."""
    parts = [(line_grams(text), score) for text, score in lines]
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    scores = np.repeat([score for _, score in parts], [len(grams) for grams, _ in parts])
    grams, inverse = np.unique(np.concatenate([g for g, _ in parts]), return_inverse=True)
    return grams, np.bincount(inverse, scores, minlength=len(grams)).astype(np.float32)


def _damped(counts: NDArray[np.floating[Any]]) -> Weights:
    return np.asarray(1 + np.log(np.maximum(counts.astype(np.float32), 0.5)), np.float32)


def _rarity(products: int, having: NDArray[Any]) -> Weights:
    """Return the inverse document frequency of n-grams that `having` products have."""
    return np.asarray(np.log((products + 1) / (having.astype(np.float32) + 0.5)), np.float32)
