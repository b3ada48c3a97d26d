from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given, strategies as st

from kiosk.catalog import CatalogStore
from kiosk.errors import StorageError
from kiosk.gui.pin import state as pin
from kiosk.gui.pin.state import LockOut
from kiosk.gui.pin.storage import HASH_KEY, PinStorage

NOW_S = 1_800_000_000.0


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[CatalogStore]:
    with CatalogStore.open(tmp_path / "db") as store:
        yield store


class FullDisk:
    """The values of a catalogue that takes nothing more."""

    def __init__(self, catalog: CatalogStore) -> None:
        self.value = catalog.value

    def put_values(self, _: Mapping[str, str | None]) -> None:
        raise StorageError("The disk is full.")


def test_the_right_pin_opens_and_a_wrong_one_does_not() -> None:
    hashed = pin.hash_pin("2468")
    assert pin.pin_is_right("2468", hashed)
    assert not pin.pin_is_right("2469", hashed)


def test_the_hash_is_argon2id_as_rfc_9106_says() -> None:
    assert pin.hash_pin("2468").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_damaged_hash_opens_nothing() -> None:
    assert not pin.pin_is_right("2468", "")
    assert not pin.pin_is_right("2468", "$argon2id$nonsense")


def test_simple_pins_are_refused() -> None:
    refused = ["", "123", "1111", "12345678901", "12a4", "１２３４", "²³¹²"]
    assert [each for each in refused if pin.pin_is_allowed(each)] == []
    assert pin.pin_is_allowed("2468")


def test_two_failures_are_free_and_the_third_locks() -> None:
    lock = LockOut()
    waits = []
    for _ in range(6):
        lock = pin.after_failure(lock, NOW_S)
        waits.append(pin.wait_left_s(lock, NOW_S))
    assert waits == [0, 0, 30, 60, 120, 240]


@given(st.integers(0, 500))
def test_waits_grow_and_never_pass_an_hour(failures: int) -> None:
    one = pin.wait_left_s(pin.after_failure(LockOut(failures), NOW_S), NOW_S)
    more = pin.wait_left_s(pin.after_failure(LockOut(failures + 1), NOW_S), NOW_S)
    assert 0 <= one <= more <= 3600


def test_fewer_than_a_hundred_tries_fit_into_an_hour() -> None:
    lock, now_s, tries = LockOut(), NOW_S, 0
    while now_s < NOW_S + 3600:
        lock = pin.after_failure(lock, now_s)
        now_s += max(1.0, pin.wait_left_s(lock, now_s))
        tries += 1
    assert tries < 100


def test_a_clock_set_back_locks_for_an_hour_at_most() -> None:
    lock = pin.after_failure(LockOut(5), NOW_S)
    assert pin.wait_left_s(lock, NOW_S - 1e7) == 3600


@given(st.integers(0, 1000), st.floats(0, 1e10))
def test_what_is_stored_is_read_back(failures: int, until_s: float) -> None:
    lock = LockOut(failures, until_s)
    assert pin.read_lock_out(pin.write_lock_out(lock)) == lock


@given(st.text())
def test_an_unreadable_lock_out_counts_as_none(text: str) -> None:
    assert isinstance(pin.read_lock_out(text), LockOut)


def test_a_new_pin_ends_the_lock_out_of_the_old_one(catalog: CatalogStore) -> None:
    storage = PinStorage(catalog)
    storage.save("2468")
    storage.check("1357", LockOut(7), NOW_S)
    storage.save("975310")
    assert storage.load() == (True, LockOut())
    assert storage.check("975310", LockOut(), NOW_S) == LockOut()


def test_a_hash_of_an_older_version_is_replaced_at_the_next_right_try(
    catalog: CatalogStore,
) -> None:
    catalog.put_value(HASH_KEY, PasswordHasher(2, 19 * 1024, 1).hash("2468"))
    storage = PinStorage(catalog)
    assert storage.check("2468", LockOut(), NOW_S) == LockOut()
    assert str(catalog.value(HASH_KEY)).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert storage.check("2468", LockOut(), NOW_S) == LockOut()


def test_on_a_full_disk_staff_come_in_and_wrong_tries_still_lock(catalog: CatalogStore) -> None:
    PinStorage(catalog).save("2468")
    storage = PinStorage(FullDisk(catalog))
    for _ in range(3):
        storage.check("1357", storage.load()[1], NOW_S)
    assert pin.wait_left_s(storage.load()[1], NOW_S) == 30
    assert storage.check("2468", storage.load()[1], NOW_S + 31) == LockOut()
    assert storage.load() == (True, LockOut())
