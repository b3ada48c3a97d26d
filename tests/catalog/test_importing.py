"""Imports: whatever spreadsheets write, good rows go in and bad rows are listed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from kiosk.catalog import CatalogStore
from kiosk.catalog.transfer import import_catalog
from kiosk.catalog.transfer.importing import ImportReport
from kiosk.domain import Price
from kiosk.errors import CatalogError
from tests.catalog.conftest import jpeg, product

HEADER = "sku,name,price,currency\n"


@pytest.fixture
def store(sqlite_store: CatalogStore) -> CatalogStore:
    return sqlite_store  # tables are read and written alike for every database


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


def run(
    store: CatalogStore, desk: Path, goods: str | bytes = "", pictures: str = ""
) -> ImportReport:
    products_csv = photos_csv = None
    if goods:
        products_csv = desk / "products.csv"
        products_csv.write_bytes(goods if isinstance(goods, bytes) else goods.encode())
    if pictures:
        photos_csv = desk / "photos.csv"
        photos_csv.write_text(pictures, encoding="utf-8")
    return import_catalog(store, products_csv, photos_csv, currency="TWD")


@pytest.mark.parametrize(
    "text",
    [
        "sku,name,price\nA,Tea,35\n",
        "sku,name,price\r\nA,Tea,35\r\n",
        "sku;name;price\nA;Tea;35\n",
        "sku\tname\tprice\nA\tTea\t35\n",
        " SKU , Name,PRICE \n A , Tea ,NT$ 35\n",
        'price,"sku",name\n35,A,"Tea"\n',
        "sku,name,price,,\nA,Tea,35,,\n\n,,,,\n",
        "sku,name,price\nA,Tea,35",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_table_is_read_in_every_common_form(
    store: CatalogStore, desk: Path, text: str, encoding: str
) -> None:
    report = run(store, desk, text.encode(encoding))
    assert (report.added, report.problems) == (1, ())
    assert store.product("A").name == "Tea"
    assert store.product("A").price == Price(3_500, "TWD")


def test_run_twice_nothing_doubles(store: CatalogStore, desk: Path) -> None:
    (desk / "a.jpg").write_bytes(jpeg(1))
    (desk / "b.jpg").write_bytes(jpeg(2))
    goods = "sku,name,price,photo\nA,Tea,35,a.jpg\nB,Milk,40,\n"
    first = run(store, desk, goods, "path,sku\nb.jpg,B\na.jpg,B\n")
    assert first == ImportReport(added=2, photos_added=3)
    revision = store.revision()
    second = run(store, desk, goods, "path,sku\nb.jpg,B\na.jpg,B\n")
    assert second == ImportReport(unchanged=2)
    assert store.revision() == revision
    assert store.counts().photos == 3


def test_bad_rows_are_listed_with_line_and_reason_and_good_ones_go_in(
    store: CatalogStore, desk: Path
) -> None:
    rows = [
        "A,Tea,35,",  # 2
        ",No number,35,",
        "C,,35,",
        "D,Minus,-3,",
        "E,Word,cheap,",
        "F,Huge,4006381333931,",
        "G,Where,5,XXQ",
        "A,Tea again,36,",  # 9
        f"H,{'x' * 301},5,",
        "I,Bell\x07,5,",
        "J,Euro,€5,TWD",
        "K,More,5,TWD,cells,than,columns",
        'L,"Two\nlines",5,',  # 13 and 14
        "Z,Good,€5,eur",  # 15
    ]
    report = run(store, desk, HEADER + "\n".join(rows))
    assert report.added == 2
    assert {p.sku for p in store.products()} == {"A", "Z"}
    assert store.product("A").name == "Tea"
    reasons = {problem.line: problem.reason for problem in report.problems}
    for line, said in {
        3: "SKU is missing",
        4: "name is missing",
        5: "negative",
        6: "not a price",
        7: "too large",
        8: "not a currency",
        9: "line 2",
        10: "301 characters",
        11: "control character",
        12: "written in EUR",
        13: "7 cells",
        14: "control character",
    }.items():
        assert said in reasons[line]
    assert len(reasons) == 12


def test_bad_pictures_are_listed_and_their_product_stays(store: CatalogStore, desk: Path) -> None:
    (desk / "text.jpg").write_text("not a picture")
    (desk / "empty.jpg").write_bytes(b"")
    (desk / "cut.jpg").write_bytes(jpeg(1)[:200])
    (desk / "folder.jpg").mkdir()
    (desk / "good.jpg").write_bytes(jpeg(2))
    names = ["text.jpg", "empty.jpg", "cut.jpg", "folder.jpg", "none.jpg", "http://x/y.jpg"]
    names += ["x" * 5000, "good.jpg"]
    goods = "sku,name,price,photo\n" + "".join(
        f"S{i},Thing {i},5,{name}\n" for i, name in enumerate(names)
    )
    report = run(store, desk, goods, "path,sku\ngood.jpg,UNKNOWN\n,S1\ngood.jpg,S1\n")
    assert (report.added, report.photos_added) == (8, 2)
    assert [problem.line for problem in report.problems] == [2, 3, 4, 5, 6, 7, 8, 2, 3]
    assert "UNKNOWN" in report.problems[7].reason
    assert report.problems[7].file.endswith("photos.csv")
    assert "none.jpg is not there" in report.problems[4].reason


def test_quality_of_photos_is_kept_or_refused(store: CatalogStore, desk: Path) -> None:
    (desk / "a.jpg").write_bytes(jpeg(1))
    (desk / "b.jpg").write_bytes(jpeg(2))
    store.put_product(product("A"))
    report = run(store, desk, "", "path,sku,quality\na.jpg,A,0.25\nb.jpg,A,nan\n")
    assert [photo.quality for photo in store.photos("A")] == [0.25]
    assert "0 to 1" in report.problems[0].reason


def test_paths_made_on_windows_are_found(store: CatalogStore, desk: Path) -> None:
    (desk / "sub").mkdir()
    (desk / "sub" / "a.jpg").write_bytes(jpeg(1))
    store.put_product(product("A"))
    assert run(store, desk, "", "path,sku\nsub\\a.jpg,A\n").photos_added == 1


def test_absent_column_keeps_and_empty_cell_empties(store: CatalogStore, desk: Path) -> None:
    store.put_product(product("A", category="Tea", description="Fine", metadata={"origin": "TW"}))
    store.retire("A")
    run(store, desk, "sku,name,price,description\nA,New name,36,\n")
    kept = store.product("A")
    assert (kept.name, kept.category, kept.description) == ("New name", "Tea", "")
    assert kept.active is False
    assert kept.metadata == {"origin": "TW"}


def test_other_columns_become_extra_fields(store: CatalogStore, desk: Path) -> None:
    run(store, desk, "sku,name,price,Brand,active\nA,Tea,35,Wang,no\nB,Milk,4,,yes\n")
    assert store.product("A").metadata == {"Brand": "Wang"}
    assert store.product("A").active is False
    assert store.product("B").metadata == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "cannot be read|is empty"),
        (b"\n\n", "is empty"),
        (b"sku,price\nA,5\n", "lacks the column name"),
        (b"path,sku\na.jpg,A\n", "lacks the columns name, price"),
        (b"sku,name,price,name\nA,B,5,C\n", "'name' twice"),
        ("sku,name,price\nA,牛奶,5\n".encode("big5"), "not UTF-8 text"),
        (b"\x89PNG\r\n\x1a\n\x00\x01", "not UTF-8 text"),
        (b"\0" * 100, "is empty"),
    ],
)
def test_file_that_is_no_such_table_is_refused_whole(
    store: CatalogStore, desk: Path, text: bytes, said: str
) -> None:
    (desk / "products.csv").write_bytes(text)
    with pytest.raises(CatalogError, match=said):
        import_catalog(store, desk / "products.csv", None, currency="TWD")
    assert store.counts().products == 0


def test_missing_file_is_named(store: CatalogStore, desk: Path) -> None:
    with pytest.raises(CatalogError, match=r"nowhere\.csv cannot be read"):
        import_catalog(store, desk / "nowhere.csv", None, currency="TWD")


def test_unclosed_quote_spares_the_rows_before_it(store: CatalogStore, desk: Path) -> None:
    rows = 'A,Tea,35,\nB,"Milk,40,\n' + "C,Word,5,\n" * 20_000
    report = run(store, desk, HEADER + rows)
    assert report.added == 1
    assert len(report.problems) == 1
    assert report.problems[0].line == 3
    assert "quote" in report.problems[0].reason


@pytest.mark.parametrize("again", ["a.jpg", "b.jpg"])
def test_deleted_product_that_is_imported_again_has_the_photo_of_its_row_alone(
    store: CatalogStore, desk: Path, again: str
) -> None:
    for name in ("a.jpg", "b.jpg"):
        (desk / name).write_bytes(jpeg(ord(name[0])))
    for photo in ("a.jpg", again):
        report = run(store, desk, f"sku,name,price,photo\nA,Tea,35,{photo}\n")
        assert (report.added, report.photos_added) == (1, 1)
        (kept,) = store.photos("A")
        assert kept.sha256 == hashlib.sha256((desk / photo).read_bytes()).hexdigest()
        store.delete("A")


def test_what_progress_counts_is_stored(store: CatalogStore, desk: Path) -> None:
    seen: list[tuple[int, int, int]] = []
    goods = desk / "products.csv"
    goods.write_text(HEADER + "".join(f"S{i},Thing,5,\n" for i in range(70)))

    def note(done: int, total: int) -> None:
        with CatalogStore.open(store.data_dir) as other:
            seen.append((done, total, other.counts().products))

    import_catalog(store, goods, None, currency="TWD", on_progress=note)
    assert seen == [(32, 70, 32), (64, 70, 64), (70, 70, 70)]


cell = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(st.lists(st.lists(cell, max_size=6), max_size=8))
def test_any_table_ends_in_rows_or_problems(
    store: CatalogStore, desk: Path, rows: list[list[str]]
) -> None:
    before = store.counts().products
    text = HEADER + "\n".join(",".join(cells) for cells in rows)
    report = run(store, desk, text)
    assert store.counts().products == before + report.added
    assert all(problem.line > 1 and problem.reason for problem in report.problems)


def test_a_real_photo_set_goes_in(store: CatalogStore, bench_data: Path) -> None:
    grocery = bench_data / "grocery"
    report = import_catalog(store, grocery / "products.csv", None, currency="SEK")
    assert (report.added, report.photos_added, report.problems) == (81, 81, ())
