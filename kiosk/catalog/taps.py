"""Learning from use: how often customers corrected one product to another. No pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, select, update

from kiosk.catalog.database.schema import taps


@dataclass(frozen=True, slots=True)
class Tap:
    """`shown_sku` was on the card and `chosen_sku` was tapped (None: none of these)."""

    shown_sku: str
    chosen_sku: str | None
    count: int
    last_at: datetime


def count(connection: Connection, shown_sku: str, chosen_sku: str | None) -> None:
    ours = (taps.c.shown_sku == shown_sku) & (taps.c.chosen_sku == (chosen_sku or ""))
    now = datetime.now(UTC)
    changed = connection.execute(
        update(taps).where(ours).values(count=taps.c.count + 1, last_at=now)
    )
    if changed.rowcount == 0:
        connection.execute(
            taps.insert().values(
                shown_sku=shown_sku, chosen_sku=chosen_sku or "", count=1, last_at=now
            )
        )


def listed(connection: Connection) -> list[Tap]:
    statement = select(taps).order_by(taps.c.count.desc(), taps.c.shown_sku, taps.c.chosen_sku)
    return [
        Tap(row["shown_sku"], row["chosen_sku"] or None, row["count"], row["last_at"])
        for row in connection.execute(statement).mappings()
    ]
