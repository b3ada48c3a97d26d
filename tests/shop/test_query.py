"""What a person typed, and the vector it becomes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, strategies as st

from kiosk.domain import Vectors
from kiosk.shop import label_shares, label_vectors
from kiosk.shop.query import TextQuery, parse_query, query_vector


class OneHot:
    """A text encoder whose space has an axis for each word it was asked about."""

    model_id = "one-hot"
    dimension = 8
    axes = ("oat", "sugar", "milk")

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.full((len(texts), self.dimension), 1e-3, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for axis, word in enumerate(self.axes):
                row[axis] += float(word in text)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("typed", "wanted", "unwanted"),
    [
        ("oat drink -sugar", "oat drink", ("sugar",)),
        ("sugar-free cola", "sugar-free cola", ()),
        ("tea - green", "tea - green", ()),
        ("-Sugar -Salt", "", ("sugar", "salt")),
        ("牛奶 -糖", "牛奶", ("糖",)),
        ("", "", ()),
    ],
)
def test_a_minus_before_a_word_leaves_it_out(
    typed: str, wanted: str, unwanted: tuple[str, ...]
) -> None:
    assert parse_query(typed) == TextQuery(wanted, unwanted)


@given(st.text())
def test_any_text_can_be_parsed(typed: str) -> None:
    query = parse_query(typed)
    assert all(word and not word.isspace() for word in query.unwanted)


@given(st.floats(0, 1))
def test_the_query_vector_has_norm_one_whatever_the_weight(weight: float) -> None:
    image = np.eye(8, dtype=np.float32)[[7]]
    vector = query_vector(OneHot(), TextQuery("oat", ("sugar",)), image, weight)
    assert vector is not None
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_the_weight_moves_the_query_from_words_to_picture() -> None:
    image = np.eye(8, dtype=np.float32)[[7]]
    words = query_vector(OneHot(), TextQuery("oat"), image, 0.0)
    both = query_vector(OneHot(), TextQuery("oat"), image, 0.6)
    assert words is not None
    assert both is not None
    assert words[0, 0] > 0.99
    assert both[0, 7] > both[0, 0] > 0.4


def test_unwanted_words_push_away() -> None:
    plain = query_vector(OneHot(), TextQuery("oat sugar"), None, 0.6)
    less = query_vector(OneHot(), TextQuery("oat sugar", ("sugar",)), None, 0.6)
    assert plain is not None
    assert less is not None
    assert less[0, 1] < plain[0, 1]


def test_without_a_text_tower_only_the_picture_counts() -> None:
    image = np.eye(8, dtype=np.float32)[[7]]
    vector = query_vector(None, TextQuery("oat"), image, 0.6)
    assert vector is not None
    assert np.allclose(vector, image)
    assert query_vector(None, TextQuery("oat"), None, 0.6) is None


def test_label_shares_favour_the_fitting_label_and_sum_to_one() -> None:
    labels = label_vectors(OneHot(), ["oat", "sugar", "milk"])
    shares = label_shares(OneHot().encode(["milk"]), labels, 0.05)
    assert shares.sum() == pytest.approx(1, abs=1e-5)
    assert int(shares.argmax()) == 2


def test_a_high_temperature_evens_the_shares_out() -> None:
    labels = label_vectors(OneHot(), ["oat", "sugar", "milk"])
    image = OneHot().encode(["milk"])
    assert label_shares(image, labels, 10).max() < label_shares(image, labels, 0.01).max()
