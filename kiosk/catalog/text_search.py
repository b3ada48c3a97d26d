"""Search by words in names and descriptions, for any script and from one character on."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Select, case, column, literal_column, or_, select, table

from kiosk.catalog.database.schema import products
from kiosk.catalog.filters import ProductFilter
from kiosk.catalog.folding import fold
from kiosk.catalog.product_statements import selection

MAX_QUERY: Final = 200
_MAX_WORDS: Final = 8
_POOL: Final = 500
_TRIGRAM: Final = 3
_LONG_WORD: Final = 4
_ALIKE: Final = 0.4


def find(
    connection: Connection,
    query: str,
    chosen: ProductFilter,
    limit: int,
) -> list[tuple[str, float]]:
    """SKUs and scores (0 to 1), best first; names count more than descriptions.

    All words must occur; where no product has them all, products with some of them follow
    (scores below 0.3), and where there is none either, names spelt alike (below 0.2).
    """
    words = fold(query[:MAX_QUERY]).split()[:_MAX_WORDS]
    if not words or limit < 1:
        return []
    base = selection(chosen).with_only_columns(
        products.c.sku, products.c.folded_name, products.c.folded_text
    )
    every = base
    for word in words:
        every = every.where(_holds(connection, word))
    rows = _candidates(connection, every, words)
    if not rows and len(words) > 1:
        some = base.where(or_(*(_holds(connection, word) for word in words)))
        rows = _candidates(connection, some, words)
    if not rows:
        return _spelt_alike(connection, base, words, limit)
    phrase = " ".join(words)
    scored = [
        (sku, 1.0 if fold(sku) == phrase else score(words, name, text)) for sku, name, text in rows
    ]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:limit]


def score(words: list[str], name: str, text: str) -> float:
    """How well folded `words` fit a product, 0 to 1."""
    phrase = " ".join(words)
    if name == phrase:
        return 1.0
    if name.startswith(phrase):
        return 0.95
    if f" {phrase}" in name:
        return 0.9
    if phrase in name:
        return 0.85
    in_name = sum(word in name for word in words) / len(words)
    found = sum(word in name or word in text for word in words) / len(words)
    if found < 1:
        return 0.29 * found
    return 0.4 + 0.4 * in_name


def _spelt_alike(
    connection: Connection, base: Select[Any], words: list[str], limit: int
) -> list[tuple[str, float]]:
    """Products with a word in the name that shares enough trigrams with a longer query word."""
    wanted = [(word, trigrams(word)) for word in words if len(word) >= _LONG_WORD]
    parts = sorted({part for _, some in wanted for part in some if " " not in part})
    if not parts:
        return []
    rows = _candidates(connection, base.where(_holds_any(connection, parts)), words)
    scored = []
    for sku, name, _ in rows:
        known = [trigrams(word) for word in name.split()]
        likeness = max((dice(one, other) for _, one in wanted for other in known), default=0.0)
        if likeness >= _ALIKE:
            scored.append((sku, 0.19 * likeness))
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:limit]


def trigrams(word: str) -> frozenset[str]:
    """The runs of three characters of a word, its ends marked by spaces."""
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def dice(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of common trigrams, 0 to 1 (Dice's coefficient)."""
    return 2 * len(one & other) / (len(one) + len(other))


def _candidates(
    connection: Connection, statement: Select[Any], words: list[str]
) -> list[tuple[str, str, str]]:
    in_name = case((products.c.folded_name.contains(words[0], autoescape=True), 0), else_=1)
    ordered = statement.order_by(in_name, products.c.folded_name, products.c.sku).limit(_POOL)
    return [tuple(row) for row in connection.execute(ordered)]


def _holds(connection: Connection, word: str) -> Any:
    """The condition that a product's name or text holds the folded word."""
    if len(word) >= _TRIGRAM:
        return _holds_any(connection, [word])
    return _contains(word)


def _holds_any(connection: Connection, words: list[str]) -> Any:
    """The condition that one of the words, of three characters or more, is there."""
    if connection.dialect.name != "sqlite":
        return or_(*map(_contains, words))
    index = table("product_text", column("rowid"))
    quoted = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
    hits = select(index.c.rowid).where(literal_column("product_text").op("MATCH")(quoted))
    return products.c.id.in_(hits)


def _contains(word: str) -> Any:
    return or_(
        products.c.folded_name.contains(word, autoescape=True),
        products.c.folded_text.contains(word, autoescape=True),
    )
