"""The second look: a picture beside the photos of the first candidates, detail by detail."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.catalog import CatalogStore
from kiosk.domain import DetailMatch, Evidence, Image
from kiosk.recognition.evidence import (
    DETAILS_VERSION,
    DetailExtractor,
    LocalFeatures,
    extract_details,
)

CACHE_BYTES: Final = 16 * 2**20  # about 230 photos' details; chosen by eye


class SecondLook:
    """Compares details with those that are stored; thread-safe.

    Stored details are read when they are asked for, and the last used ones kept in memory.
    """

    def __init__(self, store: CatalogStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes = 0

    def compare(
        self,
        image: Image,
        photos: Mapping[str, Sequence[str]],
        *,
        mask: NDArray[np.bool_] | None = None,
    ) -> dict[str, Evidence]:
        """Compare a picture with photos (SHA-256) of each product; the best photo counts.

        Products whose photos have no stored details yet are left out; `mask` is as in
        `extract_details`.
        """
        stored = self._read([name for names in photos.values() for name in names])
        if not stored:
            return {}
        from kiosk.recognition.evidence import compare_details  # OpenCV: most services need none

        query = extract_details(image, mask)
        found: dict[str, Evidence] = {}
        for sku, names in photos.items():
            known = [LocalFeatures.from_bytes(stored[name]) for name in names if name in stored]
            if known:
                best = max(compare_details(query, known), key=_inliers)
                found[sku] = Evidence(details=best)
        return found

    def _read(self, names: Sequence[str]) -> dict[str, bytes]:
        with self._lock:
            found = {name: self._kept[name] for name in names if name in self._kept}
            for name in found:
                self._kept.move_to_end(name)
        missing = [name for name in names if name not in found]
        if missing:
            fresh = self._store.features(DetailExtractor.kind, DETAILS_VERSION, missing)
            self._keep(fresh)
            found |= fresh
        return {name: data for name, data in found.items() if data}

    def _keep(self, fresh: Mapping[str, bytes]) -> None:
        with self._lock:
            for name, data in fresh.items():
                if name not in self._kept:
                    self._kept[name] = data
                    self._kept_bytes += len(data)
            while self._kept_bytes > CACHE_BYTES:
                _, data = self._kept.popitem(last=False)
                self._kept_bytes -= len(data)


def _inliers(match: DetailMatch) -> int:
    return match.inliers
