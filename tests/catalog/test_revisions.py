"""The revision: every change of products, photos and vectors is seen, by whoever made it."""

from __future__ import annotations

from datetime import timedelta

from kiosk.catalog import CatalogStore
from tests.catalog.conftest import Opener, picture, product, unit_vector


def test_each_change_moves_the_revision_and_names_its_product(store: CatalogStore) -> None:
    store.put_products([product("A"), product("B")])
    photo = store.add_photo("A", picture(1))
    changes = (
        lambda: store.put_product(product("A", minor=1)),
        lambda: store.retire("A"),
        lambda: store.restore("A"),
        lambda: store.add_photo("A", picture(2)),
        lambda: store.set_cover("A", photo.sha256),
        lambda: store.put_vectors("m", {photo.sha256: unit_vector(1)}),
        lambda: store.remove_photo("A", photo.sha256),
        lambda: store.delete("A"),
        lambda: store.undo_delete("A"),
    )
    for change in changes:
        before = store.revision()
        change()
        seen = store.changes_since(before)
        assert seen is not None
        assert seen.revision == store.revision() > before
        assert seen.skus == ("A",)


def test_reading_and_settings_leave_the_revision(store: CatalogStore) -> None:
    store.put_product(product())
    before = store.revision()
    store.products()
    store.put_value("k", "v")
    store.count_tap("A1", None)
    store.count_request("4710088412348")
    assert store.revision() == before
    assert store.changes_since(before) == store.changes_since(before)
    seen = store.changes_since(before)
    assert seen is not None
    assert seen.skus == ()


def test_another_opener_sees_the_change(opener: Opener) -> None:
    with opener() as here, opener() as there:
        before = there.revision()
        here.put_product(product())
        assert there.revision() > before
        assert there.product("A1").name == "Oolong tea"


def test_after_a_purge_whoever_was_away_has_to_reload(store: CatalogStore) -> None:
    store.put_product(product())
    away_since = store.revision()
    store.delete("A1")
    store.purge_deleted(timedelta(0), days_on=0)
    assert store.changes_since(away_since) is None
    seen = store.changes_since(store.revision())
    assert seen is not None
    assert seen.skus == ()
