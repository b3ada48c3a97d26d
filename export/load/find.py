"""Where a model's checkpoint lies: a path that was given, `checkpoints/`, or a cache."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kiosk.errors import ModelError
from kiosk.resources import models_dir
from kiosk.vision.models import RegistryEntry, guess_model, registry_entry


def find_checkpoint(model: str | Path, as_id: str | None) -> tuple[RegistryEntry, Path | None]:
    """Find which model is meant, and its checkpoint; see `load_model` for the arguments.

    No checkpoint is needed where an installed package carries the weights.

    Raises:
        ModelError: unknown model, or no checkpoint found.
    """
    path = Path(model)
    if path.is_dir():
        path = next(iter(_checkpoints_in(path, as_id)), path)
    if path.is_file():
        chosen = registry_entry(as_id) if as_id else guess_model(path)
        if chosen is None:
            raise ModelError(
                f"The name of {path.name} does not say which model it is.",
                next_step="Say it with `--as ID`; `kiosk models list` shows the ids.",
            )
        return chosen, path
    if isinstance(model, Path) or path.suffix:
        raise ModelError(f"There is no checkpoint at {path}.", next_step="Check the path.")
    chosen = registry_entry(as_id or str(model))
    return chosen, _known_places(chosen)


def _checkpoints_in(folder: Path, as_id: str | None) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        known = guess_model(path)
        named = as_id is not None and path.name in registry_entry(as_id).source.files
        if named or (as_id is None and known is not None):
            yield path


def _known_places(chosen: RegistryEntry) -> Path | None:
    for name in chosen.source.files:
        for place in (models_dir() / name, models_dir() / chosen.id / name):
            if place.is_file():
                return place
        cached = _in_cache(chosen.source.repo, name)
        if cached is not None:
            return cached
    if chosen.network.kind == "efficientnet_lite0":
        return None
    raise ModelError(
        f"There is no checkpoint of {chosen.title} on this machine.",
        next_step=f"`kiosk models pull {chosen.id}`, or put {chosen.source.files[0]} "
        f"into {models_dir()}.",
    )


def _in_cache(repo: str, name: str) -> Path | None:
    if not repo:
        return None
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(repo, name)
    return Path(found) if isinstance(found, str) else None
