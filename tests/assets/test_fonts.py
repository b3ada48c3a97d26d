"""The bundled fonts: every sign the kiosk shows is in them, and they stay small."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from assets.demo.catalogue import NOT_SOLD
from assets.demo.sheet import Sheet, text_runs
from kiosk.demo import demo_products
from kiosk.money import format_price
from kiosk.resources import assets_dir

FONTS = assets_dir() / "fonts"
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")


def signs_of(path: Path) -> set[str]:
    with TTFont(path) as font:
        return {chr(code) for code in font.getBestCmap()}


@pytest.fixture(scope="module")
def inter() -> set[str]:
    return signs_of(FONTS / "Inter-Regular.otf")


@pytest.fixture(scope="module")
def chinese() -> set[str]:
    return signs_of(FONTS / "NotoSansTC-Regular.otf")


def shown(text: str) -> set[str]:
    return {c for c in text if not c.isspace() and unicodedata.category(c) not in {"Cc", "Cf"}}


def test_all_weights_cover_the_same_signs(inter: set[str], chinese: set[str]) -> None:
    assert all(signs_of(FONTS / f"Inter-{weight}.otf") == inter for weight in WEIGHTS)
    assert signs_of(FONTS / "NotoSansTC-Bold.otf") == chinese


def test_every_sign_of_the_demo_shop_is_there(inter: set[str], chinese: set[str]) -> None:
    for product in (*demo_products(), *(thing.product for thing in NOT_SOLD)):
        text = product.name + product.description + product.category
        assert shown(text) <= inter | chinese, product.sku


def test_every_price_is_written_in_inter(inter: set[str]) -> None:
    for product in demo_products():
        for language in ("en", "zh_TW", "vi"):
            assert shown(format_price(product.price, language)) <= inter


def test_every_sign_of_the_window_is_there(inter: set[str], chinese: set[str]) -> None:
    files = [*(assets_dir() / "i18n").glob("*.ts")]
    assert len(files) >= 2
    for path in files:
        missing = shown(path.read_text(encoding="utf-8")) - inter - chinese
        assert missing == set(), path.name


def test_every_chinese_sign_in_the_window_s_code_is_there(chinese: set[str]) -> None:
    window = Path(__file__).parents[2] / "kiosk" / "gui"
    files = [path for path in window.rglob("*") if path.suffix in {".py", ".qml"}]
    assert len(files) > 20
    for path in files:
        beyond_latin = {c for c in path.read_text(encoding="utf-8") if c > "⺀"}
        assert beyond_latin <= chinese, path.name


def test_vietnamese_is_complete_with_every_tone(inter: set[str]) -> None:
    vowels = ("a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y")
    tones = ("", "̀", "́", "̃", "̉", "̣")
    letters = {unicodedata.normalize("NFC", v + t) for v in vowels for t in tones} | {"đ", "₫"}
    assert all(len(letter) == 1 for letter in letters)
    assert letters | {letter.upper() for letter in letters} <= inter


def test_frequent_traditional_characters_are_there(chinese: set[str]) -> None:
    assert (
        set("的一是不了人我在有他這為之大來以個中上們到說國和地也子時道出而要於就下得可你年生")
        <= chinese
    )
    assert len(chinese) > 5400


def test_fonts_are_small_and_come_with_their_licence() -> None:
    for path in FONTS.glob("*.otf"):
        assert path.stat().st_size < 1_500_000, path.name
    for name in ("OFL-Inter.txt", "OFL-NotoSansCJK.txt"):
        text = (FONTS / name).read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in text
        assert text.startswith("Copyright")
        assert "PERMISSION & CONDITIONS" in text


def test_text_takes_each_script_from_its_font() -> None:
    families = [font.getname()[0] for _, font in text_runs("Trà 烏龍 tea", "Bold", 20)]
    assert families == ["Inter", "Noto Sans CJK TC", "Inter"]


def test_text_is_shrunk_to_the_width_it_may_take() -> None:
    sheet = Sheet(400, 60, "#FFFFFF")
    assert sheet.text(200, 30, "Crunchy 柚子", 30, "#000000", within=90) <= 92
    dark = (sheet.finished() < 128).any(axis=(0, 2)).nonzero()[0]
    assert 150 <= dark.min() <= dark.max() <= 250
