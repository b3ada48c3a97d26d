"""What text on a pack says about products."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from kiosk.domain import WordMatch
from kiosk.recognition.evidence import LabelText, Line, ProductWords, WordIndex

BOX = (0.1, 0.2, 0.5, 0.1)


def label(*lines: str, score: float = 0.99) -> LabelText:
    return LabelText(tuple(Line(text, score, BOX) for text in lines))


KETCHUP = ProductWords.of("ketchup", "Crunchy snack", [label("Crunchy", "KETCHUP", "taste")])
VINEGAR = ProductWords.of("vinegar", "Crunchy snack", [label("Crunchy", "VINEGAR", "taste")])
TEA = ProductWords.of("tea", "茉莉花茶", [])
INDEX = WordIndex.of([VINEGAR, TEA, KETCHUP])


def best(text: LabelText) -> str:
    return INDEX.skus[int(INDEX.scores(text).argmax())]


def test_the_word_that_differs_decides_between_siblings() -> None:
    assert best(label("crunchy", "vinegar")) == "vinegar"
    assert best(label("crunchy", "Ketchup")) == "ketchup"


def test_letters_that_were_misread_and_words_that_ran_together_still_count() -> None:
    assert best(label("CrunchyVinegor")) == "vinegar"


def test_a_name_in_any_script_is_found_on_the_pack_without_a_photo_that_was_read() -> None:
    assert best(label("康师傅", "茉莉花茶")) == "tea"


def test_text_that_no_product_has_is_like_none() -> None:
    assert INDEX.scores(label("zzz")).max() == 0
    assert INDEX.scores(LabelText()).max() == 0
    assert WordIndex.of([]).scores(label("crunchy")).shape == (0,)


def test_a_word_that_only_the_sibling_has_speaks_against_a_product() -> None:
    right, wrong = INDEX.compare(label("Crunchy", "Vinegar"), ["vinegar", "ketchup"])
    assert right.contradicted == 0
    assert right.found == 1
    assert wrong.contradicted > 0.5
    assert wrong.elsewhere == pytest.approx(wrong.contradicted)


def test_a_word_that_no_product_has_speaks_against_all_but_is_nowhere_else() -> None:
    for match in INDEX.compare(label("Crunchy", "Paprika"), ["vinegar", "ketchup"]):
        assert match.contradicted > 0.5
        assert match.elsewhere == 0


def test_unsure_words_dates_and_numbers_speak_against_nothing() -> None:
    text = LabelText((*label("Paprika", score=0.6).lines, *label("2026-11-25 L4711").lines))
    assert INDEX.compare(text, ["ketchup"])[0].contradicted == 0


def test_nothing_speaks_against_a_product_whose_photos_show_no_text() -> None:
    assert INDEX.compare(label("Paprika"), ["tea", "unknown"]) == (WordMatch(), WordMatch())


words = st.lists(st.text(max_size=12), max_size=4).map(lambda lines: label(*lines))


@given(words, st.lists(words, max_size=3))
def test_any_text_gives_shares_between_0_and_1(text: LabelText, photos: list[LabelText]) -> None:
    index = WordIndex.of([KETCHUP, VINEGAR, ProductWords.of("new", "", photos)])
    for match in index.compare(text, index.skus):
        for share in (match.similarity, match.found, match.contradicted, match.elsewhere):
            assert -1e-6 <= share <= 1.002  # half precision
        assert match.elsewhere <= match.contradicted + 1e-6


@given(words)
def test_stored_text_is_read_back_as_it_was_stored(text: LabelText) -> None:
    assert LabelText.of_bytes(text.to_bytes()) == text
