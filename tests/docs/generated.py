"""Files under `docs/` made from the code; `python -m tests.docs.generated` writes them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.docs.snippets import clients_page

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
NOTE = "<!-- Made by `python -m tests.docs.generated`; change the commands, not this page. -->\n\n"
CLI_INTRODUCTION = """\
`--db DIR`, `--model ID`, `-q` (results and errors alone) and `-v` (log what is done) work
before a command and behind it. Without a command, `kiosk` runs the kiosk. `--json` prints
JSON (`eval` and `bench` save their figures instead: `--json FILE`). `NO_COLOR=1` leaves colours
out. `kiosk --install-completion` lets your shell complete
commands, SKUs, models and settings.
"""


def openapi() -> dict[str, Any]:
    """The OpenAPI document of the service, as `/openapi.json` serves it."""
    from kiosk.api.app import create_app
    from kiosk.api.settings import ApiSettings
    from kiosk.settings import Settings
    from kiosk.shop import Shop

    with (
        tempfile.TemporaryDirectory() as folder,
        Shop.open(Settings(db=folder), background=False) as shop,
    ):
        app = create_app(shop, ApiSettings(port=0, decode_workers=1))
        document = app.openapi()
        app.state.service.close()
        return document


def openapi_json() -> str:
    return json.dumps(openapi(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def cli_page() -> str:
    """Every command with its arguments and options."""
    from kiosk.cli import EXIT_STATUS, app
    from kiosk.cli.tree import command_tree, leaves

    root = command_tree(app)
    parts = [
        NOTE + "# Commands\n",
        CLI_INTRODUCTION,
        "## Exit status\n",
        "| status | meaning |\n|---|---|\n"
        + "".join(f"| {status} | {text} |\n" for status, text in EXIT_STATUS.items()),
    ]
    shared = {option for param in root.params for option in param.opts}
    for path, command in leaves(root):
        if not command.hidden:
            parts.append(_command(path, command, shared))
    return "\n".join(parts)


def _command(path: tuple[str, ...], command: Any, shared: set[str]) -> str:
    rows = []
    usage = ["kiosk", *path]
    for param in command.params:
        if param.opts[0].startswith("-"):
            if not shared.intersection(param.opts):
                rows.append(f"| {_option(param)} | {_help(param)} |\n")
        else:
            usage.append(_argument(param))
    table = "| option | |\n|---|---|\n" + "".join(rows) if rows else ""
    text = (command.help or "").strip().replace("\n    ", "\n")
    return f"## kiosk {' '.join(path)}\n\n```\n{' '.join(usage)}\n```\n\n{text}\n\n{table}"


def _argument(param: Any) -> str:
    name = (param.metavar or param.name.upper()).strip("[]")
    return name if param.required else f"[{name}]"


def _option(param: Any) -> str:
    names = ", ".join(f"`{name}`" for name in [*param.opts, *param.secondary_opts])
    is_flag = getattr(param, "is_flag", False) or getattr(param, "count", False)
    value = "" if is_flag else f" {param.metavar or 'VALUE'}"
    return names + value.replace("|", "\\|")


def _help(param: Any) -> str:
    default = param.default
    shown = (
        isinstance(default, (int, float, str)) and not isinstance(default, bool) and default != ""
    )
    note = f" Default: {default}." if shown else ""
    needed = " Needed." if param.required else ""
    return ((param.help or "") + note + needed).replace("|", "\\|").strip()


GENERATED: dict[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "openapi.json": openapi_json,
    "clients.md": clients_page,
}


def main() -> None:
    for name, make in GENERATED.items():
        (DOCS / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
