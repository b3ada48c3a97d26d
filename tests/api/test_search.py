"""Search by picture, words, both or a vector; features; look-alikes; models."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from kiosk.pictures import decode_picture, encode_jpeg
from tests.api.conftest import Running, jpeg
from tests.codes import Format, held_up, printed

CODE = "4006381333931"


def skus(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [hit["sku"] for hit in answer["results"]]


def test_a_picture_finds_its_product_once(shared: Running) -> None:
    answer = shared.json("POST", "/api/v1/search", files={"file": jpeg(3, 8)})
    assert skus(answer)[0] == "P-3"
    assert len(set(skus(answer))) == len(skus(answer)) == 4
    best = answer["results"][0]
    assert 0.9 < best["similarity"] <= 1.0001
    assert 0 <= best["confidence"] <= 1
    assert answer["decision"] in ("named", "unsure", "unknown")
    assert answer["model"] == shared.shop.index.model_id


def test_the_same_picture_is_encoded_once(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = service.json("POST", "/api/v1/search", files={"file": jpeg(3, 8)})
    monkeypatch.setattr(service.app.state.service, "_encode", None)
    again = service.json("POST", "/api/v1/search", files={"file": jpeg(3, 8)})
    assert skus(first) == skus(again)
    assert service.json("POST", "/api/v1/find-similar", files={"file": jpeg(3, 8)})["matches"]


def test_the_answer_is_the_shops_own(shared: Running) -> None:
    answer = shared.json("POST", "/api/v1/search", files={"file": jpeg(3, 8)}, data={"top_k": 3})
    from kiosk.pictures import decode_picture

    hits = shared.shop.search(image=decode_picture(jpeg(3, 8)), top=3).hits
    assert skus(answer) == [hit.product.sku for hit in hits]
    for got, wanted in zip(answer["results"], hits, strict=True):
        assert got["similarity"] == pytest.approx(wanted.similarity, abs=1e-4)
        assert got["confidence"] == pytest.approx(wanted.confidence, abs=1e-4)


def test_words_find_products(shared: Running) -> None:
    for answer in (
        shared.json("GET", "/api/v1/search", params={"text": "green tea 2"}),
        shared.json("POST", "/api/v1/search", data={"text": "green tea 2"}),
    ):
        assert skus(answer)[0] == "P-2"
        assert answer["decision"] is None
        assert answer["results"][0]["similarity"] is None


def test_picture_and_words_join(shared: Running) -> None:
    for image_weight, best in (("0.01", "P-2"), ("0.99", "P-3")):
        answer = shared.json(
            "POST",
            "/api/v1/search",
            files={"file": jpeg(3, 8)},
            data={"text": "green tea 2", "image_weight": image_weight},
        )
        assert skus(answer)[0] == best


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({"category": "Food"}, {"P-2", "P-4"}),
        ({"price_min": "4700", "price_max": "4800"}, {"P-2", "P-3"}),
        ({"metadata": '{"brand": "brand-1"}'}, {"P-1", "P-4"}),
        ({"category": "Food", "metadata": '{"brand": "brand-1"}'}, {"P-4"}),
        ({"category": "Nothing"}, set()),
    ],
)
def test_filters_hold_and_find_all_there_is(
    shared: Running, filters: dict[str, str], wanted: set[str]
) -> None:
    answer = shared.json("POST", "/api/v1/search", files={"file": jpeg(1)}, data=filters)
    assert set(skus(answer)) == wanted


def test_a_threshold_leaves_out_what_is_less_alike(shared: Running) -> None:
    answer = shared.json(
        "POST", "/api/v1/search", files={"file": jpeg(1)}, data={"threshold": "0.999"}
    )
    assert skus(answer) == ["P-1"]


def test_an_empty_search_is_refused_with_what_to_do(shared: Running) -> None:
    problem = shared.json("POST", "/api/v1/search", 422, data={"text": "  "})
    assert problem["next_step"] == "Send a file, text or image_url."


@pytest.mark.parametrize("metadata", ["[1]", "{", '{"a": 1}', "[" * 5000, '"x"'])
def test_metadata_that_is_no_object_of_strings_is_refused(shared: Running, metadata: str) -> None:
    shared.json("POST", "/api/v1/search", 422, data={"text": "tea", "metadata": metadata})


def test_extracted_features_find_the_product_again(shared: Running) -> None:
    features = shared.json("POST", "/api/v1/extract", files={"file": jpeg(2, 5)})
    assert features["dimension"] == len(features["vector"]) == shared.shop.index.dimension
    assert np.linalg.norm(features["vector"]) == pytest.approx(1, abs=1e-4)
    doubled = [2 * number for number in features["vector"]]
    answer = shared.json("POST", "/api/v1/search/vector", json={"vector": doubled, "top_k": 2})
    assert skus(answer)[0] == "P-2"
    filtered = shared.json(
        "POST",
        "/api/v1/search/vector",
        json={"vector": doubled, "filters": {"category": "Drinks"}},
    )
    assert set(skus(filtered)) == {"P-1", "P-3"}


def test_a_vector_of_another_model_is_refused(shared: Running) -> None:
    problem = shared.json("POST", "/api/v1/search/vector", 422, json={"vector": [1.0, 2.0]})
    assert "2 numbers" in problem["detail"]


def test_more_like_this(shared: Running) -> None:
    similar = shared.json("GET", "/api/v1/products/P-1/similar", params={"top_k": 2})
    assert len(similar) == 2
    assert "P-1" not in [hit["sku"] for hit in similar]


def test_the_same_photo_under_two_products_is_a_duplicate(service: Running) -> None:
    def across() -> bool:
        groups = service.json("GET", "/api/v1/duplicates", params={"threshold": 0.99})
        return any({"P-1", "P-2"} <= {photo["sku"] for photo in group} for group in groups)

    assert not across()
    service.json("POST", "/api/v1/products/P-2/photos", 201, files={"photos": jpeg(1)})
    assert across()


def test_categories_are_suggested_for_a_picture(shared: Running) -> None:
    labels = shared.json("POST", "/api/v1/classify", files={"file": jpeg(2, 5)})
    assert labels[0]["label"] == "Food"
    assert sum(label["share"] for label in labels) == pytest.approx(1, abs=1e-4)


def test_labels_need_a_model_that_knows_words(shared: Running) -> None:
    problem = shared.json(
        "POST", "/api/v1/classify", 422, files={"file": jpeg(2)}, data={"labels": "tea, milk"}
    )
    assert "knows no words" in problem["detail"]


def test_look_alikes_are_listed(shared: Running) -> None:
    pairs = shared.json("GET", "/api/v1/confusables", params={"top_k": 3})
    assert len(pairs) == 3
    assert all(pair["sku_a"] < pair["sku_b"] for pair in pairs)


def test_models_are_listed_with_their_licence(shared: Running) -> None:
    models = shared.json("GET", "/api/v1/models")
    (used,) = [model for model in models if model["in_use"]]
    assert used["id"] == shared.shop.index.model_id
    assert used["commercial_use"] == "yes"
    assert shared.json("GET", f"/api/v1/models/{used['id']}") == used
    shared.json("GET", "/api/v1/models/none", 404)


def test_stats_and_metrics_count(shared: Running) -> None:
    stats = shared.json("GET", "/api/v1/stats")
    assert (stats["products"], stats["photos"], stats["indexed_photos"]) == (4, 8, 8)
    shared.json("GET", "/api/v1/products/P-1")
    text = shared.client.get("/metrics").text
    assert (
        'shelflens_requests_total{method="GET",route="/api/v1/products/{sku}",status="200"}' in text
    )
    assert 'shelflens_size{of="products"} 4.0' in text
    assert "P-1" not in text


def test_it_is_ready_when_it_can_search(shared: Running) -> None:
    ready = shared.json("GET", "/api/v1/health/ready")
    assert ready["ready"] is True
    assert ready["products"] == 4
    assert shared.json("GET", "/api/v1/health/live") == {"alive": True}


def test_a_barcode_comes_first_and_says_so(service: Running) -> None:
    shop = service.shop
    shop.save_product(replace(shop.catalog.product("P-2"), barcode=CODE))
    scene = cv2.resize(decode_picture(jpeg(3, 8)), (960, 720)).astype(np.uint8)
    held = held_up(scene, printed(CODE, Format.EAN13, 230), angle=30)
    by_picture = {"files": {"file": encode_jpeg(held)}, "data": {"read_code": "true"}}
    by_number = {"data": {"barcode": CODE}}
    for request in (by_picture, by_number):
        answer = service.json("POST", "/api/v1/search", **request)
        best = answer["results"][0]
        assert (best["sku"], best["by"], answer["code"]) == ("P-2", "barcode", CODE)
        assert answer["decision"] == "named"
    for unasked in ({"files": by_picture["files"]}, by_picture | {"files": {"file": jpeg(3, 8)}}):
        plain = service.json("POST", "/api/v1/search", **unasked)
        assert plain["code"] is None
        assert {hit["by"] for hit in plain["results"]} == {None}


def test_a_code_that_is_not_in_the_catalogue_is_named(shared: Running) -> None:
    answer = shared.json("POST", "/api/v1/search", data={"barcode": "4710088412348"})
    assert (answer["results"], answer["code"]) == ([], "4710088412348")
