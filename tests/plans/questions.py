"""The requests whose plans are tested, on synthetic data."""

from django.db.models import Count
from django.http import QueryDict

from actors.entries import AffiliationEntry
from api.pagination import Cursor
from incidents.entries import IncidentActorEntry, IncidentEntry
from publishing.models import FOREVER, Edition

EMPTY = "43,46"
"""A point with nothing near it, but with busy towns in its latitude and in its longitude."""
PAST = "known_at=2020-06-01T00:00:00Z"


def deep(address: str = "/api/v1/incidents", query: str = "limit=50") -> str:
    """Return the address of a page near the end of the list of incidents."""
    current = IncidentEntry.objects.filter(until_seq=FOREVER)
    rows = current.order_by("-order_date", "-record").values_list("order_date", "record")
    day, record = rows[current.count() * 9 // 10]
    digest = Cursor.digest_of(address, QueryDict(query))
    cursor = Cursor(Edition.objects.newest_snapshot(), [str(day), str(record)], digest)
    return f"{address}?{query}&cursor={cursor}"


def umbrella() -> str:
    """Return the slug of the umbrella with the busiest members."""
    ties = AffiliationEntry.objects.filter(kind="member_of").order_by("seq")
    first = ties.values_list("object", flat=True)[0]
    return slug(str(first))


def busiest() -> str:
    """Return the slug of the actor with the most incidents."""
    rows = IncidentActorEntry.objects.filter(role="perpetrator").values("actor")
    most = rows.annotate(number=Count("actor")).order_by("-number").values_list("actor", flat=True)
    return slug(str(most[0]))


def victim_of(attacker: str) -> str:
    """Return the slug of an actor that another one has attacked, or else of any other."""
    own = IncidentActorEntry.objects.filter(
        actor=Edition.objects.filter(slug=attacker).values("record")[:1], role="perpetrator"
    )
    rows = IncidentActorEntry.objects.filter(seq__in=own.values("seq"), certainty__isnull=False)
    others = rows.exclude(role="perpetrator").order_by("seq").values_list("actor", flat=True)
    return slug(str(others[0]))


def slug(record: str) -> str:
    """Return the slug of a record."""
    return str(Edition.objects.filter(record=record).values_list("slug", flat=True)[0])


def questions() -> dict[str, str]:
    """Return the address of each request by its name."""
    at = umbrella()
    rolled_up = f"perpetrator={at}&perpetrator_scope=all"
    any_ = IncidentEntry.objects.filter(until_seq=FOREVER).order_by("record")[0]
    town = IncidentEntry.objects.filter(until_seq=FOREVER, precision="exact").order_by("seq")[0]
    lon, lat = town.longitude, town.latitude
    assert lon is not None
    assert lat is not None
    place = slug(str(town.place))
    snapshot = Edition.objects.order_by("seq")[Edition.objects.count() // 2].snapshot
    late = Edition.objects.order_by("-seq")[20].snapshot
    list_, statistics = "incidents?limit=50", "statistics?group_by=month&group_by=event_type"
    return {
        "list": list_,
        "list, filtered by type": f"{list_}&event_type=battle",
        "list, filtered by a rare type": f"{list_}&sub_type=chemical_weapon",
        "list by country": f"{list_}&country=IQ",
        "list by place": f"{list_}&place={place}",
        "list by days": f"{list_}&occurred_from=2018-01&occurred_to=2018-03",
        "list, oldest first": f"{list_}&sort=oldest",
        "list, recently edited": f"{list_}&sort=recently_edited",
        "list, deadliest first": f"{list_}&sort=deadliest",
        "list by dyad": f"{list_}&dyad={busiest()}&dyad={victim_of(busiest())}",
        "list by all participants": f"{list_}&participant_all={busiest()}"
        f"&participant_all={victim_of(busiest())}",
        "list, changed since": f"{list_}&changed_since={late}",
        "list by weapon": f"{list_}&weapon=rocket",
        "list by rare casualties": f"{list_}&displaced_min=10",
        "list by rare weapon": f"{list_}&weapon=chemical",
        "list by many deaths": f"{list_}&killed_min=20",
        "deep page": deep(),
        "past snapshot": f"{list_}&{PAST}",
        "past snapshot, recently edited": f"{list_}&sort=recently_edited&{PAST}",
        "actor, busiest, past snapshot": f"{list_}&perpetrator={busiest()}&{PAST}",
        "search, past snapshot": f"{list_}&q=near&{PAST}",
        "actor, busiest": f"{list_}&perpetrator={busiest()}",
        "roll-up": f"{list_}&participant={at}&participant_scope=members",
        "roll-up, past snapshot": f"{list_}&participant={at}&participant_scope=members&{PAST}",
        "claimed, roll-up": f"{list_}&claimed_by={at}&claimed_by_scope=members",
        "statements about, roll-up": (
            f"{list_}&statement_about={at}&statement_about_scope=members"
        ),
        "roll-up by country": f"{list_}&participant={at}&participant_scope=members&country=IQ",
        "roll-up by rare weapon": f"{list_}&participant={at}&participant_scope=members"
        "&weapon=chemical",
        "roll-up, count": f"incidents?limit=1&count=true&{rolled_up}",
        "roll-up by country, count": f"incidents?limit=1&count=true&{rolled_up}&country=IQ",
        "roll-up, statistics by year": f"statistics?group_by=year&{rolled_up}",
        "roll-up, statistics by perpetrator": f"statistics?group_by=perpetrator&{rolled_up}",
        "detail": f"incidents/{any_.slug}",
        "detail by id, past snapshot": f"incidents/{any_.record}?known_at=2025-11-30T00:00:00Z",
        "search, common word": f"{list_}&q=near",
        "search, rare word": f"{list_}&q=chemical",
        "search by the name of a busy actor": f"{list_}&q={busiest().replace('-', '%20')}",
        "search by relevance": f"{list_}&q=falcon&sort=relevance",
        "search by relevance, names of many": f"{list_}&q=falcon%20river&sort=relevance",
        "search by names of many, count": "incidents?limit=1&count=true&q=falcon%20river",
        "near": f"{list_}&near={lon},{lat}&radius_km=10",
        "bbox": f"{list_}&bbox={lon - 0.2:.4f},{lat - 0.2:.4f},{lon + 0.2:.4f},{lat + 0.2:.4f}",
        "near, where nothing is": f"{list_}&near={EMPTY}&radius_km=100",
        "bbox, where nothing is": f"{list_}&bbox={EMPTY},46,52",
        "bbox of a continent": f"{list_}&bbox=25,10,60,40",
        "statistics of a country": f"{statistics}&country=IQ",
        "statistics of perpetrators": "statistics?group_by=perpetrator&country=IQ",
        "busiest participants by year": (
            "statistics?group_by=participant&group_by=year&sort=incidents&limit=10&country=IQ"
        ),
        "list by date precision": f"{list_}&date_precision=year&country=IQ",
        "statistics of all": statistics,
        "facets": "facets",
        "facets by rows": "facets?facet=perpetrator&facet=weapon&facet=source",
        "grid": "grid",
        "grid of a town": f"grid?near={lon},{lat}&zoom=10",
        "series of a country": "series?interval=month&country=IQ",
        "hierarchy": f"hierarchy?actor={busiest()}&at=2018",
        "resolve": "resolve?name=falcon%20river%20brigade",
        "suggest, one letter": "suggest?q=s",
        "suggest, a word": "suggest?q=synth&type=source&type=place",
        "actors by name": "actors?limit=50",
        "places near": f"places?near={lon},{lat}&radius_km=50",
        "ties of an actor": f"affiliations?object={at}",
        "network": f"network?actor={at}&depth=2&at=2018",
        "changes": f"changes?after={snapshot}",
        "changes of a type": f"changes?after={snapshot}&type=incident&refresh=false",
        "changes, newest first": "changes?sort=newest",
        "changes of an actor": f"changes?actor={at}&sort=newest",
        "changes of an actor, all": f"changes?actor={busiest()}",
        "changes of a country": f"changes?country=IQ&after={snapshot}",
        "changes of a record": f"changes?id={any_.record}",
    }
