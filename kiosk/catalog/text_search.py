"""Search by words in names and descriptions, for any script and from one character on."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Select, case, column, literal_column, or_, select, table

from kiosk.catalog.database.schema import products
from kiosk.catalog.filters import ProductFilter
from kiosk.folding import fold

MAX_QUERY: Final = 200  # characters; chosen, longer than any name
_MAX_WORDS: Final = 8  # chosen: each word is one more condition
_POOL: Final = 500  # products that are scored; chosen
_TRIGRAM: Final = 3  # SQLite's trigram index finds no shorter word
_LONG_WORD: Final = 4  # characters; shorter words have too few trigrams to compare
_ALIKE: Final = 0.4  # least Dice coefficient of words that count as alike; chosen by eye


def find(
    connection: Connection, query: str, chosen: ProductFilter, limit: int
) -> list[tuple[str, float]]:
    """Return SKUs and scores (0 to 1), best first; names count more than descriptions.

    All words must occur; where no product has them all, products with some of them follow
    (scores below 0.3), and where there is none either, names spelt alike (below 0.2).
    """
    words = fold(query[:MAX_QUERY]).split()[:_MAX_WORDS]
    if not words or limit < 1:
        return []
    base = chosen.applied(select(*products.c["sku", "folded_name", "folded_text"]))
    holds = [_holds_any(connection, [word]) for word in words]
    rows = _candidates(connection, base.where(*holds), words)
    if not rows and len(words) > 1:
        rows = _candidates(connection, base.where(or_(*holds)), words)
    phrase = " ".join(words)
    scored = [
        (sku, 1.0 if fold(sku) == phrase else score(words, name, text)) for sku, name, text in rows
    ] or _spelt_alike(connection, base, words)
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:limit]


def score(words: list[str], name: str, text: str) -> float:
    """Return how well folded `words` fit a product, 0 to 1."""
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
    connection: Connection, base: Select[Any], words: list[str]
) -> list[tuple[str, float]]:
    """Find products with a word in the name that shares trigrams with a longer query word."""
    wanted = [trigrams(word) for word in words if len(word) >= _LONG_WORD]
    parts = sorted({part for word in wanted for part in word if " " not in part})
    if not parts:
        return []
    rows = _candidates(connection, base.where(_holds_any(connection, parts)), words)
    scored = []
    for sku, name, _ in rows:
        in_name = [trigrams(word) for word in name.split()]
        likeness = max((dice(a, b) for a in wanted for b in in_name), default=0.0)
        if likeness >= _ALIKE:
            scored.append((sku, 0.19 * likeness))
    return scored


def trigrams(word: str) -> frozenset[str]:
    """Return the runs of three characters of a word, its ends marked by spaces."""
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def dice(a: frozenset[str], b: frozenset[str]) -> float:
    """Return the share of common trigrams, 0 to 1 (Dice's coefficient)."""
    return 2 * len(a & b) / (len(a) + len(b))


def _candidates(
    connection: Connection, statement: Select[Any], words: list[str]
) -> list[tuple[str, str, str]]:
    in_name = case((products.c.folded_name.contains(words[0], autoescape=True), 0), else_=1)
    ordered = statement.order_by(in_name, products.c.folded_name, products.c.sku).limit(_POOL)
    return [tuple(row) for row in connection.execute(ordered)]


def _holds_any(connection: Connection, words: list[str]) -> Any:
    """Return the condition that a product's name or text holds one of the folded words."""
    if connection.dialect.name != "sqlite" or min(map(len, words)) < _TRIGRAM:
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
