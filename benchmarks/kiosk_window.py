"""The whole kiosk on the demo shop, offscreen: cold start, frames shown, CPU, memory.

    python benchmarks/kiosk_window.py [--seconds 20] [--db DIR]

The demo shop is copied first (not measured); then a fresh process opens the window and
reports. Times count from the process's birth: window shown, first look, first named card
(the demo camera first holds a product still after about two seconds). Frames are those
painted while a product is in front of the camera and recognition runs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import psutil

from kiosk.demo import fill_demo_shop

SETTLE_S = 3.0
CAMERA_FPS = 30


def child(db: str, seconds: float) -> None:
    os.environ.update(QT_QPA_PLATFORM="offscreen", QT_QUICK_BACKEND="software")
    from kiosk.memory import limit_blas_threads, limit_malloc, start_quickly

    start_quickly()
    limit_blas_threads()
    limit_malloc()
    from PySide6.QtCore import QTimer

    from kiosk.domain import SightingState
    from kiosk.gui.app import application
    from kiosk.gui.camera import frame_item
    from kiosk.settings import load_settings
    from kiosk.shop import Shop

    me = psutil.Process()
    facts: dict[str, float] = {}
    painted = 0
    paint = frame_item.FrameItem.paint

    def counted(self: frame_item.FrameItem, painter: object) -> None:
        nonlocal painted
        painted += 1
        paint(self, painter)  # type: ignore[arg-type]

    frame_item.FrameItem.paint = counted  # type: ignore[method-assign, assignment]

    def on_sighting(sighting: object) -> None:
        state = sighting.state  # type: ignore[attr-defined]
        if state is not SightingState.IDLE:
            facts.setdefault("first_look_s", time.time() - me.create_time())
        if state is SightingState.MATCHED:
            facts.setdefault("first_name_s", time.time() - me.create_time())

    settings = load_settings(db=db, source="demo", mirror=False)
    with Shop.open(settings, lazy=True) as shop:
        session = application.Session(
            shop, settings, application.upright_source(settings), on_sighting
        )
        started = [0.0, 0.0, 0.0]

        def begin() -> None:
            facts["window_s"] = facts.get("window_s", time.time() - me.create_time())

        def settle() -> None:
            cpu = me.cpu_times()
            started[:] = [time.monotonic(), cpu.user + cpu.system, painted]

        def end() -> None:
            cpu, spent = me.cpu_times(), time.monotonic() - started[0]
            facts["cpu_of_one_core"] = (cpu.user + cpu.system - started[1]) / spent
            facts["frames_per_s"] = (painted - started[2]) / spent
            facts["memory_mb"] = me.memory_info().rss / 1e6
            application.gui_application().quit()

        QTimer.singleShot(0, begin)
        QTimer.singleShot(round(SETTLE_S * 1000), settle)
        QTimer.singleShot(round((SETTLE_S + seconds) * 1000), end)
        try:
            session.start()
            application.gui_application().exec()
        finally:
            session.close()
    print(json.dumps(facts))


def measure(db: str, seconds: float) -> dict[str, float]:
    command = [sys.executable, __file__, "--db", db, "--seconds", str(seconds), "--child"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    facts: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return facts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--db", default="")
    parser.add_argument("--child", action="store_true")
    given = parser.parse_args()
    if given.child:
        child(given.db, given.seconds)
        return
    db = given.db or tempfile.mkdtemp()
    fill_demo_shop(db)
    facts = measure(db, given.seconds)
    cores = psutil.cpu_count() or 1
    print(f"window shown            {facts['window_s']:8.2f} s")
    print(f"first look              {facts.get('first_look_s', float('nan')):8.2f} s")
    print(f"first named card        {facts.get('first_name_s', float('nan')):8.2f} s")
    frames = facts["frames_per_s"]
    print(f"frames painted          {frames:8.1f} /s   {frames / CAMERA_FPS:.2f} of the camera's")
    cpu = facts["cpu_of_one_core"]
    print(f"CPU                     {cpu:8.2f} cores {cpu / cores:.2f} of {cores}")
    print(f"memory                  {facts['memory_mb']:8.0f} MB")


if __name__ == "__main__":
    main()
