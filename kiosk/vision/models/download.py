"""Download a checkpoint from the Hugging Face hub: resumable, verified, with progress."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.errors import ModelError
from kiosk.vision.models.cards import sha256_of
from kiosk.vision.models.registry import RegistryEntry

OnStep = Callable[[str, float], None]
"""Called with the name of a step and the share of it that is done, 0 to 1."""


def download(known: RegistryEntry, folder: Path, *, on_step: OnStep, endpoint: str | None) -> Path:
    """Fetch the first of the entry's files that exists, and what belongs beside it.

    The hub's own cache keeps what was fetched; `folder` gets links to it. Returns the
    checkpoint's path in `folder`.

    Raises:
        ModelError: offline, not found, not permitted, or another checksum than promised.
    """
    if not known.source.repo:
        raise ModelError(
            f"{known.title} is not on the hub.",
            next_step=f"Download {known.source.url} and `kiosk models add` the file.",
        )
    _require_hub()
    for name in known.source.files:
        found = _fetch(known, name, on_step, endpoint)
        if found is None:
            continue
        for extra in known.source.beside:
            beside = _fetch(known, extra, lambda _step, _share: None, endpoint)
            if beside is not None:
                _place(beside, folder / extra)
        _place(found, folder / name)
        return folder / name
    raise ModelError(
        f"{known.source.repo} has none of {', '.join(known.source.files)}.",
        next_step=f"Look at {known.source.url}; the file may have been renamed.",
    )


def _require_hub() -> None:
    try:
        import huggingface_hub  # noqa: F401 - only whether it is installed
    except ImportError as error:
        raise ModelError(
            "Downloading needs huggingface_hub.",
            next_step="Install the extra: pip install 'shelflens[export]'.",
        ) from error


def _fetch(known: RegistryEntry, name: str, on_step: OnStep, endpoint: str | None) -> Path | None:
    """The file in the hub's cache, or None where the repository has no such file."""
    import huggingface_hub
    from huggingface_hub import errors

    repo = known.source.repo
    try:
        url = huggingface_hub.hf_hub_url(repo, name, endpoint=endpoint)
        promised = huggingface_hub.get_hf_file_metadata(url, endpoint=endpoint).etag or ""
        bar = _progress_bar(on_step)
        got = huggingface_hub.hf_hub_download(repo, name, endpoint=endpoint, tqdm_class=bar)
    except (errors.GatedRepoError, errors.RepositoryNotFoundError) as error:
        raise ModelError(
            f"The hub does not hand out {repo}.",
            next_step=f"Accept its terms at {known.source.url}, then `hf auth login`.",
        ) from error
    except errors.RemoteEntryNotFoundError:
        return None
    except _connection_errors() as error:
        raise ModelError(
            f"{name} could not be downloaded from {repo}: {_first_line(error)}",
            next_step="Check the connection and try again: it goes on where it stopped. Without "
            f"internet, fetch it from {known.source.url} elsewhere and `kiosk models add` it.",
        ) from error
    _check(Path(got), promised)
    return Path(got)


def _connection_errors() -> tuple[type[Exception], ...]:
    """Return what the hub's library and its HTTP client raise without a connection."""
    import huggingface_hub.errors

    return (OSError, getattr(huggingface_hub.errors, "HTTPError", OSError))


def _check(path: Path, promised: str) -> None:
    if len(promised) != 64:
        return  # small files carry git's own hash
    got = sha256_of(path)
    if got != promised:
        path.resolve().unlink(missing_ok=True)
        raise ModelError(
            f"{path.name} arrived damaged: its sha256 should be {promised[:12]}…, "
            f"it is {got[:12]}….",
            next_step="Try again.",
        )


def _place(cached: Path, target: Path) -> None:
    try:
        target.symlink_to(cached.resolve())
    except OSError:  # Windows without the right to make links
        shutil.copyfile(cached, target)


def _progress_bar(on_step: OnStep) -> Any:
    """A silent stand-in for tqdm, which the hub feeds with bytes."""
    import huggingface_hub.utils

    base: Any = huggingface_hub.utils.tqdm  # type: ignore[attr-defined]

    class Bar(base):  # type: ignore[misc]
        def __init__(self, *given: Any, **options: Any) -> None:
            super().__init__(*given, **(options | {"disable": False, "file": _Nowhere()}))

        def update(self, n: float | None = 1) -> bool | None:
            shown: bool | None = super().update(n)
            if self.total:
                on_step("download", min(1.0, self.n / self.total))
            return shown

    return Bar


class _Nowhere:
    def write(self, _text: str) -> None: ...

    def flush(self) -> None: ...


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
