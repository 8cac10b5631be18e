"""What each parameter means, as a plain program that reads whole documents."""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

from incidents.codes import CasualtyMeasure
from publishing.normalization import fold_text
from tests.contract.brute.record import (
    ALWAYS,
    FINE_PLACES,
    Days,
    Document,
    Public,
    common,
    covered,
    parse_days,
    valid_days,
)

Params = dict[str, list[str]]
SYMMETRIC = {
    *("allied_with", "cooperates_with", "rival_of", "in_conflict_with", "ceasefire_with"),
    "possibly_same_as",
}
ROLES = {
    "perpetrator": {"perpetrator", "co_perpetrator"},
    "target": {"target"},
    "victim": {"victim"},
    "sponsor": {"instigator", "supporter"},
}
CERTAINTY = ("confirmed", "probable", "possible", "suspected")
CONFIDENCE = ("unassessed", "low", "medium", "high")
PRECISIONS = (
    *("exact", "settlement", "near_settlement", "admin3", "admin2", "admin1", "region"),
    *("country", "water_or_airspace"),
)
UP_TO: dict[str, tuple[str, ...]] = {"day": ("day",), "week": ("day", "days", "week")}
UP_TO["month"] = UP_TO["quarter"] = (*UP_TO["week"], "month")
UP_TO["year"] = (*UP_TO["month"], "season", "year")
LENGTHS = {4: "year", 7: "month", 10: "day"}


DATED_BY_ACTOR = {
    *("name", "classification", "designated_by", "present_in", "presence_kind"),
    *("affiliated_to", "affiliation_kind", "closeness", "support_type"),
}
"""The parameters of actors that match rows with dates."""


class Rules:
    """The filters of one type of record, as a plain program that reads its documents."""

    word_properties: dict[str, str] = {}
    """Parameters that match the words of a property, with that property."""

    def __init__(self, public: Public, params: Params) -> None:
        self.public, self.params = public, params
        self.doubt = params.get("dates", ["possible"])[0]
        self.certain = self.doubt == "certain"
        self.at = parse_days(params["at"][0]) if "at" in params else None
        self.when = self.at or (ALWAYS if self.certain else None)
        """The days on any of which rows with dates must be valid; None if dates do not matter."""

    def matching_ids(self, type_: str) -> list[str]:
        """Return the ids of the documents that match all parameters, in order."""
        documents = [one for one in self.public.all(type_).values() if self.meets(one)]
        sort = self.params.get("sort", [self.sort])[0]
        key = {
            "name": lambda d: (fold_text(d.get("name") or d.get("title"))[:1000], d["id"]),
            "recently_edited": lambda d: (datetime.fromisoformat(d["edited_at"]), d["id"]),
            "deadliest": lambda d: (deaths(d), d["id"]),
        }.get(sort, lambda d: (self.start(d), d["id"]))
        documents.sort(key=key, reverse=sort in ("recently_edited", "newest", "deadliest"))
        return [one["id"] for one in documents]

    sort = "name"

    def start(self, document: Document) -> date:
        raise NotImplementedError

    def meets(self, document: Document) -> bool:
        return all(self._met(document))

    def _met(self, document: Document) -> Iterator[bool]:
        get = self.params.get
        for name, property_ in self.word_properties.items():
            if name in self.params:
                values = document[property_]
                values = values if isinstance(values, list) else [values]
                words = [{True: "true", False: "false"}.get(t, t) for t in values]
                yield bool(set(words) & set(self.params[name]))
        if "id" in self.params:
            yield document["id"] in self.params["id"]
        edited = datetime.fromisoformat(document["edited_at"])
        if moment := get("edited_from"):
            yield edited >= datetime.fromisoformat(moment[0])
        if moment := get("edited_to"):
            yield edited <= datetime.fromisoformat(moment[0])
        if snapshot := get("changed_since"):
            yield self.public.edited[document["id"]] > self.public.snapshots.index(snapshot[0])
        if "external_id" in self.params:
            ids = {f"{row['scheme']}:{row['value']}" for row in document["external_ids"]}
            yield bool(ids & set(self.params["external_id"]))

    def occurred(self, first: date | None, last: date | None, text: str, *names: str) -> bool:
        """Return whether something happened between the days of two parameters."""
        doubted = first is None or last is None or bool(re.search("[?%]", text))
        start, end = first or date.min, last or date.max
        from_, to = (self.params.get(name, [""])[0] for name in names)
        low, high = from_ and parse_days(from_)[0], to and parse_days(to)[1]
        if not self.certain:
            missed = low and high and within((low, high), gap_of(text))
            return not missed and not (low and end < low) and not (high and start > high)
        if not low and not high:
            return True
        return not doubted and not (low and start < low) and not (high and end > high)

    def near(self, point: dict[str, float] | None) -> Iterator[bool]:
        if not {"bbox", "near"} & self.params.keys():
            return
        if point is None:
            yield False
            return
        latitude, longitude = point["latitude"], point["longitude"]
        if "bbox" in self.params:
            west, south, east, north = map(float, self.params["bbox"][0].split(","))
            turns = [longitude, 180 if longitude == -180 else -180 if longitude == 180 else None]
            between = any(
                west <= x <= east if west <= east else x >= west or x <= east
                for x in turns
                if x is not None
            )
            yield south <= latitude <= north and between
        if "near" in self.params:
            lon, lat = map(float, self.params["near"][0].split(","))
            radius = float(self.params.get("radius_km", ["10"])[0])
            yield apart(lat, lon, latitude, longitude) <= radius

    def is_actor(
        self,
        name: str,
        when: Days | None = None,
        sure: bool = True,
        gap: Days | None = None,
        number: int | None = None,
    ) -> Callable:
        """Return a predicate: whether a reference is to an actor that a parameter includes.

        `when` are the days of a row that has its own, without those in `gap`, and `sure` whether
        these are certain. With a `number`, only that value of the parameter counts.
        """
        found = self._under(name, number)
        at = self.params.get("scope_at", ["incident"])[0]
        days = self.at if when is None else parse_days(at) if at[0].isdigit() else None
        own = when is not None and at == "incident"

        def met(ref: dict[str, Any] | None) -> bool:
            spans = found.get(ref["id"]) if ref else None
            if not spans:
                return False
            if spans == [ALWAYS]:
                return True
            if not own or when is None:
                return days is None or any(common(span, days) for span in spans)
            if self.certain:
                return sure and covered(when, spans)
            return any(common(span, when) and not within(span, gap) for span in spans)

        return met

    def _under(self, name: str, number: int | None) -> dict[str, list[Days]]:
        known = self.__dict__.setdefault("_known", {})
        if (name, number) not in known:
            keys = self.params[name] if number is None else [self.params[name][number]]
            scope = self.params.get(f"{name}_scope", ["self"])[0]
            support = self.params.get("sponsor_support_type")
            known[name, number] = self.public.under(keys, scope, self.doubt, support)
        return known[name, number]

    def row(self, row: Document, *clip: Days | None) -> bool:
        """Return whether a row counts: it is not rejected, and valid on a requested day."""
        if row.get("assessment") == "rejected":
            return False
        return self.when is None or bool(
            common(self.when, valid_days(row["validity"], self.doubt), *clip)
        )

    def counts(self, affiliation: Document) -> bool:
        """Return whether an affiliation holds on a requested day."""
        if self.when is None:
            return True
        standing = self.public.standing(affiliation, self.doubt)
        return any(common(self.when, span) for span in standing)


def apart(lat: float, lon: float, latitude: float, longitude: float) -> float:
    """Return the kilometres between two points, by the dot product of their vectors."""
    a, b, turn = math.radians(lat), math.radians(latitude), math.radians(longitude - lon)
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)
    return 6371.0088 * math.acos(max(-1.0, min(1.0, cosine)))


class Incidents(Rules):
    sort = "newest"
    word_properties = {
        **{
            name: name
            for name in (
                *("event_type", "sub_type", "violence", "outcome", "granularity", "claim_status"),
                *("denied", "attribution_status", "facade_claim", "civilians_targeted", "suicide"),
                "date_precision",
            )
        },
        "motive": "motives",
        "tag": "tags",
    }

    def start(self, document: Document) -> date:
        return _day(document["date_start"]) or date.min

    def _met(self, document: Document) -> Iterator[bool]:
        yield from super()._met(document)
        first, last = _day(document["date_start"]), _day(document["date_end"])
        yield self.occurred(first, last, document["date"] or "", "occurred_from", "occurred_to")
        if "starts_in" in self.params:
            yield self._starts(first, document["date_precision"])
        days = (first or date.min, last or date.max)
        sure = last is not None and not re.search("[?%]", document["date"])
        when = (days, sure, gap_of(document["date"] or ""))
        yield from self._involved(document, *when)
        yield from self._stated(document, *when)
        yield from self._things(document)
        yield from self._where(document)
        yield from self._killed(document)
        yield from self._cited(document)
        yield from self._linked(document)
        for word in self.params.get("without", ()):
            yield self.keys(document, word) == {None}

    def keys(self, document: Document, by: str) -> set[str | None]:
        """Return the groups that an incident is in by a property, as statistics count it."""
        values: set[str | None]
        primary = next((row for row in document["locations"] if row["primary"]), None)
        place = primary and primary["place"]
        if by == "date" or by in UP_TO:
            first = _day(document["date_start"])
            values = {first and name_period(by, first)}
            if document["date_precision"] not in UP_TO.get(by, (document["date_precision"],)):
                values &= {None} if self.params.get("period_by") != ["first_day"] else values
        elif by in ("country", "admin1"):
            values = {place and place[by]}
        elif by == "precision":
            values = {primary and primary["precision"]}
        elif by == "participant" or by in ROLES:
            rows = self._involvements(document)
            values = {r["actor"]["id"] for r in rows if r["role"] in ROLES.get(by, (r["role"],))}
        elif by == "weapon":
            values = {row["weapon"] for row in document["weapons"]}
        elif by == "target_type":
            values = {row["type"] for row in document["target_objects"]}
        elif by in ("motive", "tag"):
            values = set(document[f"{by}s"])
        elif by == "source":
            values = set(sources(document))
        elif by == "publisher":
            cited = (self.public.all("source").get(source) for source in sources(document))
            values = {one["publisher"]["id"] for one in cited if one and one["publisher"]}
        else:
            values = {document[by]}
        return values or {None}

    def _involvements(self, document: Document) -> list[Document]:
        """Return the involvements that count, and are as certain as the request demands."""
        least = self.params.get("certainty_min", ["suspected"])[0]
        enough = CERTAINTY[: CERTAINTY.index(least) + 1]
        return [
            row
            for row in document["involvements"]
            if row["actor"] and row["certainty"] in enough and row["assessment"] != "rejected"
        ]

    def _starts(self, first: date | None, precision: str) -> bool:
        text = self.params["starts_in"][0]
        if "W" in text:
            monday = date.fromisocalendar(int(text[:4]), int(text[6:]), 1)
            unit, days = "week", (monday, monday + timedelta(6))
        elif "Q" in text:
            year, number = text.split("-Q")
            months = [f"{year}-{3 * int(number) - more:02}" for more in (2, 0)]
            unit, days = "quarter", (parse_days(months[0])[0], parse_days(months[1])[1])
        else:
            unit, days = LENGTHS[len(text)], parse_days(text)
        precise = precision in UP_TO[unit] or self.params.get("period_by") == ["first_day"]
        return first is not None and days[0] <= first <= days[1] and precise

    def _involved(
        self, document: Document, days: Days, sure: bool, gap: Days | None
    ) -> Iterator[bool]:
        rows = self._involvements(document)
        if "certainty_min" in self.params:
            yield bool(rows)
        for name in ("participant", *ROLES):
            met = [r for r in rows if name == "participant" or r["role"] in ROLES[name]]
            if name in self.params:
                is_actor = self.is_actor(name, days, sure, gap)
                met = [row for row in met if is_actor(row["actor"])]
            if kinds := self.params.get(f"{name}_kind"):
                met = [row for row in met if row["actor"]["kind"] in kinds]
            if name in self.params or f"{name}_kind" in self.params:
                yield bool(met)
        for number in range(len(self.params.get("participant_all", ()))):
            is_actor = self.is_actor("participant_all", days, sure, gap, number)
            yield any(is_actor(row["actor"]) for row in rows)
        if "dyad" in self.params:
            is_one, is_other = (self.is_actor("dyad", days, sure, gap, n) for n in (0, 1))
            yield any(
                is_one(one["actor"]) and is_other(other["actor"]) and opposed(one, other)
                for one, other in permutations(rows, 2)
            )

    def _stated(
        self, document: Document, days: Days, sure: bool, gap: Days | None
    ) -> Iterator[bool]:
        values: dict[str, list[Document]] = {}
        wanted = {
            property_: self.params[name]
            for name, property_ in (
                *(("statement_kind", "kind"), ("speaker_type", "speaker_type")),
                *(("statement_mode", "mode"), ("authenticity", "authenticity")),
            )
            if name in self.params
        }
        statements = [
            row
            for row in document["statements"]
            if all(row[property_] in words for property_, words in wanted.items())
        ]
        void = {
            row["number"]
            for row in document["statements"]
            if row["authenticity"] == "fake" or row["assessment"] == "rejected"
        }
        for row in statements:
            if row["number"] in void or row["withdrawn_by"] not in {None, *void}:
                continue
            by, of = [row["speaker"]], [one["actor"] for one in row["responsible"]]
            if not row["responsible"] and row["kind"] in ("claim", "denial"):
                of = by
            names = {
                "claim": {"claimed_by": of, "announced_by": by},
                "denial": {"denied_by": of},
                "accusation": {"accused": of, "accused_by": by},
            }
            values.setdefault(row["kind"], []).append(names.get(row["kind"], {}))
            about = [*of, *(one["on_behalf_of"] for one in row["responsible"])]
            values.setdefault("any", []).append({"statement_about": about, "statement_by": by})
        for kind, names in (
            ("claim", ("claimed_by", "announced_by")),
            ("denial", ("denied_by",)),
            ("accusation", ("accused", "accused_by")),
            ("any", ("statement_about", "statement_by")),
        ):
            if given := [name for name in names if name in self.params]:
                yield any(
                    all(any(map(self.is_actor(n, days, sure, gap), refs[n])) for n in given)
                    for refs in values.get(kind, ())
                )
        names = (
            *("claimed_by", "announced_by", "denied_by", "accused", "accused_by"),
            *("statement_about", "statement_by"),
        )
        if wanted and not self.params.keys() & set(names):
            yield any(row["assessment"] != "rejected" for row in statements)

    def _things(self, document: Document) -> Iterator[bool]:
        get = self.params.get
        if {"weapon", "calibre_mm", "weapon_origin"} & self.params.keys():
            calibres = [float(text) for text in get("calibre_mm", ())]
            yield any(
                row["weapon"] in get("weapon", [row["weapon"]])
                and (not calibres or row["calibre_mm"] in calibres)
                and row["origin"] in get("weapon_origin", [row["origin"]])
                for row in document["weapons"]
            )
        if {"target_type", "target_nationality"} & self.params.keys():
            yield any(
                row["type"] in get("target_type", [row["type"]])
                and row["nationality"] in get("target_nationality", [row["nationality"]])
                for row in document["target_objects"]
            )

    def _where(self, document: Document) -> Iterator[bool]:
        primary = next((row for row in document["locations"] if row["primary"]), None)
        place = primary and primary["place"]
        if "country" in self.params:
            yield self.public.lies_in(place and place["id"], self.params["country"])
        if codes := self.params.get("admin1"):
            yield bool(place) and place["admin1"] in codes
        if keys := self.params.get("place"):
            all_ = (row["place"] for row in document["locations"] if row["place"])
            yield any(self.public.lies_in(one["id"], keys) for one in all_)
        if words := self.params.get("precision"):
            yield bool(primary) and primary["precision"] in words
        if least := self.params.get("precision_min"):
            fine = PRECISIONS[: PRECISIONS.index(least[0]) + 1]
            yield bool(primary) and primary["precision"] in fine
        point = self.point(document)
        if point is None and place and self.params.get("centroids") == ["true"]:
            point = place["point"]
        yield from self.near(point)

    def point(self, document: Document) -> dict[str, float] | None:
        """Return the public point of an incident, or that of its place if this is as fine."""
        primary = next((row for row in document["locations"] if row["primary"]), None)
        place = primary and primary["place"]
        point: dict[str, float] | None = primary and primary["point"]
        if point is None and place and place["kind"] in FINE_PLACES.get(primary["precision"], ()):
            point = place["point"]
        return point

    def _killed(self, document: Document) -> Iterator[bool]:
        for name, value in self.params.items():
            measure, _, bound = name.partition("_")
            if measure not in CasualtyMeasure.values:
                continue
            figure = document[measure]
            if not bound:
                known = any(number is not None for number in figure.values())
                yield known == (value == ["known"])
                continue
            number = figure["low" if bound == "min" else "high"]
            if figure["best"] is not None:
                number = figure["best"]
            if number is None:
                yield False
            elif bound == "min":
                yield number >= int(value[0])
            else:
                yield number <= int(value[0])

    def _cited(self, document: Document) -> Iterator[bool]:
        cited = set(sources(document))
        if keys := self.params.get("source"):
            yield bool(cited & self.public.reached("source", keys))
        if keys := self.params.get("publisher"):
            publishers = self.public.reached("publisher", keys)
            values = (self.public.all("source").get(one) for one in cited)
            yield any(t and t["publisher"] and t["publisher"]["id"] in publishers for t in values)

    def _linked(self, document: Document) -> Iterator[bool]:
        if "linked_to" not in self.params:
            return
        others = self.public.reached("incident", self.params["linked_to"])
        kinds = self.params.get("link_kind")
        direction = self.params.get("link_direction", ["both"])[0]

        def leads(of: Document, to: Iterable[str]) -> bool:
            return any(
                row["to"]["id"] in to and (kinds is None or row["kind"] in kinds)
                for row in of["links"]
            )

        away = direction != "from" and leads(document, others)
        known = self.public.all("incident")
        back = direction != "to" and any(leads(known[one], [document["id"]]) for one in others)
        yield away or back


class Affiliations(Rules):
    sort = "newest"
    word_properties = {"kind": "kind", "closeness": "closeness"}

    def start(self, document: Document) -> date:
        return valid_days(document["validity"], "possible")[0]  # type: ignore[index]

    def _met(self, document: Document) -> Iterator[bool]:
        yield from super()._met(document)
        yield self.counts(document)
        ends = [(document["subject"], document["object"])]
        if document["kind"] in SYMMETRIC:
            ends.append((document["object"], document["subject"]))
        yield any(
            ("subject" not in self.params or self.is_actor("subject")(one))
            and ("object" not in self.params or self.is_actor("object")(other))
            for one, other in ends
        )
        if "actor" in self.params:
            yield any(map(self.is_actor("actor"), ends[0]))
        if {"support_type", "against"} & self.params.keys():
            limits = self.public.limits(document)
            yield any(
                self.row(row | {"assessment": ""}, limits)
                and self._has_words(row)
                and ("assessment" in self.params or row["assessment"] != "rejected")
                and row["type"] in self.params.get("support_type", [row["type"]])
                and ("against" not in self.params or self.is_actor("against")(row["against"]))
                for row in document["support"]
            )
        else:
            yield self._has_words(document)
        if keys := self.params.get("changed_by"):
            known = self.public.all("incident")
            yield any(
                row["affiliation"] and row["affiliation"]["id"] == document["id"]
                for one in self.public.reached("incident", keys)
                for row in known[one]["effects"]
            )

    def _has_words(self, row: Document) -> bool:
        """Return whether an affiliation, or a row of support, has the requested words."""
        least = self.params.get("confidence_min", [CONFIDENCE[0]])[0]
        return row["confidence"] in CONFIDENCE[CONFIDENCE.index(least) :] and all(
            row[name] in self.params.get(name, [row[name]]) for name in ("basis", "assessment")
        )


class Actors(Rules):
    word_properties = {"kind": "kind", "identified": "identified"}

    def _met(self, document: Document) -> Iterator[bool]:
        yield from super()._met(document)
        existed = valid_days(document["existence"], "possible")
        params = self.params
        if self.at:
            dated = params.keys() & DATED_BY_ACTOR
            own = existed if dated else valid_days(document["existence"], self.doubt)
            yield bool(common(self.at, own))
        if "country" in params:
            home = document["country"]
            yield self.public.lies_in(home and home["id"], params["country"])
        if "name" in params:
            main_name = {"text": document["name"], "validity": document["existence"]}
            names = (main_name, *document["names"])
            wanted = fold_text(params["name"][0])
            yield any(fold_text(row["text"]) == wanted and self.row(row, existed) for row in names)
        for name, rows, word in (
            ("classification", "classifications", "classification"),
            ("designated_by", "designations", "regime"),
        ):
            if name in params:
                yield any(
                    row[word] in params[name] and self.row(row, existed) for row in document[rows]
                )
        if {"present_in", "presence_kind"} & params.keys():
            yield any(
                self.row(row, existed)
                and row["kind"] in params.get("presence_kind", [row["kind"]])
                and (
                    "present_in" not in params
                    or self.public.lies_in(row["place"]["id"], params["present_in"])
                )
                for row in document["presences"]
            )
        if {"affiliated_to", "affiliation_kind", "closeness", "support_type"} & params.keys():
            yield any(
                self._is_affiliated(document["id"], affiliation)
                for affiliation in self.public.all("affiliation").values()
            )

    def _is_affiliated(self, actor: str, affiliation: Document) -> bool:
        ends = (affiliation["subject"], affiliation["object"])
        if affiliation["kind"] in SYMMETRIC and affiliation["object"]["id"] == actor:
            ends = ends[::-1]
        if ends[0]["id"] != actor or affiliation["assessment"] == "rejected":
            return False
        limits, get = self.public.limits(affiliation), self.params.get
        return (
            self.counts(affiliation)
            and ("affiliated_to" not in self.params or self.is_actor("affiliated_to")(ends[1]))
            and affiliation["kind"] in get("affiliation_kind", [affiliation["kind"]])
            and affiliation["closeness"] in get("closeness", [affiliation["closeness"]])
            and (
                "support_type" not in self.params
                or any(
                    row["type"] in self.params["support_type"] and self.row(row, limits)
                    for row in affiliation["support"]
                )
            )
        )


class Places(Rules):
    word_properties = {"kind": "kind"}

    def _met(self, document: Document) -> Iterator[bool]:
        yield from super()._met(document)
        for name in ("country", "within"):
            if name in self.params:
                yield self.public.lies_in(document["id"], self.params[name])
        if "name" in self.params:
            yield fold_text(document["name"]) == fold_text(self.params["name"][0])
        yield from self.near(document["point"])


class Sources(Rules):
    word_properties = {"kind": "kind"}

    def _met(self, document: Document) -> Iterator[bool]:
        yield from super()._met(document)
        text = document["published"] or ""
        first, last = _bounds(text)
        yield self.occurred(first, last, text, "source_date_from", "source_date_to")
        if keys := self.params.get("publisher"):
            publisher = document["publisher"]
            found = self.public.reached("publisher", keys)
            yield bool(publisher) and publisher["id"] in found
        if params := self.params.get("language"):
            own = (document["language"] or "").lower()
            yield any(own == one.lower() or own.startswith(f"{one.lower()}-") for one in params)
        if params := self.params.get("url"):
            yield bool({document["url"], document["archive_url"]} & set(params))


RULES: dict[str, type[Rules]] = {
    "incident": Incidents,
    "affiliation": Affiliations,
    "actor": Actors,
    "place": Places,
    "source": Sources,
}


def sources(values: Any) -> Iterator[str]:
    """Yield the id of every source that a document cites anywhere."""
    for one in values.values() if isinstance(values, dict) else values:
        if isinstance(one, dict) and one.get("type") == "source":
            yield one["id"]
        elif isinstance(one, dict | list):
            yield from sources(one)


def deaths(document: Document) -> int:
    """Return the number by which the deadliest incidents come first."""
    figure = document["killed"]
    known = (figure[name] for name in ("best", "low", "high") if figure[name] is not None)
    return next(known, -1)


def opposed(one: Document, other: Document) -> bool:
    """Return whether two involvements are of different actors on opposite sides."""
    if one["actor"]["id"] == other["actor"]["id"]:
        return False
    attackers, attacked = ROLES["perpetrator"], ROLES["target"] | ROLES["victim"]
    return (
        (one["role"] in attackers and other["role"] in attacked)
        or (one["role"] in attacked and other["role"] in attackers)
        or {one["side"], other["side"]} == {"a", "b"}
    )


def name_period(unit: str, day: date) -> str:
    """Return the period of a unit that a day lies in; the day itself for any other word."""
    year, week, _ = day.isocalendar()
    quarter = f"{day.year}-Q{(day.month - 1) // 3 + 1}"
    texts = {"year": f"{day.year}", "week": f"{year}-W{week:02}", "quarter": quarter}
    return texts.get(unit, day.isoformat()[: 7 if unit == "month" else 10])


def gap_of(text: str) -> Days | None:
    """Return the days between the two dates of a set; they are in order."""
    if not text.startswith("[") or "," not in text:
        return None
    (_, last), (first, _) = map(parse_days, text.strip("[]").split(","))
    days = last + timedelta(1), first - timedelta(1)
    return days if days[0] <= days[1] else None


def within(days: Days, others: Days | None) -> bool:
    return others is not None and others[0] <= days[0] and days[1] <= others[1]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _bounds(text: str) -> tuple[date | None, date | None]:
    """Return the days of the dates that the sources of the world have."""
    if not text:
        return None, None
    first, last = parse_days(text.rstrip("?~%"))
    about = text.endswith(("~", "%"))
    if not about:
        return first, last
    return first.replace(year=first.year - 1), last.replace(year=last.year + 1)
