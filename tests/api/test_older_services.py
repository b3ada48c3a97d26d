"""The clients of the three older services: their paths, fields and defaults, to the letter."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from kiosk.api.settings import ApiSettings, database_address, load_api_settings
from tests.api.conftest import MakeService, OpenShop, Running, jpeg, serving

# Product matcher


def test_find_similar_answers_as_the_product_matcher_did(shared: Running) -> None:
    answer = shared.json(
        "POST", "/api/v1/find-similar", files={"file": ("query.jpg", jpeg(1, 8), "image/jpeg")}
    )
    assert set(answer) == {
        "success",
        "matches",
        "total_compared",
        "processing_time_ms",
        "threshold_used",
    }
    assert answer["success"] is True
    assert answer["threshold_used"] == 0.84
    assert answer["total_compared"] == 8
    assert answer["processing_time_ms"] > 0
    best = answer["matches"][0]
    assert set(best) == {"image_id", "image_path", "filename", "similarity_score"}
    assert all(isinstance(best[name], str) for name in ("image_id", "image_path", "filename"))
    assert 0.84 <= best["similarity_score"] <= 1.0001


def test_find_similar_lists_pictures_not_products(shared: Running) -> None:
    answer = shared.json(
        "POST",
        "/api/v1/find-similar?threshold=-1&top_k=3",
        files={"file": ("query.jpg", jpeg(1, 8))},
    )
    scores = [match["similarity_score"] for match in answer["matches"]]
    assert len(answer["matches"]) == 3
    assert scores == sorted(scores, reverse=True)
    assert answer["matches"][0]["filename"] == answer["matches"][1]["filename"]


def test_find_similar_leaves_out_what_is_below_the_threshold(shared: Running) -> None:
    answer = shared.json("POST", "/api/v1/find-similar?threshold=0.9999", files={"file": jpeg(55)})
    assert answer["matches"] == []
    assert answer["success"] is True


def test_an_image_path_is_an_address_of_the_service_unless_paths_are_shown(
    open_shop: OpenShop,
) -> None:
    shop = open_shop(1)
    with serving(shop) as running:
        match = running.json("POST", "/api/v1/find-similar", files={"file": jpeg(1)})["matches"][0]
        assert running.client.get(match["image_path"]).headers["content-type"] == "image/jpeg"
    with serving(shop, ApiSettings(port=0, show_paths=True, decode_workers=1)) as running:
        match = running.json("POST", "/api/v1/find-similar", files={"file": jpeg(1)})["matches"][0]
        assert match["image_path"].startswith(str(shop.settings.data_dir))


def test_health_answers_as_the_product_matcher_did(shared: Running) -> None:
    answer = shared.json("GET", "/health")
    assert answer["status"] == "healthy"
    assert answer["model_loaded"] is True
    assert answer["features_loaded"] is True
    assert answer["total_products"] == 4


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_documentation_is_a_page_that_needs_no_network(shared: Running, path: str) -> None:
    answer = shared.client.get(path)
    assert answer.headers["content-type"].startswith("text/html")
    assert "//" not in answer.text.replace("<!--", "").replace("://www.w3.org", "")


# Light matcher


def test_the_light_matchers_health(shared: Running) -> None:
    assert shared.json("GET", "/api/v1/health")["status"] == "healthy"


def test_search_by_address_is_off_unless_hosts_are_allowed(shared: Running) -> None:
    problem = shared.json(
        "POST",
        "/api/v1/search/url",
        403,
        json={"image_url": "https://example.com/a.jpg", "top_k": 5},
    )
    assert problem["detail"] == "Pictures by address are switched off."


def test_the_light_matchers_variables_are_understood() -> None:
    settings = load_api_settings(
        {
            "MODEL_TYPE": "resnet18",
            "MAX_PRODUCTS": "100",
            "MAX_BATCH_SIZE": "4",
            "CACHE_PRODUCTS": "false",
            "LAZY_LOAD_MODEL": "true",
            "ENABLE_GC": "true",
            "API_PORT": "8001",
        }
    )
    assert settings.model_type == "resnet18"
    assert (settings.max_products, settings.max_batch_size, settings.port) == (100, 4, 8001)
    assert settings.lazy_load_model
    assert settings.enable_gc
    assert not settings.cache_products


# Event photos


@pytest.fixture(scope="module")
def with_event_photos(make_service: MakeService) -> Iterator[Running]:
    """A service that keeps two event photos; for tests that only read."""
    with make_service() as running:
        for name, event, camera in (("a.jpg", "FAIR", 1), ("b.jpg", "GALA", 2)):
            photo = {
                "filename": name,
                "file_path": "",
                "vector": [1, 2, 3],
                "event_code": event,
                "metadata": {"camera": camera, "sharp": camera == 2},
            }
            running.json("POST", "/add_image", json=photo)
        yield running


def test_event_photos_are_kept_and_found(service: Running) -> None:
    assert service.json("GET", "/") == {"status": "ok", "total_vectors": 0}
    added = service.json(
        "POST",
        "/add_image",
        json={
            "filename": "a.jpg",
            "file_path": "fair/a.jpg",
            "vector": [1.0] + [0.0] * 2047,
            "event_code": "FAIR",
            "metadata": {"camera": "2"},
        },
    )
    assert set(added) == {"id", "faiss_index", "message"}
    assert (type(added["id"]), added["faiss_index"]) == (int, 0)
    service.json(
        "POST",
        "/add_image",
        json={
            "filename": "b.jpg",
            "file_path": "gala/b.jpg",
            "vector": [0.8, 0.6] + [0.0] * 2046,
            "event_code": "GALA",
            "metadata": {},
        },
    )
    found = service.json(
        "POST", "/search", json={"vector": [1.0] + [0.0] * 2047, "top_k": 5, "filters": {}}
    )
    assert found == [
        {"id": added["id"], "filename": "a.jpg", "similarity_score": 1.0, "event_code": "FAIR"},
        {"id": added["id"] + 1, "filename": "b.jpg", "similarity_score": 0.8, "event_code": "GALA"},
    ]
    assert service.json("GET", "/")["total_vectors"] == 2


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"event_code": "FAIR"}, ["a.jpg"]),
        ({"metadata": {"camera": "2"}}, ["b.jpg"]),
        ({"camera": 2}, ["b.jpg"]),
        ({"event_code": "FAIR", "camera": "2"}, []),
        ({"sharp": True}, ["b.jpg"]),
        ({"sharp": False}, ["a.jpg"]),
        ({"no.such[0]": "2"}, []),
        (None, ["a.jpg", "b.jpg"]),
    ],
)
def test_event_photos_are_filtered(
    with_event_photos: Running, filters: dict[str, object] | None, names: list[str]
) -> None:
    query = {"vector": [1, 2, 3], "filters": filters}
    found = with_event_photos.json("POST", "/search", json=query)
    assert [hit["filename"] for hit in found] == names


def test_an_event_code_that_is_a_number_is_taken_as_its_digits(service: Running) -> None:
    photo = {"filename": "a.jpg", "vector": [1, 2], "event_code": 42}
    service.json("POST", "/add_image", json=photo)
    (found,) = service.json(
        "POST", "/search", json={"vector": [1, 2], "filters": {"event_code": 42}}
    )
    assert found["event_code"] == "42"


@pytest.mark.parametrize(
    "body",
    [
        r'{"filename": "a", "vector": [1, 2], "metadata": {"\ud800": "x"}}',
        r'{"filename": "a", "vector": [1, 2], "metadata": {"x": {"y": ["\udfff"]}}}',
        r'{"filename": "a", "vector": [1, 2], "metadata": {"x": "\u0000"}}',
        r'{"filename": "a\ud800", "vector": [1, 2]}',
    ],
)
def test_texts_that_no_database_can_keep_are_refused(shared: Running, body: str) -> None:
    kind = {"Content-Type": "application/json"}
    shared.json("POST", "/add_image", 422, content=body, headers=kind)
    assert shared.json("GET", "/")["total_vectors"] == 0


@pytest.mark.parametrize(
    "filters", [r'{"\ud800": "x"}', r'{"event_code": "\ud800"}', r'{"a\"b": "x"}']
)
def test_filters_that_cannot_be_are_refused(with_event_photos: Running, filters: str) -> None:
    body = f'{{"vector": [1, 2, 3], "filters": {filters}}}'
    kind = {"Content-Type": "application/json"}
    with_event_photos.json("POST", "/search", 422, content=body, headers=kind)


def test_searching_before_anything_was_kept_finds_nothing(shared: Running) -> None:
    assert shared.json("POST", "/search", json={"vector": [1.0, 2.0], "top_k": 3}) == []


def test_a_vector_of_another_dimension_is_refused(service: Running) -> None:
    photo = {"filename": "a", "file_path": "", "event_code": "", "metadata": {}}
    service.json("POST", "/add_image", json={**photo, "vector": [1, 2, 3]})
    service.json("POST", "/add_image", 422, json={**photo, "vector": [1, 2]})
    service.json("POST", "/search", 422, json={"vector": [1, 2]})
    assert service.json("GET", "/")["total_vectors"] == 1


def test_features_are_extracted_as_a_list(shared: Running) -> None:
    answer = shared.json("POST", "/extract_features", files={"file": ("a.jpg", jpeg(1))})
    assert set(answer) == {"vector", "processing_time"}
    assert len(answer["vector"]) == shared.shop.index.dimension
    assert 0 < answer["processing_time"] < 60


def test_stats_serve_the_clients_of_both_services(shared: Running) -> None:
    answer = shared.json("GET", "/stats")
    assert set(answer) == {
        "total_products",
        "feature_dimension",
        "memory_usage_mb",
        "feature_file_size_mb",
        "total_vectors_faiss",
        "total_images_db",
        "index_size_mb",
    }
    assert answer["total_products"] == 4
    assert all(isinstance(value, (int, float)) for value in answer.values())


def test_a_browser_at_the_root_is_shown_the_page(shared: Running) -> None:
    answer = httpx.get(shared.address + "/", headers={"Accept": "text/html"}, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/ui/")


def test_database_variables_make_an_address() -> None:
    given = {
        "DB_HOST": "db",
        "DB_NAME": "photos",
        "DB_USER": "me",
        "DB_PASS": "p@ss/w",
        "DB_PORT": "5433",
    }
    assert database_address(given) == "postgresql://me:p%40ss%2Fw@db:5433/photos"
    assert database_address({"DB_NAME": "photos"}) == "postgresql://postgres@localhost:5432/photos"
    assert database_address({"DB_HOST": "", "DB_PORT": "5432"}) is None
    assert database_address({}) is None
