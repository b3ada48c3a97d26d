from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from kiosk.domain import Candidate, Decision, Price, Product, Sighting, SightingState
from kiosk.gui.look.confidence import percent, stars
from kiosk.gui.look.state import (
    CardKind,
    Choice,
    LookView,
    Seen,
    derive_look,
    in_order_of,
    others_than,
    plausible,
)

PRODUCTS = {
    sku: Product(sku, name, Price(minor, currency), "Fruit")
    for sku, name, minor, currency in [
        ("A", "Apple", 320000, "TWD"),
        ("B", "Táo", 45000, "VND"),
        ("C", "Apfel", 1299, "EUR"),
    ]
}
FIVE = tuple(Candidate(sku, 0.8, 0.3) for sku in PRODUCTS)


def seen(state: SightingState, decision: Decision | None = None, sku: str | None = None) -> Seen:
    return Seen(
        Sighting(9, 300, state, sku=sku, confidence=0.962, candidates=FIVE, decision=decision),
        PRODUCTS,
    )


MATCHED = seen(SightingState.MATCHED, Decision.NAMED, "A")


def test_nothing_seen_shows_no_card() -> None:
    assert derive_look(None, Choice()) == LookView()


def test_a_match_shows_name_price_and_confidence() -> None:
    view = derive_look(MATCHED, Choice())
    assert view.kind is CardKind.MATCH
    assert (view.product.name, view.product.price) == ("Apple", "NT$ 3,200")
    assert (view.stars, view.percent) == (5, 96)


def test_prices_are_written_as_their_own_country_does() -> None:
    tiles = derive_look(MATCHED, Choice()).tiles
    assert [tile.price.replace("\u00a0", " ") for tile in tiles] == [
        "NT$ 3,200",
        "45.000 ₫",
        "€12.99",
    ]


def test_not_sure_asks_instead_of_naming() -> None:
    view = derive_look(seen(SightingState.UNKNOWN, Decision.UNSURE), Choice())
    assert view.kind is CardKind.PICK
    assert view.product.name == ""
    assert [tile.sku for tile in view.tiles] == ["A", "B", "C"]


def test_unknown_says_so_and_offers_the_nearest() -> None:
    view = derive_look(seen(SightingState.UNKNOWN, Decision.UNKNOWN), Choice())
    assert view.kind is CardKind.UNKNOWN
    assert len(view.tiles) == 3


def test_not_this_one_leaves_the_rejected_product_out() -> None:
    view = derive_look(MATCHED, Choice(picking=True))
    assert view.kind is CardKind.PICK
    assert [tile.sku for tile in view.tiles] == ["B", "C"]


def test_a_tapped_product_is_shown_without_a_confidence() -> None:
    view = derive_look(MATCHED, Choice(sku="C"))
    assert (view.kind, view.product.name, view.percent) == (CardKind.CHOSEN, "Apfel", 0)


def test_none_of_them_is_unknown_and_does_not_offer_them_again() -> None:
    view = derive_look(MATCHED, Choice(none_of_them=True))
    assert (view.kind, view.tiles) == (CardKind.UNKNOWN, ())


UNSURE = seen(SightingState.UNKNOWN, Decision.UNSURE)


def reordered(by: Seen) -> Seen:
    backwards = replace(by.sighting, candidates=by.sighting.candidates[::-1])
    return replace(by, sighting=backwards)


def test_tiles_do_not_change_places_while_the_same_are_offered() -> None:
    assert derive_look(in_order_of(reordered(UNSURE), UNSURE), Choice()) == derive_look(
        UNSURE, Choice()
    )


def test_other_candidates_come_in_their_own_order() -> None:
    two = replace(UNSURE, sighting=replace(UNSURE.sighting, candidates=FIVE[:0:-1]))
    assert in_order_of(two, UNSURE) is two
    assert in_order_of(two, MATCHED) is two
    assert in_order_of(two, None) is two


def test_a_product_that_was_deleted_meanwhile_is_not_named() -> None:
    gone = Seen(MATCHED.sighting, {})
    assert derive_look(gone, Choice()) == LookView()


@given(st.floats(0, 1))
def test_stars_and_percent_stay_in_their_range(confidence: float) -> None:
    assert 1 <= stars(confidence) <= 5
    assert 0 <= percent(confidence) <= 99


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_confidence_never_shows_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert stars(low) <= stars(high)
    assert percent(low) <= percent(high)


@pytest.mark.parametrize(
    ("confidence", "expected"), [(0.3, 1), (0.5, 2), (0.7, 3), (0.85, 4), (0.95, 5)]
)
def test_each_star_has_its_bound(confidence: float, expected: int) -> None:
    assert stars(confidence) == expected


def test_only_what_is_plausible_is_offered() -> None:
    unsure = seen(SightingState.UNKNOWN, Decision.UNSURE)
    odd = (Candidate("A", 0.8, 0.5), Candidate("B", 0.7, 0.2), Candidate("C", 0.6, 0.019))
    view = derive_look(replace(unsure, sighting=replace(unsure.sighting, candidates=odd)), Choice())
    assert [tile.sku for tile in view.tiles] == ["A", "B"]


def test_an_unknown_thing_that_is_like_nothing_offers_nothing() -> None:
    unknown = seen(SightingState.UNKNOWN, Decision.UNKNOWN)
    far = tuple(Candidate(sku, 0.2, 0.004) for sku in PRODUCTS)
    view = derive_look(
        replace(unknown, sighting=replace(unknown.sighting, candidates=far)), Choice()
    )
    assert (view.kind, view.tiles) == (CardKind.UNKNOWN, ())


def test_what_is_refused_leaves_its_share_to_the_others() -> None:
    candidates = (Candidate("A", 0.9, 0.96), Candidate("B", 0.8, 0.02), Candidate("C", 0.5, 0.0001))
    assert [each.sku for each in others_than("A", candidates)] == ["B"]


@given(st.lists(st.floats(0, 0.2), max_size=5))
def test_a_tile_is_never_offered_that_another_of_the_same_chance_was_denied(
    chances: list[float],
) -> None:
    candidates = [Candidate(str(number), 0.5, chance) for number, chance in enumerate(chances)]
    offered = {each.confidence for each in plausible(candidates)}
    denied = {each.confidence for each in candidates} - offered
    assert not offered or not denied or min(offered) > max(denied)
