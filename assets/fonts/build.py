"""Cut the bundled fonts from the Debian packages fonts-inter and fonts-noto-cjk.

    apt-get install fonts-inter fonts-noto-cjk
    python assets/fonts/build.py

Inter keeps Latin with Vietnamese, punctuation, arrows and currency signs. Noto Sans CJK TC
keeps the 5,401 frequent characters of Big5 (its level 1), bopomofo, kana, full-width forms
and every other character that the demo shop or a translation uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
INTER = Path("/usr/share/fonts/opentype/inter")
NOTO = Path("/usr/share/fonts/opentype/noto")
COPYRIGHTS = {
    "OFL-Inter.txt": (
        Path("/usr/share/doc/fonts-inter/copyright"),
        "Copyright (c) 2016-2022 The Inter Project Authors (https://github.com/rsms/inter)",
    ),
    "OFL-NotoSansCJK.txt": (
        Path("/usr/share/doc/fonts-noto-cjk/copyright"),
        "Copyright (c) 2014-2021 Adobe (http://www.adobe.com/). Noto is a trademark of Google Inc.",
    ),
}
TITLE = "SIL OPEN FONT LICENSE Version 1.1 - 26 February 2007"
TRADITIONAL_CHINESE = 3  # the position of "Noto Sans CJK TC" in the collection
SOURCES = {".py", ".qml", ".ts", ".json"}
LATIN = [
    (0x0020, 0x007E),
    (0x00A0, 0x017F),
    (0x01A0, 0x01A1),
    (0x01AF, 0x01B0),
    (0x02C6, 0x02DD),
    (0x0300, 0x030C),
    (0x0323, 0x0323),
    (0x1EA0, 0x1EF9),
    (0x2010, 0x2027),
    (0x2030, 0x203A),
    (0x20A0, 0x20BF),
    (0x2190, 0x2199),
    (0x2605, 0x2606),
    (0x2713, 0x2717),
]
LATIN_SINGLES = "™№−×÷≈≤≥¼½¾•…′″⌘⏎⌫⇧"
CHINESE = [(0x0020, 0x007E), (0x3000, 0x303F), (0x3041, 0x30FF), (0x3105, 0x312F), (0xFF01, 0xFF5E)]


def in_ranges(ranges: Iterable[tuple[int, int]]) -> set[int]:
    return {code for first, last in ranges for code in range(first, last + 1)}


def big5_level_1() -> set[int]:
    """The frequent characters of Big5: lead bytes A4 to C6, up to C67E."""
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    found = set()
    for lead in range(0xA4, 0xC7):
        for trail in trails:
            if (lead, trail) <= (0xC6, 0x7E):
                found.add(ord(bytes([lead, trail]).decode("big5")))
    return found


def used_beyond_latin() -> set[int]:
    """Every character above Latin in the demo shop, the window and the translations."""
    folders = [CHECKOUT / "kiosk", CHECKOUT / "assets" / "i18n", CHECKOUT / "assets" / "demo"]
    suffixes = {".py", ".qml", ".ts", ".json", ".csv"}
    files = [f for d in folders for f in d.rglob("*") if f.suffix in suffixes]
    return {ord(c) for f in files for c in f.read_text(encoding="utf-8") if c >= "⺀"}


def cut(font: TTFont, codes: set[int], target: Path, features: list[str]) -> None:
    options = subset.Options(
        layout_features=features, name_IDs=["*"], hinting=False, notdef_outline=True
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font["head"].modified = font["head"].created  # the same bytes on every run
    font.recalcTimestamp = False
    font.save(target)
    print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size:,} bytes")


def licence_text(debian_copyright: Path, copyright_line: str) -> str:
    """The OFL body of a Debian copyright file, below its copyright line."""
    body = debian_copyright.read_text(encoding="utf-8")
    start = re.search(r"^License: (OFL-1\.1|SIL-1\.1)\n(?= (PREAMBLE|-----))", body, re.M)
    if start is None:
        raise SystemExit(f"No OFL text in {debian_copyright}: is another version installed?")
    lines = []
    for line in body[start.end() :].splitlines():
        if not line.startswith(" "):
            break
        if TITLE not in line and "-----" not in line:
            lines.append("" if line.strip() == "." else line[1:])
    return "\n".join([copyright_line, "", TITLE, "", "\n".join(lines).strip(), ""])


def main() -> None:
    latin = in_ranges(LATIN) | {ord(c) for c in LATIN_SINGLES}
    for weight in ("Regular", "Medium", "SemiBold", "Bold"):
        font = TTFont(INTER / f"Inter-{weight}.otf", recalcTimestamp=False)
        features = ["kern", "liga", "calt", "ccmp", "mark", "mkmk", "tnum", "locl"]
        cut(font, latin, HERE / f"Inter-{weight}.otf", features)
    chinese = in_ranges(CHINESE) | big5_level_1() | used_beyond_latin()
    for weight in ("Regular", "Bold"):
        # No layout features: "locl" alone would double the file with other countries' forms.
        path = NOTO / f"NotoSansCJK-{weight}.ttc"
        font = TTFont(path, fontNumber=TRADITIONAL_CHINESE, recalcTimestamp=False)
        cut(font, chinese, HERE / f"NotoSansTC-{weight}.otf", [])
    for name, (source, line) in COPYRIGHTS.items():
        (HERE / name).write_text(licence_text(source, line), encoding="utf-8")


if __name__ == "__main__":
    main()
