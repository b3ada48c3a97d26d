"""Prices as people write them, and as the kiosk stores and shows them.

Amounts are whole numbers of the currency's minor unit (ISO 4217): 12.99 EUR is 1299,
3,200 TWD is 320000, 45.000 VND is 45000.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal, get_currency_symbol, list_currencies

from kiosk.domain import Price
from kiosk.errors import CatalogError

MAX_MINOR: Final = 9_999_999_999
"""More than any shelf price: 99,999,999.99 euros, or ten thousand million dong."""

NOT_SET: Final = "—"
"""In place of a price that nobody has set."""

# CLDR rounds some currencies to what cash is used; storage needs ISO 4217's own digits.
_MINOR_DIGITS: Final = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
_SHOWN_WHOLE: Final = frozenset(
    ("TWD", "HUF", "IDR", "COP", "IRR", "LAK", "LBP", "MMK", "ALL", "AFN", "RSD", "SOS", "YER")
)

_HOME: Final = {
    "AED": "en_AE", "ARS": "es_AR", "AUD": "en_AU", "BGN": "bg_BG", "BRL": "pt_BR",
    "CAD": "en_CA", "CHF": "de_CH", "CLP": "es_CL", "CNY": "zh_CN", "COP": "es_CO",
    "CZK": "cs_CZ", "DKK": "da_DK", "EUR": "en_IE", "GBP": "en_GB", "HKD": "en_HK",
    "HUF": "hu_HU", "IDR": "id_ID", "ILS": "en_IL", "INR": "en_IN", "ISK": "is_IS",
    "JPY": "ja_JP", "KHR": "km_KH", "KRW": "ko_KR", "LAK": "lo_LA", "MOP": "en_MO",
    "MXN": "es_MX", "MYR": "ms_MY", "NOK": "nb_NO", "NZD": "en_NZ", "PHP": "en_PH",
    "PLN": "pl_PL", "RON": "ro_RO", "SEK": "sv_SE", "SGD": "en_SG", "THB": "th_TH",
    "TRY": "tr_TR", "TWD": "zh_TW", "UAH": "uk_UA", "USD": "en_US", "VND": "vi_VN",
    "ZAR": "en_ZA",
}  # fmt: skip
CURRENCIES: Final = tuple(_HOME)
"""The ISO 4217 codes whose home's way of writing prices is known, by their letters."""

_SYMBOL: Final = {"TWD": "NT$", "JPY": "¥", "HKD": "HK$", "SGD": "S$", "MOP": "MOP$"}
_ALSO_WRITTEN: Final = {
    "TWD": ("NT", "元", "圓", "塊"),
    "VND": ("vnđ", "đồng", "đ", "dong"),
    "JPY": ("円", "yen"),
    "CNY": ("元", "RMB", "CN¥"),
    "KRW": ("원",),
    "EUR": ("euro", "euros"),
    "USD": ("US$",),
    "SEK": (":-", "kr"),
    "NOK": (",-", "kr"),
    "DKK": (",-", "kr"),
}  # fmt: skip
_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_GROUPED: Final = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?P<mark>[.,])\d{3}(?:(?P=mark)\d{3})*)"
    r"(?:(?!(?P=mark))[.,](?P<fraction>\d*))?"
)
_INDIAN: Final = re.compile(r"(?P<whole>[1-9]\d?(?:,\d\d)+,\d{3})(?:\.(?P<fraction>\d*))?")
_PLAIN: Final = re.compile(r"(?P<whole>\d*)(?:[.,](?P<fraction>\d*))?")


def minor_digits(currency: str) -> int:
    """How many digits the minor unit of `currency` has: 2 for EUR, 0 for VND (ISO 4217).

    Raises:
        CatalogError: no currency has that code.
    """
    if currency not in _known_currencies():
        raise CatalogError(
            f"{currency!r} is not a currency.",
            next_step="Write its three-letter code, such as TWD, VND or EUR.",
        )
    return _MINOR_DIGITS.get(currency, 2)


def parse_price(text: str, currency: str) -> Price:
    """Read what a person or a spreadsheet wrote: "NT$ 3,200", "45.000 ₫", "12,99", "12.99".

    A single separator before exactly three digits groups thousands, unless the currency
    has three decimals and the separator is a point.

    Raises:
        CatalogError: empty, negative, not a number, too large, or another currency's sign.
    """
    digits = minor_digits(currency)
    written = _plain(text)
    if written == NOT_SET:
        return Price(0, currency)
    if not written:
        raise CatalogError("The price is missing.", next_step="Write a number such as 12.99.")
    bare = _without_sign_of(written, currency)
    if re.match(r"[-−–(]", bare):
        raise CatalogError(f"A price cannot be negative: {_short(text)}.")
    minor = _minor_units(bare, digits)
    if minor is None:
        raise _not_a_price(text, written, currency)
    if minor < 0:
        raise CatalogError(
            f"{_short(text)} has more decimals than {currency}, which has {digits}.",
            next_step="Round the price.",
        )
    return check_price(Price(minor, currency))


def check_price(price: Price) -> Price:
    """The same price, if a shop can ask it.

    Raises:
        CatalogError: negative, above `MAX_MINOR`, or in no known currency.
    """
    digits = minor_digits(price.currency)
    if price.minor < 0:
        raise CatalogError(f"A price cannot be negative: {price.minor / 10**digits:g}.")
    if price.minor > MAX_MINOR:
        limit = f"{Decimal(MAX_MINOR).scaleb(-digits):,}"
        raise CatalogError(
            f"The price is too large to be one; the most is {limit} {price.currency}.",
            next_step="Check for a slipped decimal point or a barcode in the price column.",
        )
    return price


@lru_cache(maxsize=4096)
def format_price(price: Price, language: str = "") -> str:
    """The price as shown: "NT$ 3,200", "45.000 ₫", "€12.99"; a dash while it is not set.

    Without `language` the form is the one of the currency's home; with it ("en", "zh_TW",
    "vi"...) the separators and the sign's place are that language's. Spaces are plain ones.
    """
    if not price.is_set:
        return NOT_SET
    locale, symbol, sign_first, pattern = _shown_form(price.currency, language)
    digits = minor_digits(price.currency)
    value = Decimal(price.minor).scaleb(-digits)
    whole = price.currency in _SHOWN_WHOLE and value == value.to_integral_value()
    decimals = 0 if whole else digits
    number = format_decimal(
        value, format=pattern + ("." + "0" * decimals if decimals else ""), locale=locale
    )
    number = _SPACES.sub(" ", number)
    if not sign_first:
        return f"{number} {symbol}"
    return f"{symbol} {number}" if len(symbol) > 1 else f"{symbol}{number}"


def price_in_code(digits: str, currency: str) -> Price:
    """The price that the digits in a shop's own barcode mean, written as on its shelves.

    "00599" is 5.99 in EUR, 599 in VND, and 599 in TWD, whose cents nobody writes.
    """
    scale = 10 ** minor_digits(currency) if currency in _SHOWN_WHOLE else 1
    return Price(int(digits) * scale, currency)


def price_text(price: Price) -> str:
    """The amount alone, as CSV and forms carry it: "12.99", "3200.00", "45000"."""
    digits = minor_digits(price.currency)
    return f"{Decimal(price.minor).scaleb(-digits):.{digits}f}"


@lru_cache(maxsize=1)
def _known_currencies() -> frozenset[str]:
    return frozenset(list_currencies())


@lru_cache(maxsize=256)
def _shown_form(currency: str, language: str) -> tuple[Locale, str, bool, str]:
    name = language or _HOME.get(currency, "en")
    try:
        locale = Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en")
    pattern = str(locale.currency_formats["standard"].pattern).split(";")[0]
    sign_first = pattern.startswith("¤")
    body = re.sub(r"[^#,0.]", "", pattern).split(".")[0]
    symbol = _SYMBOL.get(currency) or get_currency_symbol(currency, locale=locale)
    return locale, symbol, sign_first, body


def _plain(text: str) -> str:
    """`text` with full-width and foreign digits as ASCII, and single spaces."""
    wide = unicodedata.normalize("NFKC", text)
    ascii_digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in wide)
    return _SPACES.sub(" ", ascii_digits).strip()


@lru_cache(maxsize=256)
def _signs(currency: str) -> tuple[str, ...]:
    """How the currency is written, longest first, folded to lower case."""
    home = _HOME.get(currency, "en")
    found = {
        currency,
        get_currency_symbol(currency, locale="en"),
        get_currency_symbol(currency, locale=home),
        _SYMBOL.get(currency, currency),
        *_ALSO_WRITTEN.get(currency, ()),
    }
    if any("$" in sign for sign in found):
        found.add("$")
    folded = {unicodedata.normalize("NFKC", sign).casefold() for sign in found if sign}
    return tuple(sorted(folded, key=len, reverse=True))


def _without_sign_of(written: str, currency: str) -> str:
    folded = written.casefold()
    for sign in _signs(currency):
        for candidate in (folded.removeprefix(sign), folded.removesuffix(sign)):
            if candidate != folded:
                return candidate.strip()
    return folded


def _minor_units(bare: str, digits: int) -> int | None:
    """The amount in minor units; None if it is no number, -1 if it has too many decimals."""
    if len(bare) > 40:
        return None
    text = re.sub(r"(?<=\d)[ '’](?=\d{3}(?!\d))", "", bare)
    forms = (_PLAIN, _GROUPED) if digits == 3 and "," not in text else (_GROUPED, _INDIAN, _PLAIN)
    match = next((m for form in forms if (m := form.fullmatch(text))), None)
    if match is None or not any(c.isdigit() for c in text):
        return None
    whole = re.sub(r"[.,]", "", match["whole"])
    fraction = match["fraction"] or ""
    if fraction[digits:].strip("0"):
        return -1
    return int(whole + fraction[:digits].ljust(digits, "0") or "0")


def _not_a_price(text: str, written: str, currency: str) -> CatalogError:
    for other in sorted(_HOME):
        stripped = _without_sign_of(written, other)
        if stripped != written.casefold() and _minor_units(stripped, minor_digits(other)):
            return CatalogError(
                f"{_short(text)} is written in {other}, but the price should be in {currency}.",
                next_step="Put the currency into the currency column, or change the price.",
            )
    return CatalogError(
        f"{_short(text)} is not a price.", next_step="Write a number such as 12.99 or 3,200."
    )


def _short(text: str) -> str:
    cut = text.strip()
    return repr(cut if len(cut) <= 40 else cut[:39] + "…")
