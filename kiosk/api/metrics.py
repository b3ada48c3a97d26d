"""Figures for Prometheus, kept in a registry of the service's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Seconds: Prometheus' defaults, finer below 5 ms and at 0.15 s; chosen by eye.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counts requests, times stages, and shows the shop's size."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "shelflens_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "shelflens_request_seconds",
            "Time from the first byte in to the last byte out.",
            ("route",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "shelflens_stage_seconds",
            "Time of one stage of recognition, waiting included.",
            ("stage",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._sizes = Gauge(
            "shelflens_size", "How many there are.", ("of",), registry=self._registry
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = perf_counter()
        try:
            yield
        finally:
            self._stages.labels(name).observe(perf_counter() - started)

    def sizes(self, **counts: float) -> None:
        for name, count in counts.items():
            self._sizes.labels(name).set(count)

    def page(self) -> bytes:
        return generate_latest(self._registry)
