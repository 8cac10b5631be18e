"""robots.txt, security.txt, llms.txt and the icons, at the addresses where programs look."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from config.operator import Security, find_licence_address, parse_security
from tests.contract.client import ContractClient, description

TEXT = "text/plain; charset=utf-8"


def read(address: str, **headers: str) -> Any:
    return Client().get(address, secure=True, headers=headers, SERVER_NAME="localhost")


def test_robots_may_read_pages_but_not_follow_filters() -> None:
    answer = read("/robots.txt")
    assert answer["Content-Type"] == TEXT
    text = answer.content.decode()
    assert text.endswith("\nSitemap: https://localhost/sitemap.xml\n")
    rules = re.findall(r"^(Allow|Disallow): (\S+)$", text, re.MULTILINE)

    def may_read(address: str) -> bool:
        """Apply the longest rule that matches (RFC 9309)."""
        matching = []
        for kind, rule in rules:
            pattern = re.escape(rule).replace(r"\*", ".*").replace(r"\$", "$")
            if re.match(pattern, address):
                matching.append((len(rule), kind == "Allow"))
        return max(matching, default=(0, True))[1]

    for address in (
        "/",
        "/actors/kataib",
        "/incidents/x/card.png?snapshot=1-a",
        "/card.png?snapshot=1-a",
        "/api/v1",
        "/api/v1/docs/problems",
        "/llms.txt",
    ):
        assert may_read(address), address
    for address in (
        "/admin/",
        "/api/v1/incidents?year=2020",
        "/search?q=x",
        "/actors/kataib?snapshot=1-a",
        "/?known_at=2020",
    ):
        assert not may_read(address), address


def test_search_engines_can_be_kept_away(settings: Any) -> None:
    settings.SEARCH_ENGINES = False
    assert read("/robots.txt").content == b"User-agent: *\nDisallow: /\n"


@pytest.mark.django_db
def test_security_contact(settings: Any) -> None:
    assert settings.SECURITY is None
    assert read("/.well-known/security.txt").status_code == 404
    settings.SECURITY = Security("mailto:security@example.org", date(2999, 6, 30))
    answer = read("/.well-known/security.txt")
    assert answer["Content-Type"] == TEXT
    assert answer.content.decode().splitlines() == [
        "Contact: mailto:security@example.org",
        "Expires: 2999-06-30T23:59:59Z",
        "Preferred-Languages: en",
        "Canonical: https://localhost/.well-known/security.txt",
    ]
    settings.SECURITY = Security("mailto:security@example.org", date(2020, 1, 1))
    assert read("/.well-known/security.txt").status_code == 404


def test_the_settings_of_the_security_contact() -> None:
    assert parse_security("", "") is None
    for written, contact in {
        " security@example.org ": "mailto:security@example.org",
        "mailto:security@example.org": "mailto:security@example.org",
        "https://example.org/report": "https://example.org/report",
    }.items():
        assert parse_security(written, "2027-06-30") == Security(contact, date(2027, 6, 30))
    for contact, expires, named in (
        ("", "2027-06-30", "MUSTER_SECURITY_CONTACT"),
        ("http://example.org", "2027-06-30", "MUSTER_SECURITY_CONTACT"),
        ("a@example.org\nContact: x", "2027-06-30", "MUSTER_SECURITY_CONTACT"),
        ("security@example.org", "", "MUSTER_SECURITY_EXPIRES"),
        ("security@example.org", "next year", "MUSTER_SECURITY_EXPIRES"),
    ):
        with pytest.raises(ImproperlyConfigured, match=named):
            parse_security(contact, expires)


def test_a_check_before_deployment_hints_at_it(settings: Any) -> None:
    def found() -> list[str]:
        messages = run_checks(include_deployment_checks=True)
        return [m.id for m in messages if str(m.id).startswith("muster.")]

    assert found() == ["muster.I001"]
    settings.SECURITY = Security("mailto:security@example.org", date(2020, 1, 1))
    assert found() == ["muster.W001"]
    settings.SECURITY = Security("mailto:security@example.org", date(2999, 1, 1))
    assert found() == []


@pytest.mark.django_db
def test_language_models_find_every_endpoint(api: ContractClient) -> None:
    answer = read("/llms.txt")
    assert answer["Content-Type"] == TEXT
    text = answer.content.decode()
    assert text.startswith("# Muster\n\n> A public database of armed actors")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Start here",
        "Lists",
        "More",
        "Optional",
    ]
    named = {re.sub(r"\{\?.*\}", "", a) for a in re.findall(r"https://localhost([^)`\s]*)", text)}
    top = {path for path in description()["paths"] if path.count("/") == 3}
    assert top <= named
    for address in named:
        if "{" not in address:
            status = read(address, Accept="application/json").status_code
            assert status in (200, 400), address  # some have required parameters


@pytest.mark.django_db
def test_there_is_an_icon(bare: None) -> None:
    answer = read("/favicon.ico")
    assert answer.status_code == 200
    assert b"".join(answer)[:4] == b"\0\0\1\0"
    page = read("/", Accept="text/html")
    for address in re.findall(r'<link rel="(?:icon|apple-touch-icon)" href="([^"]+)"', str(page)):
        assert read(address).status_code == 200


def test_the_address_of_a_licence() -> None:
    assert find_licence_address("CC BY 4.0") == "https://spdx.org/licenses/CC-BY-4.0"
    assert find_licence_address("Ask us") == ""
