"""What a part of the campaign may use, and what it says at its end."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

SLOW_S = 5.0  # what is called a hang


@dataclass(frozen=True)
class Budget:
    """So many rounds at most, none of them begun after `until` (monotonic seconds)."""

    wanted: int
    until: float
    seed: int

    def rounds(self) -> Iterator[int]:
        for number in range(self.wanted):
            if time.monotonic() > self.until:
                return
            yield number


@dataclass
class Outcome:
    """`found` has one sentence for each fault, `slow` counts answers that took over 5 s."""

    rounds: int = 0
    found: list[str] = field(default_factory=list)
    slow: int = 0
    figures: str = ""


@dataclass
class Growth:
    """Memory, descriptors, threads and temporary files of a process over the rounds."""

    process: psutil.Process
    temporary: Path = Path(tempfile.gettempdir())
    samples: list[tuple[float, float, float, float, float]] = field(default_factory=list)

    def sample(self, x: float) -> None:
        with self.process.oneshot():
            memory_mb = self.process.memory_info().rss / 1e6
            threads, files = self.process.num_threads(), self.process.num_fds()
        left = sum(1 for path in self.temporary.iterdir() if "kiosk" in path.name)
        self.samples.append((x, memory_mb, float(files), float(threads), float(left)))

    def slopes(self, per: float, unit: str) -> str:
        """Least squares of the second half, where caches are warm, for each `per` of x."""
        rows = np.array(self.samples[len(self.samples) // 2 :])
        if len(rows) < 3:
            return "too few samples for a slope"
        memory, files, threads, left = np.polyfit(rows[:, 0], rows[:, 1:], 1)[0] * per
        now = self.samples[-1]
        return (
            f"for each {unit}: {memory:+.2f} MB, {files:+.2f} descriptors, {threads:+.2f} threads, "
            f"{left:+.2f} temporary files; at the end {now[1]:.0f} MB, {now[2]:.0f}, {now[3]:.0f}"
        )
