"""Where a cold start goes, stage by stage: `python -m benchmarks.cold_start [--db DIR]`.

A fresh process imports, copies the demo shop to `DIR` if that is empty, opens it, shows the
window offscreen and waits for the first frame of the demo camera. For each stage it prints
seconds on the clock, processor seconds (which other programs hardly change) and the memory
at its end.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time

import psutil

FIRST_FRAME_S = 20.0


class Stages:
    """Prints a line for each stage when it ends."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._born = self._process.create_time()
        self._cpu_s = 0.0

    def end(self, name: str) -> None:
        times = self._process.cpu_times()
        cpu_s = times.user + times.system
        memory_mb = self._process.memory_info().rss / 1e6
        print(
            f"{name:22} at {time.time() - self._born:6.2f} s   "
            f"CPU {cpu_s - self._cpu_s:5.2f} s   {memory_mb:5.0f} MB"
        )
        self._cpu_s = cpu_s


def child(db: str) -> None:
    stages = Stages()
    os.environ.update(QT_QPA_PLATFORM="offscreen", QT_QUICK_BACKEND="software")
    from kiosk.memory import limit_blas_threads, limit_malloc, start_quickly

    start_quickly()
    limit_blas_threads()
    limit_malloc()
    from kiosk.settings import load_settings

    settings = load_settings(db=db, source="demo", mirror=False)
    stages.end("settings")
    from kiosk.demo import fill_demo_shop

    fill_demo_shop(db)
    stages.end("demo shop copied")
    from kiosk.shop import Shop

    stages.end("imports of the shop")
    from kiosk.gui import gui_application
    from kiosk.gui.app import application

    stages.end("imports of the window")
    with Shop.open(settings, lazy=True) as shop:
        stages.end("shop open")
        qt = gui_application()
        session = application.Session(shop, settings, application.upright_source(settings))
        stages.end("window built")
        arrived: list[bool] = []
        session.view_models.camera.frame_arrived.connect(lambda: arrived.append(True))
        try:
            session.start()
            session.view_models.app.touched()
            stages.end("window shown")
            limit = time.monotonic() + FIRST_FRAME_S
            while not arrived and time.monotonic() < limit:
                qt.processEvents()
            stages.end("live picture")
        finally:
            session.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", default="")
    parser.add_argument("--child", action="store_true")
    given = parser.parse_args()
    if given.child:
        child(given.db)
        return
    db = given.db or tempfile.mkdtemp()
    command = [sys.executable, "-m", "benchmarks.cold_start", "--db", db, "--child"]
    raise SystemExit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    main()
