"""List the cameras of this machine without opening any, as a busy one would hang."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.errors import CameraError

LISTING_TIMEOUT_S = 15  # chosen by eye
_WINDOWS_QUERY = (
    "Get-CimInstance Win32_PnPEntity | Where-Object {$_.PNPClass -in 'Camera','Image'} | "
    "Select-Object Name | ConvertTo-Json -Compress"
)


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """`number` is what `--source` takes; `name` is what the maker calls the camera."""

    number: int
    name: str


def list_cameras() -> list[CameraInfo]:
    """Return the cameras of this machine, in the order of their numbers.

    Raises:
        CameraError: the system's own list cannot be read.
    """
    if sys.platform == "linux":
        return cameras_of_linux(Path("/sys/class/video4linux"), Path("/dev"))
    if sys.platform == "darwin":
        return cameras_of_macos(_run(["system_profiler", "-json", "SPCameraDataType"]))
    if sys.platform == "win32":
        return cameras_of_windows(_run(["powershell", "-NoProfile", "-Command", _WINDOWS_QUERY]))
    return []


def cameras_of_linux(sysfs: Path, dev: Path) -> list[CameraInfo]:
    """Parse `/sys/class/video4linux`; a camera's further nodes (metadata) are left out."""
    found = []
    for node in sysfs.glob("video*") if sysfs.is_dir() else ():
        number = re.fullmatch(r"video(\d+)", node.name)
        if number and _first_line(node / "index") in ("0", "") and (dev / node.name).exists():
            found.append((int(number[1]), _first_line(node / "name") or node.name))
    return [CameraInfo(number, name) for number, name in sorted(found)]


def cameras_of_macos(answer: str) -> list[CameraInfo]:
    """Parse the answer of `system_profiler -json SPCameraDataType`."""
    return _numbered(_parsed(answer).get("SPCameraDataType", []), "_name")


def cameras_of_windows(answer: str) -> list[CameraInfo]:
    """Parse PowerShell's list of plug-and-play cameras (one: an object; many: a list)."""
    if not answer.strip():
        return []
    entries = _parsed(answer)
    return _numbered(entries if isinstance(entries, list) else [entries], "Name")


def _numbered(entries: list[dict[str, str]], key: str) -> list[CameraInfo]:
    return [CameraInfo(k, entry.get(key) or "Camera") for k, entry in enumerate(entries)]


def _parsed(answer: str) -> Any:
    try:
        return json.loads(answer)
    except ValueError as error:
        raise CameraError("The system's list of cameras has an unknown form.") from error


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=LISTING_TIMEOUT_S, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CameraError(
            f"The system's list of cameras cannot be read ({command[0]}).",
            next_step="Try the camera by its number: --source 0.",
        ) from error
    return done.stdout


def _first_line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
