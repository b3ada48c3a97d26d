"""Puts the screenshots that pages show on the site, without a second copy under `docs/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

PAGES = Path(__file__).resolve().parent
SCREENSHOTS = PAGES.parent / "assets" / "screenshots"


def on_files(files: Files, config: Any) -> Files:
    """Add what pages name as `screenshots/NAME.png`."""
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES.glob("*.md"))
    for picture in sorted(SCREENSHOTS.glob("*.png")):
        name = f"screenshots/{picture.name}"
        if name in text:
            files.append(File.generated(config, name, abs_src_path=str(picture)))
    return files
