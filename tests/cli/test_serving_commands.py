"""Keys and folder sync from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run, draw


def test_a_key_is_shown_once_and_can_be_revoked(run: Run) -> None:
    made = run("keys", "add", "till 3", "--role", "staff")
    key_id = made.out.split()[0]
    assert f"shelf_{key_id}_" in made.out
    listed = run("keys", "list", "--json")
    assert [row["id"] for row in json.loads(listed.out)] == [key_id]
    assert "shelf_" not in listed.out
    assert run("keys", "revoke", key_id).status == 0
    assert json.loads(run("keys", "list", "--json").out) == []


def test_an_unknown_role_or_key_is_a_sentence(run: Run) -> None:
    assert "read, staff or admin" in run("keys", "add", "x", "--role", "king").err
    assert run("keys", "revoke", "nope").status == 1


def test_sync_takes_in_what_is_new_and_lists_what_it_cannot_read(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    for seed, sku in enumerate(("apple", "bread")):
        (folder / sku).mkdir(parents=True)
        draw(folder / sku / "1.jpg", seed)
        draw(folder / sku / "2.jpg", seed, 9)
    (folder / "bread" / "broken.jpg").write_text("text")
    first = run("sync", folder, "--json")
    assert first.status == 3
    told = json.loads(first.out)
    assert (told["total"], told["new"]) == (5, 4)
    assert [problem["path"] for problem in told["problems"]] == ["bread/broken.jpg"]
    (folder / "bread" / "broken.jpg").unlink()
    again = run("sync", folder)
    assert again.status == 0
    assert "0 new" in again.out
    found = json.loads(run("search", "--image", draw(tmp_path / "q.jpg", 1, 4), "--json").out)
    assert found[0]["sku"] == "bread"


def test_a_folder_that_is_not_there_changes_nothing(run: Run, tmp_path: Path) -> None:
    outcome = run("sync", tmp_path / "gone")
    assert outcome.status == 1
    assert "Nothing was removed" in outcome.err


def test_serving_beyond_this_machine_wants_a_key(run: Run) -> None:
    outcome = run("serve", "--host", "0.0.0.0", "--port", "0")
    assert outcome.status == 1
    assert "kiosk keys add" in outcome.err
