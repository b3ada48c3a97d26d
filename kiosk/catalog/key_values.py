"""Small settings that all machines on one catalogue share, by key."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, select

from kiosk.catalog.database.connections import Repository
from kiosk.catalog.database.schema import values


class KeyValueRepository(Repository):
    """Texts by key, such as the staff's PIN (hashed) and the model that serves."""

    def value(self, key: str) -> str | None:
        """Return a stored text, as it is on the server unless that is away; None without any."""
        self._database.refresh(at_once=True)
        with self._database.read() as connection:
            return connection.execute(select(values.c.value).where(values.c.key == key)).scalar()

    def put_value(self, key: str, value: str) -> None:
        """Store one text."""
        self.put_values({key: value})

    def put_values(self, settings: Mapping[str, str | None]) -> None:
        """Store several texts, all or none; None removes one."""
        with self._database.write() as connection:
            connection.execute(values.delete().where(values.c.key.in_(settings)))
            rows = [{"key": k, "value": v} for k, v in settings.items() if v is not None]
            if rows:
                connection.execute(values.insert(), rows)

    def update_value(self, key: str, change: Callable[[str | None], str]) -> None:
        """Store what `change` makes of a text; other writers, in any process, wait meanwhile."""
        with self._database.write() as connection:
            query = select(values.c.value).where(values.c.key == key)
            changed = change(connection.execute(query).scalar())
            connection.execute(values.delete().where(values.c.key == key))
            connection.execute(values.insert(), {"key": key, "value": changed})


def all_values(connection: Connection) -> dict[str, str]:
    """Return every text by key."""
    return {row.key: row.value for row in connection.execute(select(values))}
