"""UCDP's Georeferenced Event Dataset: events become incidents with sides, a place and deaths.

How a row is read (https://ucdp.uu.se/downloads/, the codebook of the dataset):

- The violence is UCDP's own word. It does not say what happened, so the event type is unknown,
  except for one-sided violence, which is violence against civilians.
- Where start and end are one day, that is the date; otherwise it is one of the days between them.
- The sides of a fight are parties a and b: UCDP does not say who attacked. In one-sided violence
  side a is the perpetrator and side b the victim. UCDP counts an event only when both are known, so
  they are confirmed; they are probable where UCDP's own clarity is low, and possible where UCDP
  still checks the dyad.
- A side that is a coalition takes part together with the members that its name lists.
- The dyad and the conflict are broader external ids of the incident, which many incidents have.
- Deaths are low, best and high as stated, also when they are out of order. Of the deaths by side,
  only numbers above 0 are stated: the rest is of unknown status, so 0 does not mean none.
- The place is the division that is named, or else the country. Where UCDP's precision is that of a
  line, a vague area or water, and a division is named, the location is precise to that division.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from actors.models import Actor
from dates import derive_occurrence
from exchange.coverage import Coverage, MissingRow
from exchange.gazetteer import Gazetteer
from exchange.importing import Conversion
from exchange.models import ImportedRow
from exchange.parts import ImportedPart, Model, PartModels
from exchange.set_aside import SetAsideRow, name_record
from exchange.staging import StagedRow
from exchange.tables import (
    Row,
    TableFormat,
    UnreadableError,
    digest,
    parse_choice,
    parse_day,
    parse_degrees,
    parse_number,
    parse_text,
)
from exchange.ucdp.actor_matching import (
    UNIDENTIFIED,
    UcdpActor,
    find_actors,
    list_members,
    name_of,
    shorten,
)
from exchange.ucdp.base import UcdpImport, explain_days
from exchange.ucdp.countries import iso
from incidents.codes import (
    CasualtyMeasure,
    Certainty,
    EventType,
    InvolvementRole,
    Population,
    Precision,
    Side,
    Violence,
)
from incidents.models import (
    CasualtyFigure,
    CasualtyFigureCitation,
    Incident,
    IncidentCitation,
    IncidentExternalId,
    IncidentLocation,
    Involvement,
    make_random_code,
)
from places.boxes import explain_point
from places.codes import PlaceKind
from places.models import Place
from publishing.models import Edition
from publishing.vocabularies import find_crosswalk
from sources.codes import FigureRole, LocatorKind, Match, Quantifier, Scheme

VIOLENCE = find_crosswalk(Violence, "ucdp.type_of_violence").reads
PRECISION = find_crosswalk(Precision, "ucdp.where_prec").reads
_VAGUE = (Precision.REGION, Precision.WATER_OR_AIRSPACE)
_POPULATIONS = (Population.SIDE_A, Population.SIDE_B, Population.CIVILIANS, Population.UNKNOWN)
_OUT_OF_ORDER = "low above best", "high below best", "low above high"
COLUMNS = (
    *("id", "type_of_violence", "side_a_new_id", "side_a", "side_b_new_id", "side_b"),
    *("where_prec", "where_coordinates", "adm_1", "latitude", "longitude", "country_id"),
    *("event_clarity", "date_prec", "date_start", "date_end"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "best", "high"),
)
"""The columns without which a file is not GED."""
TABLE = TableFormat("UCDP GED", COLUMNS, {"low_est": "low", "best_est": "best", "high_est": "high"})
_DEATHS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")


@dataclass(frozen=True, slots=True)
class GedEvent:
    """The content of a row, validated."""

    key: str
    violence: int
    a: UcdpActor
    b: UcdpActor
    dyad: str
    conflict: str
    """UCDP's ids of the dyad and of the conflict; blank if the file has none."""
    start: date
    end: date
    where_prec: int
    where: str
    division: str
    country: int | None
    country_name: str
    latitude: Decimal | None
    longitude: Decimal | None
    clear: bool
    doubted: bool
    """Whether UCDP is still checking who the sides were."""
    low: int
    best: int
    high: int
    deaths: tuple[int, ...]
    """Deaths of side a, of side b, of civilians, and of unknown status."""
    quote: str
    flags: tuple[str, ...]


def read_event(row: Row) -> GedEvent:
    """Return the content of a row. Raises UnreadableError with all its faults."""
    faults: dict[str, str] = {}

    def take(column: str, convert: Any, *args: Any) -> Any:
        try:
            return convert(row.get(column), *args)
        except ValueError as fault:
            faults[column] = str(fault)
            return None

    start, end = take("date_start", parse_day), take("date_end", parse_day)
    if start and end and end < start:
        faults["date_end"] = f"{end} is before the start, {start}"
    low, best, high = (take(column, parse_number) for column in ("low", "best", "high"))
    deaths = tuple(take(column, parse_number) for column in _DEATHS)
    latitude, longitude = (
        take("latitude", parse_degrees, 90),
        take("longitude", parse_degrees, 180),
    )
    if (latitude is None) != (longitude is None) and not {"latitude", "longitude"} & set(faults):
        faults["longitude"] = "latitude and longitude belong together"
    violence = take("type_of_violence", parse_choice, (1, 2, 3))
    where_prec, date_prec = (
        take("where_prec", parse_number),
        take("date_prec", parse_number),
    )
    clarity = take("event_clarity", parse_number)
    key = take("id", parse_number)
    a, b = (
        UcdpActor(
            key=str(take(f"side_{side}_new_id", parse_number)),
            name=take(f"side_{side}", parse_text),
            country=_parse_optional(row, f"gwno{side}"),
        )
        for side in "ab"
    )
    if faults:
        raise UnreadableError(faults)
    flags = {
        "low above best": low > best,
        "high below best": high < best,
        "low above high": low > high,
        "deaths do not add up to best": sum(deaths) != best,
        "date_prec outside 1 to 5": not 1 <= date_prec <= 5,
        "event_clarity outside 1 to 2": not 1 <= clarity <= 2,
        "where_prec outside 1 to 7": not 1 <= where_prec <= 7,
        "unidentified actor": any(UNIDENTIFIED.fullmatch(side.name) for side in (a, b)),
        "compound side": any(", " in side.name for side in (a, b)),
        "no coordinates": latitude is None,
        **explain_days(start, end),
    }
    country, division = _parse_optional(row, "country_id"), " ".join((row["adm_1"] or "").split())
    if latitude is not None:
        wrong = explain_point(iso(country, division), float(latitude), float(longitude))
        flags |= {wrong: True} if wrong else {}
    return GedEvent(
        key=str(key),
        a=a,
        b=b,
        dyad=_parse_id(row, "dyad_new_id"),
        conflict=_parse_id(row, "conflict_new_id"),
        violence=violence,
        start=start,
        end=end,
        where_prec=where_prec,
        where=(row["where_coordinates"] or row.get("where_description") or "").strip(),
        division=division,
        country=country,
        country_name=(row.get("country") or "").strip(),
        latitude=latitude,
        longitude=longitude,
        clear=clarity == 1,
        doubted=row.get("code_status") == "Check dyad",
        low=low,
        best=best,
        high=high,
        deaths=deaths,
        quote=row.get("source_article") or row.get("source_headline") or "",
        flags=tuple(flag for flag, raised in flags.items() if raised),
    )


def _parse_optional(row: Row, column: str) -> int | None:
    """Return a number; None for none, or for a list, such as of countries."""
    try:
        return parse_number(row.get(column))
    except ValueError:
        return None


def _parse_id(row: Row, column: str) -> str:
    """Return an id of UCDP; blank where the file has none."""
    number = _parse_optional(row, column)
    return "" if number is None else str(number)


def match_place(event: GedEvent, gazetteer: Gazetteer) -> Place | None:
    """Return the published place of an event, or None."""
    code = iso(event.country, event.division)
    if event.where_prec == 6 or not event.division:
        return gazetteer.country(code)
    return gazetteer.division(code, event.division) or gazetteer.country(code)


def name_country(event: GedEvent, place: Place | None, gazetteer: Gazetteer) -> GedEvent:
    """Return an event with the name of the country of its place, if UCDP counts it to another."""
    if place is None or place.country in ("", iso(event.country)):
        return event
    country = gazetteer.country(place.country)
    where = "" if event.where == event.country_name else event.where
    return replace(event, where=where, country_name=country.name if country else "")


def make_parts(
    event: GedEvent, place: Place | None, actors: dict[str, Actor], source: int
) -> list[ImportedPart]:
    """Return the incident that an event becomes, with its parts; `source` is the release."""
    incident = ("incident_id", "record")
    cited = {"source_id": source, "locator_kind": LocatorKind.ROW.value, "locator": event.key}
    external_id = {"scheme": Scheme.UCDP_EVENT.value, "value": event.key}
    parts = [
        _make_incident(event),
        ImportedPart("id", IncidentExternalId, external_id, incident),
        ImportedPart("citation", IncidentCitation, cited | {"quote": event.quote}, incident),
        ImportedPart("location", IncidentLocation, _make_location(event, place), incident),
    ]
    for label, scheme, value in (
        ("dyad", Scheme.UCDP_DYAD, event.dyad),
        ("conflict", Scheme.UCDP_CONFLICT, event.conflict),
    ):
        if value:
            values = {"scheme": scheme.value, "value": value, "match": Match.BROADER.value}
            parts.append(ImportedPart(label, IncidentExternalId, values, incident))
    for label, values in _make_involvements(event, actors):
        parts.append(ImportedPart(label, Involvement, values, incident))
    for label, values in _make_figures(event):
        parts.append(ImportedPart(label, CasualtyFigure, values, incident))
        parent = ("figure_id", label)
        parts.append(ImportedPart(f"{label}/citation", CasualtyFigureCitation, cited, parent))
    return parts


def _make_incident(event: GedEvent) -> ImportedPart:
    one_day = event.start == event.end
    day = f"{event.start}" if one_day else f"[{event.start}..{event.end}]"
    bounds = derive_occurrence(day, single=True, as_of=None)
    values = {
        "title": _compose_title(event),
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
    return ImportedPart("record", Incident, values, derived=derived)


def _compose_title(event: GedEvent) -> str:
    """Return a title from the row: who, where, when."""
    between = " against " if event.violence == 3 else " and "
    days = f"{event.start}" if event.start == event.end else f"{event.start} to {event.end}"
    places = dict.fromkeys(filter(None, (event.where, event.country_name)))
    end = f": {shorten(', '.join(places), 120)}, {days}" if places else f": {days}"
    who = f"{name_of(event.a.name)}{between}{name_of(event.b.name)}"
    return shorten(who, 300 - len(end)) + end


def _make_location(event: GedEvent, place: Place | None) -> dict[str, Any]:
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


def _make_involvements(
    event: GedEvent, actors: dict[str, Actor]
) -> list[tuple[str, dict[str, Any]]]:
    if event.doubted:
        certainty = Certainty.POSSIBLE
    else:
        certainty = Certainty.CONFIRMED if event.clear else Certainty.PROBABLE
    roles = (
        (InvolvementRole.PERPETRATOR, InvolvementRole.VICTIM)
        if event.violence == 3
        else (InvolvementRole.PARTY, InvolvementRole.PARTY)
    )
    involvements: list[tuple[str, dict[str, Any]]] = []
    for word, side, role in zip((Side.A, Side.B), (event.a, event.b), roles, strict=True):
        values = {"role": role.value, "side": word.value, "certainty": certainty.value}
        actor = {"actor_id": actors[side.key].pk, "primary": True}
        involvements.append((word.value, actor | values))
        members = {actors[member.key].pk: member.name for member in list_members(side)}
        for key, name in members.items():
            label = f"member {word.value} {name}".replace("/", "-")
            involvements.append((label, {"actor_id": key, "primary": False} | values))
    return involvements


def _make_figures(event: GedEvent) -> list[tuple[str, dict[str, Any]]]:
    killed = {
        "measure": CasualtyMeasure.KILLED.value,
        "role": FigureRole.RECOMMENDED.value,
    }
    exact = event.low == event.best == event.high
    disorder = [flag for flag in event.flags if flag in _OUT_OF_ORDER]
    total = killed | {
        "population": Population.TOTAL.value,
        "low": event.low,
        "best": event.best,
        "high": event.high,
        "quantifier": (Quantifier.EXACT if exact else Quantifier.BETWEEN).value,
        "note": f"As UCDP gives it: {', '.join(disorder)}." if disorder else "",
    }
    by_population = [
        (
            population.value,
            killed
            | {
                "population": population.value,
                "best": number,
                "quantifier": Quantifier.UNSPECIFIED.value,
            },
        )
        for population, number in zip(_POPULATIONS, event.deaths, strict=True)
        if number
    ]
    return [("killed", total), *by_population]


_MISSING = """
SELECT key, record, release, row->>'country_id', row->>'adm_1'
FROM exchange_importedrow AS imported
WHERE dataset = %s AND NOT EXISTS (SELECT FROM {table} WHERE {table}.key = imported.key)
    AND left(row->>'date_start', 10) >= %s AND left(row->>'date_end', 10) <= %s
"""

_MODELS: dict[str, Model] = {
    "record": Incident,
    "id": IncidentExternalId,
    "dyad": IncidentExternalId,
    "conflict": IncidentExternalId,
    "citation": IncidentCitation,
    "location": IncidentLocation,
    "a": Involvement,
    "b": Involvement,
    "member": Involvement,
    "killed": CasualtyFigure,
    "killed/citation": CasualtyFigureCitation,
    **dict.fromkeys(_POPULATIONS, CasualtyFigure),
    **{f"{label}/citation": CasualtyFigureCitation for label in _POPULATIONS},
}


class GedImport(UcdpImport):
    """An import of events as incidents, and of their sides as actors."""

    help = """\
UCDP's Georeferenced Event Dataset and its candidate releases, as CSV. Incidents are matched by
UCDP's event id and actors by UCDP's actor id. Places are matched by name to the published places.
"""
    dataset = "ucdp_ged"
    name = "UCDP Georeferenced Event Dataset"
    rows = "events"
    table = TABLE
    key_column = "id"
    models = PartModels(_MODELS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sides: dict[str, UcdpActor] = {}
        """The sides of all events, by UCDP's id."""

    def parse(self, row: Row) -> GedEvent:
        return read_event(row)

    def list_actors(self, content: GedEvent) -> tuple[UcdpActor, ...]:
        sides = content.a, content.b
        return *sides, *(member for side in sides for member in list_members(side))

    def write(self) -> None:
        self.gazetteer = Gazetteer()  # before rows are staged: a COPY allows no other query
        self.stage(self.staging, self._read_events())
        self.report_missing()
        self.lock_referenced(find_actors(self.sides).values())
        self.write_rows(self.staging, self._convert)
        if self.release:
            self._mark_dropped()

    def _mark_dropped(self) -> None:
        """Mark the ids of public events that the release no longer has, unmark those it has."""
        ids = IncidentExternalId.objects.filter(scheme=Scheme.UCDP_EVENT, match=Match.EXACT)
        marked = list(ids.exclude(dropped_in="").values_list("value", flat=True))
        gone = [row.key for row in self.report.gone or () if row.release != self.release]
        keys = {self.release: gone, "": self.staging.find(marked)}
        for release, values in keys.items():
            changing = ids.filter(value__in=values).exclude(dropped_in=release)
            incidents = dict(changing.values_list("incident__public_id", "incident"))
            newest = Edition.objects.newest_of(list(incidents)).values_list("record", "public")
            pks = {incidents[record] for record, public in newest if public}
            pks -= self.reserved.find(Incident, sorted(pks)).keys()
            ids.filter(value__in=values, incident__in=pks).update(dropped_in=release)
            self.changed[Incident] |= pks

    def find_referenced(self) -> Iterable[Actor]:
        return (self.actors or self._find_sides()).values()

    def find_missing(self, coverage: Coverage) -> Iterator[MissingRow]:
        with connection.cursor() as cursor:
            query = _MISSING.format(table=self.staging.table)
            cursor.execute(query, [self.dataset, f"{coverage.start}", f"{coverage.end}"])
            rows = cursor.fetchall()
        for key, record, release, country, division in rows:
            try:
                code = iso(parse_number(country), division or "")
            except ValueError:
                continue  # a redaction emptied the row, and imports leave it alone
            if coverage.has_country({code} - {""}):
                yield MissingRow(key, record, release)

    def _read_events(self) -> Iterator[tuple[StagedRow, str]]:
        """Yield the readable rows, each with the key of its place, and count what is odd."""
        for number, row, event in self.read_rows():
            for side in self.list_actors(event):
                self.sides.setdefault(side.key, side)
            flags = [*event.flags]
            place = match_place(event, self.gazetteer)
            code = iso(event.country, event.division)
            if not code:
                flags.append("country number unknown")
                self.report.unmatched[f"country {event.country}"] += 1
            elif not place:
                self.report.unmatched[f"country {code}"] += 1
            is_division = place and place.kind == PlaceKind.ADMIN1
            if event.division and event.where_prec != 6 and not is_division:
                flags.append("division not found")
                self.report.unmatched[event.division] += 1
            self.report.places[place.get_kind_display() if place else "none"] += 1
            self.report.flags.update(flags)
            staged = StagedRow(number, event.key, digest(row), flags, row)
            yield staged, str(place.pk) if place else ""

    def _convert(
        self, chunk: list[StagedRow], imported: Mapping[str, ImportedRow]
    ) -> Iterator[Conversion]:
        """Yield what events become; set aside those that redactions or editors forbid."""
        self.actors = self.actors or self._find_sides()
        entered = self._find_entered(staged.key for staged in chunk if staged.key not in imported)
        events: list[tuple[StagedRow, GedEvent]] = []
        for staged in chunk:
            event = read_event(staged.row)
            if cleaned := self.clean_row(staged, event, self.actors):
                if cleaned.row is not staged.row:
                    event = read_event(cleaned.row)
                if staged.key not in entered and self.may_write(event):
                    events.append((cleaned, event))
        codes = _draw_codes([event for staged, event in events if staged.key not in imported])
        for staged, event in events:
            place = match_place(event, self.gazetteer)
            event = name_country(event, place, self.gazetteer)
            record, *below = make_parts(event, place, self.actors, self.cited.pk)
            if row := imported.get(staged.key):
                yield Conversion(staged, row.record, [record, *below])
                continue
            public_id = uuid.uuid4()
            drawn = {"public_id": public_id, "slug": codes[event.key]}
            record = replace(record, derived={**record.derived, **drawn})
            yield Conversion(staged, public_id, [record, *below])

    def _find_entered(self, keys: Iterable[str]) -> set[str]:
        """Set aside the events that a person has entered under UCDP's id; return their keys."""
        ids = IncidentExternalId.objects.filter(
            scheme=Scheme.UCDP_EVENT, match=Match.EXACT, value__in=list(keys)
        )
        entered = {row.value: row.incident for row in ids.select_related("incident")}
        reason = "has the id of the event, and was not imported"
        self.report.set_aside += [
            SetAsideRow(key, name_record(incident), reason) for key, incident in entered.items()
        ]
        self.skipped |= entered.keys()
        return set(entered)

    def _find_sides(self) -> dict[str, Actor]:
        """Return the actors of all sides, by UCDP's id; create those that are not here."""
        actors = find_actors(self.sides)
        self.find_forbidden(self.sides.keys() - actors.keys())
        return self.create_missing(self.sides, actors)


def _draw_codes(events: list[GedEvent]) -> dict[str, str]:
    """Return a free code for the incident of each event; longer ones where short ones are taken."""
    codes: dict[str, str] = {}
    letters, waiting = 4, events
    while waiting:
        drawn = {
            make_random_code(iso(event.country, event.division), event.start, letters): event
            for event in waiting
        }
        taken = set(Incident.objects.filter(slug__in=drawn).values_list("slug", flat=True))
        taken |= set(codes.values())
        codes |= {event.key: code for code, event in drawn.items() if code not in taken}
        waiting = [event for event in waiting if event.key not in codes]
        letters += 1
    return codes
