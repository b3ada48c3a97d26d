"""Counts the numbers that customers show and the catalogue does not have."""

from __future__ import annotations

import time
from collections.abc import Callable

from kiosk.domain import Sighting
from kiosk.gui.task_runner import TaskRunner
from kiosk.recognition.evidence import is_gtin, is_in_store
from kiosk.shop import Shop

SAME_S = 60.0  # one customer shows a thing again within that; chosen by eye


class RequestCounter:
    """Counts each number once a customer. What is no product's number is nobody's business."""

    def __init__(
        self, shop: Shop, tasks: TaskRunner, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._shop = shop
        self._tasks = tasks
        self._clock = clock
        self._last: tuple[str, float] = ("", 0.0)

    def note(self, sighting: Sighting) -> None:
        """Note what a customer is told; it is counted by a worker."""
        scan = sighting.scan
        if scan is None or scan.sku is not None or not is_gtin(scan.code) or is_in_store(scan.code):
            return
        (code, at_s), now_s = self._last, self._clock()
        self._last = scan.code, now_s
        if scan.code != code or now_s - at_s > SAME_S:
            self._tasks.run(lambda: self._shop.code_requests.count_request(scan.code))
