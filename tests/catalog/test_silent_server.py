"""A server that hangs, its connections open, keeps no kiosk from going on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from kiosk.catalog import CatalogStore, open_catalogue
from kiosk.catalog.transfer import backup, restore
from kiosk.errors import StorageError
from kiosk.settings import load_settings, save_settings
from tests.catalog.conftest import product

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot stop a process")
psutil = pytest.importorskip("psutil", reason="pip install psutil to stop a server's processes")


@pytest.fixture
def kiosk(empty_postgres: str, tmp_path: Path) -> Iterator[CatalogStore]:
    with open_catalogue(empty_postgres, cache_dir=tmp_path / "copy") as store:
        store.put_product(product("A"))
        store.put_value("staff.pin", "hash")
        yield store


@pytest.fixture
def silent(kiosk: CatalogStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """The server's processes are stopped until the event is set, or the test ends.

    Meanwhile the kiosk waits a third of a second for answers; afterwards for as long as it takes.
    """
    from kiosk.catalog.database import answer_timeout

    with kiosk.database.read() as connection:
        folder = connection.exec_driver_sql("SHOW data_directory").scalar_one()
    first = psutil.Process(int(Path(folder, "postmaster.pid").read_text().split()[0]))
    processes = [first, *first.children(recursive=True)]
    resume = Event()

    def hold() -> None:
        resume.wait(60)
        monkeypatch.setattr(answer_timeout, "ANSWER_TIMEOUT_S", 60.0)
        for process in processes:
            process.send_signal(signal.SIGCONT)

    for process in processes:
        process.send_signal(signal.SIGSTOP)
    monkeypatch.setattr(answer_timeout, "ANSWER_TIMEOUT_S", 0.3)
    holder = Thread(target=hold)
    holder.start()
    yield resume
    resume.set()
    holder.join()


def test_a_kiosk_reads_on_and_says_why_it_cannot_write(kiosk: CatalogStore, silent: Event) -> None:
    kiosk.revision()
    assert "cannot be reached" in kiosk.fault
    assert kiosk.value("staff.pin") == "hash"
    assert kiosk.product("A").sku == "A"
    with pytest.raises(StorageError, match="cannot be reached"):
        kiosk.put_value("k", "v")
    silent.set()
    deadline = time.monotonic() + 30
    while kiosk.fault and time.monotonic() < deadline:
        kiosk._database.refresh(at_once=True)
    kiosk.put_value("k", "v")
    assert kiosk.value("k") == "v"
    assert kiosk.fault == ""


def test_nobody_waits_for_another_ones_question(
    kiosk: CatalogStore, silent: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.catalog.replica.PATIENCE_S", 0.05)
    asking, answered = Event(), Event()
    catch_up = kiosk._database.catch_up

    def ask() -> None:
        asking.set()
        answered.wait(30)
        catch_up()

    monkeypatch.setattr(kiosk._database, "catch_up", ask)
    thread = Thread(target=kiosk.revision)
    thread.start()
    asking.wait(30)
    assert kiosk.value("staff.pin") == "hash"  # while the other thread still waits
    assert thread.is_alive()
    answered.set()
    silent.set()
    thread.join()


def test_settings_of_a_kiosk_on_a_server_are_in_its_backup(
    empty_postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("resources", "settings"):
        monkeypatch.setattr(f"kiosk.{module}.default_data_dir", lambda: tmp_path / "machine")
    (tmp_path / "machine").mkdir()
    (tmp_path / "machine" / "settings.json").write_text('{"currency": "VND"}')  # as it was kept
    settings = load_settings(db=empty_postgres)
    assert settings.currency == "VND"
    save_settings(settings.data_dir, {"idle_timeout_s": 77})
    with open_catalogue(empty_postgres) as store:
        assert store.data_dir == settings.data_dir
        backup(store, tmp_path / "shop.zip")
    restore(tmp_path / "shop.zip", tmp_path / "moved")
    moved = load_settings(db=str(tmp_path / "moved"))
    assert (moved.currency, moved.idle_timeout_s) == ("VND", 77)
