"""Features: tied to a picture, of one kind and version, and each machine's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from kiosk.catalog import CatalogStore, open_catalogue
from kiosk.domain import Photo
from tests.catalog.conftest import Opener, opener_of, picture, product


@pytest.fixture(params=["sqlite", "postgres", "following"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    return opener_of(request, tmp_path / "shop")


@pytest.fixture
def photos(store: CatalogStore) -> list[Photo]:
    store.put_products([product("A"), product("B")])
    return [store.add_photo(sku, picture(i)) for i, sku in enumerate("AAB")]


def test_features_of_a_kind_come_back_as_they_were_put(
    store: CatalogStore, photos: list[Photo]
) -> None:
    first, second, _ = (photo.sha256 for photo in photos)
    assert store.put_features("details", "1", {first: b"\x00\xff", second: b""}) == 2
    assert store.put_features("words", "1", {first: b"oat"}) == 1
    assert store.features("details", "1", [first, second]) == {first: b"\x00\xff", second: b""}
    assert store.features("words", "1", [first, second]) == {first: b"oat"}
    assert store.features("words", "1", []) == {}


def test_features_of_another_version_are_missing_and_replaced(
    store: CatalogStore, photos: list[Photo]
) -> None:
    names = [photo.sha256 for photo in photos]
    store.put_features("details", "1", dict.fromkeys(names, b"old"))
    assert store.missing_features("details", "1") == []
    assert store.missing_features("details", "2") == sorted(names)
    assert store.missing_features("details", "2", limit=2) == sorted(names)[:2]
    store.put_features("details", "2", {names[0]: b"new"})
    assert store.features("details", "2", names) == {names[0]: b"new"}
    assert store.features("details", "1", names) == dict.fromkeys(names[1:], b"old")


def test_shared_picture_is_missing_once_and_a_deleted_products_not_at_all(
    store: CatalogStore, photos: list[Photo]
) -> None:
    store.add_photo("B", picture(0))
    assert store.missing_features("details", "1") == sorted(p.sha256 for p in photos)
    store.retire("A")
    assert len(store.missing_features("details", "1")) == 3
    store.delete("A")
    assert store.missing_features("details", "1") == sorted([photos[0].sha256, photos[2].sha256])


def test_features_go_with_their_picture(store: CatalogStore, photos: list[Photo]) -> None:
    name = photos[0].sha256
    store.put_features("details", "1", {name: b"x"})
    store.remove_photo("A", name)
    assert store.features("details", "1", [name]) == {}
    assert store.put_features("details", "1", {name: b"x"}) == 0


def test_kiosk_keeps_its_features_when_it_copies_the_whole_catalogue_anew(
    empty_postgres: str, tmp_path: Path
) -> None:
    with (
        CatalogStore.open(empty_postgres, cache_dir=tmp_path / "office") as office,
        open_catalogue(empty_postgres, cache_dir=tmp_path / "kiosk") as kiosk,
    ):
        office.put_products([product("A"), product("B")])
        kept, gone = (office.add_photo(sku, picture(i)).sha256 for i, sku in enumerate("AB"))
        revision = office.revision()
        kiosk._database.catch_up()  # type: ignore[attr-defined]
        assert kiosk.put_features("details", "1", {kept: b"x", gone: b"y"}) == 2
        assert office.revision() == revision
        assert office.features("details", "1", [kept]) == {}
        office.remove_photo("B", gone)
        office.invalidate_readers(office.revision() + 1)
        with office.database.write() as connection:
            connection.execute(text("UPDATE pictures SET path = '/elsewhere'"))
        kiosk._database.catch_up()  # type: ignore[attr-defined]
        assert kiosk.features("details", "1", [kept, gone]) == {kept: b"x"}
        assert kiosk.photos("A")[0].sha256 == kept
        with kiosk._database.read() as connection:
            assert connection.execute(text("SELECT path FROM pictures")).scalar() == "/elsewhere"


def test_catalogue_from_before_features_gets_their_table(tmp_path: Path) -> None:
    with CatalogStore.open(tmp_path) as store:
        store.put_product(product("A"))
        name = store.add_photo("A", picture(1)).sha256
        with store.database.write() as connection:
            connection.execute(text("DROP TABLE features"))
            connection.execute(text("UPDATE facts SET number = 2 WHERE key = 'schema_version'"))
    with CatalogStore.open(tmp_path) as store:
        assert store.put_features("details", "1", {name: b"x"}) == 1
        assert store.features("details", "1", [name]) == {name: b"x"}
