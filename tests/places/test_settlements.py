"""Settlements are found by name and added from GeoNames."""

import pytest
from django.urls import reverse

from editorial.models import User
from editorial.redaction.redact import redact
from exchange.world import list_places
from places.models import Place
from places.settlements import load_settlements, search_settlements
from tests.curation.admin_client import AdminClient

pytestmark = pytest.mark.django_db
PAGE = "admin:places_place_settlements"


@pytest.mark.parametrize(
    ("country", "name", "first"),
    [
        ("IQ", "Mosul", "Mosul"),
        ("IQ", "الموصل", "Mosul"),
        ("IQ", "mosul", "Mosul"),
        ("IQ", "زاخو", "Zaxo"),
        ("IQ", "Fallujah", "Al Fallūjah"),
        ("IQ", "Hawler", "Erbil"),
        ("IQ", "Sulaimaniyah", "Sulaymaniyah"),
        ("SY", "دير الزور", "Deir ez-Zor"),
        ("IL", "ירושלים", "Jerusalem"),
    ],
)
def test_a_settlement_is_found_in_any_script(country: str, name: str, first: str) -> None:
    assert search_settlements(country, name)[0].name == first


def test_text_without_a_name_finds_nothing() -> None:
    assert search_settlements("IQ", "—") == search_settlements("IQ", "qqqqqqqqqq") == []
    assert load_settlements("XX") == ()


@pytest.fixture
def governorates(iraq: Place) -> None:
    """The first-level divisions of Iraq, as load_world creates them."""
    for place in list_places():
        if place.country == "IQ" and place.admin1 and place.point:
            row = Place.objects.create(
                name=place.name,
                kind=place.kind,
                slug=place.slug,
                parent=iraq,
                country="IQ",
                admin1=place.admin1,
                latitude=place.point[0],
                longitude=place.point[1],
            )
            for language, text in place.names.items():
                row.names.create(language=language, text=text)


@pytest.mark.parametrize(
    ("name", "admin1"),
    [
        ("Mosul", "IQ-NI"),
        ("Fallujah", "IQ-AN"),
        ("Abu Ghraib", "IQ-BG"),
        ("Soran", "IQ-AR"),
        ("Zakho", "IQ-DA"),
        ("Kalar", "IQ-SU"),
        ("Tikrit", "IQ-SD"),
        ("Amara", "IQ-MA"),
        ("Umm Qasr", "IQ-BA"),
        ("Hillah", "IQ-BB"),
        ("Kufa", "IQ-NA"),
    ],
)
def test_its_division_is_that_of_its_neighbours(governorates: None, name: str, admin1: str) -> None:
    division = search_settlements("IQ", name)[0].find_division()
    assert division
    assert division.admin1 == admin1


def test_a_settlement_is_added_as_a_place(governorates: None, editor_client: AdminClient) -> None:
    page = editor_client.get(reverse(PAGE), {"country": "IQ", "name": "الموصل"})
    (mosul, *_) = [row["settlement"] for row in page.context["results"]]
    sent = {"country": "IQ", "geoname": str(mosul.geoname)}
    answer = editor_client.post(reverse(PAGE), sent)
    place = Place.objects.get(name="Mosul")
    assert answer["Location"] == reverse("admin:places_place_change", args=[place.pk])
    assert (place.kind, place.country, place.admin1) == ("settlement", "IQ", "IQ-NI")
    assert place.parent == Place.objects.get(admin1="IQ-NI", kind="admin1")
    assert (round(place.latitude), round(place.longitude)) == (36, 43)
    assert [str(row) for row in place.external_ids.all()] == [f"geonames:{mosul.geoname}"]
    assert "This place already exists." in editor_client.post(reverse(PAGE), sent, follow=True).text
    assert Place.objects.filter(name="Mosul").count() == 1
    again = editor_client.get(reverse(PAGE), {"country": "IQ", "name": "Mosul"}).text
    assert "exists already" in again


def test_without_divisions_it_lies_in_its_country(iraq: Place, editor_client: AdminClient) -> None:
    mosul = search_settlements("IQ", "Mosul")[0]
    editor_client.post(reverse(PAGE), {"country": "IQ", "geoname": str(mosul.geoname)})
    place = Place.objects.get(name="Mosul")
    assert (place.parent, place.admin1) == (iraq, "")


def test_a_redacted_place_is_not_added_again(
    iraq: Place, editor_client: AdminClient, reviewer: User
) -> None:
    sent = {"country": "IQ", "geoname": str(search_settlements("IQ", "Mosul")[0].geoname)}
    editor_client.post(reverse(PAGE), sent)
    redact(Place.objects.get(name="Mosul"), reviewer, "On request.", whole=True)
    page = editor_client.post(reverse(PAGE), sent, follow=True)
    assert "removed this record as a whole" in page.text
    assert not Place.objects.filter(name="Mosul").exists()


@pytest.mark.parametrize(
    "sent", [{}, {"country": "IQ"}, {"country": "IQ", "geoname": "x"}, {"country": ".*"}]
)
def test_other_settlements_cannot_be_added(
    editor_client: AdminClient, sent: dict[str, str]
) -> None:
    assert editor_client.post(reverse(PAGE), sent).status_code == 404


def test_the_pages_of_places_link_to_the_search(editor_client: AdminClient) -> None:
    for page in ("changelist", "add"):
        assert reverse(PAGE) in editor_client.get(reverse(f"admin:places_place_{page}")).text
    assert (
        "No settlement has this name"
        in editor_client.get(reverse(PAGE), {"country": "IQ", "name": "qqqqqqqq"}).text
    )
