"""The commands and programs of README and handbook do what they say; the site builds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from tests.cli.conftest import draw

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.DOTALL | re.MULTILINE)
GENERATED = {"clients.md", "cli.md"}  # their own tests run them


def blocks(page: Path) -> list[tuple[str, str]]:
    return _BLOCK.findall(page.read_text(encoding="utf-8"))


TESTED = [page for page in PAGES if page.name not in GENERATED and blocks(page)]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the files that the pages name: three products, photos, a clip, queries."""
    for seed, name in enumerate(("front", "b", "c")):
        for shade in (0, 10, -10):
            draw(tmp_path / f"{name}{shade or ''}.jpg", seed, shade)
    draw(tmp_path / "back.jpg", 0, 20)
    draw(tmp_path / "query.jpg", 0, 5)
    draw(tmp_path / "stranger.jpg", 9)
    tables = {
        "products.csv": "sku,name,price\nA12,Oat drink,45\nB1,Bread large,30\nC1,Cheese,80\n",
        "photos.csv": "path,sku\nfront.jpg,A12\nfront10.jpg,A12\nb.jpg,B1\nb10.jpg,B1\nc.jpg,C1\n",
        "queries.csv": "path,sku\nquery.jpg,A12\nb-10.jpg,B1\nc10.jpg,C1\n",
        "strangers.csv": "path\nstranger.jpg\n",
    }
    for name, text in tables.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    frame = cv2.imread(str(tmp_path / "b.jpg"))
    size = (frame.shape[1], frame.shape[0])
    clip = cv2.VideoWriter(str(tmp_path / "clip.mp4"), cv2.VideoWriter.fourcc(*"mp4v"), 10, size)
    for _ in range(20):
        clip.write(frame)
    clip.release()
    return tmp_path


@pytest.mark.parametrize("page", TESTED, ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run(page: Path, desk: Path) -> None:
    if os.name == "nt" or shutil.which("bash") is None:
        pytest.skip("the commands are written for a POSIX shell")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    home = {"PATH": path, "KIOSK_DB": str(desk / "shop"), "PYTHONPATH": str(ROOT)}
    if page.name != "index.md" and page.name != "README.md":
        prepare = "kiosk -q import products.csv --photos photos.csv"
        subprocess.run(["bash", "-ec", prepare], cwd=desk, env=os.environ | home, check=True)
    for language, code in blocks(page):
        command = ["bash", "-ec"] if language == "sh" else [sys.executable, "-c"]
        done = subprocess.run(
            [*command, code], cwd=desk, env=os.environ | home,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{code}\n{done.stdout}\n{done.stderr}"


def test_most_pages_have_blocks_that_run() -> None:
    assert {page.stem for page in TESTED} >= {"README", "index", "mobileclip", "formats"}


def test_the_site_builds_strictly_and_loads_nothing_from_outside(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        [*command, "--site-dir", str(tmp_path / "site")], cwd=ROOT, env=quiet,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 12
    for page in pages:
        text = page.read_text(encoding="utf-8")
        outside = re.findall(r"""<(?:script|link|img)[^>]+(?:src|href)="?https?://[^ >]+""", text)
        assert outside == [], page
