"""What nobody should send to the admin: hostile input to every address, met with no failure."""

import re
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from editorial.models import User
from tests.curation.admin_client import AdminClient
from tests.sample import sample

KEYS = (
    "0", "-1", "1e9", "abc", "9" * 30, str(2**63), "1.5", "٣", "_00", "_0", "a_00b", "%00", "a%00b",
    "%ff", "%ed%a0%80", "1%20", "None", "1,2", "'--", "é", "😀", "x" * 3000, "..", "__", "_5F",
)  # fmt: skip
VALUES = (
    "", "\0", "a\0b", "\udc80", "0", "-1", "abc", "9" * 30, "1.5", "٣", "'--", "😀", "None",
    "x" * 3000, "[]", "{}", "1,2", "2020-99-99",
)  # fmt: skip
NAMES = (
    "q", "p", "o", "all", "e", "_popup", "_to_field", "_changelist_filters", "state", "kind__exact",
    "is_active__exact", "groups__id__exact", "date__year", "pk", "id", "id__in", "id__exact",
    "nonsense", "nonsense__exact", "public_id", "public_id__exact", "_facets", "text", "next",
    "page", "\0", "subject", "name", "kind__isnull", "submitted_by", "state__exact",
)  # fmt: skip
AUTOCOMPLETE = ("term", "app_label", "model_name", "field_name", "page")
POSTED = (
    "action", "index", "select_across", "_selected_action", "_save", "_popup", "_to_field",
    "names-TOTAL_FORMS", "names-INITIAL_FORMS", "names-0-id", "names-0-actor", "form-TOTAL_FORMS",
    "text", "stays", "what", "values", "fields_named", "confirmed", "date", "start", "post",
    "username", "password", "subject", "actor", "citations-TOTAL_FORMS", "citations-0-source",
)  # fmt: skip


def quoted(text: str) -> str:
    return quote(text, errors="surrogatepass")


def patterns(found: Any = None, before: str = "") -> list[str]:
    """Return every address of the admin, with `{}` for what varies in it."""
    listed = []
    for pattern in found or get_resolver().url_patterns:
        route = before + re.sub(r"<[^>]+>", "{}", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            listed += patterns(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            listed.append(route)
    return [route for route in listed if route.startswith("admin/") and "(?P" not in route]


@pytest.fixture
def superuser(one_of_each: dict[type[Model], Model]) -> AdminClient:
    user = User.objects.create(username="root", is_staff=True, is_superuser=True)
    desk = AdminClient(user)
    desk.raise_request_exception = False
    return desk


def failures(request: Any, named: str, *args: Any, **kwargs: Any) -> list[str]:
    response = request(*args, **kwargs)
    return [f"{response.status_code} {named[:160]!r}"] if response.status_code >= 500 else []


def test_no_key_in_an_address_is_a_failure(superuser: AdminClient) -> None:
    addresses = patterns()
    assert len(addresses) > 150
    faults = []
    for turn, route in enumerate(route for route in addresses if "{}" in route):
        for key in KEYS[turn % 4 :: 4]:  # every page gets some of them, every key many pages
            address = "/" + route.replace("{}", key)
            faults += failures(superuser.get, f"GET {address}", address)
    assert faults == []


def test_no_key_that_is_posted_to_is_a_failure(superuser: AdminClient) -> None:
    faults = []
    for turn, route in enumerate(route for route in patterns() if "{}" in route):
        address = "/" + route.replace("{}", ("abc", "9" * 30, "a%00b", "%ed%a0%80")[turn % 4])
        faults += failures(superuser.post, f"POST {address}", address, {"post": "yes"})
    assert faults == []


def test_no_parameter_is_a_failure(
    superuser: AdminClient, one_of_each: dict[type[Model], Model]
) -> None:
    lists = [route for route in patterns() if "{}" not in route]
    faults = []
    for turn, (name, value) in enumerate(sample(product(NAMES, VALUES), 150)):
        for route in ("admin/actors/actor/", lists[turn % len(lists)]):
            address = f"/{route}?{quoted(name)}={quoted(value)}"
            faults += failures(superuser.get, f"GET {address}", address)
    assert faults == []


def test_no_autocompletion_is_a_failure(superuser: AdminClient) -> None:
    good = {
        "term": "k",
        "app_label": "actors",
        "model_name": "affiliation",
        "field_name": "subject",
    }
    faults = []
    for name in AUTOCOMPLETE:
        for value in (*VALUES, "user", "permission", "id", "actor", "editions"):
            address = "/admin/autocomplete/?" + urlencode(
                good | {name: value}, errors="surrogatepass"
            )
            faults += failures(superuser.get, f"GET {address}", address)
    assert superuser.get("/admin/autocomplete/", good).status_code == 200
    assert faults == []


def test_no_posted_field_is_a_failure(
    superuser: AdminClient, one_of_each: dict[type[Model], Model]
) -> None:
    faults = []
    models = list(admin.site._registry)
    usual = {"action": "delete_selected", "_selected_action": "1"}
    for turn, (name, value) in enumerate(sample(product(POSTED, VALUES), 150)):
        meta = models[turn % len(models)]._meta
        for page in ("", "add/"):
            address = f"/admin/{meta.app_label}/{meta.model_name}/{page}"
            sent = urlencode(usual | {name: value}, errors="surrogatepass")
            form = "application/x-www-form-urlencoded"
            faults += failures(superuser.post, f"POST {address} {sent}", address, sent, form)
    assert faults == []


@pytest.mark.parametrize("cookie", ['"\\000"', '"a\\000b"', "é", "x" * 4000, '"\\377"'])
def test_no_cookie_is_a_failure(db: None, cookie: str) -> None:
    client = Client(raise_request_exception=False)
    for name in ("sessionid", "csrftoken", "messages"):
        for address in ("/admin/", "/admin/login/", "/", "/api/v1/actors"):
            response = client.get(address, secure=True, HTTP_COOKIE=f"{name}={cookie}")
            assert response.status_code < 500, (name, address)


def test_a_link_to_any_page_by_content_type_leads_nowhere(superuser: AdminClient) -> None:
    """No row has a page that it names itself, so Django's redirect to it is not offered."""
    for content_type in ContentType.objects.values_list("pk", flat=True):
        assert superuser.get(f"/admin/r/{content_type}/1/").status_code == 404
