"""A real shop behind a real uvicorn on loopback, and pictures to ask it about."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from kiosk.api.app import create_app
from kiosk.api.server import ApiServer
from kiosk.api.serving import listen
from kiosk.api.settings import ApiSettings
from kiosk.domain import Image, Price, Product, Vectors
from kiosk.pictures import encode_jpeg
from kiosk.settings import Settings
from kiosk.shop import Shop
from kiosk.vision.encoders import Encoder, load_encoder


def picture(seed: int, shade: int = 0, size: tuple[int, int] = (240, 320)) -> Image:
    """Coloured blocks: one pattern a seed; `shade` makes another photo of the same thing."""
    blocks = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    tile = np.ones((size[0] // 4, size[1] // 4, 1), np.uint8)
    return np.clip(np.kron(blocks, tile).astype(int) + shade, 0, 255).astype(np.uint8)


def jpeg(seed: int, shade: int = 0) -> bytes:
    return encode_jpeg(picture(seed, shade))


def product(number: int, **changes: Any) -> Product:
    values: dict[str, Any] = {
        "sku": f"P-{number}",
        "name": f"Green tea {number}",
        "price": Price(4500 + number * 100, "TWD"),
        "category": "Drinks" if number % 2 else "Food",
        "metadata": {"brand": f"brand-{number % 3}"},
    }
    return Product(**(values | changes))


class Borrowed(Encoder):
    """The shared encoder, never closed by a shop."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.model_id = encoder.model_id
        self.fingerprint = encoder.fingerprint
        self.dimension = encoder.dimension

    def encode(self, images: Sequence[Image]) -> Vectors:
        return self._encoder.encode(images)

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class Running:
    """A service that listens; `client` is a plain HTTP client for it."""

    client: httpx.Client
    shop: Shop
    address: str
    app: Any

    def json(self, method: str, path: str, status: int = 200, **given: Any) -> Any:
        answer = self.client.request(method, path, **given)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


@contextmanager
def serving(shop: Shop, settings: ApiSettings | None = None) -> Iterator[Running]:
    settings = settings or ApiSettings(port=0, decode_workers=1)
    app = create_app(shop, settings)
    listener = listen(settings)
    server = ApiServer(app, settings)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
            yield Running(client, shop, address, app)
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def encoder() -> Iterator[Borrowed]:
    real = load_encoder("efficientnet_lite0_int8", threads=1)
    yield Borrowed(real)
    real.close()


OpenShop = Callable[..., Shop]
StockedFolder = Callable[[int], Path]


@pytest.fixture(scope="session")
def stocked_folder(tmp_path_factory: pytest.TempPathFactory, encoder: Borrowed) -> StockedFolder:
    """The data of a shop with so many enrolled products: to be copied, not opened."""

    @cache
    def stocked(products: int) -> Path:
        folder = tmp_path_factory.mktemp("stocked") / "shop"
        with Shop.open(Settings(db=str(folder)), encoder=encoder, background=False) as shop:
            for number in range(1, products + 1):
                shop.enrol(product(number), [picture(number), picture(number, 20)])
        return folder

    return stocked


@pytest.fixture
def open_shop(
    tmp_path: Path, encoder: Borrowed, stocked_folder: StockedFolder
) -> Iterator[OpenShop]:
    """Opens shops in the test's own folder and closes them at the end."""
    shops: list[Shop] = []

    def opened(products: int = 0, folder: str = "shop") -> Shop:
        if products:
            shutil.copytree(stocked_folder(products), tmp_path / folder)
        shop = Shop.open(Settings(db=str(tmp_path / folder)), encoder=encoder, background=False)
        shops.append(shop)
        return shop

    yield opened
    for shop in shops:
        shop.close()


@pytest.fixture
def service(open_shop: OpenShop) -> Iterator[Running]:
    """Four products, no key, default settings."""
    with serving(open_shop(4)) as running:
        yield running


MakeService = Callable[[], AbstractContextManager[Running]]


@pytest.fixture(scope="session")
def make_service(
    tmp_path_factory: pytest.TempPathFactory, encoder: Borrowed, stocked_folder: StockedFolder
) -> MakeService:
    """Starts services with four products that several tests may share."""

    @contextmanager
    def make() -> Iterator[Running]:
        folder = tmp_path_factory.mktemp("shared") / "shop"
        shutil.copytree(stocked_folder(4), folder)
        with (
            Shop.open(Settings(db=str(folder)), encoder=encoder, background=False) as shop,
            serving(shop) as running,
        ):
            yield running

    return make


@pytest.fixture(scope="session")
def shared(make_service: MakeService) -> Iterator[Running]:
    """One service for all tests that only read."""
    with make_service() as running:
        yield running


def audit_lines(shop: Shop) -> list[dict[str, Any]]:
    file = shop.settings.data_dir / "audit.log"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
