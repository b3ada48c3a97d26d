"""Each example package is installed as a user would, and does through the kiosk what it says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp

from tests.cli.conftest import draw

ROOT = Path(__file__).resolve().parent.parent.parent
Kiosk = Callable[..., str]


@pytest.fixture
def installed(tmp_path: Path) -> Callable[[str], Kiosk]:
    """Installs an example in a folder of its own; returns a kiosk that finds it."""
    for seed, name in enumerate("abc"):
        draw(tmp_path / f"{name}.jpg", seed)
    draw(tmp_path / "query.jpg", 1, 5)
    table = "sku,name,price,photo\nA,Apple,12,a.jpg\nB,Bread,30,b.jpg\nC,Cheese,80,c.jpg\n"
    (tmp_path / "products.csv").write_text(table, encoding="utf-8")

    def install(example: str) -> Kiosk:
        source, site = tmp_path / "source", tmp_path / "site"
        shutil.copytree(ROOT / "examples" / example, source)
        command = [sys.executable, "-m", "uv", "pip", "install", "-q", "--no-deps"]
        command += ["--no-build-isolation", "--python", sys.executable]
        subprocess.run([*command, "--target", str(site), str(source)], check=True)
        paths = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(site)])}
        environment = os.environ | paths | {"KIOSK_DB": str(tmp_path / "shop")}

        def kiosk(*words: str, program: Sequence[str] = ("-m", "kiosk"), **more: str) -> str:
            done = subprocess.run(
                [sys.executable, *program, *words], cwd=tmp_path, env=environment | more,
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        kiosk("import", "products.csv")
        return kiosk

    return install


def test_a_packages_camera_is_watched(installed: Callable[[str], Kiosk]) -> None:
    kiosk = installed("camera_source")
    lines = kiosk("watch", "--source", "still:query.jpg", "--events", "-", "--no-realtime")
    events = [json.loads(line) for line in lines.splitlines()]
    assert events
    assert max(event["t_ms"] for event in events) <= 10_000


def test_a_packages_prices_reach_the_catalogue(
    installed: Callable[[str], Kiosk], tmp_path: Path
) -> None:
    kiosk = installed("price_source")
    (tmp_path / "list.csv").write_text("sku,price\nA,15.5\nB,30\nZ,9\n", encoding="utf-8")
    said = kiosk("prices", "price-list", PRICE_LIST=str(tmp_path / "list.csv"))
    assert "1 prices changed; price-list knows 2 products" in said
    prices = {row["sku"]: row["price"] for row in json.loads(kiosk("products", "--json"))}
    assert prices == {"A": 15.5, "B": 30, "C": 80}


def test_a_packages_model_recognises(installed: Callable[[str], Kiosk]) -> None:
    kiosk = installed("model")
    rows = {row["id"]: row for row in json.loads(kiosk("models", "list", "--json"))}
    assert rows["colour_grid"]["installed"]
    assert rows["colour_grid"]["dimension"] == 48
    kiosk("models", "use", "colour_grid")
    found = json.loads(kiosk("search", "--image", "query.jpg", "--json"))
    assert found[0]["sku"] == "B"


READ_A_LABEL = """
from pathlib import Path
from kiosk.pictures import read_picture
from kiosk.settings import load_settings
from kiosk.shop import Shop
with Shop.open(load_settings(), background=False) as shop:
    print([line.text for line in shop.read_label(read_picture(Path("qr.png"))).lines])
"""


def test_a_packages_label_reader_is_the_one_that_reads(
    installed: Callable[[str], Kiosk], tmp_path: Path
) -> None:
    code = zxingcpp.create_barcode("OOLONG 600 ml", zxingcpp.BarcodeFormat.QRCode)
    drawn = np.asarray(code.to_image(scale=8))
    picture = cv2.cvtColor(np.pad(drawn, 40, constant_values=255), cv2.COLOR_GRAY2BGR)
    cv2.imwrite(str(tmp_path / "qr.png"), picture)
    kiosk = installed("label_reader")
    assert "OOLONG 600 ml" in kiosk(READ_A_LABEL, program=["-c"])
