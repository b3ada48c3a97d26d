"""`compose.yaml` fits the program: its commands, settings, addresses and health checks."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from sqlalchemy import make_url

from kiosk.api.routes import system
from kiosk.api.settings import ApiSettings
from kiosk.catalog.database.postgres import is_server_url
from kiosk.cli import app
from kiosk.settings import Settings

CHECKOUT = Path(__file__).resolve().parent.parent
SERVICES = ("service1", "service2")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CHECKOUT / "compose.yaml").read_text("utf-8"))
    return found


def test_images_are_pinned_to_a_version(compose: dict[str, Any]) -> None:
    images = [each["image"] for each in compose["services"].values() if "image" in each]
    assert {image.split(":")[0] for image in images} == {"pgvector/pgvector", "haproxy"}
    for image in images:
        assert re.fullmatch(r"[\w./-]+:\d+\.\d+[\w.-]*", image), image
    dockerfile = compose["services"]["service1"]["build"]["dockerfile_inline"]
    (base,) = re.findall(r"^FROM (\S+)$", dockerfile, re.MULTILINE)
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    python = re.fullmatch(r"python:3\.(\d+)-slim", base)
    assert python is not None
    assert 11 <= int(python[1]) <= 13, project["requires-python"]
    extras = re.search(r"/src\[([\w,]+)\]", dockerfile)
    assert extras is not None
    assert (
        set(extras[1].split(",")) == {"serve", "postgres"} <= set(project["optional-dependencies"])
    )


@pytest.mark.parametrize("name", SERVICES)
def test_the_command_line_knows_the_services_command(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert 'ENTRYPOINT ["kiosk"]' in service["build"]["dockerfile_inline"]
    command, *arguments = service["command"]
    group = typer.main.get_command(app)
    serve = group.commands[command]  # type: ignore[attr-defined]
    parsed = serve.make_context(command, list(arguments)).params
    assert (parsed["host"], parsed["port"]) == ("0.0.0.0", 8000)


@pytest.mark.parametrize("name", SERVICES)
def test_the_program_reads_the_services_settings(
    compose: dict[str, Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = compose["services"][name]["environment"]
    known = {f"KIOSK_API_{field.upper()}" for field in ApiSettings.model_fields}
    known |= {f"KIOSK_{field.upper()}" for field in Settings.model_fields}
    assert set(environment) <= known
    for key, value in environment.items():
        monkeypatch.setenv(key, re.sub(r"\$\{SHELFLENS_DB_PASSWORD:[^}]*\}", "secret", value))
    balancer = compose["services"]["balancer"]["networks"]["inside"]["ipv4_address"]
    assert ApiSettings().trusted_proxies == (balancer,)
    db = Settings().db
    assert is_server_url(db)
    url, database = make_url(db), compose["services"]["database"]["environment"]
    assert url.host == "database"
    assert (url.username, url.database) == (database["POSTGRES_USER"], database["POSTGRES_DB"])


def test_services_are_asked_what_they_answer_without_a_key(compose: dict[str, Any]) -> None:
    free = {route.path for route in system.router.routes if not route.dependencies}  # type: ignore[attr-defined]
    check = " ".join(compose["services"]["service1"]["healthcheck"]["test"])
    (asked,) = re.findall(r"http://127\.0\.0\.1:8000(/[\w/]+)", check)
    config = compose["configs"]["haproxy"]["content"]
    (balanced,) = re.findall(r"^\s*option httpchk GET (\S+)$", config, re.MULTILINE)
    assert {asked, balanced} <= free
    compile(compose["services"]["service1"]["healthcheck"]["test"][-1], "check", "exec")


def test_the_balancer_reaches_every_service(compose: dict[str, Any]) -> None:
    config = compose["configs"]["haproxy"]["content"]
    servers = dict(re.findall(r"^\s*server (\w+) (\S+) check", config, re.MULTILINE))
    assert servers == {name: f"{name}:8000" for name in SERVICES}
    (bound,) = re.findall(r"^\s*bind :(\d+)$", config, re.MULTILINE)
    assert compose["services"]["balancer"]["ports"] == [f"127.0.0.1:8000:{bound}"]


def test_everything_waits_for_what_it_needs(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}, name
            assert "healthcheck" in services[needed], f"{name} waits for {needed} for ever"
    volume = services["database"]["volumes"][0].split(":")[0]
    assert volume in compose["volumes"]


def test_no_shops_data_goes_into_an_image() -> None:
    ignored = (CHECKOUT / ".dockerignore").read_text("utf-8").splitlines()
    assert {"product_db", ".git"} <= set(ignored)
