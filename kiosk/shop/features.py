"""Compute what a second look compares, of each stored photo, while nothing else is to be done."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from kiosk.catalog import CatalogStore
from kiosk.domain import Image
from kiosk.errors import KioskError, PictureError
from kiosk.memory import lower_thread_priority, trim
from kiosk.progress import Progress, no_progress

log = logging.getLogger(__name__)

FEATURE_SIDE = 640  # pixels that a photo's shorter side keeps; no extractor looks closer
FIRST_S = 20.0  # not while the window starts; chosen by eye
POLL_S = 5.0  # another process's photos are seen after that; chosen by eye
QUIET_S = 2.0  # vectors come first after a change, as recognition waits for them; chosen by eye
BATCH = 8  # photos stored at once: a few seconds of reading are lost at most; chosen by eye


class FeatureExtractor(Protocol):
    """Makes the features of one kind; `version` identifies how."""

    @property
    def kind(self) -> str: ...

    @property
    def version(self) -> str: ...

    def extract(self, image: Image) -> bytes:
        """Return what is stored of an RGB picture; empty bytes: there is nothing in it."""
        ...

    def close(self) -> None:
        """Free memory until the next `extract`."""
        ...


class FeatureBuilder:
    """Extracts the features that photos lack, kind by kind, in one thread of low priority.

    `is_busy` holds it back while the index is behind. `on_built` is called, from the thread,
    after photos got features and after each `wake`; `read` returns the picture of a SHA-256.
    """

    def __init__(
        self,
        store: CatalogStore,
        extractors: Sequence[FeatureExtractor],
        read: Callable[[str], Image],
        *,
        is_busy: Callable[[], bool] = lambda: False,
        on_built: Callable[[], object] = lambda: None,
        first_s: float = FIRST_S,
    ) -> None:
        self._store = store
        self._extractors = extractors
        self._read = read
        self._is_busy = is_busy
        self._on_built = on_built
        self._first_s = first_s
        self._unreadable: set[str] = set()
        self._stop = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="features", daemon=True)

    def start(self) -> None:
        """Start the thread; it waits at first, so that the window can start."""
        self._thread.start()

    def stop(self) -> None:
        """Stop and join; the photo at hand is finished."""
        self._stop.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def is_running(self) -> bool:
        """Whether the thread follows the catalogue."""
        return self._thread.is_alive()

    def wake(self) -> None:
        """Photos or products have changed."""
        self._woken.set()

    def build(
        self, on_progress: Progress = no_progress, *, kinds: Collection[str] | None = None
    ) -> int:
        """Extract what is missing, of `kinds` or of all, now; return how many photos got features.

        Raises:
            StorageError: the database or a server's photo cannot be read or written.
        """
        number = 0
        for extractor in self._extractors:
            if kinds is not None and extractor.kind not in kinds:
                continue
            missing = self._missing(extractor)
            for at in range(0, len(missing), BATCH):
                if self._stop.is_set():
                    break
                on_progress(at, len(missing))
                number += self._extract(extractor, missing[at : at + BATCH])
            if missing:
                on_progress(len(missing), len(missing))
                extractor.close()
        if number:
            trim()
        return number

    def _missing(self, extractor: FeatureExtractor) -> list[str]:
        names = self._store.missing_features(extractor.kind, extractor.version)
        return [name for name in names if name not in self._unreadable]

    def _extract(self, extractor: FeatureExtractor, names: Sequence[str]) -> int:
        items: dict[str, bytes] = {}
        for name in names:
            if self._stop.is_set():
                break
            try:
                items[name] = extractor.extract(self._read(name))
            except PictureError as error:
                self._unreadable.add(name)
                log.info("no %s of photo %s: %s", extractor.kind, name[:12], error)
        return self._store.put_features(extractor.kind, extractor.version, items) if items else 0

    def _run(self) -> None:
        lower_thread_priority()
        self._stop.wait(self._first_s)
        is_changed = True
        while not self._stop.is_set():
            try:
                if not self._is_busy() and (self.build() or is_changed):
                    is_changed = False
                    self._on_built()
            except KioskError as error:
                log.warning("features of photos: %s", error)
            except Exception:
                log.exception("features of photos could not be made")
            is_changed |= self._woken.wait(POLL_S)
            while self._woken.is_set() and not self._stop.is_set():
                self._woken.clear()
                self._stop.wait(QUIET_S)
