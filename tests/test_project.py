"""The project's own files: workflows, and a wheel that works where nothing else is installed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False, **options
    )  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_the_workflows_are_sound() -> None:
    workflows = sorted((ROOT / ".github/workflows").glob("*.yml"))
    assert len(workflows) >= 2
    run(Path(sys.executable).with_name("actionlint"), "-shellcheck=", *workflows)


def test_every_supported_python_is_tested_and_named() -> None:
    workflow = (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8")
    assert workflow.count('python: ["3.11", "3.12", "3.13"]') == 3
    assert '">=3.11,<3.14"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.timeout(600)
def test_the_wheel_recognises_in_a_bare_environment(tmp_path: Path) -> None:
    python = Path(sys.executable)
    run(python, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    uv = [python, "-m", "uv"]
    run(*uv, "venv", "--python", python, tmp_path / "bare")
    scripts = tmp_path / "bare" / ("Scripts" if os.name == "nt" else "bin")
    run(*uv, "pip", "install", "--python", scripts / "python", wheel)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    shown = run(
        scripts / "kiosk", "demo", "--offscreen", "--seconds", "20", "--db", tmp_path / "shop",
        cwd=tmp_path, env=clean | {"XDG_DATA_HOME": str(tmp_path / "data")},
    )  # fmt: skip
    assert re.search(r"s  \S.*  NT\$ [\d,]+  \d+ %", shown.stdout), shown.stdout + shown.stderr
