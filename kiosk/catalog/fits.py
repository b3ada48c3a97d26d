"""What searches on the server are answered with: fitted by one process, read by all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from kiosk.catalog.database.connections import Repository
from kiosk.catalog.database.schema import fits


@dataclass(frozen=True, slots=True)
class FitStamp:
    """Which catalogue `revision` a fit was made of, when, and how many `seconds` it took."""

    revision: int
    fitted_at: datetime
    seconds: float


class FitRepository(Repository):
    """Fits by model and recipe: programs of two versions do not undo each other's."""

    def fit_stamp(self, model_id: str, recipe: str) -> FitStamp | None:
        """Return which fit is stored, without reading it; None without any."""
        columns = fits.c["revision", "fitted_at", "seconds"]
        ours = (fits.c.model_id == model_id) & (fits.c.recipe == recipe)
        with self._database.read() as connection:
            row = connection.execute(select(*columns).where(ours)).mappings().first()
        return None if row is None else FitStamp(**row)

    def fit(self, model_id: str, recipe: str) -> bytes | None:
        """Return the stored fit; None without any."""
        ours = (fits.c.model_id == model_id) & (fits.c.recipe == recipe)
        with self._database.read() as connection:
            return connection.execute(select(fits.c.data).where(ours)).scalar()

    def put_fit(
        self, model_id: str, recipe: str, data: bytes, *, revision: int, seconds: float
    ) -> None:
        """Store a fit in place of the one before."""
        values = {"model_id": model_id, "recipe": recipe, "revision": revision, "data": data}
        ours = (fits.c.model_id == model_id) & (fits.c.recipe == recipe)
        with self._database.write() as connection:
            connection.execute(fits.delete().where(ours))
            connection.execute(
                fits.insert().values(**values, fitted_at=datetime.now(UTC), seconds=seconds)
            )
