"""Dockerfile, compose.yaml and .env.example: what can be checked without Docker."""

import re
from typing import Any

import pytest
import yaml
from django.conf import settings

COMPOSE: dict[str, Any] = yaml.safe_load((settings.ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
EXAMPLE = (settings.ROOT / ".env.example").read_text()
DOCKERFILE = (settings.ROOT / "Dockerfile").read_text()
SECRETS = {"SECRET_KEY", "MUSTER_GUARD_KEY", "POSTGRES_PASSWORD"}


def test_every_image_has_a_version() -> None:
    images = [service["image"] for service in SERVICES.values()]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(images) == 6
    for image in images:
        assert re.fullmatch(r"[a-z]+:\d[\w.-]*", image), image
    assert f"muster:{settings.VERSION}" in images


def test_the_example_names_every_variable_and_contains_no_secret() -> None:
    text = (settings.ROOT / "compose.yaml").read_text()
    named = dict(re.findall(r"^(\w+)=(.*)", EXAMPLE, re.MULTILINE))
    used = set(re.findall(r"\$\{(\w+)", text))
    assert used - named.keys() <= {"MUSTER_FOLLOWS"}
    assert named.keys() <= used
    assert {name for name in SECRETS if named[name]} == set()
    for name in SECRETS | {"MUSTER_HOSTS"}:
        assert re.findall(rf"\$\{{{name}([^}}]*)\}}", text)[0].startswith(":?"), name


@pytest.mark.parametrize("name", ["database", "server", "proxy"])
def test_every_service_has_a_health_check_and_starts_again(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_mounted_files_exist_and_volumes_are_declared() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (settings.ROOT / source).is_file(), source
            elif not source.startswith("$"):
                assert source in COMPOSE["volumes"]


def test_the_server_and_the_proxy_share_the_socket_that_nginx_expects() -> None:
    configured = (settings.ROOT / "deploy/nginx.conf").read_text()
    assert "server unix:/run/muster/muster.sock;" in configured
    assert '"--bind", "unix:/run/muster/muster.sock"' in DOCKERFILE
    for name in ("server", "proxy"):
        assert "socket:/run/muster" in SERVICES[name]["volumes"]


def test_the_server_stops_before_it_is_killed() -> None:
    assert int(SERVICES["server"]["stop_grace_period"].removesuffix("s")) > 20
