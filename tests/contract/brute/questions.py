"""Random queries: most match some documents, and some match none."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import permutations
from random import Random
from typing import Any

from incidents.codes import CasualtyMeasure
from incidents.filters.absence import Absent
from incidents.filters.statistics import GroupBy
from tests.contract.brute.record import SCOPES, Document, Public
from tests.contract.brute.rules import DATED_BY_ACTOR, RULES, Params, sources

_ACTORS = {
    "incident": (
        *("participant", "perpetrator", "target", "victim", "sponsor", "claimed_by"),
        *("announced_by", "denied_by", "accused", "accused_by", "participant_all", "dyad"),
        *("statement_about", "statement_by"),
    ),
    "affiliation": ("subject", "object", "actor", "against"),
    "actor": ("affiliated_to",),
}
_ROLES = ("participant", "perpetrator", "target", "victim", "sponsor")
_BROAD = (
    *("occurred_from", "occurred_to", "starts_in", "country", "event_type", "certainty_min"),
    *("granularity", "perpetrator_kind", "participant_kind"),
)
_ONCE = {
    *("dates", "at", "scope_at", "sort", "occurred_from", "occurred_to", "starts_in", "bbox"),
    *("near", "radius_km", "centroids", "certainty_min"),
    *(measure + bound for measure in CasualtyMeasure for bound in ("", "_min", "_max")),
    *("precision_min", "confidence_min", "denied", "facade_claim", "civilians_targeted"),
    *("suicide", "name", "edited_from", "edited_to", "source_date_from", "source_date_to"),
    *("link_direction", "changed_since", "dyad"),
}
_GONE = "00000000-0000-4000-8000-000000000000"


class Questions:
    """Asks of a type at a snapshot."""

    def __init__(self, type_: str, random: Random, public: Public, now: Public) -> None:
        self.type, self.random, self.public, self.now = type_, random, public, now

    def one(self, values: Iterable[Any]) -> Any:
        return self.random.choice(list(values))

    def ask(self) -> Params:
        """Return a question that makes sense: it is never refused."""
        about = self.one(self.now.all(self.type).values())
        candidates = {name: values for name, values in self.values(about).items() if values}
        params: Params = {}
        number = self.one([1, 1, 2, 2, 3, 4])
        if (
            self.type == "incident" and self.random.random() < 0.3
        ):  # a page by actor has its own way
            names = [self.one(_ROLES), *self.random.sample(_BROAD, number - 1)]
        else:
            names = self.random.sample(sorted(candidates), min(len(candidates), number))
        for name in filter(candidates.get, names):
            most = 1 if name in _ONCE else self.one([1, 1, 1, 2, 3])
            params[name] = [str(self.one(candidates[name])) for _ in range(most)]
        self._extend(params)
        return params

    def group(self) -> Params:
        """Return a question for statistics: its filters leave all groups of an incident."""
        about = self.one(self.now.all(self.type).values())
        candidates = {name: values for name, values in self.values(about).items() if values}
        names = (
            *("occurred_from", "event_type", "country", "certainty_min", "date_precision"),
            *("starts_in", "precision", "without", "killed_min"),
        )
        params = {
            name: [str(self.one(candidates[name]))]
            for name in self.random.sample(names, self.one([0, 0, 1, 1, 2]))
            if name in candidates
        }
        for word in set(params.get("without", ())) & params.keys():
            del params[word]
        by = self.random.sample(list(GroupBy.values), self.one([1, 1, 2, 3]))
        first_day = {"starts_in", "year", "quarter", "month", "week", "day"} & {*params, *by}
        params |= self.one([{}, {"period_by": ["first_day"]}]) if first_day else {}
        return params | {"group_by": by}

    def _extend(self, params: Params) -> None:
        scoped = [name for name in _ACTORS.get(self.type, ()) if name in params]
        if "dyad" in params:
            params["dyad"] = params["dyad"][0].split()
        for name in scoped:
            if self.random.random() < 0.7:
                params[name] += [self.one(self._umbrellas())] if name != "dyad" else []
                params[f"{name}_scope"] = [self.one([*SCOPES, "sponsored", "all", "self"])]
        if self.type == "incident" and any(f"{name}_scope" in params for name in scoped):
            params |= self.one([{}, {}, {"scope_at": [self.one(["any", "incident", self.day()])]}])
        if any(params.get(f"{name}_scope") == ["sponsored"] for name in scoped):
            types = self.random.sample(["weapons", "funding", "other"], self.one([1, 2]))
            params |= self.one([{}, {"sponsor_support_type": types}])
        if "near" in params and self.random.random() < 0.8:
            params["radius_km"] = [self.one(["0.5", "60", "500"])]
        if "starts_in" in params:
            params |= self.one([{}, {"period_by": ["first_day"]}])
        for word in set(params.get("without", ())) & params.keys() - {"country"}:
            del params[word]
            params.pop(f"{word}_scope", None)
        if self.type == "incident" and {"near", "bbox"} & params.keys():
            params |= self.one([{}, {"centroids": ["true"]}])
        if "linked_to" in params:
            params |= self.one([{}, {"link_direction": [self.one(["from", "to"])]}])
            params |= self.one([{}, {"link_kind": [self.one(["part_of", "follow_up"])]}])
        if self.type != "place" and self.random.random() < 0.4:
            params["dates"] = [self.one(["certain", "possible"])]
        if self.type in ("actor", "affiliation") and self.random.random() < 0.4:
            params["at"] = [self.day()]
        if params.get("dates") == ["certain"] and not self._has_dates(params):
            del params["dates"]
        named = "name" if RULES[self.type].sort == "name" else "oldest"
        if self.random.random() < 0.3:
            orders = ["recently_edited", named, *["deadliest"] * (self.type == "incident")]
            params["sort"] = [self.one(orders)]
        for low, high in (("occurred_from", "occurred_to"), ("source_date_from", "source_date_to")):
            if low in params and high in params and params[low] > params[high]:
                del params[high]
        for low, high in (
            *((f"{measure}_min", f"{measure}_max") for measure in CasualtyMeasure),
            ("edited_from", "edited_to"),
        ):
            if low in params:
                params.pop(high, None)
        for measure in CasualtyMeasure:
            if params.get(measure) == ["unknown"]:
                params.pop(f"{measure}_min", None), params.pop(f"{measure}_max", None)

    def _has_dates(self, params: Params) -> bool:
        """Return whether `dates=certain` changes anything, so that it is not refused."""
        scoped = any(name.endswith("_scope") and params[name] != ["self"] for name in params)
        dated = {"at", "occurred_from", "occurred_to", "source_date_from", "source_date_to"}
        if self.type == "actor":
            dated |= DATED_BY_ACTOR
        if self.type == "affiliation":
            dated |= {"kind", "subject", "object", "actor", "closeness", "basis", "assessment"}
            dated |= {"confidence_min", "support_type", "against", "changed_by"}
        return scoped or bool(dated & params.keys())

    def _umbrellas(self) -> list[str]:
        """Return the actors that have others below them."""
        affiliations = self.public.all("affiliation").values()
        found = {
            affiliation["object"]["id"]
            for affiliation in affiliations
            if affiliation["kind"] in SCOPES["all"]
        }
        return sorted(found) or ["pmf"]

    def day(self, around: str | None = None) -> str:
        """Return a day, a month or a year, near a day that is given."""
        base = date.fromisoformat(around) if around else date(2014, 1, 1)
        reach = 40 if around else 2900
        day = base + timedelta(self.random.randint(-40, reach))
        return day.isoformat()[: self.one([4, 7, 10, 10])]

    def actor(self, refs: Iterable[Document | None] = ()) -> list[str]:
        """Return some actors, by id or slug: those of a document, others, and an unknown one."""
        everyone = [*self.now.all("actor").values()]
        some = [ref for ref in refs if ref and ref["slug"]] or everyone
        return [
            *(self.one([ref["id"], ref["slug"]]) for ref in some),
            self.one([ref["slug"] for ref in everyone]),
            self.one(["double", "lost", "nobody", _GONE, "pmf", "iran-state"]),
        ]

    def _pairs(self, refs: list[Document]) -> list[str]:
        """Return pairs of actors: of an incident, of such an actor and an umbrella, and of any."""
        ids = [ref["id"] for ref in refs]
        others = [one for one in (*self._umbrellas(), "pmf", _GONE) if one not in ids]
        pairs = [*permutations(dict.fromkeys(ids), 2)] * 3
        pairs += [(id_, self.one(others)) for id_ in ids]
        return [" ".join(pair) for pair in [*pairs, ("pmf", "iran-state")]]

    def place(self, ids: Iterable[str]) -> list[str]:
        """Return places above and beside some, by id, slug and code."""
        found = ["IQ", "IR", "IQ-AN", "kurdistan", "XX", "no-such-place", _GONE]
        for id_ in ids:
            for above in self.now.chains.get(id_, ()):
                found += [above["id"], above["slug"], above["country"] or "IQ"] * 2
        return found

    def point(self, document: Document, point: dict[str, float] | None) -> dict[str, list[Any]]:
        lat, lon = (point["latitude"], point["longitude"]) if point else (33.3, 44.4)
        wide = self.one([0.05, 0.6, 3])
        south, north = max(lat - wide, -90), min(lat + wide, 90)
        east = lon + wide if lon + wide <= 180 else lon + wide - 360
        west = lon - wide if lon - wide >= -180 else lon - wide + 360
        return {
            "bbox": [f"{west:.3f},{south:.3f},{east:.3f},{north:.3f}"],
            "near": [f"{min(lon + 0.002, 180):.3f},{lat:.3f}"],
        }

    def values(self, about: Document) -> dict[str, list[Any]]:
        """Return values that may match a document, by parameter."""
        rule = RULES[self.type]
        candidates: dict[str, list[Any]] = {
            "id": [about["id"], about["id"], _GONE],
            "edited_from": [about["edited_at"].replace("+00:00", "Z")],
            "edited_to": [about["edited_at"].replace("+00:00", "Z")],
            "changed_since": self.random.sample(self.public.snapshots, 3),
        }
        if "external_ids" in about:
            ids = [f"{row['scheme']}:{row['value']}" for row in about["external_ids"]]
            candidates["external_id"] = [*ids, "wikidata:A 1:2", "wikidata:none"]
        for name, property_ in rule.word_properties.items():
            value = about[property_]
            values = value if isinstance(value, list) else [value]
            candidates[name] = [
                {True: "true", False: "false"}.get(v, v) for v in values if v is not None
            ]
        return candidates | getattr(self, f"_{self.type}")(about)

    def _incident(self, about: Document) -> dict[str, list[Any]]:
        rows, said = about["involvements"], about["statements"]
        day = about["date_start"]
        start = day or "2016-02-01"
        year, week, _ = date.fromisoformat(start).isocalendar()
        roles: dict[str, list[Any]] = {}
        for row in rows:
            for name in _ROLES:
                if row["role"] in {"sponsor": ("supporter", "instigator")}.get(name, (name,)) or (
                    name == "participant"
                ):
                    roles.setdefault(name, []).append(row["actor"])
        parties = [one for row in said for one in row["responsible"]]
        named = [one[end] for one in parties for end in ("actor", "on_behalf_of")]
        speakers = [row["speaker"] for row in said]
        primary = next((row for row in about["locations"] if row["primary"]), None)
        places = [row["place"]["id"] for row in about["locations"] if row["place"]]
        point = primary and (primary["point"] or (primary["place"] or {}).get("point"))
        cited = set(sources(about))
        publishers = [s["publisher"] for s in self.now.all("source").values() if s["publisher"]]
        return {
            "occurred_from": [self.day(start), self.day(start)],
            "occurred_to": [self.day(about["date_end"] or "2016-02-01")],
            "starts_in": [
                *(start, start[:4], start[:7], f"{year}-W{week:02}"),
                f"{start[:4]}-Q{(int(start[5:7]) + 2) // 3}",
            ],
            "precision": [row["precision"] for row in about["locations"]],
            "without": list(Absent.values),
            **{name: self.actor(roles.get(name, ())) for name in _ROLES},
            **{
                f"{name}_kind": [r["kind"] for r in roles.get(name, ()) if r and r["kind"]]
                for name in _ROLES
            },
            "participant_all": self.actor(roles.get("participant", ())),
            "dyad": self._pairs([ref for ref in roles.get("participant", ()) if ref]),
            "certainty_min": ["confirmed", "probable", "possible", "suspected"],
            **{
                name: self.actor([*named, *speakers])
                for name in (
                    *("claimed_by", "announced_by", "denied_by", "accused", "accused_by"),
                    *("statement_about", "statement_by"),
                )
            },
            "statement_kind": [row["kind"] for row in said],
            "speaker_type": [row["speaker_type"] for row in said],
            "statement_mode": [row["mode"] for row in said],
            "authenticity": [row["authenticity"] for row in said if row["authenticity"] != "fake"],
            "weapon": [row["weapon"] for row in about["weapons"]],
            "calibre_mm": [f"{row['calibre_mm']}" for row in about["weapons"] if row["calibre_mm"]],
            "weapon_origin": [row["origin"] for row in about["weapons"] if row["origin"]],
            "target_type": [row["type"] for row in about["target_objects"]],
            "target_nationality": [
                row["nationality"] for row in about["target_objects"] if row["nationality"]
            ],
            "country": self.place(places),
            "admin1": ["IQ-AN", "IQ-BG", "IR-16", "IQ-XX"],
            "place": self.place(places),
            "precision_min": [row["precision"] for row in about["locations"]],
            **self.point(about, point),
            **{measure: ["known", "unknown"] for measure in CasualtyMeasure.values},
            **{f"{measure}_min": [0, 1, 3] for measure in CasualtyMeasure},
            **{f"{measure}_max": [0, 2, 12] for measure in CasualtyMeasure},
            "source": [*cited, *(list(self.now.merged) or [_GONE])[:1], _GONE],
            "publisher": [*(ref["id"] for ref in publishers), *self.now.merged],
            "linked_to": [
                *(row["to"]["id"] for row in about["links"]),
                *(self.one([one["id"], one["slug"]]) for one in self.now.all("incident").values()),
            ],
        }

    def _affiliation(self, about: Document) -> dict[str, list[Any]]:
        ends = [about["subject"], about["object"]]
        changing = [
            one["id"]
            for one in self.now.all("incident").values()
            if any(row["affiliation"] for row in one["effects"])
        ]
        return {
            "subject": self.actor(ends),
            "object": self.actor(ends),
            "actor": self.actor(ends),
            "confidence_min": ["unassessed", "low", "medium", "high"],
            **{
                name: [row[name] for row in (about, *about["support"])]
                for name in ("basis", "assessment")
            },
            "support_type": [row["type"] for row in about["support"]],
            "against": self.actor(row["against"] for row in about["support"]),
            "changed_by": [*changing, _GONE],
        }

    def _actor(self, about: Document) -> dict[str, list[Any]]:
        affiliations = [
            affiliation
            for affiliation in self.now.all("affiliation").values()
            if about["id"] in (affiliation["subject"]["id"], affiliation["object"]["id"])
        ]
        home = [about["country"]["id"]] if about["country"] else []
        return {
            "name": [about["name"], about["name"].upper(), *(r["text"] for r in about["names"])],
            "country": self.place(home),
            "classification": [row["classification"] for row in about["classifications"]],
            "designated_by": [row["regime"] for row in about["designations"]],
            "present_in": self.place(row["place"]["id"] for row in about["presences"]),
            "presence_kind": [row["kind"] for row in about["presences"]],
            "affiliated_to": self.actor(affiliation["object"] for affiliation in affiliations),
            "affiliation_kind": [affiliation["kind"] for affiliation in affiliations],
            "closeness": [affiliation["closeness"] for affiliation in affiliations],
            "support_type": [
                row["type"] for affiliation in affiliations for row in affiliation["support"]
            ],
        }

    def _place(self, about: Document) -> dict[str, list[Any]]:
        return {
            "name": [about["name"], about["name"].upper()],
            "country": self.place([about["id"]]),
            "within": self.place([about["id"]]),
            **self.point(about, about["point"]),
        }

    def _source(self, about: Document) -> dict[str, list[Any]]:
        language = about["language"] or "ar"
        publisher = [about["publisher"]["id"]] if about["publisher"] else []
        return {
            "language": [language, language.upper(), language.split("-")[0]],
            "source_date_from": ["2014", "2015-02", "2015-02-04", "2017"],
            "source_date_to": ["2014", "2015-02", "2015-02-02", "2018"],
            "publisher": [*publisher, *self.now.merged, _GONE],
            "url": [*filter(None, (about["url"], about["archive_url"])), "https://example.org/no"],
        }
