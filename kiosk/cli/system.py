"""Commands about the machine itself: doctor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.text import Text

from kiosk.cli import options
from kiosk.cli.output import print_result

if TYPE_CHECKING:
    from kiosk.shop import Finding

app = typer.Typer()
MARKS = {"good": ("✓", "green"), "warning": ("!", "yellow"), "bad": ("✗", "red")}


@app.command("doctor")
def doctor(
    as_json: options.Json = False,
    db: options.Db = None,
    model: options.Model = None,
    source: options.Source = None,
) -> None:
    """Check display, camera, model, database, fonts and disk; say how to mend what is wrong."""
    from kiosk.cli.display_checks import check_display, check_fonts, check_opencv
    from kiosk.settings import load_settings
    from kiosk.shop import Grade, examine, worst

    settings = load_settings(db=db, model=model, source=source)
    findings = [check_display(), check_opencv(), *examine(settings), check_fonts(settings)]
    facts = [
        {
            "subject": finding.subject,
            "grade": str(finding.grade),
            "text": finding.text,
            "remedy": finding.remedy,
        }
        for finding in findings
    ]
    print_result(facts, lambda: [_line(finding) for finding in findings], as_json=as_json)
    if worst(findings) is Grade.BAD:
        raise typer.Exit(1)


def _line(finding: Finding) -> Text:
    line = Text.assemble(MARKS[finding.grade], f" {finding.subject:9} {finding.text}")
    return line.append(f"\n            {finding.remedy}") if finding.remedy else line
