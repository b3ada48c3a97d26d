"""Commands that fill, list, move and save the catalogue, as scripts use them."""

from __future__ import annotations

import json
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from kiosk.cli.display_checks import check_opencv
from kiosk.shop import Grade
from tests.cli.conftest import Run, draw

Photos = dict[str, list[Path]]


def enroll(run: Run, photos: Photos, sku: str, **extra: str) -> None:
    options = [word for name, value in extra.items() for word in (f"--{name}", value)]
    outcome = run("enroll", "--sku", sku, "--name", f"Thing {sku}", "--price", "45", *options,
                  *photos[sku])  # fmt: skip
    assert outcome.status == 0, outcome.err


def listed(run: Run) -> list[dict[str, object]]:
    return json.loads(run("products", "--json").out)  # type: ignore[no-any-return]


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_an_enrolled_product_is_found_by_another_photo(
    run: Run, photos: Photos, tmp_path: Path
) -> None:
    for sku in photos:
        enroll(run, photos, sku)
    found = json.loads(run("search", "--image", draw(tmp_path / "q.jpg", 1, 5), "--json").out)
    assert found[0]["sku"] == "B"
    assert set(found[0]) == {"sku", "name", "price", "currency", "similarity", "confidence"}
    assert found[0]["price"] == 45
    assert found[0]["currency"] == "TWD"


def test_a_price_is_stored_in_its_own_currency(run: Run, photos: Photos) -> None:
    enroll(run, photos, "A", currency="EUR")
    assert listed(run)[0]["currency"] == "EUR"
    assert "€45.00" in run("products").out


def test_import_lists_bad_rows_keeps_good_ones_and_says_so(
    run: Run, photos: Photos, tmp_path: Path
) -> None:
    table = write(
        tmp_path / "products.csv",
        "sku,name,price,photo\nA,Apple,12,A0.jpg\nB,Bread,-4,B0.jpg\n"
        ",No number,3,\nC,Cake,7,gone.jpg\n",
    )
    first = run("import", table)
    assert first.status == 3
    assert ":3:" in first.err
    assert ":4:" in first.err
    assert "gone.jpg" in first.err
    assert "Traceback" not in first.err
    assert {row["sku"] for row in listed(run)} >= {"A"}
    assert "B" not in {row["sku"] for row in listed(run)}


def test_importing_twice_doubles_nothing(run: Run, photos: Photos, tmp_path: Path) -> None:
    table = write(tmp_path / "p.csv", "sku,name,price\nA,Apple,12\nB,Bread,4\n")
    pictures = write(tmp_path / "photos.csv", "path,sku\nA0.jpg,A\nA10.jpg,A\nB0.jpg,B\n")
    assert run("import", table, "--photos", pictures).status == 0
    before = listed(run)
    again = run("import", table, "--photos", pictures)
    assert again.status == 0
    assert listed(run) == before
    assert "0 photos added" in again.out


def test_an_exported_catalogue_is_imported_equal(run: Run, photos: Photos, tmp_path: Path) -> None:
    enroll(run, photos, "A", category="Fruit", description='Round, "red"; good')
    enroll(run, photos, "B", currency="VND")
    before = listed(run)
    assert run("export-catalog", tmp_path / "out").status == 0
    other = tmp_path / "other"
    moved = run("import", tmp_path / "out" / "products.csv", "--photos",
                tmp_path / "out" / "photos.csv", "--db", other)  # fmt: skip
    assert moved.status == 0, moved.err
    assert json.loads(run("products", "--json", "--db", other).out) == before


def test_a_backup_brings_everything_back(run: Run, photos: Photos, tmp_path: Path) -> None:
    enroll(run, photos, "A")
    before = listed(run)
    assert run("backup", tmp_path / "shop.backup").status == 0
    assert run("remove", "A").status == 0
    assert listed(run) == []
    restored = run("restore", tmp_path / "shop.backup")
    assert restored.status == 0, restored.err
    assert listed(run) == before


def test_a_damaged_backup_changes_nothing(run: Run, photos: Photos, tmp_path: Path) -> None:
    enroll(run, photos, "A")
    run("backup", tmp_path / "shop.backup")
    data = (tmp_path / "shop.backup").read_bytes()
    (tmp_path / "shop.backup").write_bytes(data[: len(data) // 2])
    outcome = run("restore", tmp_path / "shop.backup")
    assert outcome.status == 1
    assert [row["sku"] for row in listed(run)] == ["A"]


def test_a_bad_photo_is_named_and_nothing_is_enrolled(
    run: Run, photos: Photos, tmp_path: Path
) -> None:
    fake = write(tmp_path / "fake.jpg", "this is text")
    outcome = run("enroll", "--sku", "X", "--name", "X", "--price", "3", photos["A"][0], fake)
    assert outcome.status == 1
    assert "fake.jpg" in outcome.err
    assert listed(run) == []


def test_an_unknown_sku_is_a_sentence_and_a_next_step(run: Run) -> None:
    outcome = run("remove", "NOPE")
    assert outcome.status == 1
    assert "NOPE" in outcome.err
    assert "kiosk products" in outcome.err
    assert "Traceback" not in outcome.err


def test_words_find_a_chinese_name(run: Run, tmp_path: Path) -> None:
    table = write(tmp_path / "p.csv", "sku,name,price\nM,鮮奶 牛奶,45\nT,高山烏龍茶,320\n")
    assert run("import", table).status == 0
    found = json.loads(run("search", "--text", "牛奶", "--json").out)
    assert [row["sku"] for row in found] == ["M"]
    assert found[0]["confidence"] is None


def test_searching_for_nothing_says_what_to_give(run: Run) -> None:
    outcome = run("search")
    assert outcome.status == 1
    assert "--image" in outcome.err


def test_a_barcode_finds_its_product_and_says_so(run: Run, photos: Photos) -> None:
    enrolled = run("enroll", "--sku", "A", "--name", "Milk", "--price", "45",
                   "--barcode", "4006381333931", *photos["A"])  # fmt: skip
    assert enrolled.status == 0, enrolled.err
    found = json.loads(run("search", "--barcode", "04006381333931", "--json").out)
    assert [(hit["sku"], hit["by"]) for hit in found] == [("A", "barcode")]
    assert "scanned" in run("search", "--barcode", "4006381333931").out
    missing = run("search", "--barcode", "4710088412348")
    assert (missing.status, "4710088412348" in missing.err) == (0, True)


def test_brackets_in_a_name_are_printed_as_they_are(run: Run, photos: Photos) -> None:
    outcome = run("enroll", "--sku", "A", "--name", "Milk [1 l] [bold]", "--price", "45",
                  *photos["A"])  # fmt: skip
    assert outcome.status == 0, outcome.err
    assert "Milk [1 l] [bold]" in run("products").out


def test_brackets_in_a_folder_or_sku_end_no_command(
    run: Run, photos: Photos, tmp_path: Path
) -> None:
    enrolled = run("enroll", "--sku", "TEA[/b]", "--name", "Tea", "--price", "1", *photos["A"])
    assert (enrolled.status, "TEA[/b]" in enrolled.out) == (0, True)
    for command in ("export-catalog", "backup"):
        outcome = run(command, str(tmp_path / f"[b]{command}"))
        assert (outcome.status, "[b]" in outcome.out) == (0, True)


def test_an_empty_catalogue_says_what_fills_it(run: Run) -> None:
    assert listed(run) == []
    assert "kiosk import" in run("products").out


def test_the_doctor_refuses_the_full_opencv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "cv2"
    (home / "qt" / "plugins").mkdir(parents=True)
    spec = ModuleSpec("cv2", None, origin=str(home / "__init__.py"))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: spec)
    finding = check_opencv()
    assert finding.grade is Grade.BAD
    assert "opencv-python-headless" in finding.remedy


def test_the_doctor_is_content_with_this_opencv() -> None:
    assert check_opencv().grade is Grade.GOOD
