"""How often customers corrected one product to another; no pictures are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update

from kiosk.catalog.database.connections import Repository
from kiosk.catalog.database.schema import taps


@dataclass(frozen=True, slots=True)
class Tap:
    """`shown_sku` was on the card and `chosen_sku` was tapped (None: none of these)."""

    shown_sku: str
    chosen_sku: str | None
    count: int
    last_at: datetime


class TapRepository(Repository):
    """Counts of corrections, by the product shown and the product chosen."""

    def count_tap(self, shown_sku: str, chosen_sku: str | None) -> None:
        """Count that a customer corrected `shown_sku` to `chosen_sku` (None: none of these)."""
        pair = {"shown_sku": shown_sku, "chosen_sku": chosen_sku or ""}
        now = datetime.now(UTC)
        with self._database.write() as connection:
            changed = connection.execute(
                update(taps).filter_by(**pair).values(count=taps.c.count + 1, last_at=now)
            )
            if changed.rowcount == 0:
                connection.execute(taps.insert().values(**pair, count=1, last_at=now))

    def taps(self) -> list[Tap]:
        """Return the corrections counted, the most frequent first."""
        statement = select(taps).order_by(taps.c.count.desc(), taps.c.shown_sku, taps.c.chosen_sku)
        with self._database.origin.read() as connection:
            return [
                Tap(row["shown_sku"], row["chosen_sku"] or None, row["count"], row["last_at"])
                for row in connection.execute(statement).mappings()
            ]
