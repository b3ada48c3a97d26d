"""Indexing a folder over HTTP, as the product matcher's clients do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.api.settings import ApiSettings
from tests.api.conftest import OpenShop, Running, jpeg, serving


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    (folder / "drinks" / "tea").mkdir(parents=True)
    for number in range(3):
        (folder / f"thing-{number}.jpg").write_bytes(jpeg(number))
    (folder / "drinks" / "tea" / "front.jpg").write_bytes(jpeg(10))
    (folder / "broken.jpg").write_bytes(jpeg(4)[:500])
    return folder


@pytest.fixture
def indexing(open_shop: OpenShop, folder: Path) -> Iterator[Running]:
    settings = ApiSettings(port=0, source_folder=folder, decode_workers=1)
    with serving(open_shop(), settings) as running:
        yield running


def test_preprocess_answers_as_the_product_matcher_did(indexing: Running) -> None:
    first = indexing.json("POST", "/api/v1/preprocess", params={"force_full": "false"})
    assert set(first) == {
        "success",
        "total_images",
        "new_images",
        "removed_images",
        "failed_images",
        "processing_time",
        "message",
    }
    assert first["success"] is True
    counts = (first["total_images"], first["new_images"], first["failed_images"])
    assert counts == (5, 4, 1)
    again = indexing.json("POST", "/api/v1/preprocess", params={"batch_size": 2})
    assert (again["new_images"], again["message"]) == (0, "Nothing new to index.")


def test_status_tells_what_the_next_preprocess_would_find(indexing: Running, folder: Path) -> None:
    before = indexing.json("GET", "/api/v1/preprocess/status")
    assert before == {
        "total_images": 5,
        "processed_images": 0,
        "pending_images": 5,
        "removed_images": 0,
        "feature_file_exists": False,
        "metadata_file_exists": False,
        "last_update": None,
    }
    indexing.json("POST", "/api/v1/preprocess")
    (folder / "thing-0.jpg").unlink()
    after = indexing.json("GET", "/api/v1/preprocess/status")
    assert (after["total_images"], after["removed_images"]) == (4, 1)
    assert after["feature_file_exists"] is True
    assert after["last_update"] is not None


def test_indexed_pictures_are_found_under_their_place_in_the_folder(indexing: Running) -> None:
    indexing.json("POST", "/api/v1/preprocess")
    match = indexing.json("POST", "/api/v1/find-similar", files={"file": jpeg(10, 5)})["matches"][0]
    assert (match["image_path"], match["filename"]) == ("drinks/tea/front.jpg", "front.jpg")
    answer = indexing.json("POST", "/api/v1/search", files={"file": jpeg(10, 5)})
    assert answer["results"][0]["sku"] == "drinks/tea"


def test_a_product_whose_number_holds_slashes_has_all_routes(indexing: Running) -> None:
    indexing.json("POST", "/api/v1/preprocess")
    product = indexing.json("GET", "/api/v1/products/drinks%2Ftea")
    assert product["name"] == "tea"
    (photo,) = indexing.json("GET", "/api/v1/products/drinks/tea/photos")
    assert photo["sku"] == "drinks/tea"
    assert indexing.client.get(product["cover_url"]).headers["content-type"] == "image/jpeg"
    changed = indexing.json("PATCH", "/api/v1/products/drinks%2Ftea", json={"price": 4500})
    assert changed["price"] == 4500


def test_removed_pictures_leave_the_index(indexing: Running, folder: Path) -> None:
    indexing.json("POST", "/api/v1/preprocess")
    (folder / "thing-1.jpg").unlink()
    report = indexing.json("POST", "/api/v1/preprocess")
    assert report["removed_images"] == 1
    answer = indexing.json("POST", "/api/v1/find-similar?threshold=-1", files={"file": jpeg(1)})
    assert "thing-1.jpg" not in [match["filename"] for match in answer["matches"]]


def test_the_sync_job_lists_what_failed(indexing: Running) -> None:
    job = indexing.json("POST", "/api/v1/jobs", 202, json={"kind": "sync"})
    indexing.app.state.service.jobs.wait(job["id"])
    result = indexing.json("GET", f"/api/v1/jobs/{job['id']}")["result"]
    (problem,) = result["problems"]
    assert problem["path"] == "broken.jpg"
    assert "damaged or cut off" in problem["reason"]


def test_without_a_folder_there_is_nothing_to_index(shared: Running) -> None:
    problem = shared.json("POST", "/api/v1/preprocess", 409)
    assert "KIOSK_API_SOURCE_FOLDER" in problem["next_step"]
    assert shared.json("GET", "/api/v1/preprocess/status")["total_images"] == 8


def test_a_folder_that_went_away_is_told_and_nothing_is_lost(
    indexing: Running, folder: Path
) -> None:
    indexing.json("POST", "/api/v1/preprocess")
    folder.rename(folder.with_name("elsewhere"))
    report = indexing.json("POST", "/api/v1/preprocess")
    assert report["success"] is False
    assert str(folder.parent) not in report["message"]
    assert indexing.json("GET", "/health")["total_products"] == 4


def test_a_folder_makes_no_more_products_than_the_shop_may_hold(
    open_shop: OpenShop, folder: Path
) -> None:
    settings = ApiSettings(port=0, source_folder=folder, decode_workers=1, max_products=2)
    with serving(open_shop(), settings) as running:
        report = running.json("POST", "/api/v1/preprocess")
        assert (report["new_images"], report["failed_images"]) == (2, 3)
        assert running.json("GET", "/health")["total_products"] == 2
        running.json("DELETE", "/api/v1/products/drinks%2Ftea", 204)
        assert running.json("POST", "/api/v1/preprocess")["failed_images"] == 2
        assert running.json("GET", "/health")["total_products"] == 2


def test_a_full_shop_brings_no_product_back(open_shop: OpenShop) -> None:
    shop = open_shop(2)
    shop.retire("P-1")
    settings = ApiSettings(port=0, decode_workers=1, max_products=1)
    with serving(shop, settings) as running:
        running.json("POST", "/api/v1/products/P-1/restore", 422)
        running.json("POST", "/api/v1/products/P-2/restore")
        running.json("DELETE", "/api/v1/products/P-2", 204)
        running.json("POST", "/api/v1/products/P-1/restore")


def test_much_that_is_gone_is_told_and_taken_out_when_everything_is_asked_for(
    indexing: Running, folder: Path
) -> None:
    for number in range(20, 30):
        (folder / f"more-{number}.jpg").write_bytes(jpeg(number))
    indexing.json("POST", "/api/v1/preprocess")
    for number in range(20, 30):
        (folder / f"more-{number}.jpg").unlink()
    report = indexing.json("POST", "/api/v1/preprocess")
    assert report["removed_images"] == 0
    assert "10 are gone from the folder but kept" in report["message"]
    report = indexing.json("POST", "/api/v1/preprocess?force_full=true")
    assert (report["removed_images"], report["success"]) == (10, True)


def test_an_empty_folder_takes_nothing_out(indexing: Running, folder: Path) -> None:
    indexing.json("POST", "/api/v1/preprocess")
    folder.rename(folder.with_name("elsewhere"))
    folder.mkdir()
    report = indexing.json("POST", "/api/v1/preprocess?force_full=true")
    assert report["removed_images"] == 0
    assert indexing.json("GET", "/health")["total_products"] == 4


def test_files_of_the_folder_are_decoded_in_the_child(
    indexing: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("decoded in the service itself")

    monkeypatch.setattr("kiosk.fitting.load_upright", refuse)
    monkeypatch.setattr("kiosk.pictures.load_upright", refuse)
    assert indexing.json("POST", "/api/v1/preprocess")["new_images"] == 4
    shop = indexing.shop
    photo = shop.catalog.photos("thing-1")[0]
    with shop.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM vectors")
    job = indexing.json("POST", "/api/v1/jobs", 202, json={"kind": "reindex"})
    indexing.app.state.service.jobs.wait(job["id"])
    assert photo.sha256 in shop.catalog.gallery(shop.index.fingerprint, ["thing-1"]).photos
