"""The OpenAPI document: complete, with examples, and true under schemathesis."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from kiosk.api.settings import ApiSettings
from kiosk.settings import Settings
from kiosk.shop import Shop
from tests.api.conftest import Borrowed, Running, picture, product, serving

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

EXAMPLES = int(os.environ.get("SHELFLENS_EXAMPLES", "12"))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, encoder: Borrowed) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("openapi")
    (folder / "pictures").mkdir()
    with Shop.open(Settings(db=str(folder / "db")), encoder=encoder, background=False) as shop:
        for number in range(1, 3):
            shop.enrol(product(number), [picture(number)])
        given = ApiSettings(port=0, decode_workers=1, source_folder=folder / "pictures")
        with serving(shop, given) as service:
            yield service


@pytest.fixture(scope="module")
def document(running: Running) -> Any:
    return schemathesis.openapi.from_url(f"{running.address}/openapi.json")


def test_no_request_makes_the_service_fail(document: Any) -> None:
    checks = [
        schemathesis.checks.not_a_server_error,
        schemathesis.specs.openapi.checks.status_code_conformance,
        schemathesis.specs.openapi.checks.content_type_conformance,
        schemathesis.specs.openapi.checks.response_schema_conformance,
    ]
    tried = 0
    for operation in (found.ok() for found in document.get_all_operations()):
        if (operation.method.upper(), operation.path) == ("POST", "/api/v1/keys"):
            continue  # the first key made would close the door for all requests after it

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def check(case: Any) -> None:
            case.call_and_validate(checks=checks, timeout=60)

        check()
        tried += 1
    assert tried > 50


def test_every_route_is_described_with_its_errors(running: Running) -> None:
    paths = running.app.openapi()["paths"]
    assert len(paths) > 40
    for path, methods in paths.items():
        for method, route in methods.items():
            assert route.get("description"), (method, path)
            assert route["tags"], (method, path)
            described = route["responses"]
            assert any("application/problem+json" in str(answer) for answer in described.values())


def test_bodies_have_examples(running: Running) -> None:
    schemas = running.app.openapi()["components"]["schemas"]
    for name in ("ProductIn", "VectorQuery", "EventPhotoIn", "EventQuery", "UrlQuery", "VectorIn"):
        assert "examples" in str(schemas[name]["properties"]), name
