"""The staff PIN from the command line, and kiosk mode without one."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from kiosk.catalog import CatalogStore
from kiosk.cli.output import report_bug
from kiosk.gui import PinStorage
from tests.cli.conftest import Outcome, Run


@pytest.fixture
def run_with_pin(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run(digits, "pin", "set")` with the digits in a pipe."""

    def call(digits: str, *arguments: object) -> Outcome:
        monkeypatch.setattr("sys.stdin", io.StringIO(digits + "\n"))
        return run(*arguments)

    return call


def opens(folder: Path, digits: str) -> bool:
    with CatalogStore.open(folder) as store:
        storage = PinStorage(store)
        lock = storage.load()[1]
        return storage.check(digits, lock, 0.0).failures == 0


def changes(folder: Path) -> list[str]:
    return [json.loads(line)["what"] for line in (folder / "audit.log").read_text().splitlines()]


def test_kiosk_mode_without_a_pin_does_not_start_and_says_what_to_do(run: Run) -> None:
    outcome = run("run", "--kiosk", "--source", "demo")
    assert outcome.status == 1
    assert "kiosk pin set" in outcome.err


def test_a_pin_is_set_once_and_then_only_reset(run_with_pin: Run, tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    assert run_with_pin("246813", "pin", "set").status == 0
    again = run_with_pin("975310", "pin", "set")
    assert again.status == 1
    assert "kiosk pin reset" in again.err
    assert opens(shop, "246813")
    assert changes(shop) == ["staff PIN set"]


def test_a_forgotten_pin_is_replaced_and_that_is_recorded(
    run_with_pin: Run, tmp_path: Path
) -> None:
    shop = tmp_path / "shop"
    run_with_pin("246813", "pin", "set")
    assert not opens(shop, "111222")
    assert run_with_pin("975310", "pin", "reset").status == 0
    assert opens(shop, "975310")
    assert changes(shop) == ["staff PIN set", "staff PIN reset"]


def test_four_digits_are_taken_with_a_word_of_warning(run_with_pin: Run) -> None:
    outcome = run_with_pin("2468", "pin", "set")
    assert outcome.status == 0
    assert "6 digits or more" in outcome.err


@pytest.mark.parametrize("digits", ["", "123", "1111", "12a456", "12345678901"])
def test_what_is_no_pin_changes_nothing(run_with_pin: Run, digits: str, tmp_path: Path) -> None:
    assert run_with_pin(digits, "pin", "set").status == 1
    assert not (tmp_path / "shop" / "audit.log").exists()


def test_making_and_revoking_keys_is_recorded(run: Run, tmp_path: Path) -> None:
    key_id = run("keys", "add", "till 3", "--role", "staff").out.split()[0]
    run("keys", "revoke", key_id)
    assert changes(tmp_path / "shop") == [
        f"API key {key_id} (till 3, staff) made",
        f"API key {key_id} revoked",
    ]


@pytest.mark.skipif("sys.platform == 'win32'", reason="Windows has no such modes")
def test_what_the_shop_keeps_is_its_owners_alone(run_with_pin: Run, tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    run_with_pin("246813", "pin", "set")
    run_with_pin("", "backup", tmp_path / "shop.backup")
    kept = [shop, *shop.rglob("*"), tmp_path / "shop.backup"]
    assert len(kept) > 4
    assert [path.name for path in kept if path.stat().st_mode & 0o077] == []


@pytest.mark.skipif("sys.platform == 'win32'", reason="Windows has no such modes")
def test_files_of_an_older_version_become_their_owners_alone(
    run_with_pin: Run, tmp_path: Path
) -> None:
    shop = tmp_path / "shop"
    run_with_pin("246813", "pin", "set")
    (shop / "catalogue.db").chmod(0o644)
    run_with_pin("", "products")
    assert (shop / "catalogue.db").stat().st_mode & 0o777 == 0o600


def test_faults_go_to_one_log_of_bounded_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("platformdirs.user_log_path", lambda *_, **__: tmp_path)
    monkeypatch.setattr("kiosk.cli.output.FAULTS_BYTES", 2000)
    for number in range(100):
        report_bug(ValueError(f"fault {number}"))
    logs = sorted(tmp_path.iterdir())
    assert [log.name for log in logs] == ["faults.log", "faults.log.1"]
    assert sum(log.stat().st_size for log in logs) < 2 * 2100
    assert "fault 99" in logs[0].read_text()
    assert str(logs[0]) in capsys.readouterr().err


def test_a_fault_whose_details_cannot_be_saved_is_still_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("platformdirs.user_log_path", lambda *_, **__: tmp_path / "gone")
    report_bug(ValueError("a fault"))
    assert "could not be saved" in capsys.readouterr().err
