"""The light setting: the network when it is needed, memory given back, little remembered."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from kiosk.api import thrift
from kiosk.api.lazy_encoder import LazyEncoder
from kiosk.api.recent import Recent
from kiosk.api.serve import with_old_names
from kiosk.api.settings import ApiSettings
from kiosk.config import Settings
from kiosk.errors import ModelError
from tests.api.conftest import Borrowed, OpenShop, jpeg, picture, serving


def test_a_lazy_encoder_knows_its_card_and_loads_at_the_first_picture(encoder: Borrowed) -> None:
    lazy = LazyEncoder("efficientnet_lite0", "onnxruntime", 1)
    assert (lazy.model_id, lazy.dimension) == (encoder.model_id, encoder.dimension)
    assert lazy.fingerprint == encoder.fingerprint
    assert not lazy.is_loaded
    vectors = lazy.encode([picture(1)])
    assert lazy.is_loaded
    assert np.allclose(vectors, encoder.encode([picture(1)]), atol=1e-4)
    lazy.close()


def test_a_lazy_encoder_of_an_unknown_model_fails_at_once() -> None:
    with pytest.raises(ModelError):
        LazyEncoder("none", "onnxruntime", 1)


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
    thrift.give_back()
    monkeypatch.setattr(thrift.sys, "platform", "win32")
    assert thrift._glibc() is None
    thrift.give_back()
    thrift.be_thrifty()


def test_only_the_last_values_are_remembered() -> None:
    recent = Recent[str, int](2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (1, None, 3)
    assert Recent[str, int](0).get("a") is None


def test_a_model_that_is_not_installed_leaves_the_shops_own(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(db=str(tmp_path))
    with caplog.at_level(logging.WARNING):
        kept = with_old_names(settings, ApiSettings(model_type="resnet18"))
    assert kept.model == settings.model
    assert "resnet18 is not installed" in caplog.text
    chosen = with_old_names(
        Settings(db=str(tmp_path), model="other"), ApiSettings(model_type="efficientnet_lite0")
    )
    assert chosen.model == "efficientnet_lite0"


def test_database_variables_choose_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DB_HOST", "db.example")
    monkeypatch.setenv("DB_NAME", "photos")
    monkeypatch.setenv("DB_USER", "me")
    monkeypatch.delenv("KIOSK_DB", raising=False)
    chosen = with_old_names(Settings(db=str(tmp_path)), ApiSettings())
    assert chosen.db == "postgresql://me@db.example:5432/photos"
