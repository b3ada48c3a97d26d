"""Reciprocal rank fusion: symmetric, monotone, and fair to both rankings."""

from __future__ import annotations

from hypothesis import given, strategies as st

from kiosk.shop.product_search import fuse_ranks

rankings = st.lists(st.text("ABCDEFGH", min_size=1, max_size=2), unique=True, max_size=8)


@given(rankings, rankings)
def test_fusing_keeps_every_sku_once(a: list[str], b: list[str]) -> None:
    fused = fuse_ranks([(0.6, a), (0.4, b)])
    assert sorted(fused) == sorted(set(a) | set(b))


@given(rankings)
def test_one_ranking_alone_keeps_its_order(a: list[str]) -> None:
    assert fuse_ranks([(1.0, a)]) == a


@given(rankings, rankings)
def test_the_order_of_the_rankings_does_not_matter(a: list[str], b: list[str]) -> None:
    assert fuse_ranks([(0.5, a), (0.5, b)]) == fuse_ranks([(0.5, b), (0.5, a)])


def test_what_both_find_comes_before_what_one_finds() -> None:
    assert fuse_ranks([(0.6, ["X", "Y"]), (0.4, ["Z", "Y"])])[0] == "Y"
