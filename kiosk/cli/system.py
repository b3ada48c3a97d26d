"""Commands about the machine itself: doctor."""

from __future__ import annotations

import typer

from kiosk.cli import options
from kiosk.cli.output import out

app = typer.Typer()
MARKS = {"good": ("✓", "green"), "warning": ("!", "yellow"), "bad": ("✗", "red")}


@app.command("doctor")
def doctor(
    db: options.Db = None, model: options.Model = None, source: options.Source = None
) -> None:
    """Check display, camera, model, database, fonts and disk; say how to mend what is wrong."""
    from rich.text import Text

    from kiosk.cli.display_checks import check_display, check_fonts, check_opencv
    from kiosk.settings import load_settings
    from kiosk.shop import Grade, examine, worst

    settings = load_settings(db=db, model=model, source=source)
    findings = [check_display(), check_opencv(), *examine(settings), check_fonts(settings)]
    for finding in findings:
        out.print(Text.assemble(MARKS[finding.grade], f" {finding.subject:9} {finding.text}"))
        if finding.remedy:
            out.print(f"            {finding.remedy}")
    if worst(findings) is Grade.BAD:
        raise typer.Exit(1)
