"""What was deleted goes after thirty days, whatever a clock says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.catalog import CatalogStore, store as module
from kiosk.catalog.days import note_day
from kiosk.errors import UnknownProductError
from tests.catalog.conftest import product


class Clock(datetime):
    """A clock that a test moves."""

    moved = timedelta(0)

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # noqa: ARG003
        return datetime.now(UTC) + cls.moved


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    Clock.moved = timedelta(0)
    monkeypatch.setattr(module, "datetime", Clock)
    return Clock


def test_a_clock_in_the_future_purges_nothing(store: CatalogStore, clock: type[Clock]) -> None:
    store.put_product(product("A"))
    for day in range(40):
        clock.moved = timedelta(days=day - 40)
        store.purge_deleted()
    clock.moved = timedelta(0)
    store.delete("A")
    for start in range(5):  # a machine that starts without a battery, and finds the network
        clock.moved = timedelta(days=800 + start / 10)
        assert store.purge_deleted() == 0
    clock.moved = timedelta(0)
    assert store.purge_deleted() == 0
    store.undo_delete("A")


def test_deleted_products_go_after_days_of_tidying(store: CatalogStore, clock: type[Clock]) -> None:
    store.put_product(product("A"))
    store.delete("A")
    purged = []
    for day in range(33):
        clock.moved = timedelta(days=day, hours=1)
        purged += [store.purge_deleted(), store.purge_deleted()]
    assert sum(purged) == 1
    assert purged.index(1) // 2 == 30
    with pytest.raises(UnknownProductError):
        store.undo_delete("A")


def test_damaged_notes_are_begun_anew(store: CatalogStore) -> None:
    store.put_value("days", '[["yesterday", 3]]')
    with store.database.write() as connection:
        assert note_day(connection, datetime.now(UTC), 1) == -1
        assert note_day(connection, datetime.now(UTC) + timedelta(days=1), 1) >= 0
