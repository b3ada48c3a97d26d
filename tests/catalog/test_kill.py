"""kill -9 at any moment: what was acknowledged is there afterwards, bytes and all.

Each killed process is forked from a server that has imported everything, so that a
hundred of them take half a minute.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from kiosk.catalog import CatalogStore
from kiosk.catalog.transfer import backup, import_catalog, restore
from tests.catalog.conftest import jpeg, picture, product

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9 and no fork")

KILLS = 50
ROWS = 200
PHOTOS = 3
Worker = Callable[[str, int, Connection], None]


@dataclass(frozen=True)
class Outcome:
    """What a worker had acknowledged when it died, and whether it died by our hand."""

    acknowledged: list[str]
    killed: bool


def import_rows(folder: str, run: int, pipe: Connection) -> None:
    with CatalogStore.open(Path(folder) / "shop") as store:
        import_catalog(
            store,
            Path(folder) / f"products{run}.csv",
            None,
            currency="TWD",
            on_stored=lambda skus: [pipe.send(sku) for sku in skus],
        )


def enrol(folder: str, run: int, pipe: Connection) -> None:
    with CatalogStore.open(Path(folder) / "shop") as store:
        for number in range(ROWS):
            sku = f"E{run}-{number}"
            store.put_product(product(sku))
            for angle in range(PHOTOS):
                store.add_photo(sku, picture(run * 10_000 + number * 10 + angle))
            pipe.send(sku)


def restore_again(folder: str, run: int, pipe: Connection) -> None:
    for number in range(ROWS):
        name = ("one", "two")[(run + number) % 2]
        restore(Path(folder) / f"{name}.zip", Path(folder) / "shop")
        pipe.send(name)


def killed(
    nursery: multiprocessing.context.ForkServerContext,
    worker: Worker,
    folder: Path | str,
    run: int,
    dice: random.Random,
    most: int,
) -> Outcome:
    """Run `worker`, and kill it a random time after a random number of acknowledgements."""
    ours, theirs = nursery.Pipe(duplex=False)
    process = nursery.Process(target=worker, args=(str(folder), run, theirs))
    process.start()
    theirs.close()
    acknowledged = [ours.recv() for _ in range(dice.randint(0, most))]
    ours.poll(dice.uniform(0, 0.03))  # any moment, not only right after an acknowledgement
    process.kill()
    process.join()
    with contextlib.suppress(EOFError):
        while True:
            acknowledged.append(ours.recv())
    ours.close()
    outcome = Outcome(acknowledged, process.exitcode == -9)
    process.close()
    return outcome


def assert_whole(store: CatalogStore, skus: list[str], photos: int) -> None:
    for sku in skus:
        found = store.photos(sku)
        assert len(found) == photos
        for photo in found:
            data = store.photo_path(photo.sha256).read_bytes()
            assert hashlib.sha256(data).hexdigest() == photo.sha256


@pytest.mark.parametrize(("worker", "photos", "most"), [(import_rows, 1, 64), (enrol, PHOTOS, 8)])
def test_acknowledged_products_survive_kill_9(
    nursery: multiprocessing.context.ForkServerContext,
    tmp_path: Path,
    worker: Worker,
    photos: int,
    most: int,
) -> None:
    dice = random.Random(most)
    for seed in range(40):
        (tmp_path / f"{seed}.jpg").write_bytes(jpeg(seed))
    everything: list[str] = []
    died_at_work = 0
    for run in range(KILLS):
        rows = "".join(f"I{run}-{i},Thing,5,{dice.randrange(40)}.jpg\n" for i in range(ROWS))
        (tmp_path / f"products{run}.csv").write_text("sku,name,price,photo\n" + rows)
        outcome = killed(nursery, worker, tmp_path, run, dice, most)
        died_at_work += outcome.killed
        everything += outcome.acknowledged
        with CatalogStore.open(tmp_path / "shop") as store:
            assert_whole(store, outcome.acknowledged, photos)
    with CatalogStore.open(tmp_path / "shop") as store:
        assert_whole(store, everything, photos)
        assert store.check() == []
        store.sweep_photos()
        assert store.check() == []
    assert died_at_work > KILLS * 0.9
    assert len(everything) > KILLS


def test_kill_9_during_restore_leaves_one_shop_or_the_other(
    nursery: multiprocessing.context.ForkServerContext, tmp_path: Path
) -> None:
    for name, number in (("one", 3), ("two", 5)):
        with CatalogStore.open(tmp_path / name) as store:
            for item in range(number):
                store.put_product(product(f"{name}{item}"))
                store.add_photo(f"{name}{item}", picture(number * 100 + item))
            backup(store, tmp_path / f"{name}.zip")
    restore(tmp_path / "one.zip", tmp_path / "shop")
    dice = random.Random(1)
    seen = set()
    for run in range(12):
        killed(nursery, restore_again, tmp_path, run, dice, 1)
        with CatalogStore.open(tmp_path / "shop") as store:
            skus = [p.sku for p in store.products()]
            assert skus in ([f"one{i}" for i in range(3)], [f"two{i}" for i in range(5)])
            assert_whole(store, skus, 1)
            seen.add(len(skus))
    assert seen == {3, 5}


def enrol_on_the_server(spec: str, run: int, pipe: Connection) -> None:
    folder, _, address = spec.partition("|")
    with CatalogStore.open(address, cache_dir=Path(folder)) as store:
        for number in range(ROWS):
            sku = f"P{run}-{number}"
            store.put_product(product(sku))
            store.add_photo(sku, picture(run * 10_000 + number))
            pipe.send(sku)


def test_acknowledged_products_survive_kill_9_of_a_client_of_the_server(
    nursery: multiprocessing.context.ForkServerContext, empty_postgres: str, tmp_path: Path
) -> None:
    dice = random.Random(2)
    everything: list[str] = []
    for run in range(12):
        spec = f"{tmp_path}|{empty_postgres}"
        everything += killed(nursery, enrol_on_the_server, spec, run, dice, 6).acknowledged
    with CatalogStore.open(empty_postgres, cache_dir=tmp_path / "another machine") as store:
        assert_whole(store, everything, 1)
        assert store.check() == []
    assert len(everything) > 12
