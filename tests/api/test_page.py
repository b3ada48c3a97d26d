"""The page at `/ui`, in a real browser. `SHELFLENS_SCREENSHOTS` names a folder to fill."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk.api.keys import ApiKeys, Role
from kiosk.pictures import encode_jpeg
from tests.api.browser import Page, chromium, find_chromium
from tests.api.conftest import OpenShop, Running, jpeg, picture, serving

PROGRAM = find_chromium()
needs_browser = pytest.mark.skipif(PROGRAM is None, reason="no Chromium is installed here")


def motion_jpeg(file: Path) -> Path:
    """A camera that sees a quiet shelf, then product 2 held before it."""
    noise = np.random.default_rng(0).integers(0, 6, (480, 640, 3), np.uint8)
    empty = np.full((480, 640, 3), 120, np.uint8) + noise
    held = empty.copy()
    held[120:360, 160:480] = picture(2)
    file.write_bytes(encode_jpeg(empty, 95) * 60 + encode_jpeg(held, 95) * 240)
    return file


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    assert PROGRAM is not None
    with chromium(PROGRAM, tmp_path / "profile", motion_jpeg(tmp_path / "camera.mjpeg")) as page:
        yield page


def show(page: Page, name: str) -> None:
    folder = os.environ.get("SHELFLENS_SCREENSHOTS")
    if folder:
        page.run("new Promise((done) => setTimeout(done, 300))")
        page.screenshot(Path(folder) / f"{name}.png")


def open_page(page: Page, service: Running, **size: int) -> None:
    page.open(f"{service.address}/ui/", **size)
    page.wait("document.body.dataset.ready === 'yes'")


def best(page: Page) -> str:
    page.wait("document.getElementById('best').dataset.sku")
    return str(page.run("document.getElementById('best').dataset.sku"))


@needs_browser
def test_a_chosen_picture_is_searched(page: Page, service: Running, tmp_path: Path) -> None:
    file = tmp_path / "query.jpg"
    file.write_bytes(jpeg(3, 8))
    open_page(page, service)
    show(page, "ui-search-empty")
    page.choose_file("#file", file)
    assert best(page) == "P-3"
    assert page.run("document.querySelectorAll('#others .tile').length") == 3
    assert "NT$ 48" in page.run("document.getElementById('best').textContent")
    page.wait("[...document.querySelectorAll('#best img, #others img')].every((i) => i.complete)")
    show(page, "ui-search")
    page.run("document.getElementById('clear').click()")
    page.wait("!document.getElementById('best').dataset.sku")
    assert page.complaints == []


@needs_browser
def test_a_pasted_and_a_dropped_picture_are_searched(page: Page, service: Running) -> None:
    open_page(page, service)
    for number, (kind, holder) in enumerate((("paste", "clipboardData"), ("drop", "dataTransfer"))):
        data = base64.b64encode(jpeg(number + 1, 8)).decode()
        page.run(f"""(() => {{
            const bytes = Uint8Array.from(atob("{data}"), (c) => c.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "a.jpg", {{ type: "image/jpeg" }}));
            const event = "{kind}" === "paste"
                ? new ClipboardEvent("paste", {{ clipboardData: transfer }})
                : new DragEvent("drop", {{ {holder}: transfer, cancelable: true }});
            document.dispatchEvent(event);
        }})()""")
        page.wait(f"document.getElementById('best').dataset.sku === 'P-{number + 1}'")
    assert page.complaints == []


@needs_browser
def test_words_are_searched_and_never_become_markup(page: Page, service: Running) -> None:
    nasty = "<img src=x onerror=document.title='hacked'>"
    service.json("PATCH", "/api/v1/products/P-2", json={"name": f"Tea {nasty}"})
    open_page(page, service)
    page.run("document.getElementById('text').value = 'tea onerror'")
    page.run("document.getElementById('words').requestSubmit()")
    assert best(page) == "P-2"
    assert page.run("document.title") == "Shelflens"
    assert nasty in page.run("document.getElementById('best').textContent")


@needs_browser
def test_what_is_held_to_the_camera_is_named(page: Page, service: Running) -> None:
    open_page(page, service)
    page.run("document.getElementById('camera').click()")
    page.wait("['matched', 'unknown'].includes(document.body.dataset.sighting)")
    show(page, "ui-camera")
    page.run("document.getElementById('clear').click()")
    page.wait("document.getElementById('video').hidden")
    assert page.complaints == []


@needs_browser
def test_the_catalogue_is_shown_and_filtered(page: Page, service: Running) -> None:
    open_page(page, service)
    page.run("document.querySelector('[data-view=catalogue]').click()")
    page.wait("document.querySelectorAll('#products .tile').length === 4")
    page.wait("[...document.querySelectorAll('#products img')].every((i) => i.complete)")
    show(page, "ui-catalogue")
    page.wait("document.querySelectorAll('#categories button').length === 3")
    page.run("document.querySelectorAll('#categories button')[2].click()")
    page.wait("document.querySelectorAll('#products .tile').length === 2")
    page.run("document.getElementById('query').value = 'tea 2'")
    page.run("document.getElementById('filter').requestSubmit()")
    page.wait("document.querySelector('#products .tile')?.dataset.sku === 'P-2'")
    assert page.complaints == []


@needs_browser
def test_a_job_is_followed_to_its_end(page: Page, service: Running) -> None:
    for shade in (31, 33, 35):
        service.shop.catalog.add_photo("P-1", picture(1, shade))
    open_page(page, service)
    page.run("document.querySelector('[data-view=jobs]').click()")
    page.run("document.getElementById('reindex').click()")
    page.wait("document.querySelector('#job-list li')?.dataset.state === 'done'")
    show(page, "ui-jobs")
    assert "3 of 3" in page.run("document.getElementById('job-list').textContent")
    assert page.complaints == []


@needs_browser
def test_the_page_asks_for_a_key_and_works_with_it(page: Page, open_shop: OpenShop) -> None:
    shop = open_shop(2)
    _, key = ApiKeys(shop.values).add("desk", Role.READ)
    with serving(shop) as service:
        open_page(page, service)
        page.wait("!document.getElementById('gate').hidden")
        show(page, "ui-key")
        page.run(f"document.getElementById('key').value = '{key}'")
        page.run("document.getElementById('gate').requestSubmit()")
        page.run("document.querySelector('[data-view=catalogue]').click()")
        page.wait("document.querySelectorAll('#products img[src^=blob]').length === 2")
        assert page.run("document.getElementById('gate').hidden") is True


@needs_browser
def test_it_fits_a_phone(page: Page, service: Running, tmp_path: Path) -> None:
    file = tmp_path / "query.jpg"
    file.write_bytes(jpeg(3, 8))
    open_page(page, service, width=390, height=844)
    page.choose_file("#file", file)
    assert best(page) == "P-3"
    show(page, "ui-phone")
    assert page.run("document.documentElement.scrollWidth") <= 390


@needs_browser
def test_the_documentation_shows_every_route(page: Page, service: Running) -> None:
    page.open(f"{service.address}/docs", height=1200)
    routes = sum(len(methods) for methods in service.app.openapi()["paths"].values())
    page.wait(f"document.querySelectorAll('article').length === {routes}")
    show(page, "ui-docs")
    assert page.complaints == []
