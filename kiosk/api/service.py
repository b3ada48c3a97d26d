"""The objects that the routes share: opened with the application, closed with it."""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from kiosk.api.authenticator import Authenticator
from kiosk.api.batching import Batcher
from kiosk.api.caching import LruCache
from kiosk.api.decoding import DecoderPool
from kiosk.api.fetching import Fetcher
from kiosk.api.jobs import JobBoard
from kiosk.api.keys import ApiKeys
from kiosk.api.limits import ByteBudget
from kiosk.api.metrics import Metrics
from kiosk.api.problems import BUSY, NOT_A_PICTURE, TOO_LARGE, ProblemError, unprocessable
from kiosk.api.settings import ApiSettings
from kiosk.audit import FILE_NAME as AUDIT_FILE, AuditLog
from kiosk.catalog import VectorRows
from kiosk.domain import Evidence, Image, Vectors
from kiosk.errors import PictureError
from kiosk.fitting import WHOLE, Fitting
from kiosk.inference import automatic_threads
from kiosk.memory import trim
from kiosk.shop import Shop
from kiosk.vectorstore import Collection, Collections, ServerCollection, VectorFilters, VectorHit

P = ParamSpec("P")
T = TypeVar("T")

THUMBNAILS = 500  # JPEGs kept, 20 kB each; chosen by eye
QUERIES = 256  # embeddings of query pictures kept, 5 kB each; chosen by eye
DETAIL_SIDE = 640  # pixels of a picture that is compared by details, which look at 480
CODE_SIDE = 1280  # pixels in which codes are read, as of a camera's frame; chosen by eye
MAX_SCANNED_TOGETHER = 32  # the most clients of benchmarks/api_load.py
TRIM_EVERY = 50  # pictures, with ENABLE_GC; chosen by eye


class Service:
    """The shop and what the service keeps beside it. Routes get it as a dependency."""

    def __init__(self, shop: Shop, settings: ApiSettings) -> None:
        self.shop = shop
        self.settings = settings
        self.keys = ApiKeys(shop.values, background=True)
        self.authenticator = Authenticator(self.keys, settings)
        self.audit = AuditLog(settings.audit_file or shop.settings.data_dir / AUDIT_FILE)
        self.metrics = Metrics()
        self.jobs = JobBoard()
        shop.keeps_products = settings.cache_products and not shop.on_server
        self.collections = Collections(
            VectorRows(lambda: shop.database), shop.settings.data_dir / "collections"
        )
        self.decoder = DecoderPool(
            settings.decode_workers,
            timeout_s=settings.decode_timeout_s,
            memory_mb=settings.decode_memory_mb,
            max_pixels=settings.max_pixels,
        )
        shop.decode_with(self.decoder.decode)
        self.fetcher = Fetcher(
            settings.image_url_hosts,
            networks=settings.image_url_networks,
            max_bytes=settings.max_upload_mb * 2**20,
            timeout_s=settings.image_url_timeout_s,
        )
        caches = settings.cache_products
        self.thumbnails = LruCache[tuple[str, int], bytes](THUMBNAILS if caches else 0)
        self._queries = LruCache[tuple[str, bytes], Vectors](QUERIES if caches else 0)
        self._codes = LruCache[bytes, str](QUERIES if caches else 0)
        self.started = time.monotonic()
        self.closing = threading.Event()
        self.bodies = ByteBudget(settings.max_waiting_mb * 2**20)
        self.live_sessions = 0
        self.live_strangers: list[str] = []  # addresses of sockets that have shown no key yet
        self._heavy = threading.Lock()
        most = settings.max_batch_size
        # Where pictures go through the network singly, side by side they leave no core idle.
        is_single = shop.index.batch_size == 1
        batches = (1, min(automatic_threads(), most)) if is_single else (most, 1)
        self._encode = Batcher[Image, Vectors](self._encode_together, *batches)
        self._encoded = 0
        self._scans: WeakKeyDictionary[
            Collection, Batcher[tuple[Vectors, int], list[VectorHit]]
        ] = WeakKeyDictionary()

    def close(self) -> None:
        """Stop what runs in the background; the shop itself stays open."""
        self.closing.set()
        self.jobs.close()
        self.shop.decode_with(None)
        self.decoder.close()
        self.fetcher.close()
        self.collections.close()

    async def decode(self, data: bytes, fitting: Fitting = WHOLE, *, side: int = 0) -> Image:
        """Decode an upload in a child process; see `DecoderPool.submit`.

        Raises:
            ProblemError: too large, no picture by its first bytes, or too many at once.
            PictureError: not a usable picture.
        """
        if len(data) > self.settings.max_upload_mb * 2**20:
            raise ProblemError(
                TOO_LARGE,
                f"A picture may have {self.settings.max_upload_mb} MB.",
                "Make it smaller.",
            )
        if not looks_like_picture(data):
            raise ProblemError(
                NOT_A_PICTURE,
                "The upload is not a JPEG, PNG or WebP picture.",
                "Save it as a JPEG.",
            )
        with self.metrics.stage("decode"):
            pending = self.decoder.submit(data, fitting, side=side)
            return (await asyncio.wrap_future(pending)).image

    async def vector_of(self, data: bytes) -> Vectors:
        """The embedding of an upload, float32 (1, dimension); remembered for a while.

        Raises:
            PictureError, ProblemError: as `decode`.
        """
        index = self.shop.index
        key = (index.fingerprint, hashlib.sha256(data).digest())
        vector = self._queries.get(key)
        if vector is None:
            image = await self.decode(data, index.fitting)
            with self.metrics.stage("encode"):
                vector = await self._encode(image)
            self._queries.put(key, vector)
        return vector

    async def code_in(self, data: bytes) -> str:
        """The text of a product's barcode in an upload, or nothing; remembered for a while.

        Raises:
            PictureError, ProblemError: as `decode`.
        """
        key = hashlib.sha256(data).digest()
        code = self._codes.get(key)
        if code is None:
            from kiosk.recognition.evidence import read_barcode  # OpenCV takes 15 MB

            image = await self.decode(data, side=CODE_SIDE)
            code = await self.timed("barcode", read_barcode, image, closely=False) or ""
            self._codes.put(key, code)
        scan = await asyncio.to_thread(self.shop.find_code, code) if code else None
        return code if scan is not None else ""

    async def evidence_in(self, data: bytes, vector: Vectors) -> Mapping[str, Evidence]:
        """What a second look at an upload says, by SKU; nothing where the glance is sure.

        Raises:
            PictureError, ProblemError: as `decode`.
        """
        glance = await asyncio.to_thread(self.shop.recognise, vector)
        if not self.shop.needs_evidence(glance):
            return {}
        image = await self.decode(data, Fitting(DETAIL_SIDE, DETAIL_SIDE))
        return await self.timed("details", self.shop.gather_evidence, image, vector)

    async def nearest(
        self, name: str, vector: Sequence[float], top: int, filters: VectorFilters
    ) -> list[VectorHit]:
        """Search the collection `name` in a thread; searches without filters share a scan.

        Raises:
            UnknownVectorError: there is no such collection.
            UnusableVectorError: its vectors have another dimension.
        """
        query = np.asarray([vector], np.float32)
        collection: Collection | ServerCollection | None = self.collections.opened(name)
        if collection is None:
            collection = await asyncio.to_thread(self.collections.require, name)
        with self.metrics.stage("search"):
            if filters.any or isinstance(collection, ServerCollection):
                return await asyncio.to_thread(collection.search, query, top, filters)
            batcher = self._scans.get(collection)
            if batcher is None:
                batcher = self._scans[collection] = Batcher(
                    collection.search_many, MAX_SCANNED_TOGETHER
                )
            return await batcher((query, top))

    async def timed(self, stage: str, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `call` in a thread, as one `stage` of the metrics."""
        with self.metrics.stage(stage):
            return await asyncio.to_thread(call, *args, **kwargs)

    def classify(self, vector: Vectors, labels: Sequence[str]) -> dict[str, float]:
        """The share of each label for a picture's `vector`, by the model's own words.

        Raises:
            ProblemError: 422, the model in use has no text tower.
        """
        from kiosk.shop import label_shares, label_vectors

        encoder = self.shop.text_encoder
        if encoder is None:
            raise unprocessable(
                f"The model {self.shop.index.model_id!r} knows no words.",
                "Leave `labels` out to choose among the shop's categories, or use another model.",
            )
        shares = label_shares(vector, label_vectors(encoder, labels))[0]
        return dict(zip(labels, shares.tolist(), strict=True))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock for work that takes a core for seconds: one request at a time.

        Raises:
            ProblemError: 503 while another is at it.
        """
        if not self._heavy.acquire(blocking=False):
            raise ProblemError(
                BUSY,
                "Another such comparison is under way.",
                "Try again in a moment.",
                retry_after_s=5,
            )
        try:
            yield
        finally:
            self._heavy.release()

    def _encode_together(self, images: Sequence[Image]) -> list[Vectors]:
        rows = self.shop.encode(images)
        self._encoded += len(images)
        if self.settings.enable_gc and self._encoded >= TRIM_EVERY:
            self._encoded = 0
            trim()
        if not rows.any(axis=1).all():
            raise PictureError("The picture gives no usable features.")
        return [rows[i : i + 1] for i in range(len(images))]


def looks_like_picture(data: bytes) -> bool:
    """True for the first bytes of a JPEG, PNG or WebP, and for nothing at all.

    An empty upload is left to the decoder, which says so better.
    """
    return (
        not data
        or data[:3] == b"\xff\xd8\xff"
        or data[:8] == b"\x89PNG\r\n\x1a\n"
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
    )
