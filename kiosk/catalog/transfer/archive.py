"""The backup file: a ZIP whose manifest names the size and SHA-256 of all else in it.

manifest.json            format, time, and the list of the others
catalogue.db             the database at one moment
photos/<sha256>.jpg      the pictures it names
settings.json            the shop's settings, if it has any
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from kiosk import __version__
from kiosk.catalog.database.sqlite import FILE_NAME
from kiosk.errors import CatalogError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SETTINGS: Final = "settings.json"
_CHUNK: Final = 2**20  # bytes; chosen
_MAX_MANIFEST_BYTES: Final = 512 * 2**20  # chosen: some 3 million photos
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
    """Writes the ZIP at `path`; the manifest follows when it is closed."""

    def __init__(self, path: Path) -> None:
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
        try:
            self._zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise self._broken("it is not a ZIP file, or its end is missing") from error
        try:
            self.members = self._read_manifest()
        except BaseException:
            self._zip.close()
            raise

    def extract(self, member: Member, target: Path) -> None:
        """Write one file to `target`, checked."""
        digest = hashlib.sha256()
        try:
            with self._zip.open(member.name) as source, target.open("wb") as stream:
                for chunk in _chunks(source, member.size + 1):
                    digest.update(chunk)
                    stream.write(chunk)
        except (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
            raise self._broken(f"{member.name} cannot be unpacked") from error
        if target.stat().st_size != member.size or digest.hexdigest() != member.sha256:
            raise self._broken(f"{member.name} was altered")

    def __enter__(self) -> ArchiveReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def _read_manifest(self) -> list[Member]:
        try:
            if self._zip.getinfo(MANIFEST).file_size > _MAX_MANIFEST_BYTES:
                raise self._broken("its manifest is too large")
            manifest = json.loads(self._zip.read(MANIFEST))
            made_format = int(manifest["format"])
            members = [Member(m["name"], int(m["size"]), m["sha256"]) for m in manifest["files"]]
        except KeyError as error:
            raise self._broken("it is not a backup of Shelflens") from error
        except (ValueError, TypeError, zipfile.BadZipFile, NotImplementedError) as error:
            raise self._broken("its manifest is damaged") from error
        if made_format > FORMAT:
            raise CatalogError(
                f"{self._path} was made by a newer Shelflens.", next_step="Update Shelflens."
            )
        names = [member.name for member in members]
        strange = [name for name in names if not _NAME.fullmatch(name)]
        if strange or len(set(names)) != len(names) or FILE_NAME not in names:
            raise self._broken("its manifest names files that do not belong there")
        return members

    def _broken(self, why: str) -> CatalogError:
        return CatalogError(
            f"{self._path} cannot be restored: {why}.",
            next_step="Nothing was changed. Use another backup.",
        )


def _chunks(source: Any, limit: int) -> Iterator[bytes]:
    """Yield at most `limit` bytes: a ZIP may unpack to far more than it promises."""
    while limit > 0 and (chunk := source.read(min(_CHUNK, limit))):
        limit -= len(chunk)
        yield chunk
