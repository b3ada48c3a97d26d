"""`kiosk models` as a person meets it, without any download."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run


def test_the_list_says_what_is_here_and_what_shops_may_use(run: Run) -> None:
    rows = {row["id"]: row for row in json.loads(run("models", "list", "--json").out)}
    assert rows["efficientnet_lite0"]["installed"]
    assert rows["efficientnet_lite0"]["shops_may_use"] == "yes"
    assert rows["mobileclip_s0"]["shops_may_use"] == "no"
    assert rows["mobileclip_s0"]["text"]


def test_the_list_is_for_people(run: Run) -> None:
    lines = run("models", "list").out.splitlines()
    (default,) = [line.split() for line in lines if line.startswith("efficientnet_lite0_int8 ")]
    assert default[1:] == ["✓", "yes", "3.4", "M", "448", "px", "512"]
    (research,) = [line.split() for line in lines if line.startswith("mobileclip_s0 ")]
    assert research[1:] == ["yes", "no", "53.8", "M", "256", "px", "512"]


def test_what_a_licence_allows_is_said_in_words(run: Run) -> None:
    assert "any shop may use it" in run("models", "info", "efficientnet_lite0").out
    research = " ".join(run("models", "info", "mobileclip_s0").out.split())
    assert "for research only: a shop may not use it" in research
    assert "kiosk models pull mobileclip_s0" in research


def test_pulling_research_weights_asks_for_consent_first(run: Run) -> None:
    outcome = run("models", "pull", "mobileclip_s0")
    assert outcome.status == 1
    assert "--accept-licence" in outcome.err


@pytest.mark.parametrize("command", ["info", "use", "remove", "quantize"])
def test_an_unknown_model_is_a_sentence(run: Run, command: str) -> None:
    outcome = run("models", command, "no-such-model")
    assert outcome.status == 1
    assert "no-such-model" in outcome.err
    assert "Traceback" not in outcome.err


def test_the_shipped_model_cannot_be_removed(run: Run) -> None:
    assert run("models", "remove", "efficientnet_lite0").status == 1


def test_labels_want_a_model_that_reads_words(run: Run, photos: dict[str, list[str]]) -> None:
    outcome = run("classify", "--labels", "apple,milk", photos["A"][0])
    assert outcome.status == 1
    assert "reads no words" in outcome.err
