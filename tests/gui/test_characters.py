from __future__ import annotations

from kiosk.gui.find.characters import next_characters

NAMES = ["柚子蘇打", "柚子茶", "大麥茶", "Apple", "夜光咖啡豆"]


def test_the_commonest_characters_come_first() -> None:
    assert set(next_characters(NAMES, "")[:3]) == {"子", "柚", "茶"}


def test_after_a_character_only_what_still_finds_something_is_offered() -> None:
    offered = next_characters(NAMES, "柚")
    assert offered[0] == "子"
    assert set(offered) == {"子", "蘇", "打", "茶"}


def test_letters_in_the_query_do_not_hide_the_characters() -> None:
    assert "柚" in next_characters(NAMES, "tea")


def test_a_catalogue_without_ideographs_offers_none() -> None:
    assert next_characters(["Apple", "Táo"], "") == []
