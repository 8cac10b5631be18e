"""What becomes of a UCDP event: an incident, its sides, its place and its dead.

- Violence is UCDP's own word. It does not say what happened, so the event type is unknown, but for
  one-sided violence, which is violence against civilians.
- Start and end on one day are that day; else some day in that set.
- Sides of a fight are parties a and b: UCDP does not say who attacked. In one-sided violence side
  a did it and side b suffered it. UCDP counts an event only when both are known, so they are
  confirmed; probable where its own clarity is low, possible where it still checks the dyad.
- The dead are low, best and high as told, also out of order. Of the parts, only numbers above 0
  are told: the rest is of unknown status, so a part's 0 is not known to be none.
- The place is the division that is named, else the country. Where UCDP's precision is that of a
  line, a vague area or water, and a division is named, it is known as finely as that.
"""

from typing import Any

from actors.models import Actor
from dates import derive_occurrence
from exchange.gazetteer import Gazetteer
from exchange.parts import Model, Part
from exchange.ucdp.countries import iso
from exchange.ucdp.rows import Event
from exchange.ucdp.sides import name_of, shorten
from incidents.codes import (
    CasualtyMeasure,
    Certainty,
    EventType,
    InvolvementRole,
    Population,
    Precision,
    Violence,
)
from incidents.codes import Side as SideWord
from incidents.models import (
    CasualtyFigure,
    CasualtyFigureCitation,
    Incident,
    IncidentCitation,
    IncidentExternalId,
    IncidentLocation,
    Involvement,
)
from places.models import Place
from publishing.vocabularies import find_crosswalk
from sources.codes import FigureRole, LocatorKind, Quantifier, Scheme

VIOLENCE = find_crosswalk(Violence, "ucdp.type_of_violence").reads
PRECISION = find_crosswalk(Precision, "ucdp.where_prec").reads
SIDES = (SideWord.A, SideWord.B)
_VAGUE = (Precision.REGION, Precision.WATER_OR_AIRSPACE)
_PARTS = (Population.SIDE_A, Population.SIDE_B, Population.CIVILIANS, Population.UNKNOWN)
_OUT_OF_ORDER = "low above best", "high below best", "low above high"

MODELS: dict[str, Model] = {
    "record": Incident,
    "id": IncidentExternalId,
    "citation": IncidentCitation,
    "location": IncidentLocation,
    "a": Involvement,
    "b": Involvement,
    "killed": CasualtyFigure,
    "killed/citation": CasualtyFigureCitation,
    **dict.fromkeys(_PARTS, CasualtyFigure),
    **{f"{label}/citation": CasualtyFigureCitation for label in _PARTS},
}
"""By label, what each part of an event becomes."""


def matched(event: Event, gazetteer: Gazetteer) -> Place | None:
    """Return the place that an event quotes."""
    code = iso(event.country, event.division)
    if event.where_prec == 6 or not event.division:
        return gazetteer.country(code)
    return gazetteer.division(code, event.division) or gazetteer.country(code)


def parts(event: Event, place: Place | None, actors: dict[str, Actor], source: int) -> list[Part]:
    """Return the incident that an event becomes, with all that is part of it."""
    made = [_incident(event)]
    incident = ("incident_id", "record")
    cited = {"source_id": source, "locator_kind": LocatorKind.ROW.value, "locator": event.key}
    made.append(
        Part("id", MODELS["id"], {"scheme": Scheme.UCDP_EVENT.value, "value": event.key}, incident)
    )
    quoted = cited | {"quote": event.quote}
    made.append(Part("citation", IncidentCitation, quoted, incident))
    made.append(Part("location", IncidentLocation, _location(event, place), incident))
    for label, values in _sides(event, actors):
        made.append(Part(label, Involvement, values, incident))
    for label, values in _figures(event):
        made.append(Part(label, CasualtyFigure, values, incident))
        cites = Part(f"{label}/citation", CasualtyFigureCitation, cited, ("figure_id", label))
        made.append(cites)
    return made


def _incident(event: Event) -> Part:
    one_day = event.start == event.end
    day = f"{event.start}" if one_day else f"[{event.start}..{event.end}]"
    bounds = derive_occurrence(day, single=True, as_of=None)
    values = {
        "title": _title(event),
        "date": day,
        "violence": VIOLENCE[str(event.violence)],
        "event_type": (
            EventType.VIOLENCE_AGAINST_CIVILIANS if event.violence == 3 else EventType.UNKNOWN
        ).value,
    }
    derived = {
        "date_start": bounds.start,
        "date_end": bounds.end,
        "date_precision": bounds.precision,
    }
    return Part("record", Incident, values, derived=derived)


def _title(event: Event) -> str:
    """Compose a title of what the row says: who, where, when."""
    between = " against " if event.violence == 3 else " and "
    days = f"{event.start}" if event.start == event.end else f"{event.start} to {event.end}"
    places = dict.fromkeys(filter(None, (event.where, event.country_name)))
    end = f": {shorten(', '.join(places), 120)}, {days}" if places else f": {days}"
    who = f"{name_of(event.a.name)}{between}{name_of(event.b.name)}"
    return shorten(who, 300 - len(end)) + end


def _location(event: Event, place: Place | None) -> dict[str, Any]:
    precision = PRECISION.get(str(event.where_prec), Precision.COUNTRY.value)
    if precision in _VAGUE and place and place.kind == Precision.ADMIN1:
        precision = Precision.ADMIN1.value
    return {
        "primary": True,
        "place_id": place and place.pk,
        "precision": precision,
        "public_precision": precision,
        "latitude": None if event.latitude is None else str(event.latitude),
        "longitude": None if event.longitude is None else str(event.longitude),
        "description": event.where,
    }


def _sides(event: Event, actors: dict[str, Actor]) -> list[tuple[str, dict[str, Any]]]:
    if event.doubted:
        certainty = Certainty.POSSIBLE
    else:
        certainty = Certainty.CONFIRMED if event.clear else Certainty.PROBABLE
    roles = (
        (InvolvementRole.PERPETRATOR, InvolvementRole.VICTIM)
        if event.violence == 3
        else (InvolvementRole.PARTY, InvolvementRole.PARTY)
    )
    return [
        (
            word.value,
            {
                "actor_id": actors[side.key].pk,
                "role": role.value,
                "side": word.value,
                "primary": True,
                "certainty": certainty.value,
            },
        )
        for word, side, role in zip(
            (SideWord.A, SideWord.B), (event.a, event.b), roles, strict=True
        )
    ]


def _figures(event: Event) -> list[tuple[str, dict[str, Any]]]:
    killed = {"measure": CasualtyMeasure.KILLED.value}
    exact = event.low == event.best == event.high
    disorder = [flag for flag in event.flags if flag in _OUT_OF_ORDER]
    total = killed | {
        "population": Population.TOTAL.value,
        "role": FigureRole.RECOMMENDED.value,
        "low": event.low,
        "best": event.best,
        "high": event.high,
        "quantifier": (Quantifier.EXACT if exact else Quantifier.BETWEEN).value,
        "note": f"As UCDP gives it: {', '.join(disorder)}." if disorder else "",
    }
    supporting = [
        (
            population.value,
            killed
            | {
                "population": population.value,
                "role": FigureRole.SUPPORTING.value,
                "best": number,
                "quantifier": Quantifier.UNSPECIFIED.value,
            },
        )
        for population, number in zip(_PARTS, event.parts, strict=True)
        if number
    ]
    return [("killed", total), *supporting]
