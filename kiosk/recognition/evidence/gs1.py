"""Product numbers inside GS1 codes. Pure.

Source: GS1 General Specifications, sections 3.2 (application identifiers) and 7.8
(element strings); GS1 Digital Link URI Syntax, section 4.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

SEPARATOR = "\x1d"  # FNC1 after an element of variable length
# Digits of an element, its identifier included, by the identifier's first two digits:
# General Specifications, figure 7.8.5-2. All others end at a separator.
FIXED_LENGTHS = {
    **{"00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "20": 4, "41": 16},
    **dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19"), 8),
    **dict.fromkeys(("31", "32", "33", "34", "35", "36"), 10),
}
_SYMBOLOGY = re.compile(r"\](?:C1|e0|d2|Q3|J1)")
_BRACKETED = re.compile(r"\(\d{2,4}\)")
_LINKED = re.compile(r"/(?:01|gtin)/(\d{8}|\d{12,14})(?=/|$)")


def is_gtin(text: str) -> bool:
    """True for 8, 12, 13 or 14 digits with the right check digit (GS1 General Specifications)."""
    if len(text) not in (8, 12, 13, 14) or not (text.isascii() and text.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(text)]
    total = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return total % 10 == 0


def gtin_in(text: str) -> str | None:
    """Return the GTIN that a code's text is or holds, as it is printed; None without one.

    Reads bare numbers, Digital Links ("https://…/01/…"), and element strings, with brackets
    ("(01)…(10)…") or as a scanner sends them ("]d201…", with FNC1 as character 29).
    """
    if is_gtin(text):
        return text
    if text.startswith(("https://", "http://", "HTTPS://", "HTTP://")):
        return _linked(text)
    if _BRACKETED.match(text):
        return _printed(_bracketed(text))
    return _printed(_element(text))


def _linked(address: str) -> str | None:
    try:
        path = urlsplit(address).path
    except ValueError:
        return None
    found = _LINKED.search(path)
    return _printed(found[1].zfill(14)) if found else None


def _bracketed(text: str) -> str:
    """The value of element (01), or nothing."""
    heads = list(_BRACKETED.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    values = (
        text[head.end() : end]
        for head, end in zip(heads, ends, strict=True)
        if head.group() == "(01)"
    )
    return next(values, "")


def _element(text: str) -> str:
    """The value of element 01 in a string without brackets, or nothing."""
    rest = _SYMBOLOGY.sub("", text, count=1) if text.startswith("]") else text
    rest = rest.lstrip(SEPARATOR)
    while rest:
        length = FIXED_LENGTHS.get(rest[:2])
        if length is None:
            length = (rest + SEPARATOR).index(SEPARATOR)
        if rest.startswith("01"):
            return rest[2:length]
        rest = rest[length:].lstrip(SEPARATOR)
    return ""


def _printed(gtin: str | None) -> str | None:
    """Fourteen digits as they stand on the pack; None if they are no GTIN."""
    if not gtin or len(gtin) != 14 or not is_gtin(gtin):
        return None
    lengths = (8, 12, 13)
    shortest = next((n for n in lengths if gtin.startswith("0" * (14 - n))), 14)
    return gtin[14 - shortest :]
