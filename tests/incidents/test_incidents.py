"""Incidents: doubt about days, who was involved, and what is not told of where it was."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from actors.models import Actor, Affiliation
from incidents.models import Effect, Incident, IncidentLocation, Involvement
from places.models import Place
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def asked(api: ContractClient, first: str, last: str, dates: str) -> set[str]:
    """Return the titles of what happened between two days."""
    return set(api.names(f"incidents?occurred_from={first}&occurred_to={last}&dates={dates}"))


def test_doubt_decides_what_a_day_finds(api: ContractClient, publish: Any) -> None:
    dates = {
        "day": "2014-06-10",
        "month": "2014-06",
        "year": "2014",
        "doubted": "2014-06-10?",
        "set": "[2014-06-09..2014-06-11]",
        "undated": "",
    }
    publish(*(Incident.objects.create(title=title, date=date) for title, date in dates.items()))
    everything = set(dates)
    assert asked(api, "2014-06-10", "2014-06-10", "possible") == everything
    assert asked(api, "2014-06-10", "2014-06-10", "certain") == {"day"}
    assert asked(api, "2014-06", "2014-06", "certain") == {"day", "set", "month"}
    assert asked(api, "2014", "2014", "certain") == {"day", "set", "month", "year"}
    assert asked(api, "2014-01-01", "2014-01-01", "possible") == {"year", "undated"}
    assert asked(api, "2015", "2015", "possible") == {"undated"}


def test_a_series_is_certain_only_in_what_contains_it(api: ContractClient, publish: Any) -> None:
    publish(Incident.objects.create(title="Series", date="2003/2011", granularity="series"))
    assert asked(api, "2005", "2005", "possible") == {"Series"}
    assert asked(api, "2005", "2005", "certain") == set()
    assert asked(api, "2003", "2011", "certain") == {"Series"}


def test_an_open_end_is_known_up_to_a_day(api: ContractClient, publish: Any) -> None:
    incident = Incident.objects.create(
        title="Since", date="2019/..", granularity="series", as_of="2021-03-04"
    )
    publish(incident)
    document = api.ask(f"incidents/{incident.public_id}")
    assert (document["date_start"], document["date_end"]) == ("2019-01-01", "2021-03-04")
    today = Incident.objects.create(title="Now", date="2019/..", granularity="series")
    assert today.as_of == today.date_end


def test_actors_are_found_by_what_they_were_to_it(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    roles = ("perpetrator", "co_perpetrator", "target", "victim", "supporter")
    incidents = []
    for role in roles:
        incident = Incident.objects.create(title=role)
        Involvement.objects.create(incident=incident, role=role, actor=kataib)
        incidents.append(incident)
    publish(kataib, *incidents)
    assert set(api.names("incidents?perpetrator=kataib")) == {"perpetrator", "co_perpetrator"}
    assert api.names("incidents?target=kataib") == ["target"]
    assert api.names(f"incidents?victim={kataib.public_id}") == ["victim"]
    assert api.names("incidents?victim=pmf&victim=kataib") == ["victim"]
    assert api.names("incidents?perpetrator=kataib&target=kataib") == []


def test_what_is_ruled_out_or_rejected_is_told_but_found_by_nobody(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    incident = Incident.objects.create(title="Denied", event_type="battle")
    Involvement.objects.create(
        incident=incident, role="perpetrator", actor=kataib, certainty="ruled_out"
    )
    Involvement.objects.create(
        incident=incident, role="target", actor=kataib, assessment="rejected", note="A forgery."
    )
    Involvement.objects.create(
        incident=incident, role="victim", actor=kataib, assessment="disputed", note="Doubts."
    )
    publish(kataib, incident)
    document = api.ask(f"incidents/{incident.public_id}")
    assert len(document["involvements"]) == 3
    assert (document["perpetrators"], document["targets"]) == ([], [])
    assert [victim["name"] for victim in document["victims"]] == [kataib.name]
    assert api.names("incidents?perpetrator=kataib") == api.names("incidents?target=kataib") == []
    assert api.names("incidents?victim=kataib") == ["Denied"]


def test_coordinates_are_told_at_full_public_precision_alone(
    api: ContractClient, iraq: Place, publish: Any
) -> None:
    told = {}
    for public in ("exact", "country"):
        incident = Incident.objects.create(title=public)
        IncidentLocation.objects.create(
            incident=incident,
            place=iraq,
            primary=True,
            precision="exact",
            public_precision=public,
            latitude="33.312805",
            longitude="44.361488",
        )
        publish(*([iraq] if public == "exact" else []), incident)
        told[public] = api.ask(f"incidents/{incident.public_id}")
    assert told["exact"]["point"] == {"latitude": 33.312805, "longitude": 44.361488}
    assert told["country"]["point"] is None
    assert told["country"]["locations"][0]["point"] is None
    assert told["country"]["locations"][0]["precision"] == "country"
    assert told["country"]["place"]["country"] == "IQ"


def test_a_place_finer_than_the_public_precision_is_refused(iraq: Place) -> None:
    base = Place.objects.create(name="A base", kind="base", parent=iraq)
    location = IncidentLocation(
        incident=Incident.objects.create(title="x"),
        place=base,
        precision="exact",
        public_precision="country",
    )
    with pytest.raises(ValidationError, match="finer than the public precision"):
        location.full_clean()
    location.place, location.private_place = iraq, base
    location.full_clean()
    location.precision, location.public_precision = "country", "exact"
    with pytest.raises(ValidationError, match="finer than the precision itself"):
        location.full_clean()
    with pytest.raises(IntegrityError, match="public_no_finer"), transaction.atomic():
        location.save()


def test_codes_tell_country_and_year(iraq: Place, publish: Any) -> None:
    incident = Incident.objects.create(title="x", date="2014-06")
    IncidentLocation.objects.create(
        incident=incident, place=iraq, primary=True, precision="country", public_precision="country"
    )
    bare = Incident.objects.create(title="y")
    publish(iraq, incident, bare)
    incident.refresh_from_db()
    bare.refresh_from_db()
    assert (incident.slug[:9], len(incident.slug)) == ("irq-2014-", 13)
    assert bare.slug.startswith("xxx-0000-")


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"role": "bystander", "label": "x"}, "check"),
        ({"role": "target"}, "involvement_actor_or_label"),
        ({"role": "target", "label": "x", "assessment": "disputed"}, "dispute_has_note"),
    ],
)
def test_the_database_refuses_what_one_row_cannot_say(
    columns: dict[str, str], constraint: str
) -> None:
    incident = Incident.objects.create(title="x")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Involvement.objects.create(incident=incident, **columns)


def test_an_effect_quotes_a_tie_or_a_classification(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    tie = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    incident = Incident.objects.create(title="Recognition")
    Effect.objects.create(incident=incident, kind="starts", affiliation=tie)
    Effect.objects.create(
        incident=incident, kind="changes", actor=pmf, classification="state_paramilitary"
    )
    publish(kataib, pmf, tie, incident)
    changes, starts = api.ask(f"incidents/{incident.public_id}")["effects"]
    assert starts["affiliation"]["id"] == str(tie.public_id)
    assert changes["classification"]["actor"]["name"] == pmf.name
    assert starts["classification"] is None is changes["affiliation"]
    with pytest.raises(IntegrityError, match="effect_affiliation_or_class"), transaction.atomic():
        Effect.objects.create(incident=incident, kind="starts")
