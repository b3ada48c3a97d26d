"""Folders of pictures: only what is new or changed is read and encoded, nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

from kiosk.catalog import CatalogStore
from kiosk.catalog.sync import SyncReport, sync_pictures, watch
from kiosk.catalog.sync.file_reader import product_of
from kiosk.catalog.sync.folder_scan import Scan, looks_unplugged, scan
from kiosk.catalog.sync.folder_sync import only_one
from kiosk.domain import Image, Vectors
from kiosk.errors import CatalogError, KnownError, PictureError, StorageError
from tests.catalog.conftest import jpeg, product

LONG_AGO = 1_700_000_000


@dataclass
class Desk:
    """A folder of pictures, and an encoder that counts what it is given."""

    store: CatalogStore
    folder: Path
    encoded: list[int] = field(default_factory=list)
    time_s: int = LONG_AGO

    def put(self, path: str, data: bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        self.time_s += 1
        os.utime(file, (self.time_s, self.time_s))

    def encode(self, images: Sequence[Image]) -> Vectors:
        self.encoded.append(len(images))
        return encode(images)

    def sync(self, **options: object) -> SyncReport:
        self.encoded.clear()
        return sync_pictures(
            self.store,
            self.folder,
            model_id="m",
            encode=self.encode,
            currency="TWD",
            **options,  # type: ignore[arg-type]
        )

    def shown(self) -> dict[str, list[str]]:
        """The path of each photo in the gallery, by product."""
        gallery = self.store.gallery("m")
        found: dict[str, list[str]] = {}
        for sku, sha256 in zip(gallery.skus, gallery.photos, strict=True):
            path = self.store.photo_path(sha256)
            found.setdefault(sku, []).append(path.relative_to(self.folder).as_posix())
        return found


def encode(images: Sequence[Image]) -> Vectors:
    vectors = np.stack([np.resize(image.ravel(), 64).astype(np.float32) + 1 for image in images])
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def desk(store: CatalogStore, tmp_path: Path) -> Desk:
    made = Desk(store, tmp_path / "pictures")
    made.folder.mkdir()
    for number in range(3):
        made.put(f"tea/{number}.jpg", jpeg(number))
    made.put("Cà_phê.jpg", jpeg(10))
    return made


def test_first_sync_takes_everything_in_and_the_next_finds_nothing(desk: Desk) -> None:
    report = desk.sync()
    assert (report.total, report.new, report.encoded, report.problems) == (4, 4, 4, ())
    assert desk.shown() == {
        "Cà_phê": ["Cà_phê.jpg"],
        "tea": ["tea/0.jpg", "tea/1.jpg", "tea/2.jpg"],
    }
    assert desk.store.product("Cà_phê").name == "Cà phê"
    revision = desk.store.revision()
    report = desk.sync()
    assert (report.total, report.new, report.changed, report.removed) == (4, 0, 0, 0)
    assert desk.encoded == []
    assert desk.store.revision() == revision


def test_pictures_stay_where_they_are(desk: Desk) -> None:
    desk.sync()
    assert list((desk.store.data_dir / "photos").iterdir()) == []
    assert desk.store.check() == []
    assert desk.store.sweep_photos() == 0
    assert (desk.folder / "tea" / "0.jpg").is_file()


def test_only_what_is_new_changed_or_gone_is_touched(desk: Desk) -> None:
    desk.sync()
    desk.put("tea/3.jpg", jpeg(3))
    desk.put("tea/0.jpg", jpeg(99))
    (desk.folder / "tea" / "1.jpg").unlink()
    report = desk.sync()
    assert (report.new, report.changed, report.removed, report.encoded) == (1, 1, 1, 2)
    assert sorted(desk.shown()["tea"]) == ["tea/0.jpg", "tea/2.jpg", "tea/3.jpg"]


def test_new_time_without_new_content_costs_no_encoding(desk: Desk) -> None:
    desk.sync()
    desk.put("tea/0.jpg", jpeg(0))
    report = desk.sync()
    assert (report.changed, report.encoded) == (0, 0)
    assert desk.encoded == []


def test_file_changed_within_the_tick_of_the_clock_is_noticed(desk: Desk) -> None:
    (desk.folder / "new.jpg").write_bytes(jpeg(20))
    desk.sync()
    state = (desk.folder / "new.jpg").stat()
    same_size = jpeg(20)[:-2] + b"\xff\xd9"
    (desk.folder / "new.jpg").write_bytes(jpeg(21)[: len(same_size)].ljust(len(same_size), b"\0"))
    os.utime(desk.folder / "new.jpg", ns=(state.st_mtime_ns, state.st_mtime_ns))
    report = desk.sync()
    assert report.changed == 1 or report.problems


def test_moved_picture_keeps_its_vector_and_changes_its_product(desk: Desk) -> None:
    desk.sync()
    (desk.folder / "milk").mkdir()
    (desk.folder / "tea" / "0.jpg").rename(desk.folder / "milk" / "0.jpg")
    report = desk.sync()
    assert (report.new, report.removed, report.encoded) == (1, 1, 0)
    assert desk.shown()["milk"] == ["milk/0.jpg"]
    assert "tea/0.jpg" not in desk.shown()["tea"]


def test_same_picture_in_two_places_survives_in_the_other(desk: Desk) -> None:
    desk.put("copy/0.jpg", jpeg(0))
    desk.sync()
    (desk.folder / "tea" / "0.jpg").unlink()
    desk.sync()
    assert desk.shown()["copy"] == ["copy/0.jpg"]
    assert len(desk.shown()["tea"]) == 2


def test_two_files_that_swap_contents_swap_products(desk: Desk) -> None:
    desk.put("b.jpg", jpeg(50))
    desk.sync()
    desk.put("b.jpg", jpeg(10))
    desk.put("Cà_phê.jpg", jpeg(50))
    assert desk.sync().encoded == 0
    assert desk.shown()["b"] == ["b.jpg"]
    assert desk.shown()["Cà_phê"] == ["Cà_phê.jpg"]
    assert desk.store.photos("b")[0].sha256 != desk.store.photos("Cà_phê")[0].sha256


def test_product_leaves_with_its_last_picture_but_not_one_that_staff_made(desk: Desk) -> None:
    desk.store.put_product(product("tea", "Oolong"))
    desk.sync()
    (desk.folder / "Cà_phê.jpg").unlink()
    desk.sync()
    assert [p.sku for p in desk.store.products()] == ["tea"]
    for number in range(3):
        (desk.folder / "tea" / f"{number}.jpg").unlink()
    desk.sync(accept_loss=True)
    assert desk.store.product("tea").name == "Oolong"
    assert desk.store.photos("tea") == []


def test_photo_that_staff_added_outlives_the_file(desk: Desk) -> None:
    desk.sync()
    desk.store.add_photo_bytes("tea", jpeg(0))
    desk.put("other.jpg", jpeg(77))
    (desk.folder / "tea" / "0.jpg").unlink()
    desk.sync()
    assert len(desk.store.photos("tea")) == 3
    assert desk.store.check() == []


def test_bad_files_are_listed_each_time_and_read_only_once(desk: Desk) -> None:
    desk.put("empty.jpg", b"")
    desk.put("text.png", b"hello")
    desk.put("tea/cut.jpg", jpeg(5)[:300])
    desk.put("x" * 120 + ".jpg", jpeg(6))
    desk.put("notes.txt", b"not a picture and not looked at")
    desk.put(".hidden/a.jpg", jpeg(7))
    report = desk.sync()
    bad = ["empty.jpg", "tea/cut.jpg", "text.png", "x" * 120 + ".jpg"]
    assert [problem.path for problem in report.problems] == bad
    assert (report.total, report.new) == (8, 4)
    assert desk.sync().problems == report.problems
    desk.put("empty.jpg", jpeg(8))
    report = desk.sync()
    assert (report.new, len(report.problems)) == (1, 3)


def test_bad_file_that_is_read_again_stays_bad(desk: Desk) -> None:
    desk.put("bad.jpg", b"broken")
    report = desk.sync()
    assert [problem.path for problem in report.problems] == ["bad.jpg"]
    for _ in range(2):
        again = desk.sync(full=True)
        assert (again.new, again.problems) == (0, report.problems)


def test_picture_that_turns_bad_leaves_the_search(desk: Desk) -> None:
    desk.sync()
    desk.put("Cà_phê.jpg", b"broken")
    report = desk.sync()
    assert [problem.path for problem in report.problems] == ["Cà_phê.jpg"]
    assert "Cà_phê" not in desk.shown()


def test_a_missing_disk_is_no_deletion(desk: Desk) -> None:
    for number in range(30):
        desk.put(f"many/{number}.jpg", jpeg(100 + number))
    desk.sync()
    away = desk.folder.rename(desk.folder.parent / "away")
    with pytest.raises(StorageError, match="cannot be read"):
        desk.sync()
    desk.folder.mkdir()
    report = desk.sync()
    assert (report.total, report.removed, report.held_back) == (0, 0, 34)
    assert len(desk.store.gallery("m").skus) == 34
    desk.folder.rmdir()
    away.rename(desk.folder)
    assert (desk.sync().new, desk.encoded) == (0, [])
    for number in range(10):
        (desk.folder / "many" / f"{number}.jpg").unlink()
    assert desk.sync().held_back == 10
    report = desk.sync(accept_loss=True)
    assert (report.removed, report.held_back) == (10, 0)
    assert len(desk.store.gallery("m").skus) == 24


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may list every folder")
def test_a_closed_folder_is_no_deletion(desk: Desk) -> None:
    desk.sync()
    (desk.folder / "tea").chmod(0)
    report = desk.sync()
    (desk.folder / "tea").chmod(0o700)
    assert (report.removed, report.held_back) == (0, 0)


def test_full_reads_every_file_again_and_encodes_none_twice(desk: Desk) -> None:
    desk.sync()
    file = desk.folder / "tea" / "0.jpg"
    state = file.stat()
    file.write_bytes(jpeg(0)[:-4] + b"xxxx")  # same size, and the old time
    os.utime(file, ns=(state.st_mtime_ns, state.st_mtime_ns))
    assert desk.sync().changed == 0
    report = desk.sync(full=True)
    assert report.changed == 1 or report.problems
    assert sum(desk.encoded) <= 1


def test_another_model_encodes_everything_once_more(desk: Desk) -> None:
    desk.sync()
    report = sync_pictures(
        desk.store, desk.folder, model_id="n", encode=desk.encode, currency="TWD"
    )
    assert (report.new, report.changed, report.encoded) == (0, 0, 4)
    assert len(desk.store.gallery("n").skus) == 4


def test_stopped_sync_goes_on_where_it_ended(desk: Desk) -> None:
    for number in range(70):
        desk.put(f"many/{number}.jpg", jpeg(100 + number))
    stops = iter([False, True])
    seen: list[tuple[int, int]] = []
    report = desk.sync(
        stopping=lambda: next(stops), on_progress=lambda done, total: seen.append((done, total))
    )
    assert (report.complete, seen) == (False, [(32, 74)])
    report = desk.sync()
    assert (report.complete, report.encoded) == (True, 42)
    assert len(desk.store.gallery("m").skus) == 74


def test_only_one_sync_runs_at_a_time(desk: Desk) -> None:
    with (
        only_one(desk.store.data_dir / "sync.lock"),
        pytest.raises(CatalogError, match="Another sync"),
    ):
        desk.sync()
    assert desk.sync().new == 4


def test_a_damaged_lock_file_is_replaced(desk: Desk) -> None:
    (desk.store.data_dir / "sync.lock").write_bytes(b"what a power cut left" * 1000)
    assert desk.sync().new == 4
    with only_one(desk.store.data_dir / "sync.lock"), pytest.raises(CatalogError, match="Another"):
        desk.sync()


def test_links_lead_nowhere(desk: Desk, tmp_path: Path) -> None:
    private = tmp_path / "private.jpg"
    private.write_bytes(jpeg(77))
    (desk.folder / "tea" / "link.jpg").symlink_to(private)
    (desk.folder / "linked").symlink_to(tmp_path)
    assert desk.sync().total == 4
    assert "linked" not in desk.shown()
    # One that takes a picture's place later is not followed either.
    photo = next(p for p in desk.store.photos("tea") if p.sha256)
    shown = desk.store.photo_path(photo.sha256)
    shown.unlink()
    shown.symlink_to(private)
    assert not desk.store.photo_path(photo.sha256).exists()


def test_a_file_exchanged_for_a_link_while_it_is_read_is_refused(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "private.jpg").write_bytes(jpeg(77))

    def exchanged(root: Path) -> Scan:
        found = scan(root)
        (root / "tea" / "0.jpg").unlink()
        (root / "tea" / "0.jpg").symlink_to(tmp_path / "private.jpg")
        return found

    monkeypatch.setattr("kiosk.catalog.sync.folder_sync.scan", exchanged)
    (problem,) = desk.sync().problems
    assert problem.path == "tea/0.jpg"
    assert "is a link" in problem.reason


def test_watch_goes_on_after_a_failure_and_ends_when_told() -> None:
    stop = threading.Event()
    told: list[object] = []

    def sync() -> SyncReport:
        if not told:
            raise StorageError("The disk is away.")
        if len(told) == 2:
            stop.set()
        return SyncReport(total=len(told))

    errors: list[KnownError] = []

    def on_error(error: KnownError) -> None:
        errors.append(error)
        told.append(error)

    watch(sync, stop, interval_s=0, on_report=told.append, on_error=on_error)
    assert [error.message for error in errors] == ["The disk is away."]
    assert told[1:] == [SyncReport(total=1), SyncReport(total=2)]


@pytest.mark.parametrize(
    ("path", "sku", "name"),
    [
        ("a.jpg", "a", "a"),
        ("green_tea.JPG", "green_tea", "green tea"),
        ("A1/front.jpg", "A1", "A1"),
        ("drinks/tea/1.webp", "drinks/tea", "tea"),
    ],
)
def test_path_names_the_product(path: str, sku: str, name: str) -> None:
    assert product_of(path) == (sku, name)


def test_path_without_a_usable_name_is_refused() -> None:
    with pytest.raises(PictureError):
        product_of("x" * 101 + ".jpg")


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_guard_never_lets_more_than_a_fifth_of_many_go(gone: int, before: int) -> None:
    gone = min(gone, before)
    held = looks_unplugged(gone, before, before - gone)
    assert held or gone <= max(5, before / 5)
    assert not held or gone > 5 or gone == before


def killed_sync(folder: str, pipe: Connection) -> None:
    def slowly(images: Sequence[Image]) -> Vectors:
        pipe.send(len(images))
        return encode(images)

    with CatalogStore.open(Path(folder) / "shop") as store:
        sync_pictures(
            store,
            Path(folder) / "pictures",
            model_id="m",
            encode=slowly,
            currency="TWD",
            on_progress=lambda done, _: pipe.send(-done),
        )


@pytest.mark.skipif(os.name == "nt", reason="needs forkserver")
def test_sync_killed_again_and_again_still_gets_there(
    nursery: multiprocessing.context.ForkServerContext, tmp_path: Path
) -> None:
    (tmp_path / "pictures").mkdir()
    for number in range(320):
        (tmp_path / "pictures" / f"{number}.jpg").write_bytes(jpeg(number))
        os.utime(tmp_path / "pictures" / f"{number}.jpg", (LONG_AGO, LONG_AGO))
    dice = random.Random(4)
    before = 0
    for _ in range(8):
        ours, theirs = nursery.Pipe(duplex=False)
        process = nursery.Process(target=killed_sync, args=(str(tmp_path), theirs))
        process.start()
        theirs.close()
        stored = -min((ours.recv() for _ in range(dice.randint(1, 4))), default=0)
        ours.poll(dice.uniform(0, 0.02))
        process.kill()
        process.join()
        ours.close()
        with CatalogStore.open(tmp_path / "shop") as store:
            there = len(store.gallery("m").skus)
            assert there >= before + max(stored, 0)
            assert len(store.synced_files(str((tmp_path / "pictures").resolve()))) == there
            before = there
    with CatalogStore.open(tmp_path / "shop") as store:
        desk = Desk(store, tmp_path / "pictures")
        report = desk.sync()
        assert report.encoded == 320 - before
        assert len(store.gallery("m").skus) == 320
        assert desk.sync().encoded == 0
