"""Pages that are made from the code are those that are committed, and their snippets work."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.conftest import Running, jpeg
from tests.docs.generated import DOCS, GENERATED, openapi
from tests.docs.snippets import ADDRESS, TASKS, Task, curl, javascript, python


@pytest.mark.parametrize("name", list(GENERATED))
def test_a_generated_file_is_fresh(name: str) -> None:
    committed = (DOCS / name).read_text(encoding="utf-8")
    assert committed == GENERATED[name](), "run `python -m tests.docs.generated`"


def test_every_route_has_a_description_and_examples_of_its_json() -> None:
    routes = [r for methods in openapi()["paths"].values() for r in methods.values()]
    assert len(routes) > 50
    for route in routes:
        assert route["description"], route["operationId"]
        good = [a for status, a in route["responses"].items() if status.startswith("2")]
        for body in [*good, route.get("requestBody", {})]:
            for kind, content in body.get("content", {}).items():
                if kind == "application/json":
                    assert content["example"] is not None, route["operationId"]


def run_in(language: str, task: Task, folder: Path, address: str) -> str:
    writer = {"curl": curl, "python": python, "node": javascript}[language]
    code = writer(task).replace(ADDRESS, address)
    file = folder / {"curl": "a.sh", "python": "a.py", "node": "a.mjs"}[language]
    file.write_text(code, encoding="utf-8")
    program = {"curl": "bash", "python": sys.executable, "node": "node"}[language]
    done = subprocess.run(
        [program, str(file)], cwd=folder, env=os.environ | {"KEY": "", "NO_PROXY": "*"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.mark.parametrize("language", ["curl", "python", "node"])
def test_the_snippets_do_what_they_say(language: str, service: Running, tmp_path: Path) -> None:
    if shutil.which("python3" if language == "python" else language) is None:
        pytest.skip(f"{language} is not installed")
    (tmp_path / "tea.jpg").write_bytes(jpeg(3, 8))
    answers = [run_in(language, task, tmp_path, service.address) for task in TASKS]
    assert '"P-3"' in answers[0] or "'P-3'" in answers[0]
    product = service.shop.catalog.product("TEA-042")
    assert product.price.minor == 4900
    assert len(service.shop.catalog.photos("TEA-042")) == 1
    assert "TEA-042" in answers[-1]
