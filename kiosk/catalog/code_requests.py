"""Product numbers that customers asked for and the catalogue does not have; only counts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, select, update

from kiosk.catalog.database.connections import Repository, portions
from kiosk.catalog.database.schema import code_requests, products
from kiosk.catalog.product_statements import living
from kiosk.catalog.products import same_codes

MAX_KEPT: Final = 1000  # numbers, those asked for last; chosen: more than anyone reads through


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """A number as it is printed, how often it was asked for, and when last."""

    code: str
    count: int
    last_at: datetime


class CodeRequestRepository(Repository):
    """Counts of numbers asked for. At most 1,000 are kept."""

    def count_request(self, code: str) -> None:
        """Count that a customer asked for a number."""
        now = datetime.now(UTC)
        with self._database.write() as connection:
            changed = connection.execute(
                update(code_requests)
                .filter_by(code=code)
                .values(count=code_requests.c.count + 1, last_at=now)
            )
            if changed.rowcount == 0:
                _make_room(connection)
                connection.execute(code_requests.insert().values(code=code, count=1, last_at=now))

    def code_requests(self) -> list[CodeRequest]:
        """Return the numbers that no product has by now, the most frequent first."""
        statement = select(code_requests).order_by(
            code_requests.c.count.desc(), code_requests.c.last_at.desc(), code_requests.c.code
        )
        with self._database.origin.read() as connection:
            rows = connection.execute(statement).mappings().all()
            sold = _sold(connection, [row["code"] for row in rows])
        return [
            CodeRequest(row["code"], row["count"], row["last_at"])
            for row in rows
            if sold.isdisjoint(same_codes(row["code"]))
        ]

    def forget_request(self, code: str) -> None:
        """Take a number from the list: the shop does not want to sell it."""
        with self._database.write() as connection:
            connection.execute(code_requests.delete().where(code_requests.c.code == code))


def requests_csv(requests: Iterable[CodeRequest]) -> bytes:
    """Return a table for a spreadsheet: UTF-8 CSV with a header, times in UTC."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["code", "count", "last_at"])
    writer.writerows(
        [each.code, each.count, each.last_at.isoformat(timespec="seconds")] for each in requests
    )
    return text.getvalue().encode()


def _sold(connection: Connection, codes: list[str]) -> set[str]:
    """Return the barcodes of active products that are one of `codes`, zeros in front aside."""
    found: set[str] = set()
    for portion in portions([each for code in codes for each in same_codes(code)]):
        selling = living() & products.c.active & products.c.barcode.in_(portion)
        found |= set(connection.execute(select(products.c.barcode).where(selling)).scalars())
    return found


def _make_room(connection: Connection) -> None:
    newest_first = select(code_requests.c.code).order_by(
        code_requests.c.last_at.desc(), code_requests.c.code
    )
    surplus = connection.execute(newest_first.offset(MAX_KEPT - 1)).scalars().all()
    if surplus:
        connection.execute(code_requests.delete().where(code_requests.c.code.in_(surplus)))
