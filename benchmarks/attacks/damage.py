"""Flip bits in every kind of file that a shop keeps: a sentence at worst, and no wrong answer."""

from __future__ import annotations

import collections
import contextlib
import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.attacks.report import SLOW_S, Budget, Outcome
from kiosk.catalog import CatalogStore, NewVector, VectorRows
from kiosk.catalog.sync import sync_pictures
from kiosk.catalog.transfer import backup, export_catalog, restore
from kiosk.domain import Image, Price, Product, Vectors
from kiosk.errors import KnownError
from kiosk.pictures import encode_jpeg, read_picture
from kiosk.recognition import SearchEngine
from kiosk.settings import load_settings, save_settings
from kiosk.vectors import l2_normalise
from kiosk.vectorstore import Collections, VectorFilters

MODEL = "blocks"
PRODUCTS = 24
Use = Callable[[Path], None]


def picture(seed: int) -> Image:
    return np.random.default_rng(seed).integers(0, 255, (32, 32, 3), np.uint8)


def encode(images: list[Image]) -> Vectors:
    return l2_normalise(np.stack([image[::8, ::8].ravel() for image in images]).astype(np.float32))


def make_shop(shop: Path) -> None:
    """Everything that lies in a shop's folder, and pictures beside it."""
    (shop.parent / "pictures").mkdir(parents=True)
    (shop.parent / "pictures" / "tea.jpg").write_bytes(encode_jpeg(picture(99)))
    with CatalogStore.open(shop) as store:
        for number in range(PRODUCTS):
            sku = f"S{number}"
            store.put_product(Product(sku, f"Oolong {sku}", Price(100, "TWD"), metadata={"k": "v"}))
            photo = store.add_photo(sku, picture(number))
            store.put_vectors(MODEL, {photo.sha256: encode([picture(number)])[0]})
        sync(store, shop)
        kept = Collections(VectorRows(lambda: store.database), shop / "collections")
        for seed in range(40):
            kept.add("c", [NewVector(encode([picture(seed)])[0], f"{seed}.jpg")])
        kept.require("c").build()
        kept.close()
        engine = SearchEngine()
        engine.replace(store.gallery(MODEL))
        engine.refit()
        engine.save(shop / f"metric-{MODEL}.npz")
        save_settings(shop, {"idle_timeout_s": 50})
        backup(store, shop / "shop.backup")
        shutil.copy(shop / "catalogue.db-wal", shop / "kept-wal")
        shutil.copy(shop / "catalogue.db", shop / "kept-db")


def sync(store: CatalogStore, shop: Path) -> None:
    folder = shop.parent / "pictures"
    sync_pictures(store, folder, model_id=MODEL, encode=lambda i: encode(list(i)), currency="TWD")


def use_database(shop: Path) -> None:
    with CatalogStore.open(shop) as store:
        store.products()
        store.products(query="oolong")
        store.everything()
        store.gallery(MODEL)
        store.missing_vectors(MODEL)
        store.changes_since(store.revision())
        store.check()
        store.put_product(Product("NEW", "New", Price(1, "TWD")))
        store.add_photo("NEW", picture(500))
        store.purge_deleted()
        sync(store, shop)
        export_catalog(store, shop / "out")
        backup(store, shop / "again.backup")


def use_log(shop: Path) -> None:
    """A log that a killed process left, damaged since."""
    shutil.copy(shop / "kept-wal", shop / "catalogue.db-wal")
    shutil.copy(shop / "kept-db", shop / "catalogue.db")
    use_database(shop)


def use_backup(shop: Path) -> None:
    before = {path.name: path.read_bytes() for path in (shop / "photos").iterdir()}
    try:
        restore(shop / "shop.backup", shop)
    finally:
        for name, data in before.items():
            assert (shop / "photos" / name).read_bytes() == data, f"photo {name} was replaced"


def use_photos(shop: Path) -> None:
    with CatalogStore.open(shop) as store:
        for number in range(PRODUCTS):
            for photo in store.photos(f"S{number}"):
                with contextlib.suppress(KnownError):
                    read_picture(store.photo_path(photo.sha256))
        assert backup(store, shop / "again.backup").photos
        export_catalog(store, shop / "out")


def use_settings(shop: Path) -> None:
    load_settings(db=str(shop))


def use_metric(shop: Path) -> None:
    with CatalogStore.open(shop) as store:
        engine = SearchEngine()
        engine.replace(store.gallery(MODEL))
        engine.load(shop / f"metric-{MODEL}.npz")
        for number in range(PRODUCTS):
            best = engine.recognise(encode([picture(number)])).best
            assert best is not None
            assert best.sku == f"S{number}", f"S{number} is taken for {best.sku}"


def use_collection(shop: Path) -> None:
    with CatalogStore.open(shop) as store:
        kept = Collections(VectorRows(lambda: store.database), shop / "collections")
        for seed in range(40):
            (hit,) = kept.require("c").search(encode([picture(seed)]), 1, VectorFilters())
            assert hit.row.filename == f"{seed}.jpg", f"{seed}.jpg is taken for {hit.row.filename}"
        kept.close()


def use_lock(shop: Path) -> None:
    with CatalogStore.open(shop) as store:
        sync(store, shop)


KINDS: dict[str, Use] = {  # files by pattern; each is damaged in turn
    "catalogue.db": use_database,
    "kept-wal": use_log,
    "shop.backup": use_backup,
    "photos/*.jpg": use_photos,
    "settings.json": use_settings,
    "metric-*.npz": use_metric,
    "collections/c/*": use_collection,
    "sync.lock": use_lock,
}


def flip_bits(folder: Path, budget: Budget) -> Outcome:
    """Damage one file of a sound shop in each round, then use what it is for."""
    outcome, dice = Outcome(), np.random.default_rng(budget.seed)
    counted, refused = collections.Counter[str](), collections.Counter[str]()
    make_shop(folder / "sound" / "shop")
    logging.disable(logging.WARNING)  # damaged rows and photos
    for number in budget.rounds():
        pattern = list(KINDS)[number % len(KINDS)]
        work = folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(folder / "sound", work)
        files = sorted((work / "shop").glob(pattern))
        _damage(files[int(dice.integers(len(files)))], dice)
        started = time.monotonic()
        try:
            KINDS[pattern](work / "shop")
        except KnownError:
            refused[pattern] += 1
        except Exception as error:  # noqa: BLE001
            outcome.found.append(f"round {number}, {pattern}: {type(error).__name__}: {error}")
        outcome.slow += time.monotonic() - started > SLOW_S
        counted[pattern] += 1
        outcome.rounds += 1
    logging.disable(logging.NOTSET)
    outcome.figures = ", ".join(
        f"{n} {kind} ({refused[kind]} refused)" for kind, n in counted.items()
    )
    return outcome


def _damage(file: Path, dice: np.random.Generator) -> None:
    data = bytearray(file.read_bytes() or b"\0")
    for at in dice.integers(0, len(data), int(dice.choice([1, 3, 30, 300]))):
        data[at] ^= 1 << int(dice.integers(8))
    if dice.random() < 0.1:
        data = data[: int(dice.integers(len(data)))]
    file.write_bytes(data)
