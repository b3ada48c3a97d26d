"""The page at `/ui` and the API's documentation, in a real browser, as people use them.

`SHELFLENS_SCREENSHOTS` names a folder to fill. After every test the page has logged no error,
its content security policy has refused nothing, and axe-core finds no serious barrier.
"""

from __future__ import annotations

import base64
import itertools
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from kiosk.api.keys import ApiKeys, Role
from kiosk.pictures import encode_jpeg
from tests.api.browser import PATIENCE_MS, Visitor, chromium
from tests.api.conftest import OpenShop, Running, jpeg, picture, serving

ROOT = Path(__file__).resolve().parent.parent.parent
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def motion_jpeg(file: Path) -> Path:
    """A camera that sees a quiet shelf, then product 2 held before it."""
    noise = np.random.default_rng(0).integers(0, 6, (480, 640, 3), np.uint8)
    empty = np.full((480, 640, 3), 120, np.uint8) + noise
    held = empty.copy()
    held[120:360, 160:480] = picture(2)
    file.write_bytes(encode_jpeg(empty, 95) * 60 + encode_jpeg(held, 95) * 240)
    return file


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with chromium(motion_jpeg(tmp_path_factory.mktemp("camera") / "camera.mjpeg")) as browser:
        yield browser


@pytest.fixture
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    size = getattr(request, "param", {"viewport": {"width": 1180, "height": 860}})
    context = browser.new_context(**size)
    visitor = Visitor(context)
    yield visitor
    assert visitor.violations() == []
    assert visitor.barriers() == []
    assert visitor.complaints == []
    context.close()


@pytest.fixture
def page(visitor: Visitor, service: Running) -> Page:
    return opened(visitor, service)


def opened(visitor: Visitor, service: Running) -> Page:
    visitor.page.goto(f"{service.address}/ui/")
    expect(visitor.page.locator("body[data-ready=yes]")).to_be_attached()
    return visitor.page


def best(page: Page, sku: str) -> None:
    expect(page.locator("#best")).to_have_attribute("data-sku", sku)


def give(page: Page, kind: str, holder: str, data: bytes) -> None:
    """Paste or drop a picture, as the system would hand it over."""
    text = base64.b64encode(data).decode()
    page.evaluate(
        """([text, kind, holder]) => {
            const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
            const given = new DataTransfer();
            given.items.add(new File([bytes], "a.jpg", { type: "image/jpeg" }));
            const init = { [holder]: given, cancelable: true, bubbles: true };
            document.body.dispatchEvent(
                kind === "paste" ? new ClipboardEvent(kind, init) : new DragEvent(kind, init));
        }""",
        [text, kind, holder],
    )


def test_a_chosen_picture_is_searched(page: Page, visitor: Visitor, tmp_path: Path) -> None:
    file = tmp_path / "query.jpg"
    file.write_bytes(jpeg(3, 8))
    visitor.show("ui-search-empty")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a picture").click()
    chooser.value.set_files(file)
    best(page, "P-3")
    expect(page.locator("#others li")).to_have_count(3)
    expect(page.locator("#best")).to_contain_text("NT$ 48")
    visitor.show("ui-search")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#best")).not_to_have_attribute("data-sku", "P-3")
    expect(page.locator("#invitation")).to_be_visible()


def test_a_pasted_and_a_dropped_picture_are_searched(page: Page) -> None:
    give(page, "paste", "clipboardData", jpeg(1, 8))
    best(page, "P-1")
    give(page, "drop", "dataTransfer", jpeg(2, 8))
    best(page, "P-2")


def test_words_are_searched_and_never_become_markup(visitor: Visitor, service: Running) -> None:
    nasty = "<img src=x onerror=document.title='hacked'>"
    service.json("PATCH", "/api/v1/products/P-2", json={"name": f"Tea {nasty}"})
    page = opened(visitor, service)
    page.get_by_label("Words to search for").fill("tea onerror")
    page.keyboard.press("Enter")
    best(page, "P-2")
    expect(page.locator("#best")).to_contain_text(nasty)
    assert page.title() == "Shelflens"


def test_what_is_held_to_the_camera_is_named(page: Page, visitor: Visitor) -> None:
    page.get_by_role("button", name="Use the camera").click()
    expect(page.locator("body")).to_have_attribute(
        "data-sighting", re.compile("matched|unknown"), timeout=60_000
    )
    visitor.show("ui-camera")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#video")).to_be_hidden()


def test_the_catalogue_is_shown_and_filtered(page: Page, visitor: Visitor) -> None:
    page.get_by_role("button", name="Catalogue").click()
    expect(page.locator("#products li")).to_have_count(4)
    visitor.show("ui-catalogue")
    page.get_by_role("button", name="Food", exact=True).click()
    expect(page.locator("#products li")).to_have_count(2)
    page.get_by_label("Search the catalogue").fill("tea 2")
    page.keyboard.press("Enter")
    expect(page.locator("#products li").first).to_have_attribute("data-sku", "P-2")


def test_a_product_is_edited_and_taken_from_the_kiosk(
    page: Page, visitor: Visitor, service: Running
) -> None:
    page.get_by_role("button", name="Catalogue").click()
    page.get_by_role("button", name="Green tea 1").click()
    expect(page.get_by_label("Price")).to_have_value("46.00")
    page.wait_for_load_state("networkidle")
    visitor.show("ui-edit")
    assert visitor.barriers() == []
    page.get_by_label("Name", exact=True).fill("高山烏龍茶 600 ml")
    page.get_by_label("Price").fill("52.5")
    page.get_by_label("Barcode").fill("4710088412345")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#products li[data-sku='P-1']")).to_contain_text("高山烏龍茶")
    saved = service.json("GET", "/api/v1/products/P-1")
    assert (saved["price"], saved["barcode"]) == (5250, "4710088412345")
    page.get_by_role("button", name="Green tea 2").click()
    page.get_by_role("button", name="Take from the kiosk").click()
    expect(page.locator("#products li")).to_have_count(3)
    assert service.json("GET", "/api/v1/products/P-2")["active"] is False


def test_a_refused_change_says_why_and_keeps_what_was_typed(
    page: Page, visitor: Visitor, service: Running
) -> None:
    page.get_by_role("button", name="Catalogue").click()
    page.get_by_role("button", name="Green tea 1").click()
    service.json("DELETE", "/api/v1/products/P-1", status=204)
    page.get_by_label("Name", exact=True).fill("Black tea")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#edit-message")).to_contain_text("No product has the SKU")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Black tea")
    visitor.complaints.clear()  # the browser logs the status 404


def test_a_job_is_followed_to_its_end(visitor: Visitor, service: Running) -> None:
    for shade in (31, 33, 35):
        service.shop.catalog.add_photo("P-1", picture(1, shade))
    page = opened(visitor, service)
    page.get_by_role("button", name="Jobs").click()
    page.get_by_role("button", name="Encode new photos").click()
    expect(page.locator("#job-list li").first).to_have_attribute("data-state", "done")
    expect(page.locator("#job-list")).to_contain_text(re.compile(r"(\d+) of \1"))
    visitor.show("ui-jobs")


def test_a_running_job_is_cancelled(visitor: Visitor, service: Running) -> None:
    pause = threading.Event()

    def endless(on_progress: Callable[[int, int], None]) -> dict[str, object]:
        for done in itertools.count(1):
            on_progress(done, 10_000)
            pause.wait(0.02)
        raise AssertionError

    service.app.state.service.jobs.start("reindex", endless)
    page = opened(visitor, service)
    page.get_by_role("button", name="Jobs").click()
    expect(page.locator("#job-list li").first).to_have_attribute("data-state", "running")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#job-list li").first).to_have_attribute("data-state", "cancelled")


def test_the_first_key_is_made_and_the_page_goes_on_with_it(
    page: Page, visitor: Visitor, service: Running
) -> None:
    page.get_by_role("button", name="Keys").click()
    expect(page.locator("#open-note")).to_be_visible()
    page.get_by_label("Name of the key").fill("owner")
    page.get_by_role("button", name="Make a key").click()
    expect(page.locator("#new-key-text")).to_have_text(re.compile("^shelf_"))
    page.get_by_label("Name of the key").fill("till 3")
    page.get_by_role("button", name="Make a key").click()
    expect(page.locator("#key-list li")).to_have_count(2)
    visitor.show("ui-keys")
    assert service.client.get("/api/v1/products").status_code == 401
    page.get_by_role("button", name="Revoke till 3").click()
    expect(page.locator("#key-list li")).to_have_count(1)


def test_the_page_asks_for_a_key_and_works_with_it(visitor: Visitor, open_shop: OpenShop) -> None:
    shop = open_shop(2)
    _, key = ApiKeys(shop.values).add("desk", Role.READ)
    with serving(shop) as service:
        page = opened(visitor, service)
        expect(page.locator("#gate")).to_be_visible()
        visitor.show("ui-key")
        visitor.complaints.clear()  # the browser logs the refusal that the page asks the key for
        page.get_by_label("API key").fill(key)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Catalogue").click()
        expect(page.locator("#products img[src^=blob]")).to_have_count(2)
        expect(page.locator("#gate")).to_be_hidden()


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_the_answer_is_seen_on_a_phone_without_scrolling(page: Page, visitor: Visitor) -> None:
    give(page, "paste", "clipboardData", jpeg(3, 8))
    best(page, "P-3")
    visitor.show("ui-phone")
    box = page.locator("#best").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for view in ("Catalogue", "Jobs", "Keys"):
        page.get_by_role("button", name=view).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, view
    page.get_by_role("button", name="Catalogue").click()
    page.get_by_role("button", name="Green tea 1").click()
    visitor.show("ui-phone-edit")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_it_is_worked_with_the_keyboard_alone(page: Page) -> None:
    page.get_by_role("button", name="Catalogue").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#products li")).to_have_count(4)
    page.locator("#products button").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_page_is_set_in_the_shops_own_fonts(visitor: Visitor, service: Running) -> None:
    service.json("PATCH", "/api/v1/products/P-2", json={"name": "鮮奶"})
    page = opened(visitor, service)
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate(
        "[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family)"
    )
    assert {name.strip('"') for name in loaded} == {"Inter", "Noto Sans TC"}


def test_the_documentation_lists_every_route_and_asks_one(
    visitor: Visitor, service: Running
) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 1180, "height": 1200})
    page.goto(f"{service.address}/docs")
    routes = sum(
        len(route["tags"])
        for methods in service.app.openapi()["paths"].values()
        for route in methods.values()
    )
    expect(page.locator(".opblock")).to_have_count(routes)
    visitor.show("ui-docs")
    route = page.locator("#operations-system-live_api_v1_health_live_get")
    route.locator(".opblock-summary").click()
    route.get_by_role("button", name="Execute").click()
    expect(route.locator(".live-responses-table .response-col_status").nth(1)).to_contain_text(
        "200"
    )
    assert page.url.endswith("#/system/live_api_v1_health_live_get")
    for takes in ("/api/v1/products", "/api/v1/search"):  # a body of JSON, and a form with a file
        page.locator(f".opblock-post [data-path='{takes}']").click()
    expect(page.get_by_label("Request body")).to_be_visible()
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("button", name="Close").first).to_be_visible()


@pytest.mark.parametrize("name", ["style.css", "docs.css"])
def test_the_pages_colours_are_those_of_the_window(name: str) -> None:
    theme = (ROOT / "kiosk/gui/widgets/Theme.qml").read_text(encoding="utf-8")
    style = (ROOT / "kiosk/api/page" / name).read_text(encoding="utf-8")
    colours = re.findall(r"property color (\w+): \"#(\w+)\"", theme)
    window = {re.sub("([A-Z])", r"-\1", name).lower(): value.lower() for name, value in colours}
    tokens = dict(re.findall(r"--([a-z-]+): #(\w+);", style))
    assert len(tokens) > 6
    for token, value in tokens.items():
        assert window[token] in (value, value[-2:] + value[:-2]), token  # QML writes alpha first
    assert len(re.findall("#[0-9a-f]{6}", style)) == len(tokens)
