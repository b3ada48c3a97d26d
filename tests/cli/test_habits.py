"""What people expect of any command: options in either place, quiet, colours, completion."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.cli import app
from kiosk.cli.tree import command_tree, leaves, with_command
from tests.cli.conftest import Run
from tests.cli.test_catalog_commands import write


@pytest.fixture
def other_shop(run: Run, tmp_path: Path) -> Path:
    """A shop with the products A and B that is not the one of the environment."""
    table = write(tmp_path / "p.csv", "sku,name,price\nA-1,Apple,12\nA-2,Apricot,9\nB-1,Bread,4\n")
    folder = tmp_path / "other"
    assert run("--db", folder, "import", table).status == 0
    return folder


def skus(text: str) -> list[str]:
    return [row["sku"] for row in json.loads(text)]


def test_shared_options_work_before_and_behind_a_command(run: Run, other_shop: Path) -> None:
    expected = ["A-1", "A-2", "B-1"]
    assert sorted(skus(run("--db", other_shop, "products", "--json").out)) == expected
    assert sorted(skus(run(f"--db={other_shop}", "products", "--json").out)) == expected
    assert sorted(skus(run("products", "--json", "--db", other_shop).out)) == expected
    assert skus(run("products", "--json").out) == []


def test_the_option_behind_the_command_goes_before_the_one_in_front(
    run: Run, other_shop: Path, tmp_path: Path
) -> None:
    outcome = run("--db", tmp_path / "third", "products", "--db", other_shop, "--json")
    assert len(skus(outcome.out)) == 3


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ([], ["run"]),
        (["--fullscreen"], ["run", "--fullscreen"]),
        (["--db", "x"], ["--db", "x", "run"]),
        (["--db", "x", "--source", "demo"], ["--db", "x", "run", "--source", "demo"]),
        (["--db=x", "-v", "import", "a.csv"], ["--db=x", "-v", "import", "a.csv"]),
        (["--help"], ["--help"]),
        (["--db", "x", "--help"], ["--db", "x", "--help"]),
    ],
)
def test_without_a_command_it_is_run(given: list[str], meant: list[str]) -> None:
    assert with_command(given) == meant


def test_an_unknown_option_is_blamed_on_its_own_command(run: Run, tmp_path: Path) -> None:
    outcome = run("--db", tmp_path, "import", "--fotos", "x.csv")
    assert outcome.status == 2
    assert "kiosk import" in outcome.err
    assert "--fotos" in outcome.err


def test_quiet_prints_results_and_errors_alone(run: Run, other_shop: Path) -> None:
    assert run("remove", "B-1", "--db", other_shop, "-q").out == ""
    assert skus(run("-q", "--db", other_shop, "products", "--json").out) == ["A-1", "A-2"]
    assert "B-1" in run("-q", "remove", "B-1", "--db", other_shop).err
    assert "removed" in run("remove", "A-2", "--db", other_shop).out


def test_every_list_is_also_json(run: Run, other_shop: Path) -> None:
    listing = (["products"], ["models", "list"], ["keys", "list"], ["config", "show"], ["cameras"])
    for words in (*listing, ["confusables"], ["duplicates"], ["doctor"]):
        outcome = run("--db", other_shop, *words, "--json")
        assert isinstance(json.loads(outcome.out), list), words


def test_settings_are_shown_with_where_they_come_from_and_changed(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_ERROR_BUDGET", "0.05")
    assert run("config", "set", "fullscreen", "yes").status == 0
    rows = {row["name"]: row for row in json.loads(run("config", "show", "--json").out)}
    assert (rows["fullscreen"]["value"], rows["fullscreen"]["from"]) == (True, "shop's file")
    assert (rows["error_budget"]["value"], rows["error_budget"]["from"]) == (0.05, "environment")
    assert rows["mirror"]["from"] == "default"
    assert "goes before it" in run("config", "set", "error_budget", "0.01").out


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("fulscreen", "yes", "fullscreen"), ("db", "x", "There is no setting 'db'"),
     ("rotation", "45", "rotation"), ("error_budget", "a lot", "error_budget")],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_refused(
    run: Run, name: str, value: str, expected: str
) -> None:
    outcome = run("config", "set", name, value)
    assert (outcome.status, expected in outcome.err) == (1, True)


@pytest.fixture
def shell(other_shop: Path) -> dict[str, str]:
    """The environment of a shell whose shop is `other_shop`."""
    return os.environ | {"KIOSK_DB": str(other_shop), "COLUMNS": "200"}


def completed(shell: dict[str, str], words: str) -> str:
    asked = shell | {"_KIOSK_COMPLETE": "complete_bash", "COMP_WORDS": words,
                     "COMP_CWORD": str(len(words.split(" ")) - 1)}  # fmt: skip
    command = [sys.executable, "-m", "kiosk"]
    return subprocess.run(command, env=asked, capture_output=True, text=True, check=True).stdout


def test_a_shell_completes_skus_models_and_settings(shell: dict[str, str]) -> None:
    assert completed(shell, "kiosk remove A").split() == ["A-1", "A-2"]
    assert "efficientnet_lite0_int8" in completed(shell, "kiosk models use effic").split()
    assert "error_budget" in completed(shell, "kiosk config set err").split()
    assert completed(shell | {"KIOSK_DB": "/nowhere/at/all"}, "kiosk remove A").split() == []


def test_no_color_is_obeyed(shell: dict[str, str]) -> None:
    forced = shell | {"FORCE_COLOR": "1", "TERM": "xterm-256color"}
    forced.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "kiosk", "models", "list"]

    def printed(environment: dict[str, str]) -> bytes:
        return subprocess.run(command, env=environment, capture_output=True, check=True).stdout

    assert b"\x1b[32m" in printed(forced)
    assert b"\x1b[3" not in printed(forced | {"NO_COLOR": "1"})


def test_export_is_the_same_as_the_module(run: Run) -> None:
    shown = run("export", "coreml", "--help")
    assert shown.status == 0
    assert "kiosk export coreml" in shown.out
    assert "--precision" in shown.out


def test_export_says_what_to_install_where_its_packages_are_missing(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    outcome = run("export", "coreml", "efficientnet_lite0", "--out", tmp_path)
    assert outcome.status == 1
    assert "shelflens[export]" in outcome.err


def test_every_command_is_described_and_takes_quiet_and_verbose() -> None:
    commands = list(leaves(command_tree(app)))
    assert len(commands) > 30
    for path, command in commands:
        assert command.help, path
        options = {name for param in command.params for name in param.opts}
        assert {"--quiet", "--verbose"} <= options, path
