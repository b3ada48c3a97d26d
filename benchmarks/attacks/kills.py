"""Kill a process while it writes; what it had acknowledged is there, whole."""

from __future__ import annotations

import collections
import contextlib
import itertools
import multiprocessing
import pickle
import random
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from benchmarks.attacks.report import Budget, Outcome
from kiosk.api import ApiKeys, Role
from kiosk.catalog import CatalogStore
from kiosk.catalog.transfer import backup, import_catalog, restore
from kiosk.domain import Price, Product
from kiosk.errors import KioskError
from kiosk.gui import PinStorage
from kiosk.settings import load_settings, save_settings

Fact = tuple[str, ...]
LONGEST_S = 0.25  # after the first acknowledgement; some dozen writes; chosen by eye
WRITES = ("products", "photos", "import", "settings", "keys", "pin", "backup", "restore")
_PROCESSES = multiprocessing.get_context("forkserver")  # starts a writer in 10 ms; POSIX alone
_PROCESSES.set_forkserver_preload(["benchmarks.attacks.kills"])


def write_on(db: Path, kind: str, number: int, said: Connection) -> None:
    """Write one `kind` of thing into the shop `db` for ever; acknowledge each to `said`."""
    with CatalogStore.open(db) as store:
        for step in itertools.count():
            for fact in _write(store, db, kind, f"{kind}-{number}-{step}", step):
                said.send(fact)


def _write(store: CatalogStore, db: Path, kind: str, sku: str, step: int) -> Iterator[Fact]:
    if kind in ("products", "photos"):
        store.put_product(Product(sku, "Thing", Price(step, "TWD")))
        yield "product", sku
    if kind == "photos":
        image = np.random.default_rng(abs(hash(sku))).integers(0, 255, (64, 64, 3), np.uint8)
        yield "photo", store.add_photo(sku, image).sha256, sku
    elif kind == "import":
        file = db.parent / f"{sku}.csv"
        file.write_text(
            "\n".join(["sku,name,price", *(f"{sku}-{row},Thing,3" for row in range(20))])
        )
        import_catalog(store, file, None, currency="TWD")
        file.unlink()
        yield "product", f"{sku}-19"
    elif kind == "settings":
        save_settings(db, {"idle_timeout_s": 5 + step % 1000})
        yield "idle", str(5 + step % 1000)
    elif kind == "keys":
        yield "key", ApiKeys(store).add(sku, Role.READ)[0].id
    elif kind == "pin":
        PinStorage(store).save(str(100_000 + step))
        yield "pin", str(100_000 + step)
    elif kind == "backup":
        backup(store, db.parent / "shop.backup")
        yield ("backup",)
    elif kind == "restore":
        file = db.parent / "before.backup"
        if step == 0:
            backup(store, file)
        restore(file, db)
        yield ("restored",)


def of_writes(folder: Path, budget: Budget) -> Outcome:
    """Kill a writer of each kind by turns, then open the shop and compare."""
    outcome, rng, killed = Outcome(), random.Random(budget.seed), collections.Counter[str]()
    for number in budget.rounds():
        kind = WRITES[number % len(WRITES)]
        facts = _killed_while(folder / "db", kind, number, rng.uniform(0, LONGEST_S))
        try:
            outcome.found += [f"kill {number} ({kind}): {lost}" for lost in _lost(folder, facts)]
        except KioskError as error:
            outcome.found.append(f"kill {number} ({kind}): {error}")
        killed[kind] += 1
        outcome.rounds += 1
    left = [path.name for path in folder.iterdir() if path.name.startswith(".backup-")]
    figures = ", ".join(f"{count} {kind}" for kind, count in killed.items())
    outcome.figures = f"{figures}; {len(left)} folders of killed backups left"
    return outcome


def _killed_while(db: Path, kind: str, number: int, delay_s: float) -> list[Fact]:
    """What a writer had acknowledged when it was killed, `delay_s` after the first."""
    heard, said = _PROCESSES.Pipe(duplex=False)
    writer = _PROCESSES.Process(target=write_on, args=(db, kind, number, said))
    writer.start()
    said.close()
    facts: list[Fact] = [heard.recv()]
    time.sleep(delay_s)
    writer.kill()
    writer.join()
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            facts.append(heard.recv())
    heard.close()
    return facts


def _lost(folder: Path, facts: list[Fact]) -> list[str]:
    """Everything that is wrong with the shop now, a sentence each."""
    newest = {fact[0]: fact for fact in facts}
    with CatalogStore.open(folder / "db") as store:
        lost = store.check()
        skus = {product.sku for product in store.products(active=None)}
        keys = {key.id for key in ApiKeys(store).all()}
        for what, *values in facts:
            gone = (
                (what == "product" and values[0] not in skus)
                or (what == "photo" and not store.has_photo(values[1], values[0]))
                or (what == "key" and values[0] not in keys)
            )
            if gone:
                lost.append(f"{what} {values[0]} is lost")
        if "pin" in newest and not _opens(PinStorage(store), int(newest["pin"][1])):
            lost.append("the PIN is neither the last acknowledged nor the next")
    if "idle" in newest:
        idle_s = load_settings(db=str(folder / "db")).idle_timeout_s
        if idle_s - int(newest["idle"][1]) not in (0, 1):
            lost.append(f"the setting is {idle_s}, not {newest['idle'][1]}")
    if "backup" in newest:
        restore(folder / "shop.backup", folder / "restored")
    return lost


def _opens(storage: PinStorage, pin: int) -> bool:
    lock = storage.load()[1]
    return any(storage.check(str(each), lock, 0.0).failures == 0 for each in (pin, pin + 1))
