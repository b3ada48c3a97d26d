"""Which revisions the catalogue had on the last days: a measure of time that no clock can bend."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from kiosk.catalog.database.schema import values
from kiosk.catalog.revisions import current_revision

_KEY: Final = "days"
_KEPT: Final = 30
_APART: Final = timedelta(hours=20)  # chosen: a shop opens at about the same time


def note_day(connection: Connection, now: datetime, days_on: int) -> int:
    """Note the catalogue's revision for today; return that of `days_on` days with a note ago.

    Without so many days it is -1, and for 0 days today's. Days are counted where the clock,
    right or wrong, stands at least 20 hours from the last note.
    """
    days = _days(connection)
    revision = current_revision(connection)
    if not days or abs(now - days[-1][0]) >= _APART:
        days = [*days, (now, revision)][-_KEPT:]
        text = json.dumps([(when.isoformat(), number) for when, number in days])
        connection.execute(values.delete().where(values.c.key == _KEY))
        connection.execute(values.insert(), {"key": _KEY, "value": text})
    if days_on == 0:
        return revision
    return days[-days_on - 1][1] if len(days) > days_on else -1


def _days(connection: Connection) -> list[tuple[datetime, int]]:
    text = connection.execute(select(values.c.value).where(values.c.key == _KEY)).scalar()
    try:
        noted = [(datetime.fromisoformat(when), int(n)) for when, n in json.loads(text or "[]")]
        return [(when.astimezone(UTC), number) for when, number in noted]
    except (ValueError, TypeError, OverflowError):
        return []  # damaged: the days are counted anew
