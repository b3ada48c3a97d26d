"""Kill the service 50 times while it writes and indexes: `python -m benchmarks.api_kill`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.api.crashing import run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--pictures", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = run(Path(folder) / "shop", options.rounds, options.pictures, print)
    print(
        f"killed {options.rounds} times; all there: {len(told.products)} products, "
        f"{len(told.photos)} photos, {len(told.vectors)} vectors; indexing resumed and ended"
    )


if __name__ == "__main__":
    main()
