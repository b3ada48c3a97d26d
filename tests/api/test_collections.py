"""Collections over HTTP."""

from __future__ import annotations

import pytest

from tests.api.conftest import Running


def test_collections_over_http(service: Running) -> None:
    base = "/api/v1/collections/fair-26"
    service.json("GET", base, 404)
    body = [
        {"vector": [1, 0, 0], "filename": "a.jpg", "event_code": "A"},
        {"vector": [0.9, 0.1, 0], "filename": "b.jpg", "event_code": "A", "metadata": {"k": "v"}},
        {"vector": [0, 1, 0], "filename": "c.jpg", "event_code": "B"},
    ]
    made = service.json("POST", f"{base}/vectors", 201, json=body)
    assert [item["row"] for item in made] == [0, 1, 2]
    described = service.json("GET", base)
    assert (described["dimension"], described["vectors"], described["tier"]) == (3, 3, "memory")
    found = service.json("POST", f"{base}/search", json={"vector": [1, 0, 0], "top_k": 2})
    assert [hit["filename"] for hit in found] == ["a.jpg", "b.jpg"]
    wanted = {"vector": [1, 0, 0], "filters": {"metadata": {"k": "v"}}}
    assert [h["filename"] for h in service.json("POST", f"{base}/search", json=wanted)] == ["b.jpg"]
    first = made[0]["id"]
    assert service.json("GET", f"{base}/vectors/{first}")["filename"] == "a.jpg"
    related = service.json("GET", f"{base}/vectors/{first}/related")
    assert [hit["filename"] for hit in related] == ["b.jpg"]
    groups = service.json("GET", f"{base}/duplicates", params={"threshold": 0.9})
    assert [[row["filename"] for row in group] for group in groups] == [["a.jpg", "b.jpg"]]
    service.json("DELETE", f"{base}/vectors/{first}", 204)
    service.json("GET", f"{base}/vectors/{first}", 404)
    assert [item["name"] for item in service.json("GET", "/api/v1/collections")] == ["fair-26"]
    service.json("DELETE", base, 204)
    service.json("GET", base, 404)


def test_a_collection_dropped_while_it_is_described_is_not_found(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = "/api/v1/collections/fair-27"
    service.json("POST", f"{base}/vectors", 201, json=[{"vector": [1, 0]}])
    collections = service.app.state.service.collections
    counted = collections.sizes

    def sizes_then_drop() -> dict[str, tuple[int, int]]:
        sizes: dict[str, tuple[int, int]] = counted()
        collections.drop("fair-27")
        return sizes

    for path in (base, "/api/v1/collections"):
        service.json("POST", f"{base}/vectors", 201, json=[{"vector": [1, 0]}])
        with monkeypatch.context() as patch:
            patch.setattr(collections, "sizes", sizes_then_drop)
            answer = service.json("GET", path, 404 if path == base else 200)
        assert path == base or "fair-27" not in [item["name"] for item in answer]
