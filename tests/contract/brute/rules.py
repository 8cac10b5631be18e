"""The rule that a document has to meet for each parameter, written independently of the API."""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from publishing.normalization import fold_text
from tests.contract.brute.record import (
    ALWAYS,
    FINENESS,
    Days,
    Document,
    Public,
    asked_days,
    common,
    covered,
    held,
)

Asked = dict[str, list[str]]
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
UP_TO = {"week": ("day", "days", "week"), "month": ("day", "days", "week", "month")}
UP_TO["year"] = (*UP_TO["month"], "season", "year")


class Rules:
    """What is asked of the documents of a type at a snapshot."""

    kept_as: dict[str, str] = {}
    """Parameters that ask for the word of a property, and that property."""

    def __init__(self, public: Public, asked: Asked) -> None:
        self.public, self.asked = public, asked
        self.doubt = asked.get("dates", ["possible"])[0]
        self.certain = self.doubt == "certain"
        self.at = asked_days(asked["at"][0]) if "at" in asked else None

    def found(self, type_: str) -> list[str]:
        """Return the ids of what meets all parameters, in order."""
        kept = [one for one in self.public.all(type_).values() if self.meets(one)]
        sort = self.asked.get("sort", [self.sort])[0]
        key = {
            "name": lambda d: (fold_text(d.get("name") or d.get("title"))[:1000], d["id"]),
            "recently_edited": lambda d: (datetime.fromisoformat(d["edited_at"]), d["id"]),
        }.get(sort, lambda d: (self.start(d), d["id"]))
        kept.sort(key=key, reverse=sort in ("recently_edited", "newest"))
        return [one["id"] for one in kept]

    sort = "name"

    def start(self, document: Document) -> date:
        raise NotImplementedError

    def meets(self, document: Document) -> bool:
        return all(self._met(document))

    def _met(self, document: Document) -> Iterator[bool]:
        get = self.asked.get
        for name, property_ in self.kept_as.items():
            if name in self.asked:
                told = document[property_]
                told = told if isinstance(told, list) else [told]
                words = [{True: "true", False: "false"}.get(t, t) for t in told]
                yield bool(set(words) & set(self.asked[name]))
        if "id" in self.asked:
            yield document["id"] in self.asked["id"]
        edited = datetime.fromisoformat(document["edited_at"])
        if moment := get("edited_from"):
            yield edited >= datetime.fromisoformat(moment[0])
        if moment := get("edited_to"):
            yield edited <= datetime.fromisoformat(moment[0])
        if "external_id" in self.asked:
            ids = {f"{row['scheme']}:{row['value']}" for row in document["external_ids"]}
            yield bool(ids & set(self.asked["external_id"]))

    def occurred(self, first: date | None, last: date | None, text: str, *names: str) -> bool:
        """Return whether something happened between the days of two parameters."""
        doubted = first is None or last is None or bool(re.search("[?%]", text))
        start, end = first or date.min, last or date.max
        from_, to = (self.asked.get(name, [""])[0] for name in names)
        low, high = from_ and asked_days(from_)[0], to and asked_days(to)[1]
        if not self.certain:
            return not (low and end < low) and not (high and start > high)
        if not low and not high:
            return True
        return not doubted and not (low and start < low) and not (high and end > high)

    def near(self, point: dict[str, float] | None) -> Iterator[bool]:
        if not {"bbox", "near"} & self.asked.keys():
            return
        if point is None:
            yield False
            return
        latitude, longitude = point["latitude"], point["longitude"]
        if "bbox" in self.asked:
            west, south, east, north = map(float, self.asked["bbox"][0].split(","))
            turns = [longitude, 180 if longitude == -180 else -180 if longitude == 180 else None]
            between = any(
                west <= x <= east if west <= east else x >= west or x <= east
                for x in turns
                if x is not None
            )
            yield south <= latitude <= north and between
        if "near" in self.asked:
            lon, lat = map(float, self.asked["near"][0].split(","))
            radius = float(self.asked.get("radius_km", ["10"])[0])
            yield apart(lat, lon, latitude, longitude) <= radius

    def is_actor(self, name: str, when: Days | None = None, sure: bool = True) -> Callable:
        """Return what says whether a ref is of an actor that a parameter means.

        `when` are the days of a row that has its own, `sure` says that these are not doubted.
        """
        scope = self.asked.get(f"{name}_scope", ["self"])[0]
        found = self._under(name, scope)
        at = self.asked.get("scope_at", ["incident"])[0]
        days = self.at if when is None else asked_days(at) if at[0].isdigit() else None
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
            return any(common(span, when) for span in spans)

        return met

    def _under(self, name: str, scope: str) -> dict[str, list[Days]]:
        known = self.__dict__.setdefault("_known", {})
        if name not in known:
            known[name] = self.public.under(self.asked[name], scope, self.doubt)
        return known[name]

    def row(self, row: Document, *clip: Days | None) -> bool:
        """Return whether a row counts: not rejected, and it held on a day that is asked for."""
        if row.get("assessment") == "rejected":
            return False
        return self.at is None or bool(common(self.at, held(row["validity"], self.doubt), *clip))


def apart(lat: float, lon: float, latitude: float, longitude: float) -> float:
    """Return the kilometres between two points, by the dot product of their vectors."""
    a, b, turn = math.radians(lat), math.radians(latitude), math.radians(longitude - lon)
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)
    return 6371.0088 * math.acos(max(-1.0, min(1.0, cosine)))


class Incidents(Rules):
    sort = "newest"
    kept_as = {
        **{
            name: name
            for name in (
                *("event_type", "sub_type", "violence", "outcome", "granularity", "claim_status"),
                *("denied", "attribution_status", "facade_claim", "civilians_targeted", "suicide"),
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
        if "starts_in" in self.asked:
            yield self._starts(first, document["date_precision"])
        days = (first or date.min, last or date.max)
        sure = first is not None and not re.search("[?%]", document["date"])
        yield from self._involved(document, days, sure)
        yield from self._stated(document, days, sure)
        yield from self._things(document)
        yield from self._where(document)
        yield from self._killed(document)
        yield from self._cited(document)
        yield from self._linked(document)

    def _starts(self, first: date | None, precision: str) -> bool:
        text = self.asked["starts_in"][0]
        if "W" in text:
            monday = date.fromisocalendar(int(text[:4]), int(text[6:]), 1)
            unit, days = "week", (monday, monday + timedelta(6))
        else:
            unit, days = "year" if len(text) == 4 else "month", asked_days(text)
        return first is not None and days[0] <= first <= days[1] and precision in UP_TO[unit]

    def _involved(self, document: Document, days: Days, sure: bool) -> Iterator[bool]:
        rows = [
            row
            for row in document["involvements"]
            if row["actor"] and row["certainty"] != "ruled_out" and row["assessment"] != "rejected"
        ]
        if least := self.asked.get("certainty_min"):
            enough = CERTAINTY[: CERTAINTY.index(least[0]) + 1]
            rows = [row for row in rows if row["certainty"] in enough]
            yield bool(rows)
        for name in ("participant", *ROLES):
            met = [r for r in rows if name == "participant" or r["role"] in ROLES[name]]
            if name in self.asked:
                is_actor = self.is_actor(name, days, sure)
                met = [row for row in met if is_actor(row["actor"])]
            if kinds := self.asked.get(f"{name}_kind"):
                met = [row for row in met if row["actor"]["kind"] in kinds]
            if name in self.asked or f"{name}_kind" in self.asked:
                yield bool(met)

    def _stated(self, document: Document, days: Days, sure: bool) -> Iterator[bool]:
        told: dict[str, list[Document | None]] = {}
        for row in document["statements"]:
            fake = row["authenticity"] == "fake" or row["assessment"] == "rejected"
            if fake or row["withdrawn_by"] is not None:
                continue
            by, of = [row["speaker"]], [one["actor"] for one in row["responsible"]]
            if not row["responsible"] and row["kind"] in ("claim", "denial"):
                of = by
            names = {
                "claim": {"claimed_by": of, "announced_by": by},
                "denial": {"denied_by": by if row["speaker"] else of},
                "accusation": {"accused": of, "accused_by": by},
            }
            for name, refs in names.get(row["kind"], {}).items():
                told.setdefault(name, []).extend(refs)
        for name in ("claimed_by", "announced_by", "denied_by", "accused", "accused_by"):
            if name in self.asked:
                yield any(map(self.is_actor(name, days, sure), told.get(name, ())))

    def _things(self, document: Document) -> Iterator[bool]:
        get = self.asked.get
        if {"weapon", "calibre_mm", "weapon_origin"} & self.asked.keys():
            calibres = [float(text) for text in get("calibre_mm", ())]
            yield any(
                row["weapon"] in get("weapon", [row["weapon"]])
                and (not calibres or row["calibre_mm"] in calibres)
                and row["origin"] in get("weapon_origin", [row["origin"]])
                for row in document["weapons"]
            )
        if {"target_type", "target_nationality"} & self.asked.keys():
            yield any(
                row["type"] in get("target_type", [row["type"]])
                and row["nationality"] in get("target_nationality", [row["nationality"]])
                for row in document["target_objects"]
            )

    def _where(self, document: Document) -> Iterator[bool]:
        primary = next((row for row in document["locations"] if row["primary"]), None)
        place = primary and primary["place"]
        if "country" in self.asked:
            yield self.public.lies_in(place and place["id"], self.asked["country"])
        if codes := self.asked.get("admin1"):
            yield bool(place) and place["admin1"] in codes
        if keys := self.asked.get("place"):
            all_ = (row["place"] for row in document["locations"] if row["place"])
            yield any(self.public.lies_in(one["id"], keys) for one in all_)
        if least := self.asked.get("precision_min"):
            fine = PRECISIONS[: PRECISIONS.index(least[0]) + 1]
            yield bool(primary) and primary["precision"] in fine
        point = primary and primary["point"]
        if point is None and place and primary["precision"] in FINENESS:
            point = place["point"]
        yield from self.near(point)

    def _killed(self, document: Document) -> Iterator[bool]:
        killed, injured = document["killed"]["best"], document["injured"]["best"]
        for name, value in self.asked.items():
            if name == "killed":
                yield (killed is None) == (value == ["unknown"])
            elif name in ("killed_min", "injured_min"):
                best = killed if name == "killed_min" else injured
                yield best is not None and best >= int(value[0])
            elif name == "killed_max":
                yield killed is not None and killed <= int(value[0])

    def _cited(self, document: Document) -> Iterator[bool]:
        cited = set(sources(document))
        if keys := self.asked.get("source"):
            yield bool(cited & self.public.reached("source", keys))
        if keys := self.asked.get("publisher"):
            publishers = self.public.reached("publisher", keys)
            told = (self.public.all("source").get(one) for one in cited)
            yield any(t and t["publisher"] and t["publisher"]["id"] in publishers for t in told)

    def _linked(self, document: Document) -> Iterator[bool]:
        if "linked_to" not in self.asked:
            return
        others = self.public.reached("incident", self.asked["linked_to"])
        kinds = self.asked.get("link_kind")
        direction = self.asked.get("link_direction", ["both"])[0]

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
    kept_as = {name: name for name in ("kind", "closeness", "basis", "assessment")}

    def start(self, document: Document) -> date:
        return held(document["validity"], "possible")[0]  # type: ignore[index]

    def _met(self, document: Document) -> Iterator[bool]:
        yield from super()._met(document)
        stood = self.public.standing(document, self.doubt)
        if self.at:
            yield bool(common(self.at, stood))
        ends = [(document["subject"], document["object"])]
        if document["kind"] in SYMMETRIC:
            ends.append((document["object"], document["subject"]))
        yield any(
            ("subject" not in self.asked or self.is_actor("subject")(one))
            and ("object" not in self.asked or self.is_actor("object")(other))
            for one, other in ends
        )
        if "actor" in self.asked:
            yield any(map(self.is_actor("actor"), ends[0]))
        if least := self.asked.get("confidence_min"):
            yield document["confidence"] in CONFIDENCE[CONFIDENCE.index(least[0]) :]
        if {"support_type", "against"} & self.asked.keys():
            yield any(
                self.row(row, stood)
                and row["type"] in self.asked.get("support_type", [row["type"]])
                and ("against" not in self.asked or self.is_actor("against")(row["against"]))
                for row in document["support"]
            )
        if keys := self.asked.get("changed_by"):
            known = self.public.all("incident")
            yield any(
                row["affiliation"] and row["affiliation"]["id"] == document["id"]
                for one in self.public.reached("incident", keys)
                for row in known[one]["effects"]
            )


class Actors(Rules):
    kept_as = {"kind": "kind", "identified": "identified"}

    def _met(self, document: Document) -> Iterator[bool]:
        yield from super()._met(document)
        existed = held(document["existence"], self.doubt)
        asked = self.asked
        if self.at:
            yield bool(common(self.at, existed))
        if "country" in asked:
            home = document["country"]
            yield self.public.lies_in(home and home["id"], asked["country"])
        if "name" in asked:
            shown = {"text": document["name"], "validity": document["existence"]}
            names = (shown, *document["names"])
            wanted = fold_text(asked["name"][0])
            yield any(fold_text(row["text"]) == wanted and self.row(row, existed) for row in names)
        for name, rows, word in (
            ("classification", "classifications", "classification"),
            ("designated_by", "designations", "regime"),
        ):
            if name in asked:
                yield any(
                    row[word] in asked[name] and self.row(row, existed) for row in document[rows]
                )
        if {"present_in", "presence_kind"} & asked.keys():
            yield any(
                self.row(row, existed)
                and row["kind"] in asked.get("presence_kind", [row["kind"]])
                and (
                    "present_in" not in asked
                    or self.public.lies_in(row["place"]["id"], asked["present_in"])
                )
                for row in document["presences"]
            )
        if {"affiliated_to", "affiliation_kind", "closeness", "support_type"} & asked.keys():
            yield any(
                self._tied(document["id"], tie) for tie in self.public.all("affiliation").values()
            )

    def _tied(self, actor: str, tie: Document) -> bool:
        ends = (tie["subject"], tie["object"])
        if tie["kind"] in SYMMETRIC and tie["object"]["id"] == actor:
            ends = ends[::-1]
        if ends[0]["id"] != actor or tie["assessment"] == "rejected":
            return False
        stood, get = self.public.standing(tie, self.doubt), self.asked.get
        return (
            (self.at is None or bool(common(self.at, stood)))
            and ("affiliated_to" not in self.asked or self.is_actor("affiliated_to")(ends[1]))
            and tie["kind"] in get("affiliation_kind", [tie["kind"]])
            and tie["closeness"] in get("closeness", [tie["closeness"]])
            and (
                "support_type" not in self.asked
                or any(
                    row["type"] in self.asked["support_type"] and self.row(row, stood)
                    for row in tie["support"]
                )
            )
        )


class Places(Rules):
    kept_as = {"kind": "kind"}

    def _met(self, document: Document) -> Iterator[bool]:
        yield from super()._met(document)
        for name in ("country", "within"):
            if name in self.asked:
                yield self.public.lies_in(document["id"], self.asked[name])
        if "name" in self.asked:
            yield fold_text(document["name"]) == fold_text(self.asked["name"][0])
        yield from self.near(document["point"])


class Sources(Rules):
    kept_as = {"kind": "kind"}

    def _met(self, document: Document) -> Iterator[bool]:
        yield from super()._met(document)
        text = document["published"] or ""
        first, last = _bounds(text)
        yield self.occurred(first, last, text, "source_date_from", "source_date_to")
        if keys := self.asked.get("publisher"):
            publisher = document["publisher"]
            found = self.public.reached("publisher", keys)
            yield bool(publisher) and publisher["id"] in found
        if asked := self.asked.get("language"):
            own = (document["language"] or "").lower()
            yield any(own == one.lower() or own.startswith(f"{one.lower()}-") for one in asked)
        if asked := self.asked.get("url"):
            yield bool({document["url"], document["archive_url"]} & set(asked))


RULES: dict[str, type[Rules]] = {
    "incident": Incidents,
    "affiliation": Affiliations,
    "actor": Actors,
    "place": Places,
    "source": Sources,
}


def sources(told: Any) -> Iterator[str]:
    """Yield the id of every source that a document cites anywhere."""
    for one in told.values() if isinstance(told, dict) else told:
        if isinstance(one, dict) and one.get("type") == "source":
            yield one["id"]
        elif isinstance(one, dict | list):
            yield from sources(one)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _bounds(text: str) -> tuple[date | None, date | None]:
    """Return the days of the dates that the sources of the world have."""
    if not text:
        return None, None
    first, last = asked_days(text.rstrip("?~%"))
    about = text.endswith(("~", "%"))
    if not about:
        return first, last
    return first.replace(year=first.year - 1), last.replace(year=last.year + 1)
