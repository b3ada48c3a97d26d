"""Vietnamese by Telex: how letters join while they are typed. Pure.

The rules are those of the Vietnamese Telex convention: aa ee oo give â ê ô, aw ow uw
give ă ơ ư, dd gives đ, and s f r x j z set or remove the tone of the word. A mark that
is typed twice is taken back and the letter stays.

Written by hand: Qt's own keyboard, which has Telex, is licensed under the GPL or commercially.
"""

from __future__ import annotations

import unicodedata

TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
CIRCUMFLEX, BREVE, HORN = "\u0302", "\u0306", "\u031b"
_TONE_MARKS = frozenset(TONES.values())
_VOWELS = frozenset("aeiouy")


def telex(before: str, key: str) -> str:
    """The text before the cursor after `key` is typed behind it."""
    start = len(before)
    while start and before[start - 1].isalpha():
        start -= 1
    return before[:start] + _join(before[start:], key)


def erased(before: str) -> str:
    """The text before the cursor after one deletion."""
    return before[:-1]


def _join(word: str, key: str) -> str:
    low = key.lower()
    if low == "z" and word:
        bare = _without_tone(word)
        return bare if bare != word else word + key
    if low in TONES and word:
        return _toned(word, key)
    if low in "aeo" and word and (joined := _marked(word, low, CIRCUMFLEX)) is not None:
        return joined
    if low == "w" and word and (joined := _widened(word)) is not None:
        return joined
    if low == "d" and word[-1:] in ("d", "D"):
        return word[:-1] + ("đ" if word[-1] == "d" else "Đ")
    if low == "d" and word[-1:] in ("đ", "Đ"):
        return word[:-1] + ("d" if word[-1] == "đ" else "D") + key
    return _settled(word + key)


def _toned(word: str, key: str) -> str:
    tone = TONES[key.lower()]
    at = _tone_place(word)
    if at is None:
        return word + key
    if tone in _decompose(word[at])[1]:
        return _without_tone(word) + key
    bare = _without_tone(word)
    base, marks = _decompose(bare[at])
    return bare[:at] + _compose(base, marks | {tone}) + bare[at + 1 :]


def _settled(word: str) -> str:
    """Move the tone to where it belongs once further letters have changed the word."""
    tone = next((m for c in word for m in _decompose(c)[1] if m in _TONE_MARKS), None)
    if tone is None:
        return word
    bare = _without_tone(word)
    at = _tone_place(bare)
    if at is None:
        return word
    base, marks = _decompose(bare[at])
    return bare[:at] + _compose(base, marks | {tone}) + bare[at + 1 :]


def _marked(word: str, base: str, mark: str) -> str | None:
    """`word` with `mark` on its last `base` vowel; taken back when it is there already."""
    for at in range(len(word) - 1, -1, -1):
        letter, marks = _decompose(word[at])
        if letter.lower() == base:
            if mark in marks:
                return word[:at] + _compose(letter, marks - {mark}) + word[at + 1 :] + base
            kept = {m for m in marks if m in _TONE_MARKS}
            if marks - kept:
                return None
            return _settled(word[:at] + _compose(letter, kept | {mark}) + word[at + 1 :])
        if letter.lower() in _VOWELS:
            return None
    return None


def _widened(word: str) -> str | None:
    """What w does: uo becomes ươ, a becomes ă, o becomes ơ, u becomes ư."""
    marks_of = {"a": BREVE, "o": HORN, "u": HORN}
    vowels = [at for at, c in enumerate(word) if _decompose(c)[0].lower() in marks_of]
    if not vowels:
        return None
    at = vowels[-1]
    letters = list(word)
    chosen = [at]
    if len(vowels) > 1 and vowels[-2] == at - 1:
        pair = _decompose(word[at - 1])[0].lower() + _decompose(word[at])[0].lower()
        if pair == "uo" and not (at == 2 and word[0] in "qQ"):
            chosen = [at - 1, at]
        elif pair in ("ua", "uu") and word[:1] not in ("q", "Q"):
            chosen = [at - 1]
    for place in chosen:
        letter, marks = _decompose(word[place])
        kept = {m for m in marks if m in _TONE_MARKS}
        if marks - kept and len(chosen) == 1:
            bare = _compose(letter, kept) if marks_of[letter.lower()] in marks else word[place]
            return word[:place] + bare + word[place + 1 :] + "w"
        letters[place] = _compose(letter, kept | {marks_of[letter.lower()]})
    return _settled("".join(letters))


def _tone_place(word: str) -> int | None:
    """The vowel that carries the tone, by the traditional placement."""
    vowels = [at for at, c in enumerate(word) if _decompose(c)[0].lower() in _VOWELS]
    if not vowels:
        return None
    run = [at for at in range(vowels[0], vowels[-1] + 1) if at in set(vowels)]
    lower = "".join(_decompose(word[at])[0].lower() for at in run)
    first = word[: run[0]].lower()
    if len(run) > 1 and ((first == "q" and lower[0] == "u") or (first == "g" and lower[0] == "i")):
        run = run[1:]
    marked = [at for at in run if _decompose(word[at])[1] - _TONE_MARKS]
    if marked:
        return marked[-1]
    if len(run) == 1:
        return run[0]
    ends_with_vowel = run[-1] == len(word) - 1
    if len(run) == 2:
        return run[0] if ends_with_vowel else run[1]
    return run[1] if ends_with_vowel else run[-1]


def _decompose(character: str) -> tuple[str, set[str]]:
    decomposed = unicodedata.normalize("NFD", character)
    return decomposed[0], set(decomposed[1:])


def _compose(base: str, marks: set[str]) -> str:
    # The shape comes before the tone: only in that order do they compose to one character.
    ordered = sorted(marks, key=lambda mark: mark in _TONE_MARKS)
    return unicodedata.normalize("NFC", base + "".join(ordered))


def _without_tone(word: str) -> str:
    pieces = []
    for character in word:
        base, marks = _decompose(character)
        pieces.append(_compose(base, marks - _TONE_MARKS))
    return "".join(pieces)
