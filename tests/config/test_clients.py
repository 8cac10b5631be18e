"""The address of a client: that of the peer, or the one that trusted proxies report."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.proxies import parse_proxies
from publishing.clients import drop_untrusted_headers, identify_client


@pytest.fixture(autouse=True)
def proxies(settings: object) -> None:
    settings.TRUSTED_PROXIES = parse_proxies("127.0.0.1, ::1, 10.0.0.0/8, 2001:db8:ffff::/48")


def make_request(peer: str, forwarded: str | None = None, **more: str) -> HttpRequest:
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **headers, **more)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("198.51.100.7", None, "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "192.0.2.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "192.0.2.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9,10.1.2.3,10.9.9.9", "203.0.113.9"),
        ("127.0.0.1", "10.1.2.3, 10.9.9.9", "10.1.2.3"),
        ("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:ffff:1::2", "203.0.113.9", "203.0.113.9"),
        ("2001:db8:9::1", "203.0.113.9", "2001:db8:9::/64"),
        ("fe80::1%eth0", None, "fe80::/64"),
        ("::ffff:198.51.100.7", None, "198.51.100.7"),
        ("::ffff:127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9:5123", "203.0.113.9"),
        ("127.0.0.1", "[2001:db8:1:2::3]:5123", "2001:db8:1:2::/64"),
        ("", "203.0.113.9", "203.0.113.9"),
        ("", None, "local"),
    ],
)
def test_the_client_is_the_last_address_that_is_not_a_trusted_proxy(
    peer: str, forwarded: str | None, expected: str
) -> None:
    assert identify_client(make_request(peer, forwarded)) == expected


@pytest.mark.parametrize(
    "header", ["", ",", "unknown", "203.0.113.9, x", "\0", "[", "[x]", "1.2.3.4.5", ":", "ع", "%"]
)
def test_after_an_invalid_header_the_nearest_proxy_is_the_client(header: str) -> None:
    """A client can write anything to the left of it."""
    assert identify_client(make_request("127.0.0.1", header)) == "127.0.0.1"


def test_peers_without_an_address_are_one_client() -> None:
    request = HttpRequest()
    assert identify_client(request) == "local"
    request.META["REMOTE_ADDR"] = "weird"
    assert identify_client(request) == "weird"


@pytest.mark.parametrize(
    ("peer", "secure"),
    [("127.0.0.1", True), ("10.3.2.1", True), ("", True), ("198.51.100.7", False), ("x", False)],
)
def test_only_a_trusted_proxy_can_report_https(peer: str, secure: bool, settings: object) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = make_request(peer, HTTP_X_FORWARDED_PROTO="https")
    drop_untrusted_headers(lambda request: HttpResponse())(request)
    assert request.is_secure() is secure


@pytest.mark.parametrize("text", ["proxy.example", "10.0.0.1/8", "127.0.0.1 ::1", "*"])
def test_an_invalid_trusted_proxy_prevents_the_start(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"MUSTER_TRUSTED_PROXIES: .*Write"):
        parse_proxies(text)


def test_the_list_of_trusted_proxies_can_be_empty() -> None:
    assert parse_proxies("") == []
