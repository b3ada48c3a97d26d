"""Durable writes: after a power cut a file or folder is the old one or the new one, whole."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from kiosk.errors import StorageError

TEMPORARY_PREFIX = ".new-"
_ABANDONED_S = 24 * 3600  # chosen: no backup, restore or index takes a day


def write_durably(path: Path, data: bytes | str, *, private: bool = False) -> None:
    """Replace the file `path` by `data`; on return both content and name are on the disk.

    A string is written as UTF-8. `private` lets the file's owner alone read it.

    Raises:
        OSError: the file cannot be written; what was there before stays.
    """
    write_whole(path, data, private=private)
    sync_folder(path.parent)


def write_whole(path: Path, data: bytes | str, *, private: bool = False) -> None:
    """As `write_durably`, without the fsync of the folder.

    After a power cut the old file may be back under the name, but never a part of one. Many
    files of one folder need a single `sync_folder` at their end.
    """
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{token_hex(8)}")
    mode = 0o600 if private else 0o666  # less the user's umask
    try:
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as stream:
            stream.write(data.encode() if isinstance(data, str) else data)
            stream.flush()
            _sync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a path in a hidden folder beside `target`; what lies there at the end replaces it.

    That may be a file or a folder. All of it is on the disk before it is moved. After an error
    inside, `target` is as before. A kill while an old folder is exchanged leaves it in the
    hidden one, which is named `.<target>.<random>`, for a day or more.

    Raises:
        StorageError: the disk refuses; nothing is left behind.
    """
    with storage_errors(f"{target} could not be written"):
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep_abandoned(target.parent, f".{target.name}.")
        with tempfile.TemporaryDirectory(
            prefix=f".{target.name}.", dir=target.parent, ignore_cleanup_errors=True
        ) as hidden:
            made = Path(hidden) / target.name
            yield made
            for path in (*made.rglob("*"), made):
                sync_folder(path) if path.is_dir() else sync_file(path)
            if target.is_dir():
                target.rename(Path(hidden) / "replaced")
            made.replace(target)
            sync_folder(target.parent)


def append_line(path: Path, line: str, *, max_bytes: int) -> None:
    """Append to a log that its owner alone reads; from `max_bytes` on it becomes `<path>.1`.

    Raises:
        OSError: the file cannot be written.
    """
    if path.exists() and path.stat().st_size > max_bytes:
        path.replace(path.with_name(path.name + ".1"))
    with open(path, "a", encoding="utf-8", errors="replace", opener=_open_private) as stream:
        stream.write(line + "\n")


def make_private(file: Path) -> None:
    """Make an empty `file` where there is none; let its owner alone read it, if that can be.

    An existing one is not opened: closing it again would end SQLite's locks of this process.
    """
    with suppress(OSError):
        if file.exists():
            file.chmod(0o600)
        else:
            os.close(_open_private(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL))


@contextmanager
def scratch_folder(prefix: str) -> Iterator[Path]:
    """Yield a new folder `<prefix>*` in the system's temporary one; it is gone afterwards.

    What a kill left of earlier ones is swept, see `sweep_abandoned`.
    """
    sweep_abandoned(Path(tempfile.gettempdir()), prefix)
    with tempfile.TemporaryDirectory(prefix=prefix) as name:
        yield Path(name)


def sweep_abandoned(folder: Path, prefix: str) -> None:
    """Delete the work folders `<prefix>*` that a kill left a day ago or earlier."""
    for path in folder.glob(f"{prefix}*"):
        with suppress(OSError):
            if path.is_dir() and time.time() - path.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(path, ignore_errors=True)


def sync_file(path: Path) -> None:
    """Bring the content of a file to the disk."""
    with path.open("rb+") as stream:  # Windows syncs only what may be written
        _sync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def storage_errors(doing: str) -> Iterator[None]:
    """Raise StorageError in place of OSError; `doing` is such as "The photo could not be saved"."""
    try:
        yield
    except OSError as error:
        raise storage_error(error, doing) from error


def storage_error(error: OSError, doing: str) -> StorageError:
    """The StorageError for a file operation that failed with `error`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            f"{doing}: the disk is full.",
            next_step="Free some space; nothing already stored is lost.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            f"{doing}: the folder is write-protected.",
            next_step="Give this user the right to write there, or choose another folder.",
        )
    return StorageError(
        f"{doing}: {error.strerror or error}.", next_step="Check the disk and the path."
    )


def _open_private(path: str | Path, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":  # there fsync leaves the data in the drive's cache
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)
