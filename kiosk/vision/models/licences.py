"""Consent to licences that are not free for shops, asked before a download and recorded."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from kiosk.errors import ModelError
from kiosk.files import storage_errors, write_durably
from kiosk.vision.models.registry import RegistryEntry

_FILE = "consents.json"


class ConsentNeededError(ModelError):
    """The licence must be read and agreed to first."""

    def __init__(self, known: RegistryEntry) -> None:
        licence = known.licence
        allowed = {"no": "A shop may not use it.", "ask": "Whether a shop may use it is unclear."}
        super().__init__(
            f"{known.title} comes under the {licence.name}. "
            f"{allowed.get(licence.commercial_use, '')} Read {licence.url}".strip(),
            next_step="Agree (`--accept-licence`) for research and trials, or choose a model "
            "that shops may use.",
        )
        self.entry = known


def require_consent(known: RegistryEntry, root: Path, *, given: bool) -> None:
    """Return if the licence is free for shops, or consent is given now or on record.

    Raises:
        ConsentNeededError: there is no consent yet.
        StorageError: the consent cannot be recorded.
    """
    if known.licence.commercial_use == "yes":
        return
    recorded = consents(root)
    if recorded.get(known.id, {}).get("licence") == known.licence.spdx:
        return
    if not given:
        raise ConsentNeededError(known)
    recorded[known.id] = {
        "licence": known.licence.spdx,
        "url": known.licence.url,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with storage_errors(f"The consent could not be recorded in {root}"):
        root.mkdir(parents=True, exist_ok=True)
        write_durably(root / _FILE, json.dumps(recorded, indent=2) + "\n")


def consents(root: Path) -> dict[str, dict[str, str]]:
    """Return the consents of this machine: model id to licence, URL and time (UTC)."""
    try:
        stored = json.loads((root / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}
