"""BackgroundReindexer: what is due is done, what was deleted long ago goes for good."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from kiosk.catalog.database.schema import products
from kiosk.catalog.days import note_day
from kiosk.catalog.store import DAYS_ON
from kiosk.domain import Price, Product
from kiosk.errors import StorageError
from kiosk.settings import Settings
from kiosk.shop import Shop
from kiosk.shop.reindexer import FIRST_TIDY_S, TIDY_EVERY_S, BackgroundReindexer
from tests.shop.test_duplicates import Shades


def test_tidying_waits_a_while_and_then_comes_once_a_day() -> None:
    now, tidied = [0.0], []
    reindexer = BackgroundReindexer(
        lambda: False, lambda: None, lambda: tidied.append(now[0]), clock=lambda: now[0]
    )
    day = FIRST_TIDY_S + TIDY_EVERY_S
    for moment in (0.0, FIRST_TIDY_S - 1, FIRST_TIDY_S, FIRST_TIDY_S + 60, day - 1, day):
        now[0] = moment
        reindexer._poll()
    assert tidied == [FIRST_TIDY_S, day]


def test_a_failed_tidying_is_told_and_does_not_stop_the_rest() -> None:
    now = [FIRST_TIDY_S]
    caught_up = threading.Event()

    def fail() -> None:
        raise StorageError("The disk is full.")

    reindexer = BackgroundReindexer(lambda: True, caught_up.set, fail, clock=lambda: now[0])
    now[0] += FIRST_TIDY_S
    reindexer._poll()
    assert reindexer.fault == "The disk is full."
    assert caught_up.is_set()
    reindexer._poll()
    assert reindexer.fault == ""


def test_what_was_deleted_long_ago_goes_and_the_rest_can_come_back(tmp_path: Path) -> None:
    with Shop.open(Settings(db=str(tmp_path)), encoder=Shades(), background=False) as shop:
        for sku in ("old", "new", "kept"):
            shop.save_product(Product(sku, sku, Price(100, "TWD")))
        shop.delete("old")
        shop.delete("new")
        long_ago = datetime.now(UTC) - timedelta(days=31)
        with shop.database.write() as connection:
            connection.execute(
                update(products).where(products.c.sku == "old").values(deleted_at=long_ago)
            )
            for days in range(DAYS_ON, 0, -1):  # a kiosk that has run meanwhile
                note_day(connection, datetime.now(UTC) - timedelta(days=days), DAYS_ON)
        shop._manager._tidy()
        assert shop.catalog.counts().deleted == 1
        shop.undo_delete("new")
        assert {product.sku for product in shop.catalog.products()} == {"new", "kept"}
