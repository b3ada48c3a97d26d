"""The backup file: a ZIP whose manifest names the size and SHA-256 of all else in it.

manifest.json            format, time, and the list of the others
catalogue.db             the database at one moment
photos/<sha256>.jpg      the pictures it names
settings.json            the shop's settings, if it has any
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from kiosk import __version__
from kiosk.catalog.database.sqlite import FILE_NAME
from kiosk.errors import CatalogError
from kiosk.files import make_private

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SETTINGS: Final = "settings.json"
_CHUNK: Final = 2**20  # bytes; chosen
_MAX_MANIFEST_BYTES: Final = 64 * 2**20  # chosen: some 350,000 photos
_KINDS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What `zipfile` raises on damaged files, beside what it means to.
_DAMAGED: Final = (
    *(zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, struct.error, zlib.error),
    *(LookupError, ValueError, TypeError, OverflowError, OSError),
)
_NAME: Final = re.compile(
    rf"{re.escape(FILE_NAME)}|{re.escape(SETTINGS)}|photos/[0-9a-f]{{64}}\.jpg"
)


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the archive."""

    name: str
    size: int
    sha256: str


class ArchiveWriter:
    """Writes the ZIP at `path`, for its owner alone; the manifest follows when it is closed."""

    def __init__(self, path: Path) -> None:
        make_private(path)
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, strict_timestamps=False)
        self._members: list[Member] = []

    def add_bytes(self, name: str, data: bytes) -> None:
        self._zip.writestr(name, data)
        self._members.append(Member(name, len(data), hashlib.sha256(data).hexdigest()))

    def add_file(self, name: str, path: Path) -> None:
        self._zip.write(path, name, zipfile.ZIP_DEFLATED)
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        self._members.append(Member(name, path.stat().st_size, sha256))

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._zip:
            if kind is None:
                self._zip.writestr(MANIFEST, json.dumps(self._manifest(), indent=1))

    def _manifest(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "made_by": f"shelflens {__version__}",
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": [asdict(member) for member in self._members],
        }


class ArchiveReader:
    """Reads a backup file; every byte handed out agrees with the manifest.

    All methods raise CatalogError where the file is cut off, altered, or no backup.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("rb")
        try:
            self._zip = zipfile.ZipFile(self._file)
        except _DAMAGED as error:
            self._file.close()
            raise self._broken("it is not a ZIP file, or its end is missing") from error
        try:
            self.members = self._read_manifest()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()

    def extract(self, member: Member, target: Path) -> None:
        """Write one file to `target`, checked; its owner alone may read it."""
        digest, size = hashlib.sha256(), 0
        with open(target, "wb", opener=_private) as stream:
            for chunk in self._unpacked(member):
                digest.update(chunk)
                size += len(chunk)
                stream.write(chunk)
        if size != member.size or digest.hexdigest() != member.sha256:
            raise self._broken(f"{member.name} was altered")

    def _unpacked(self, member: Member) -> Iterator[bytes]:
        """Yield at most one byte more than there should be: a ZIP may unpack to any size."""
        try:
            with self._zip.open(member.name) as source:
                left = member.size + 1
                while left > 0 and (chunk := source.read(min(_CHUNK, left))):
                    left -= len(chunk)
                    yield chunk
        except _DAMAGED as error:
            raise self._broken(f"{member.name} cannot be unpacked") from error

    def __enter__(self) -> ArchiveReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read_manifest(self) -> list[Member]:
        try:
            if self._zip.getinfo(MANIFEST).file_size > _MAX_MANIFEST_BYTES:
                raise self._broken("its manifest is too large")
            manifest = json.loads(self._zip.read(MANIFEST))
            made_format = int(manifest["format"])
            members = [_member(entry) for entry in manifest["files"]]
            kinds = {info.compress_type for info in self._zip.infolist()}
        except KeyError as error:
            raise self._broken("it is not a backup of Shelflens") from error
        except _DAMAGED as error:
            raise self._broken("its manifest is damaged") from error
        if made_format > FORMAT:
            raise CatalogError(
                f"{self._path} was made by a newer Shelflens.", next_step="Update Shelflens."
            )
        names = {member.name for member in members}
        if len(names) != len(members) or FILE_NAME not in names or not kinds <= set(_KINDS):
            raise self._broken("its manifest names files that do not belong there")
        if not all(map(_belongs, members)):
            raise self._broken("its manifest names files that do not belong there")
        return members

    def _broken(self, why: str) -> CatalogError:
        return CatalogError(
            f"{self._path} cannot be restored: {why}.",
            next_step="Nothing was changed. Use another backup.",
        )


def _member(entry: Any) -> Member:
    member = Member(entry["name"], entry["size"], entry["sha256"])
    if (type(member.name), type(member.size), type(member.sha256)) != (str, int, str):
        raise ValueError("a manifest of other types")
    return member


def _belongs(member: Member) -> bool:
    """Whether the file has a name of ours; a photo is named by its own content."""
    is_photo = member.name.startswith("photos/")
    fits = not is_photo or member.name == f"photos/{member.sha256}.jpg"
    return bool(_NAME.fullmatch(member.name)) and member.size >= 0 and fits


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
