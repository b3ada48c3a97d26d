"""The light setting: the network when it is needed, memory given back, little remembered."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from kiosk import memory as small_machine
from kiosk.api.caching import LruCache
from kiosk.api.settings import ApiSettings, load_shop_settings
from kiosk.errors import ModelError
from kiosk.settings import Settings, save_settings
from kiosk.shop import Shop
from kiosk.vision.encoders import LazyEncoder
from kiosk.vision.models import registered_models
from tests.api.conftest import Borrowed, OpenShop, jpeg, picture, serving


def test_a_lazy_encoder_knows_its_card_and_loads_at_the_first_picture(encoder: Borrowed) -> None:
    lazy = LazyEncoder("efficientnet_lite0_int8", runtime="onnxruntime", threads=1)
    assert (lazy.model_id, lazy.dimension) == (encoder.model_id, encoder.dimension)
    assert lazy.fingerprint == encoder.fingerprint
    assert not lazy.is_loaded
    vectors = lazy.encode([picture(1)])
    assert lazy.is_loaded
    assert np.allclose(vectors, encoder.encode([picture(1)]), atol=1e-4)
    lazy.close()


def test_a_lazy_encoder_loads_meanwhile_when_it_is_asked_to(encoder: Borrowed) -> None:
    lazy = LazyEncoder("efficientnet_lite0_int8", runtime="onnxruntime", threads=1)
    lazy.preload()
    for thread in threading.enumerate():
        if thread.name == "model":
            thread.join()
    assert lazy.is_loaded
    assert lazy.fingerprint == encoder.fingerprint
    lazy.close()


def test_a_lazy_encoder_of_an_unknown_model_fails_at_once() -> None:
    with pytest.raises(ModelError):
        LazyEncoder("none", runtime="onnxruntime", threads=1)


def test_search_works_without_anything_remembered(open_shop: OpenShop) -> None:
    settings = ApiSettings(
        port=0, cache_products=False, enable_gc=True, max_batch_size=1, decode_workers=1
    )
    with serving(open_shop(3), settings) as running:
        for number in (1, 2, 3):
            answer = running.json("POST", "/api/v1/search", files={"file": jpeg(number, 8)})
            assert answer["results"][0]["sku"] == f"P-{number}"
        running.json("POST", "/api/v1/products/P-1/retire")
        answer = running.json("POST", "/api/v1/search", files={"file": jpeg(1, 8)})
        assert "P-1" not in [hit["sku"] for hit in answer["results"]]


def test_memory_is_given_back_or_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    small_machine.trim()
    monkeypatch.setattr(small_machine.sys, "platform", "win32")
    assert small_machine._glibc() is None
    small_machine.trim()
    small_machine.limit_malloc(at_once=True)


def test_only_the_last_values_are_remembered() -> None:
    recent = LruCache[str, int](2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (1, None, 3)
    assert LruCache[str, int](0).get("a") is None


def test_a_model_type_that_is_not_installed_is_refused_with_its_cure(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load_shop_settings(ApiSettings(model_type="resnet18"), {}, db=str(tmp_path))
    assert "`kiosk models pull resnet18`" in caught.value.next_step
    with pytest.raises(ModelError) as caught:
        load_shop_settings(ApiSettings(model_type="vgg"), {}, db=str(tmp_path))
    assert "kiosk models list" in caught.value.next_step


@pytest.mark.parametrize("name", ["mobilenet_v2", "efficientnet_b0", "resnet18"])
def test_the_light_matchers_model_types_are_ids_of_the_registry(name: str) -> None:
    assert name in registered_models()


def test_an_installed_model_type_is_taken_unless_a_flag_says_otherwise(tmp_path: Path) -> None:
    wanted = ApiSettings(model_type="efficientnet_lite0_int8")
    save_settings(tmp_path, {"model": "of the file"})
    assert load_shop_settings(wanted, {}, db=str(tmp_path)).model == "efficientnet_lite0_int8"
    assert load_shop_settings(wanted, {}, db=str(tmp_path), model="other").model == "other"


def test_database_variables_choose_the_server_unless_a_flag_says_otherwise(tmp_path: Path) -> None:
    given = {"DB_HOST": "db.example", "DB_NAME": "photos", "DB_USER": "me"}
    assert load_shop_settings(ApiSettings(), given).db == "postgresql://me@db.example:5432/photos"
    assert load_shop_settings(ApiSettings(), given, db=str(tmp_path)).db == str(tmp_path)
    kept = load_shop_settings(ApiSettings(), {**given, "KIOSK_DB": "x"})
    assert not kept.db.startswith("postgresql")


def test_health_says_whether_a_lazy_model_is_loaded(tmp_path: Path) -> None:
    lazy = LazyEncoder("efficientnet_lite0_int8", runtime="onnxruntime", threads=1)
    with (
        Shop.open(Settings(db=str(tmp_path)), encoder=lazy, background=False) as shop,
        serving(shop, ApiSettings(port=0, decode_workers=1)) as running,
    ):
        assert running.json("GET", "/health")["model_loaded"] is False
        running.json("POST", "/extract_features", files={"file": jpeg(1)})
        assert running.json("GET", "/health")["model_loaded"] is True
