"""EAN-13 (GS1 General Specifications, section 5.2.1): digits to bars."""

from __future__ import annotations

_ODD = ("0001101", "0011001", "0010011", "0111101", "0100011",
        "0110001", "0101111", "0111011", "0110111", "0001011")  # fmt: skip
# Which of the six digits on the left take the even set tells the first digit.
_PARITY = ("OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE",
           "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO")  # fmt: skip


def check_digit(digits: str) -> str:
    """Return the thirteenth digit for the first twelve."""
    total = sum(int(d) * (3 if k % 2 else 1) for k, d in enumerate(digits[:12]))
    return str(-total % 10)


def in_store(number: int) -> str:
    """Return an EAN-13 of the range 20 to 29, which shops may use among themselves."""
    body = f"2{number:011d}"
    return body + check_digit(body)


def modules(digits: str) -> list[bool]:
    """Return the 95 modules of an EAN-13, True for dark.

    Raises:
        ValueError: not 13 digits, or the check digit is wrong.
    """
    if len(digits) != 13 or not digits.isdecimal() or digits[12] != check_digit(digits):
        raise ValueError(f"not an EAN-13: {digits!r}")
    left = ""
    for digit, parity in zip(digits[1:7], _PARITY[int(digits[0])], strict=True):
        odd = _ODD[int(digit)]
        left += odd if parity == "O" else _mirrored(_inverted(odd))
    right = "".join(_inverted(_ODD[int(digit)]) for digit in digits[7:])
    return [bit == "1" for bit in f"101{left}01010{right}101"]


def _inverted(bits: str) -> str:
    return bits.translate(str.maketrans("01", "10"))


def _mirrored(bits: str) -> str:
    return bits[::-1]
