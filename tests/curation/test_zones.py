"""Times of the admin are in the zone of the browser, and say which."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from actors.models import Actor
from curation.zones import COOKIE
from editorial.history import History
from tests.curation.admin_client import AdminClient, address


@pytest.mark.parametrize(
    ("cookie", "named"),
    [
        ("Asia/Baghdad", "Asia/Baghdad"),
        ("Asia%2FBaghdad", "Asia/Baghdad"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("", "UTC"),
        ("../../etc/passwd", "UTC"),
        ("Mars/Base", "UTC"),
        ("Asia", "UTC"),
    ],
)
def test_times_are_in_the_zone_of_the_browser(
    cookie: str, named: str, kataib: Actor, editor_client: AdminClient
) -> None:
    local = History(Actor, kataib.pk).times[0].astimezone(ZoneInfo(named))
    editor_client.cookies[COOKIE] = cookie
    html = editor_client.get(address(kataib, "history")).content.decode()
    assert f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()}" in html
    assert f"Times are in {named}." in html


def test_a_compared_state_is_the_same_in_every_zone(
    kataib: Actor, editor_client: AdminClient
) -> None:
    pages: list[Any] = []
    for zone in ("Asia/Baghdad", "UTC"):
        editor_client.cookies[COOKIE] = zone
        pages.append(editor_client.get(address(kataib, "history")))
    assert pages[0].context["newest"] == pages[1].context["newest"]
    assert not LogEntry.objects.exists()


def test_the_public_api_stays_in_utc(kataib: Actor, publish: Any) -> None:
    publish(kataib)
    client = Client(SERVER_NAME="localhost")
    plain = client.get("/api/v1/actors/kataib", secure=True).content
    client.cookies[COOKIE] = "Asia/Baghdad"
    assert client.get("/api/v1/actors/kataib", secure=True).content == plain
