"""Save the whole shop in one file, and bring it back."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from kiosk.catalog.database.failures import DamagedCatalogError
from kiosk.catalog.database.postgres import is_server_url
from kiosk.catalog.database.sqlite import FILE_NAME, copy_database
from kiosk.catalog.store import CatalogReader, CatalogStore
from kiosk.catalog.transfer.archive import SETTINGS, ArchiveReader, ArchiveWriter
from kiosk.errors import CatalogError, StorageError
from kiosk.files import storage_errors, sweep_abandoned, sync_file, sync_folder, write_durably
from kiosk.progress import Progress, no_progress
from kiosk.resources import local_folder

KEPT_ASIDE: Final = "before-restore"
_DAMAGED_ASIDE: Final = "before-restore-damaged"
_BACKING_UP: Final = ".backup-"
_RESTORING: Final = ".restore-"
_MARGIN: Final = 1000  # revisions; chosen, past what a running kiosk may still write meanwhile


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What went into the file; `missing` are photos whose own file is lost or damaged."""

    products: int
    photos: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What came back; `previous` holds what was there before, if there was anything."""

    products: int
    photos: int
    previous: Path | None = None


def backup(
    store: CatalogReader, file: Path, *, on_progress: Progress = no_progress
) -> BackupReport:
    """Save the shop in `file` while it goes on working; an older `file` is replaced at the end.

    The file's owner alone may read it: it holds the PIN's hash and the keys' hashes.

    Raises:
        StorageError: the disk is full or write-protected.
    """
    with storage_errors(f"The backup {file} could not be written"):
        folder = file.resolve().parent
        sweep_abandoned(folder, _BACKING_UP)
        with tempfile.TemporaryDirectory(prefix=_BACKING_UP, dir=folder) as name:
            store.save_database(Path(name) / FILE_NAME)
            with CatalogStore.open(name) as snapshot:
                counts, pictures = snapshot.counts(), snapshot.picture_names()
            with ArchiveWriter(part := Path(name) / "part") as archive:
                missing = _add_photos(archive, store, pictures, on_progress)
                archive.add_file(FILE_NAME, Path(name) / FILE_NAME)
                if (settings := store.data_dir / SETTINGS).is_file():
                    archive.add_bytes(SETTINGS, settings.read_bytes())
            sync_file(part)
            part.replace(file)
        sync_folder(folder)
    return BackupReport(counts.products + counts.retired, counts.photos, missing)


def restore(file: Path, db: str | Path, *, on_progress: Progress = no_progress) -> RestoreReport:
    """Bring back the shop saved in `file`, in place of the one in `db` (a folder or a server).

    Everything is checked first. What was there is kept in `before-restore.zip`, or with a number
    where an earlier restore left one. Killed at
    any moment, `db` holds either the old shop or the restored one. A kiosk may be running
    on it: it sees the restored shop by its revision.

    Raises:
        CatalogError: the file is damaged or no backup; nothing was changed.
        StorageError: the disk is full or write-protected; nothing was changed.
    """
    data_dir = local_folder(db)
    with storage_errors(f"{file} could not be restored into {data_dir}"):
        data_dir.mkdir(parents=True, exist_ok=True)
        for prefix in (_RESTORING, _BACKING_UP):
            sweep_abandoned(data_dir, prefix)
        with tempfile.TemporaryDirectory(prefix=_RESTORING, dir=data_dir) as name:
            staged = Path(name)
            with ArchiveReader(file) as archive:  # closed again: `file` may be the one kept aside
                _unpack(archive, staged, on_progress)
            with CatalogStore.open(staged) as restored:
                if wrong := restored.check(files=False, values=False):
                    raise CatalogError(f"{file} cannot be restored. {wrong[0]}")
                restored.forget_foreign_paths()
                restored.renew_collections()
                counts = restored.counts()
            previous = _keep_aside(db, data_dir)
            _move_photos(staged / "photos", data_dir / "photos")
            if is_server_url(str(db)):
                with CatalogStore.open(db) as server, CatalogStore.open(staged) as restored:
                    server.take_over(restored)
            else:
                _replace_database(staged, data_dir, previous)
            if (settings := staged / SETTINGS).is_file():
                write_durably(data_dir / SETTINGS, settings.read_bytes(), private=True)
    return RestoreReport(counts.products + counts.retired, counts.photos, previous)


def _add_photos(
    archive: ArchiveWriter, store: CatalogReader, names: list[str], on_progress: Progress
) -> tuple[str, ...]:
    missing = []
    for number, sha256 in enumerate(names, 1):
        try:
            data = store.photo_path(sha256).read_bytes()
        except FileNotFoundError:
            data = b""
        if hashlib.sha256(data).hexdigest() == sha256:
            archive.add_bytes(f"photos/{sha256}.jpg", data)
        else:
            missing.append(sha256)
        on_progress(number, len(names))
    return tuple(missing)


def _unpack(archive: ArchiveReader, staged: Path, on_progress: Progress) -> None:
    needed = sum(member.size for member in archive.members)
    if needed * 2 > shutil.disk_usage(staged).free:  # the old shop is kept aside as well
        raise StorageError(
            f"Restoring needs about {needed * 2 / 1e6:.0f} MB of free disk.",
            next_step="Free some space; nothing was changed.",
        )
    (staged / "photos").mkdir()
    for number, member in enumerate(archive.members, 1):
        archive.extract(member, staged / member.name)
        on_progress(number, len(archive.members))


def _keep_aside(db: str | Path, data_dir: Path) -> Path | None:
    if not is_server_url(str(db)) and not (data_dir / FILE_NAME).exists():
        return None
    try:
        with CatalogStore.open(db) as current:
            backup(current, kept := _unused(data_dir, KEPT_ASIDE, ".zip"))
        return kept
    except DamagedCatalogError:
        pass
    aside = _unused(data_dir, _DAMAGED_ASIDE)
    aside.mkdir()
    for path in data_dir.glob(f"{FILE_NAME}*"):
        shutil.copy2(path, aside / path.name)
    return aside


def _unused(folder: Path, stem: str, suffix: str = "") -> Path:
    """The first of `stem`, `stem-2`, `stem-3`, ... that is not there yet."""
    names = (f"{stem}{'' if n == 1 else f'-{n}'}{suffix}" for n in count(1))
    return next(folder / name for name in names if not (folder / name).exists())


def _move_photos(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for path in source.iterdir():
        sync_file(path)
        path.replace(target / path.name)
    sync_folder(target)


def _replace_database(staged: Path, data_dir: Path, previous: Path | None) -> None:
    """Exchange the database in one atomic step: through SQLite where the old one is sound."""
    live = data_dir / FILE_NAME
    if previous is not None and previous.is_file():
        with CatalogStore.open(data_dir) as current, CatalogStore.open(staged) as restored:
            newest = max(current.revision(), restored.revision())
            restored.invalidate_readers(newest + _MARGIN)
        copy_database(staged / FILE_NAME, live)
        return
    sync_file(staged / FILE_NAME)
    for leftover in data_dir.glob(f"{FILE_NAME}-*"):  # they belong to the damaged file
        leftover.unlink()
    (staged / FILE_NAME).replace(live)
    sync_folder(data_dir)
