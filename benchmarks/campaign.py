"""Attack and wear out the real program: `python -m benchmarks.campaign --minutes 20`.

Every part is seeded. It ends after its rounds or at its share of the minutes, and says how far it
came. `--only` names parts, `--rounds` changes how many are wanted. Prints a table; the exit status
is 1 if anything was found.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.attacks.report import Budget, Outcome

Part = Callable[[Path, Budget], Outcome]
PARTS = {  # module, function, rounds wanted; imported late: each killed writer imports this file
    "pictures over HTTP": ("pictures", "over_http", 17_000),
    "pictures by import": ("pictures", "by_import", 2_600),
    "pictures by command": ("pictures", "by_command", 400),
    "kill -9 of a write": ("kills", "of_writes", 500),
    "flipped bits": ("damage", "flip_bits", 3_000),
    "failing disk": ("disk", "fail", 1_600),
    "three writers, SQLite": ("writers", "on_sqlite", 60),
    "three writers, PostgreSQL": ("writers", "on_postgres", 60),
    "clock jumps": ("writers", "jump_clocks", 5_000),
    "camera cut and back": ("endurance", "cut_camera", 200),
    "requests": ("endurance", "ask", 100_000),
    "frames": ("endurance", "watch", 1_000_000),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--only", nargs="*", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--rounds", type=int, help="of every part, in place of its own")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    share_s = options.minutes * 60 / len(options.only)
    rows = Table("Part", "Rounds", "Found", "Over 5 s", "Figures", box=None)
    clean = True
    for name in options.only:
        module, function, wanted = PARTS[name]
        part: Part = getattr(importlib.import_module(f"benchmarks.attacks.{module}"), function)
        until = time.monotonic() + share_s
        with tempfile.TemporaryDirectory(prefix="campaign-") as folder:
            outcome = part(Path(folder), Budget(options.rounds or wanted, until, options.seed))
        clean = clean and not outcome.found
        for fault in outcome.found[:5]:
            print(f"{name}: {fault}", file=sys.stderr)
        rounds = f"{outcome.rounds:,} of {options.rounds or wanted:,}"
        found, slow = str(len(outcome.found)), str(outcome.slow)
        rows.add_row(name, rounds, found, slow, outcome.figures)
        print(f"{name}: {rounds}, {found} found; {outcome.figures}", file=sys.stderr)
    Console(width=200).print(rows)
    if hasattr(os, "getloadavg"):
        print(f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    sys.exit(0 if clean else 1)


if __name__ == "__main__":
    main()
