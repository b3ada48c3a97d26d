"""Products and photos over HTTP."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image as Pillow

from kiosk.api.settings import ApiSettings
from kiosk.pictures import encode_jpeg
from tests.api.conftest import OpenShop, Running, audit_lines, jpeg, picture, serving


def body(sku: str, **changes: object) -> dict[str, object]:
    return {"sku": sku, "name": "Oolong", "price": 3200, **changes}


def test_a_created_product_can_be_read(service: Running) -> None:
    made = service.json("POST", "/api/v1/products", 201, json=body("TEA", metadata={"a": "b"}))
    read = service.json("GET", "/api/v1/products/TEA")
    assert made == read
    assert (read["price"], read["currency"], read["price_text"]) == (3200, "TWD", "NT$ 32")
    assert read["metadata"] == {"a": "b"}


def test_the_location_header_leads_to_the_product(service: Running) -> None:
    answer = service.client.post("/api/v1/products", json=body("茶 1"))
    assert service.json("GET", answer.headers["Location"])["sku"] == "茶 1"


def test_a_product_is_not_created_twice(service: Running) -> None:
    service.json("POST", "/api/v1/products", 201, json=body("TEA"))
    problem = service.json("POST", "/api/v1/products", 409, json=body("TEA", name="Other"))
    assert problem["type"] == "urn:shelflens:problem:product-exists"
    assert service.json("GET", "/api/v1/products/TEA")["name"] == "Oolong"


def test_a_change_leaves_the_rest(service: Running) -> None:
    changed = service.json("PATCH", "/api/v1/products/P-1", json={"price": 999})
    assert (changed["price"], changed["name"]) == (999, "Green tea 1")


def test_products_are_listed_page_by_page(service: Running) -> None:
    first = service.json("GET", "/api/v1/products", params={"limit": 3})
    rest = service.json(
        "GET", "/api/v1/products", params={"limit": 3, "offset": first["next_offset"]}
    )
    skus = [item["sku"] for item in first["items"] + rest["items"]]
    assert sorted(skus) == ["P-1", "P-2", "P-3", "P-4"]
    assert rest["next_offset"] is None


def test_products_are_listed_by_category_and_words(service: Running) -> None:
    drinks = service.json("GET", "/api/v1/products", params={"category": "Drinks"})
    assert {item["sku"] for item in drinks["items"]} == {"P-1", "P-3"}
    found = service.json("GET", "/api/v1/products", params={"query": "tea 2"})
    assert found["items"][0]["sku"] == "P-2"


def test_a_retired_product_is_not_found_by_picture_until_restored(service: Running) -> None:
    def found() -> list[str]:
        answer = service.json("POST", "/api/v1/search", files={"file": jpeg(2, 10)})
        return [hit["sku"] for hit in answer["results"]]

    assert found()[0] == "P-2"
    service.json("POST", "/api/v1/products/P-2/retire")
    assert "P-2" not in found()
    assert service.json("GET", "/api/v1/products/P-2")["active"] is False
    service.json("POST", "/api/v1/products/P-2/restore")
    assert found()[0] == "P-2"


def test_a_deleted_product_comes_back_with_its_photos(service: Running) -> None:
    service.json("DELETE", "/api/v1/products/P-1", 204)
    service.json("GET", "/api/v1/products/P-1", 404)
    service.json("POST", "/api/v1/products/P-1/restore")
    assert len(service.json("GET", "/api/v1/products/P-1/photos")) == 2


def test_a_product_enrolled_in_one_request_is_recognised_at_once(service: Running) -> None:
    made = service.json(
        "POST",
        "/api/v1/enrolments",
        201,
        data={"sku": "NEW", "name": "牛奶 1L", "price": "NT$ 1,234"},
        files=[("photos", ("a.jpg", jpeg(77))), ("photos", ("b.jpg", jpeg(77, 15)))],
    )
    assert made["product"]["price"] == 123400
    assert len(made["photos"]) == 2
    assert made["rehearsal"]["tried"] == 2
    answer = service.json("POST", "/api/v1/search", files={"file": jpeg(77, 8)})
    assert answer["results"][0]["sku"] == "NEW"


def test_one_unusable_photo_leaves_no_half_enrolled_product(service: Running) -> None:
    service.json(
        "POST",
        "/api/v1/enrolments",
        422,
        data={"sku": "NEW", "name": "Milk", "price": "12"},
        files=[("photos", ("a.jpg", jpeg(77))), ("photos", ("b.jpg", jpeg(78)[:300]))],
    )
    service.json("GET", "/api/v1/products/NEW", 404)


def test_added_photos_lose_their_exif(service: Running) -> None:
    stream = io.BytesIO()
    exif = Pillow.Exif()
    exif[0x013B] = "Somebody's name"
    Pillow.fromarray(picture(9)).save(stream, "JPEG", exif=exif, comment=b"<script>")
    (photo,) = service.json(
        "POST", "/api/v1/products/P-1/photos", 201, files={"photos": stream.getvalue()}
    )
    stored = service.shop.catalog.photo_path(photo["id"]).read_bytes()
    assert b"Somebody" not in stored
    assert b"<script>" not in stored


def test_a_large_photo_is_stored_no_larger_than_needed(service: Running) -> None:
    large = encode_jpeg(picture(5, size=(3000, 4000)))
    (photo,) = service.json("POST", "/api/v1/products/P-1/photos", 201, files={"photos": large})
    assert (photo["width"], photo["height"]) == (2048, 1536)


def test_too_many_photos_at_once_are_refused(service: Running) -> None:
    files = [("photos", ("a.jpg", jpeg(1)))] * 21
    service.json("POST", "/api/v1/products/P-1/photos", 422, files=files)


def test_a_removed_photo_is_gone(service: Running) -> None:
    photo = service.json("GET", "/api/v1/products/P-1/photos")[0]
    service.json("DELETE", f"/api/v1/products/P-1/photos/{photo['id']}", 204)
    assert len(service.json("GET", "/api/v1/products/P-1/photos")) == 1
    service.json("DELETE", f"/api/v1/products/P-1/photos/{photo['id']}", 404)


def test_the_chosen_cover_is_shown_small(service: Running) -> None:
    second = service.json("GET", "/api/v1/products/P-1/photos")[1]
    service.json("PUT", f"/api/v1/products/P-1/cover?photo_id={second['id']}", 204)
    answer = service.client.get("/api/v1/products/P-1/cover", params={"side": 64})
    assert answer.headers["content-type"] == "image/jpeg"
    shown = np.asarray(Pillow.open(io.BytesIO(answer.content)))
    assert shown.shape == (48, 64, 3)
    assert service.json("GET", "/api/v1/products/P-1/photos")[0]["id"] == second["id"]


def test_a_product_without_photos_has_no_cover(service: Running) -> None:
    service.json("POST", "/api/v1/products", 201, json=body("BARE"))
    service.json("GET", "/api/v1/products/BARE/cover", 404)


def test_each_change_leaves_an_audit_line(service: Running) -> None:
    request_id = "till-3-000042"
    service.client.patch(
        "/api/v1/products/P-1", json={"price": 5}, headers={"X-Request-ID": request_id}
    )
    service.json("GET", "/api/v1/products/P-1")
    lines = audit_lines(service.shop)
    assert len(lines) == 1
    assert lines[0]["what"] == "product 'P-1' changed: price"
    assert (lines[0]["who"], lines[0]["status"], lines[0]["request_id"]) == (
        "local",
        200,
        request_id,
    )


def test_no_more_products_than_the_service_is_set_to_hold(open_shop: OpenShop) -> None:
    with serving(open_shop(2), ApiSettings(port=0, max_products=2, decode_workers=1)) as running:
        problem = running.json("POST", "/api/v1/products", 422, json=body("THIRD"))
        assert problem["type"] == "urn:shelflens:problem:shop-full"
        running.json("PATCH", "/api/v1/products/P-1", json={"price": 1})


def test_a_price_that_is_not_set_is_null(service: Running) -> None:
    made = service.json("POST", "/api/v1/products", 201, json={"sku": "NEW", "name": "Milk"})
    assert (made["price"], made["price_text"]) == (None, "—")
    priced = service.json("PATCH", "/api/v1/products/NEW", json={"price": 4500})
    assert (priced["price"], priced["price_text"]) == (4500, "NT$ 45")
    unset = service.json("PATCH", "/api/v1/products/NEW", json={"price": 0})
    assert unset["price"] is None


def test_a_price_that_is_not_set_lies_within_no_limits(service: Running) -> None:
    service.json("POST", "/api/v1/products", 201, json={"sku": "NEW", "name": "Green tea"})
    for limits in ({"price_min": 0}, {"price_max": 10**9}):
        found = service.json("POST", "/api/v1/search", data={"text": "green tea", **limits})
        assert len(found["results"]) == 4
    found = service.json("POST", "/api/v1/search", data={"text": "green tea"})
    assert None in [hit["price"] for hit in found["results"]]


def test_staff_read_what_was_asked_for_as_json_and_csv_and_forget_it(service: Running) -> None:
    for code in ("4710088412348", "4006381333931", "4006381333931"):
        service.shop.code_requests.count_request(code)
    found = service.json("GET", "/api/v1/code-requests")
    assert [(each["code"], each["count"]) for each in found] == [
        ("4006381333931", 2),
        ("4710088412348", 1),
    ]
    answer = service.client.get("/api/v1/code-requests", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.splitlines()[1].startswith("4006381333931,2,")
    assert service.client.delete("/api/v1/code-requests/4006381333931").status_code == 204
    assert len(service.json("GET", "/api/v1/code-requests")) == 1
