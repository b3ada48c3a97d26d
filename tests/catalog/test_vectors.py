"""Vectors: tied to a picture and a model, and seen only for products on sale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kiosk.catalog import CatalogStore
from kiosk.domain import Photo
from kiosk.errors import BugError
from tests.catalog.conftest import Opener, opener_of, picture, product, unit_vector


@pytest.fixture(params=["sqlite", "postgres", "following"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    return opener_of(request, tmp_path / "shop")


@pytest.fixture
def photos(store: CatalogStore) -> list[Photo]:
    store.put_products([product("A", minor=100), product("B", minor=200)])
    return [
        store.add_photo("A", picture(1)),
        store.add_photo("A", picture(2)),
        store.add_photo("B", picture(3)),
    ]


def test_gallery_holds_exactly_what_was_put(store: CatalogStore, photos: list[Photo]) -> None:
    vectors = {photo.sha256: unit_vector(i) for i, photo in enumerate(photos)}
    assert store.put_vectors("m", vectors) == 3
    gallery = store.gallery("m")
    assert gallery.skus == ("A", "A", "B")
    assert gallery.photos == tuple(photo.sha256 for photo in photos)
    assert gallery.vectors.dtype == np.float32
    assert np.array_equal(gallery.vectors, np.stack(list(vectors.values())))
    assert gallery.prices == {"A": 100, "B": 200}


def test_pictures_without_a_vector_are_listed_once(
    store: CatalogStore, photos: list[Photo]
) -> None:
    store.add_photo("B", picture(1))
    assert {p.sha256 for p in store.missing_vectors("m")} == {p.sha256 for p in photos}
    assert len(store.missing_vectors("m")) == 3
    store.put_vectors("m", {photos[0].sha256: unit_vector(0)})
    assert [p.sha256 for p in store.missing_vectors("m")] == [p.sha256 for p in photos[1:]]
    assert len(store.missing_vectors("other")) == 3


def test_shared_picture_counts_for_both_products(store: CatalogStore, photos: list[Photo]) -> None:
    store.add_photo("B", picture(1))
    store.put_vectors("m", {photos[0].sha256: unit_vector(0)})
    assert store.gallery("m").skus == ("A", "B")


def test_retired_and_deleted_products_are_not_in_the_gallery(
    store: CatalogStore, photos: list[Photo]
) -> None:
    store.put_vectors("m", {photo.sha256: unit_vector(i) for i, photo in enumerate(photos)})
    store.retire("A")
    assert store.gallery("m").skus == ("B",)
    assert list(store.gallery("m").prices) == ["B"]
    store.delete("B")
    assert store.gallery("m").vectors.shape == (0, 0)
    store.restore("A")
    store.undo_delete("B")
    assert store.gallery("m").skus == ("A", "A", "B")
    assert store.gallery("m", ["B"]).skus == ("B",)


def test_models_never_mix(store: CatalogStore, photos: list[Photo]) -> None:
    store.put_vectors("m", {photos[0].sha256: unit_vector(0, 16)})
    store.put_vectors("n", {photos[0].sha256: unit_vector(0, 32)})
    assert store.gallery("m").vectors.shape == (1, 16)
    assert store.gallery("n").vectors.shape == (1, 32)
    with pytest.raises(BugError, match="several dimensions"):
        store.put_vectors("m", {photos[1].sha256: unit_vector(0, 32)})


def test_vector_of_a_removed_picture_is_left_out(store: CatalogStore, photos: list[Photo]) -> None:
    store.remove_photo("A", photos[0].sha256)
    assert store.put_vectors("m", {photos[0].sha256: unit_vector(0)}) == 0
    assert store.gallery("m").skus == ()


@pytest.mark.parametrize("bad", [np.zeros(4), np.full(4, np.nan), np.ones(4), np.eye(4)])
def test_vector_that_is_not_normalised_is_our_bug(
    store: CatalogStore, photos: list[Photo], bad: np.ndarray
) -> None:
    with pytest.raises(BugError):
        store.put_vectors("m", {photos[0].sha256: bad.astype(np.float32)})
    assert store.gallery("m").skus == ()


def test_vectors_of_one_product_come_in_the_order_of_its_photos(
    store: CatalogStore, photos: list[Photo]
) -> None:
    store.put_vectors("m", {photo.sha256: unit_vector(i) for i, photo in enumerate(photos)})
    store.set_cover("A", photos[1].sha256)
    found = store.gallery("m", ["A"])
    assert found.photos == (photos[1].sha256, photos[0].sha256)
    assert np.array_equal(found.vectors[0], unit_vector(1))
