"""Read the picture files of a folder, several at once, each for the product that it shows."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from kiosk.catalog.photos import MAX_FILE_BYTES, NewPhoto
from kiosk.catalog.sync.folder_scan import FileState
from kiosk.catalog.validation import MAX_NAME, MAX_SKU, clean_sku
from kiosk.domain import Image
from kiosk.errors import PictureError
from kiosk.pictures import Decoded

BATCH: Final = 32  # files that become durable together; chosen, some seconds of encoding
_AHEAD: Final = 16  # files read beyond the batch; chosen to keep two workers busy
Decode = Callable[[bytes], Decoded]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read: its state, and of a good picture the photo.

    `image` is None where its vector is stored already.
    """

    state: FileState
    photo: NewPhoto | None = None
    image: Image | None = None
    product_name: str = ""


NOT_READ: Final = ReadFile(FileState(0, 0))
"""In place of a file whose product would be one too many."""


def product_of(path: str) -> tuple[str, str]:
    """Return SKU and name of the product that the picture at a relative path shows.

    Raises:
        PictureError: the path makes no usable SKU.
    """
    inner = PurePosixPath(path)
    sku = clean_sku(str(inner.parent) if len(inner.parts) > 1 else inner.stem)
    name = " ".join(PurePosixPath(sku).name.replace("_", " ").split()) or sku
    if not sku or len(sku) > MAX_SKU:
        raise PictureError(
            f"The path makes an SKU of {len(sku)} characters; 1 to {MAX_SKU} are possible.",
            next_step="Rename the file or its folder.",
        )
    return sku, name[:MAX_NAME]


@dataclass(frozen=True, slots=True)
class FileReader:
    """Reads files below `root`; `previous` are their states at the last scan.

    `encoded` are the SHA-256 of pictures with a vector, which are not decoded again.
    `is_wanted` is asked, in a worker thread, whether the files of an SKU are worth reading.
    """

    root: Path
    previous: Mapping[str, FileState]
    encoded: set[str]
    decode: Decode
    is_wanted: Callable[[str], bool]

    def batches(
        self, files: Sequence[tuple[str, FileState]], workers: int
    ) -> Iterator[dict[str, ReadFile]]:
        """Yield the files by path, 32 at a time; a few more are read meanwhile."""
        source = iter(files)
        waiting: deque[tuple[str, Future[ReadFile]]] = deque()
        with ThreadPoolExecutor(workers, "sync") as pool:

            def begin(count: int) -> None:
                for path, state in islice(source, count):
                    waiting.append((path, pool.submit(self._read, path, state)))

            try:
                begin(_AHEAD)
                while waiting:
                    batch: dict[str, ReadFile] = {}
                    while waiting and len(batch) < BATCH:
                        path, future = waiting.popleft()
                        begin(1)
                        batch[path] = future.result()
                    yield batch
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _read(self, path: str, state: FileState) -> ReadFile:
        try:
            sku, name = product_of(path)
            if not self.is_wanted(sku):
                return NOT_READ
            data = self._bytes(path, state)
            sha256 = hashlib.sha256(data).hexdigest()
            known = replace(state, sha256=sha256, sku=sku)  # only of a picture that decodes
            is_encoded = sha256 in self.encoded
            previous = self.previous.get(path)
            if previous and previous.sha256 == sha256 and is_encoded:
                return ReadFile(known)  # only its time changed
            image, width, height = self.decode(data)
        except PictureError as error:
            return ReadFile(replace(state, problem=str(error)))
        photo = NewPhoto(sku, sha256, width, height, len(data), path=str(self.root / path))
        return ReadFile(known, photo, None if is_encoded else image, name)

    def _bytes(self, path: str, state: FileState) -> bytes:
        if state.size_bytes > MAX_FILE_BYTES:
            raise PictureError("The file is larger than 64 MB.", next_step="Make it smaller.")
        file = self.root / path
        try:
            if file.resolve() != file:  # exchanged since the folder was listed
                raise PictureError("The file is a link.", next_step="Copy the picture there.")
            return file.read_bytes()
        except OSError as error:
            raise PictureError(
                f"The file cannot be read: {error.strerror or error}.",
                next_step="Check the permissions.",
            ) from error
