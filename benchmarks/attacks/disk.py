"""Let the disk fail at each write, fsync, truncate and rename in turn, for once or from then on."""

from __future__ import annotations

import ctypes
import errno
import itertools
import json
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.attacks.report import SLOW_S, Budget, Outcome
from kiosk.catalog import CatalogStore
from kiosk.catalog.transfer import backup, import_catalog, restore
from kiosk.domain import Image, Price, Product
from kiosk.errors import KnownError
from kiosk.settings import load_settings, save_settings

SOURCE = Path(__file__).with_name("failing_disk.c")
ERRORS = (errno.ENOSPC, errno.EIO)
LAST_CALL = 400  # beyond what one round of `writes` makes


def picture(seed: int) -> Image:
    return np.random.default_rng(seed).integers(0, 255, (64, 64, 3), np.uint8)


def writes(shop: Path, number: int, say: Callable[[str, str], None]) -> None:
    """One of every kind of write; `say` what was acknowledged."""
    with CatalogStore.open(shop) as store:
        store.put_product(Product(f"P{number}", "Thing", Price(1, "TWD")))
        say("product", f"P{number}")
        with store.keeping([picture(2 * number), picture(2 * number + 1)]) as kept:
            store.enrol(Product(f"E{number}", "Thing", Price(1, "TWD")), kept, must_be_new=True)
        say("enrolled", f"E{number}")
        store.put_value("staff.pin", str(number))
        say("pin", str(number))
        import_catalog(store, shop.parent / "products.csv", None, currency="TWD")
        say("product", "I9")
        store.delete(f"P{number}")
        say("deleted", f"P{number}")
        backup(store, shop / "shop.backup")
        say("backup", "")
        save_settings(shop, {"idle_timeout_s": 5 + number % 1000})
        say("idle", str(5 + number % 1000))
    restore(shop / "shop.backup", shop)
    say("restored", "")


def work(folder: Path, wanted: int, until: float) -> None:
    """Run the rounds in forks of this process, which has the failing disk; print an outcome."""
    disk = ctypes.CDLL(None)
    outcome = Outcome()
    logging.disable(logging.WARNING)
    _prepare(folder)
    plan = itertools.product(range(1, LAST_CALL), ERRORS, (0, 1))
    failed = 0
    for number, (call, error, lasting) in enumerate(itertools.islice(plan, wanted)):
        if time.monotonic() > until:
            break
        shutil.rmtree(folder / "shop", ignore_errors=True)
        shutil.copytree(folder / "sound", folder / "shop")
        started = time.monotonic()
        said, fault, hit = _in_fork(disk, folder / "shop", number, call, error, lasting)
        outcome.slow += time.monotonic() - started > SLOW_S
        failed += hit
        where = f"call {call}, {errno.errorcode[error]}{', lasting' * lasting}"
        outcome.found += [f"{where}: {fault}"] if fault else []
        try:
            outcome.found += [f"{where}: {lost}" for lost in _lost(folder / "shop", said)]
        except Exception as problem:  # noqa: BLE001
            outcome.found.append(f"{where}: afterwards {type(problem).__name__}: {problem}")
        outcome.rounds += 1
        if not hit:  # the round makes no more calls than that
            break
    outcome.figures = f"{failed} failures of the disk, up to call {call} of a round"
    print(json.dumps(vars(outcome)))


def _prepare(folder: Path) -> None:
    rows = "".join(f"I{row},Thing,3\n" for row in range(10))
    (folder / "products.csv").write_text("sku,name,price\n" + rows)
    with CatalogStore.open(folder / "sound") as store:
        store.put_product(Product("OLD", "Thing", Price(1, "TWD")))
        store.add_photo("OLD", picture(10**6))
        store.put_value("staff.pin", "old")


def _in_fork(
    disk: ctypes.CDLL, shop: Path, number: int, call: int, error: int, lasting: int
) -> tuple[list[tuple[str, str]], str, bool]:
    """What was acknowledged, what went wrong unexpectedly, and whether the disk failed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as pipe:

            def say(kind: str, value: str) -> None:
                pipe.write(json.dumps([kind, value]) + "\n")
                pipe.flush()

            disk.fail_from(str(shop).encode(), ctypes.c_long(call), error, lasting)
            try:
                writes(shop, number, say)
            except KnownError:
                pass
            except BaseException as problem:  # noqa: BLE001
                say("fault", f"{type(problem).__name__}: {problem}")
            say("calls", str(disk.calls_so_far()))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        lines = [tuple(json.loads(line)) for line in pipe]
    os.waitpid(child, 0)
    told = dict(lines)
    said = [(kind, value) for kind, value in lines if kind not in ("fault", "calls")]
    return said, told.get("fault", ""), int(told.get("calls", 0)) >= call


def _lost(shop: Path, said: list[tuple[str, str]]) -> list[str]:
    with CatalogStore.open(shop) as store:
        lost = store.check()
        skus = {product.sku for product in store.products(active=None)}
        deleted = {value for kind, value in said if kind == "deleted"}
        wanted = {"OLD"} | {value for kind, value in said if kind in ("product", "enrolled")}
        lost += [f"{sku} is lost" for sku in wanted - deleted - skus]
        for sku in skus:
            if sku[0] == "E" and len(store.photos(sku)) != 2:
                lost.append(f"{sku} lacks a photo")
        pins = {value for kind, value in said if kind == "pin"}
        if pins and store.value("staff.pin") not in pins:
            lost.append("the PIN is lost")
    idle = [value for kind, value in said if kind == "idle"]
    if idle and str(load_settings(db=str(shop)).idle_timeout_s) != idle[-1]:
        lost.append("a setting is lost")
    if ("backup", "") in said:
        restore(shop / "shop.backup", shop.parent / "restored")
        shutil.rmtree(shop.parent / "restored")
    return lost


def fail(folder: Path, budget: Budget) -> Outcome:
    """Run `work` in a process with the failing disk; needs Linux and a C compiler."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        return Outcome(figures="left out: needs Linux and a C compiler")
    library = folder / "failing_disk.so"
    build = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(build, check=True)
    left_s = max(1.0, budget.until - time.monotonic())
    code = "import sys; from benchmarks.attacks.disk import main; main(*sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(budget.wanted), str(left_s)],
        env=os.environ | {"LD_PRELOAD": str(library)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return Outcome(found=[done.stderr[-400:]])
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def main(folder: str, wanted: str, left_s: str) -> None:
    """The process that `fail` starts."""
    work(Path(folder), int(wanted), time.monotonic() + float(left_s))
