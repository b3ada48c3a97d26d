"""Photos: the bytes on the disk, the rows, and the two never apart."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from kiosk.catalog import CatalogStore
from kiosk.errors import BugError, CatalogError, PictureError, StorageError
from kiosk.pictures import encode_jpeg
from tests.catalog.conftest import Opener, jpeg, opener_of, picture, product


@pytest.fixture(params=["sqlite", "postgres", "following"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    return opener_of(request, tmp_path / "shop")


@pytest.fixture(autouse=True)
def _two_products(store: CatalogStore) -> None:
    store.put_products([product("A"), product("B")])


def test_jpeg_keeps_its_very_bytes_under_their_hash(store: CatalogStore) -> None:
    photo = store.add_photo_bytes("A", jpeg(1), quality=0.5)
    assert photo.sha256 == hashlib.sha256(jpeg(1)).hexdigest()
    assert store.photo_path(photo.sha256).read_bytes() == jpeg(1)
    assert (photo.width, photo.height, photo.quality) == (24, 24, 0.5)


def test_png_becomes_a_jpeg(store: CatalogStore) -> None:
    stream = io.BytesIO()
    Pillow.fromarray(np.zeros((9, 5, 3), np.uint8)).save(stream, "PNG")
    photo = store.add_photo_bytes("A", stream.getvalue())
    assert store.photo_path(photo.sha256).read_bytes().startswith(b"\xff\xd8\xff")
    assert (photo.width, photo.height) == (5, 9)


def test_same_picture_twice_is_one_photo(store: CatalogStore) -> None:
    first = store.add_photo("A", picture(1))
    revision = store.revision()
    assert store.add_photo("A", picture(1)) == first
    assert store.photos("A") == [first]
    assert store.revision() == revision


def test_shared_picture_stays_until_its_last_product_gives_it_up(store: CatalogStore) -> None:
    photo = store.add_photo("A", picture(1))
    assert replace(store.add_photo("B", picture(1)), sku="A", created_at=photo.created_at) == photo
    store.remove_photo("A", photo.sha256)
    assert store.sweep_photos() == 0
    assert store.photo_path(photo.sha256).is_file()
    store.remove_photo("B", photo.sha256)
    assert store.sweep_photos() == 1
    assert not store.photo_path(photo.sha256).exists()


def test_photos_are_counted_by_product(store: CatalogStore) -> None:
    for number in (1, 2):
        store.add_photo_bytes("A", jpeg(number))
    assert store.photo_counts() == {"A": 2}


def test_removed_photo_can_be_added_again(store: CatalogStore) -> None:
    photo = store.add_photo("A", picture(1))
    store.remove_photo("A", photo.sha256)
    store.sweep_photos()
    assert store.add_photo("A", picture(1)).sha256 == photo.sha256
    assert store.check() == []


def test_removing_a_photo_that_is_not_there_is_refused(store: CatalogStore) -> None:
    with pytest.raises(CatalogError, match="no photo"):
        store.remove_photo("A", "0" * 64)


def test_cover_is_the_first_photo_until_another_is_chosen(store: CatalogStore) -> None:
    assert store.cover("A") is None
    first, second, third = (store.add_photo("A", picture(seed)) for seed in (1, 2, 3))
    assert store.cover("A") == first
    store.set_cover("A", third.sha256)
    assert store.photos("A") == [third, first, second]
    store.remove_photo("A", third.sha256)
    assert store.cover("A") == first


def test_picture_that_is_none_is_refused_and_leaves_nothing(store: CatalogStore) -> None:
    for data in (b"", b"not a picture", jpeg(1)[:100], b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(PictureError):
            store.add_photo_bytes("A", data)
    assert store.photos("A") == []
    assert list((store.data_dir / "photos").iterdir()) == []


def test_sweep_takes_orphans_and_spares_strangers(store: CatalogStore) -> None:
    kept = store.add_photo("A", picture(1))
    folder = store.data_dir / "photos"
    (folder / ("0" * 64 + ".jpg")).write_bytes(b"orphan")
    (folder / "holiday.jpg").write_bytes(b"not ours")
    (folder / ".new-inflight").write_bytes(b"another process writes this now")
    assert store.sweep_photos() == 1
    names = {path.name for path in folder.iterdir()}
    assert names == {f"{kept.sha256}.jpg", "holiday.jpg", ".new-inflight"}


@pytest.mark.skipif(os.name == "nt", reason="Windows lets only administrators make links")
def test_temporary_file_that_vanishes_during_a_sweep_is_no_fault(store: CatalogStore) -> None:
    folder = store.data_dir / "photos"
    (folder / ".new-renamed").symlink_to(folder / "already gone")
    assert store.sweep_photos() == 0


def test_picture_swept_before_it_was_linked_is_not_linked(store: CatalogStore) -> None:
    kept = store.keep_picture(jpeg(1))
    assert store.sweep_photos() == 1
    with pytest.raises(StorageError, match="vanished"):
        store.link_photos([replace(kept, sku="A")])
    assert store.photos("A") == []


def test_half_written_file_of_a_killed_writer_is_replaced(store: CatalogStore) -> None:
    sha256 = hashlib.sha256(jpeg(1)).hexdigest()
    store.photo_path(sha256).write_bytes(jpeg(1)[:50])
    store.add_photo_bytes("A", jpeg(1))
    assert store.photo_path(sha256).read_bytes() == jpeg(1)


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "", "0" * 63, "0" * 64 + "\0"])
def test_photo_path_takes_only_our_own_names(store: CatalogStore, name: str) -> None:
    with pytest.raises(BugError):
        store.photo_path(name)


def test_a_tidying_spares_pictures_that_are_about_to_get_their_product(
    store: CatalogStore,
) -> None:
    kept = store.keep_picture(encode_jpeg(picture(1)))
    store.purge_deleted()
    assert store.link_photos([replace(kept, sku="A")]) == [True]
    assert store.photo_path(kept.sha256).is_file()


def test_a_picture_put_again_is_as_good_as_new_to_a_tidying(store: CatalogStore) -> None:
    kept = store.keep_picture(encode_jpeg(picture(1)))
    path = store.photo_path(kept.sha256)
    os.utime(path, (1, 1))
    assert store.keep_picture(encode_jpeg(picture(1))) == kept
    store.purge_deleted()
    assert path.is_file()
    os.utime(path, (1, 1))
    store.purge_deleted()
    assert not path.exists()
