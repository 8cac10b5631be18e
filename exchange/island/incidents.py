"""The generated incidents of the island, which agree with its actors, places, days and figures."""

from collections.abc import Iterator
from datetime import date, timedelta

from exchange.island.drawing import Drawing, Json, make_code, make_public_id
from exchange.island.figures import Casualties, draw_casualties
from exchange.island.patterns import OF_THE_STATE, PATTERNS, Pattern
from exchange.island.periodicals import FIRST, LAST, find_monthly, find_quarterly
from exchange.island.words import say, say_be
from exchange.island.world import (
    AIR_WING,
    ARMY,
    CLAIMS,
    FACADES,
    FORCES,
    GANGS,
    REBELS,
    STATE,
    Group,
    Town,
    list_towns,
)

NUMBER = 364
_SEED = "Talassia"
_APART = timedelta(days=6)
"""The least time between two incidents of one town."""
_QUIET = ((date(2025, 1, 15), date(2025, 1, 28)), (date(2025, 6, 1), date(2025, 8, 8)))
"""The ceasefires, with their first and last days."""
_CROWD = Group("bread-and-light", "Bread and Light protesters")
_RESIDENTS = {
    "carrow": Group("residents-of-carrow", "residents"),
    "emberlow": Group("residents-of-emberlow", "residents"),
    "lesser-sound": Group("fishers-of-the-sound", "fishers"),
}
_DIVISIONS = {
    "carrow": "Carrow",
    "northmark": "Northmark",
    "highfell": "Highfell",
    "saltmarch": "Saltmarch",
    "emberlow": "Emberlow",
    "lesser-sound": "the Lesser Sound",
}
_PRECISIONS = (
    (43, "exact"),
    (25, "settlement"),
    (12, "near"),
    (10, "division"),
    (5, "coarse"),
    (3, "withheld"),
    (2, "country"),
)
"""How precisely places are known: coarse and withheld ones are published less precisely."""
_DATES = (
    (50, "day"),
    (30, "time"),
    (5, "month"),
    (4, "days"),
    (3, "one of"),
    (3, "about"),
    (2, "perhaps"),
    (2, "set"),
    (1, "season"),
)
"""How precisely days are known."""
_PARTIES = ("arrest", "weapons_seizure", "agreement", "base_established")
"""The sub-types in which nobody is a perpetrator."""
_LABELS = ("residents of {town}", "people in {town}", "a family from {town}")
_UNKNOWN = ("armed people on foot", "unknown gunmen", "people who were not seen")
_STATE_SPEAKERS = {"talassian-police": "police", "harbour-police": "police"}
_OBSERVED = (
    "Our observers reached {town} on the next day and spoke to {number} people.",
    "Observers saw the damage in {town} two days later.",
    "We learnt of it from the nurse of {town} and from photographs.",
    "Both sides agree that it happened; they agree on little else.",
    "A patrol of the Mission heard it from the road to {town}.",
)


def make_incidents(places: list[Json]) -> Iterator[Json]:
    """Yield the incidents, from the first to the last, in the form of the dataset."""
    towns = list_towns(places)
    last: dict[str, date] = {}
    earlier: dict[str, tuple[str, date]] = {}
    """The key and day of the last violent incident of each division."""
    span = (LAST - FIRST).days
    for number in range(NUMBER):
        drawing = Drawing(f"{_SEED} {number}")
        day = FIRST + timedelta(days=number * span // NUMBER + drawing.number(0, 3))
        options = [t for t in towns if t.key not in last or day - last[t.key] > _APART]
        town = drawing.pick(options)
        last[town.key] = day
        key = f"island-{number + 1:03}"
        event = _Event(key, day, town, drawing)
        incident = event.make(earlier.get(town.division))
        if event.casualties and event.casualties.killed:
            earlier[town.division] = key, day
        yield incident


class _Event:
    """One incident while it is drawn."""

    def __init__(self, key: str, day: date, town: Town, drawing: Drawing) -> None:
        self.key, self.day, self.town, self.drawing = key, day, town, drawing
        self.report = find_monthly(day)
        self.pattern = drawing.weigh([(p.weight, p) for p in PATTERNS if self._is_possible(p)])
        self.by = self._draw_group(self.pattern.by)
        self.against = self._draw_group(self.pattern.against)
        self.count = drawing.number(2, 9)
        """How many rockets, bombs or drones there were."""
        self.precision = self._draw_precision()
        self.where = self._name_place()
        self.stopped = 0
        if self.pattern.sub_type in ("drone_strike", "rocket_attack") and drawing.chance(0.45):
            self.stopped = drawing.number(1, self.count)
        self.casualties: Casualties | None = None

    def make(self, earlier: tuple[str, date] | None) -> Json:
        """Return the incident; `earlier` is one of the same division that it may answer."""
        pattern, drawing = self.pattern, self.drawing
        title, summary = drawing.pick(pattern.texts)
        if pattern.deadly:
            self.casualties = draw_casualties(
                drawing, pattern, self.report, self._cite, is_spared=self.is_stopped
            )
        text = self._word(summary)
        if self.is_stopped:
            text += " All of them are shot down."
        elif self.stopped:
            text += f" {say(self.stopped).capitalize()} of them {say_be(self.stopped)} shot down."
        if self.casualties:
            text += f" {self.casualties.text}"
        incident: Json = {
            "key": self.key,
            "public_id": make_public_id("incident", self.key),
            "slug": f"xtt-{self.day.year}-{make_code(self.key)}",
            "title": self._word(title),
            "summary": text,
            "event_type": pattern.event_type,
            "sub_type": pattern.sub_type,
            "violence": pattern.violence,
            "outcome": self._outcome,
            "tags": sorted({"fictional", *pattern.tags, *self._ceasefire_tags}),
            **self._draw_date(),
            "locations": list(self._draw_locations()),
            "involvements": list(self._draw_involvements()),
            "statements": list(self._draw_statements()),
            "weapons": list(self._draw_weapons()),
            "target_objects": self._draw_targets(),
            "casualties": self._list_figures(),
            "links": list(self._draw_links(earlier)),
            "citations": self._draw_citations(),
        }
        if pattern.by == "gangs":
            incident["motives"] = ["criminal"]
        elif pattern.deadly and drawing.chance(0.3):
            incident["motives"] = ["retaliatory"] if incident["links"] else ["political"]
        if pattern.deadly:
            incident["civilians_targeted"] = pattern.against == "civilians"
        return {name: value for name, value in incident.items() if value != []}

    @property
    def is_stopped(self) -> bool:
        """Whether every weapon was shot down."""
        return self.stopped == self.count

    @property
    def _outcome(self) -> str:
        if self.is_stopped:
            return "intercepted"
        if self.pattern.sub_type == "plot_disrupted":
            return "foiled"
        return "partially_successful" if self.stopped else "completed"

    @property
    def _ceasefire_tags(self) -> list[str]:
        quiet = any(first <= self.day <= last for first, last in _QUIET)
        return ["ceasefire_violation"] if quiet and self.pattern.violence == "state_based" else []

    def _is_possible(self, pattern: Pattern) -> bool:
        """Return whether there is somebody here and now for both sides of a pattern."""
        if pattern.at_sea != (self.town.division == "lesser-sound" and pattern.by == "gangs"):
            return False
        quiet = any(first <= self.day <= last for first, last in _QUIET)
        if quiet and pattern.violence == "state_based" and not self.drawing.chance(0.2):
            return False
        return all(
            self._list_groups(side) for side in (pattern.by, pattern.against) if side in _POOLS
        )

    def _list_groups(self, side: str) -> list[Group]:
        groups = _POOLS[side].get(self.town.division, ())
        return [group for group in groups if group.fights_on(self.day)]

    def _draw_precision(self) -> str:
        """Return how precisely the place is known and published."""
        if self.pattern.by == "crowd" or self.pattern.at_sea:
            return "sea" if self.pattern.at_sea else "settlement"
        return self.drawing.weigh(_PRECISIONS)

    def _name_place(self) -> str:
        """Return the name of the place for texts, no finer than is published."""
        if self.precision in ("division", "coarse"):
            return f"a town in {_DIVISIONS[self.town.division]}"
        if self.precision == "withheld":
            return "a town whose name is withheld"
        return "a town that no source names" if self.precision == "country" else self.town.name

    def _draw_group(self, side: str) -> Group | None:
        if side in _POOLS:
            return self.drawing.pick(self._list_groups(side))
        if side == "crowd":
            return _CROWD
        if side == "air":
            return AIR_WING
        return _RESIDENTS.get(self.town.division) if side == "civilians" else None

    def _word(self, text: str) -> str:
        by, against = self.by, self.against
        worded = text.format(
            town=self.where,
            by=by.name if by else "",
            against=against.name if against else "",
            count=say(self.count),
        )
        return worded[0].upper() + worded[1:]

    def _cite(self, source: str, quote: str = "", **values: str) -> Json:
        citation = {"source": source, **values}
        if source == self.report:
            citation |= {"locator_kind": "paragraph", "locator": str(int(self.key[-3:]) % 40 + 1)}
        elif source == "tidewatch-7":
            row = f"TW-{self.day.year}-{int(self.key[-3:]) * 7 % 1000:04}"
            citation |= {"locator_kind": "row", "locator": row}
        return citation | ({"quote": quote, "quote_language": "en"} if quote else {})

    def _draw_citations(self) -> list[Json]:
        """Return what the incident as a whole cites: the monthly report, and often the dataset."""
        observed = self.drawing.pick(_OBSERVED)
        number = say(self.drawing.number(3, 9))
        cited = [self._cite(self.report, observed.format(town=self.where, number=number))]
        if self.drawing.chance(0.6):
            cited.append(self._cite("tidewatch-7"))
        return cited

    def _draw_date(self) -> Json:
        """Return the date: mostly a day, sometimes with its time, sometimes a less precise one."""
        day, drawing = self.day, self.drawing
        later = day + timedelta(days=drawing.number(1, 4))
        kind = drawing.weigh(_DATES)
        seasons = {12: 24, 1: 24, 2: 24, 3: 21, 4: 21, 5: 21, 6: 22, 7: 22, 8: 22}
        if kind == "time":
            time = f"{drawing.number(*self.pattern.hours):02}:{drawing.number(0, 11) * 5:02}"
            return {"date": f"{day}", "local_time": time}
        texts = {
            "month": f"{day:%Y-%m}",
            "days": f"{day}/{later}",
            "one of": f"[{day}..{later}]",
            "about": f"{day}~",
            "perhaps": f"{day}?",
            "set": f"[{day},{later}]",
            "season": f"{day.year - (day.month < 3)}-{seasons.get(day.month, 23)}",
        }
        return {"date": texts.get(kind, f"{day}")}

    def _draw_locations(self) -> Iterator[Json]:
        """Yield the primary location, and often where rockets or drones were launched."""
        town, drawing = self.town, self.drawing
        base: Json = {"role": "impact", "primary": True, "citations": [self._cite(self.report)]}
        if self.pattern.sub_type == "abduction":
            base["role"] = "abduction"
        kind = self.precision
        if kind == "settlement":
            yield base | _at(town.key, "settlement")
        elif kind == "near":
            yield base | _at(town.key, "near_settlement") | self._draw_point(0.06)
        elif kind == "division":
            yield base | _at(town.division, "admin1")
        elif kind == "sea":
            yield base | _at("sound-strait", "water_or_airspace")
        elif kind == "country":
            yield base | _at("talassia", "country")
        elif kind == "coarse":
            known = {"precision": "exact", "public_precision": "admin1", "private_place": town.key}
            note = {"description": "The town is not published, to protect witnesses."}
            yield base | {"place": town.division} | known | self._draw_point(0.02) | note
        elif kind == "withheld":
            known = {"precision": "exact", "public_precision": "country", "private_place": town.key}
            note = {"description": "The place is withheld."}
            yield base | {"place": "talassia"} | known | self._draw_point(0.02) | note
        else:
            yield base | _at(town.key, "exact") | self._draw_point(0.02)
        if self.pattern.sub_type in ("rocket_attack", "drone_strike") and drawing.chance(0.5):
            launch: Json = {"role": "launch", "citations": [self._cite(self.report)]}
            yield launch | _at(town.division, "admin1") | {"description": "Behind a ridge."}

    def _draw_point(self, most: float) -> Json:
        return {
            "latitude": f"{self.town.latitude + self.drawing.offset(most):.4f}",
            "longitude": f"{self.town.longitude + self.drawing.offset(most):.4f}",
        }

    def _draw_involvements(self) -> Iterator[Json]:
        """Yield who did it, who was attacked, and who tried to stop it, by our conclusion."""
        pattern, drawing = self.pattern, self.drawing
        cited = [self._cite(self.report)]
        side: Json = {"side": "a", "primary": True, "citations": cited}
        other: Json = {"side": "b", "primary": True, "citations": cited}
        if pattern.by == "crowd":
            role = "victim" if pattern.sub_type == "excessive_force_protesters" else "party"
            yield side | {"role": role, "actor": _CROWD.key}
        elif self.by is None:
            label = {"label": drawing.pick(_UNKNOWN)}
            yield side | label | {"role": "perpetrator", "certainty": "possible"}
        elif pattern.sub_type in _PARTIES or (
            pattern.sub_type == "battle_armed_clash" and drawing.chance(0.3)
        ):
            yield side | {"role": "party", "actor": self.by.key}
        else:
            certainty = drawing.weigh(
                [(45, "confirmed"), (30, "probable"), (15, "possible"), (10, "suspected")]
            )
            if pattern.by in OF_THE_STATE:
                certainty = "confirmed"
            row = side | {"role": "perpetrator", "actor": self.by.key, "certainty": certainty}
            if certainty != "confirmed":
                row["rationale"] = drawing.pick(_RATIONALES).format(town=self.where)
            yield row
        if pattern.against == "civilians":
            victim = {"actor": self.against.key} if self.against else {}
            label = {"label": drawing.pick(_LABELS).format(town=self.where)}
            yield other | {"role": "victim"} | (victim or label)
        elif self.against:
            role = "target"
            if pattern.sub_type in ("arrest", "weapons_seizure"):
                role = "affected"
            elif pattern.sub_type == "agreement":
                role = "party"
            elif pattern.sub_type == "excessive_force_protesters":
                role = "perpetrator"
            elif pattern.by == "crowd":
                role = "intervener"
            yield other | {"role": role, "actor": self.against.key}
        if self.stopped and self.against:
            yield other | {"role": "interceptor", "actor": self.against.key, "primary": False}

    def _draw_statements(self) -> Iterator[Json]:
        """Yield claims, denials, accusations and findings."""
        pattern, drawing = self.pattern, self.drawing
        if not pattern.deadly or self.by is None or pattern.by == "crowd":
            return
        number, accused = 1, self.by
        if pattern.by == "rebels" and drawing.chance(0.4):
            facade = FACADES.get(self.by.key)
            if facade and facade.fights_on(self.day) and drawing.chance(0.5):
                named = [{"actor": facade.key, "on_behalf_of": self.by.key}]
                yield self._make_claim(number, facade, named)
            elif drawing.chance(0.12):
                ally = drawing.pick(self._list_groups("rebels"))
                named = [{"actor": key} for key in dict.fromkeys((self.by.key, ally.key))]
                yield self._make_claim(number, self.by, named)
            else:
                yield self._make_claim(number, self.by, [])
            number += 1
            others = [g for g in self._list_groups("rebels") if g.key != self.by.key]
            if others and drawing.chance(0.12):
                yield self._make_claim(number, drawing.pick(others), [])
                number += 1
        elif pattern.by in OF_THE_STATE and drawing.chance(0.5):
            source = find_quarterly("forces-press", self.day)
            text = f"The {self.by.name} acted against armed people at {self.where}."
            if pattern.against == "civilians":
                text = f"The {self.by.name} was not in {self.where} on that day."
            kind = "denial" if pattern.against == "civilians" else "claim"
            yield self._make_statement(
                number, kind, self.by, text, source, "official_statement", self._after(2)
            )
            number += 1
        if drawing.chance(0.25):
            speaker = Group("government-of-talassia", "Government")
            source = find_quarterly("forces-press", self.day)
            text = f"The {accused.name} did this, and nobody else."
            if pattern.by in OF_THE_STATE:
                speaker = Group("council-of-the-outer-districts", "Council")
                source = find_quarterly("council-office", self.day)
            yield self._make_statement(
                number,
                "accusation",
                speaker,
                text,
                source,
                "press_conference",
                self._after(3),
                accused,
            )
            number += 1
            if drawing.chance(0.4) and pattern.by == "rebels":
                source = find_quarterly("council-office", self.day)
                text = f"None of our people was near {self.where}."
                yield self._make_statement(
                    number, "denial", accused, text, source, "unknown", self._after(6)
                )
                number += 1
        if drawing.chance(0.06):
            speaker = Group("atlantic-observer-mission", "Mission")
            text = f"The Mission concludes that the {accused.name} is responsible."
            yield self._make_statement(
                number,
                "investigation_finding",
                speaker,
                text,
                self.report,
                "official_statement",
                f"{self.day:%Y-%m}",
                accused,
            )

    def _after(self, days: int) -> str:
        return f"{self.day + timedelta(days=self.drawing.number(0, days))}"

    def _make_claim(self, number: int, speaker: Group, responsible: list[Json]) -> Json:
        """Return a claim, in the language of the speaker."""
        source = find_quarterly("council-office", self.day)
        translation = (
            f"We take responsibility for the operation of {self.day.day} {self.day:%B %Y}."
        )
        language, text, mode = CLAIMS.get(speaker.key, ("en", "", "group_media_outlet"))
        claim = self._make_statement(
            number, "claim", speaker, translation, source, mode, self._after(1)
        )
        if language != "en":
            text = text.format(day=f"{self.day:%Y-%m-%d}")
            claim |= {"text": text, "language": language, "translation": translation}
        if self.drawing.chance(0.15):
            claim["authenticity"] = "unverified"
        return claim | ({"responsible": responsible} if responsible else {})

    def _make_statement(
        self,
        number: int,
        kind: str,
        speaker: Group,
        text: str,
        source: str,
        mode: str,
        day: str,
        accused: Group | None = None,
    ) -> Json:
        return {
            "number": str(number),
            "kind": kind,
            "speaker": speaker.key,
            "speaker_type": _find_speaker_type(speaker.key),
            "mode": mode,
            "date": day,
            "text": text,
            "language": "en",
            "authenticity": "verified",
            "citations": [self._cite(source, text)],
            **({"responsible": [{"actor": accused.key}]} if accused else {}),
        }

    def _draw_weapons(self) -> Iterator[Json]:
        """Yield one or two of the weapons of the pattern."""
        weapons = self.pattern.weapons
        if not weapons:
            return
        weapon, calibre = self.drawing.pick(weapons)
        row: Json = {"weapon": weapon, "citations": [self._cite(self.report)]}
        if calibre and self.drawing.chance(0.8):
            row["calibre_mm"] = calibre
        if weapon in ("rocket", "mortar", "one_way_attack_drone", "armed_drone", "aerial_bomb"):
            row["count_best"] = str(self.count)
            if self.stopped:
                row["intercepted_best"] = str(self.stopped)
            if self.drawing.chance(0.4):
                row["origin"] = "XT"
            if weapon == "rocket" and self.drawing.chance(0.2):
                row["supplier"] = "corvane"
        yield row

    def _draw_targets(self) -> list[Json]:
        return [
            {
                "type": type_,
                "name": name,
                "nationality": "XT",
                "hit": not self.is_stopped and self._outcome != "foiled",
                "intended": place == 0,
                "citations": [self._cite(self.report)],
            }
            for place, (type_, name) in enumerate(self.pattern.targets)
        ]

    def _list_figures(self) -> list[Json]:
        """Return the casualty figures, with those of people who are abducted or arrested."""
        figures = self.casualties.figures if self.casualties else []
        if self.pattern.harm:
            figure = {"measure": self.pattern.harm, "population": "total", "quantifier": "exact"}
            number = {"role": "recommended", "best": str(self.count)}
            figures.append(figure | number | {"citations": [self._cite(self.report)]})
        return figures

    def _draw_links(self, earlier: tuple[str, date] | None) -> Iterator[Json]:
        if earlier is None or self.pattern.by not in ("rebels", *OF_THE_STATE):
            return
        key, day = earlier
        if 0 < (self.day - day).days <= 45 and self.drawing.chance(0.35):
            kind = "retaliation_for" if self.pattern.deadly else "response_to"
            yield {"kind": kind, "to": key, "citations": [self._cite(self.report)]}


_POOLS = {"rebels": REBELS, "state": STATE, "army": ARMY, "gangs": GANGS}
_RATIONALES = (
    "Witnesses in {town} recognised two of its fighters.",
    "No other group is known to operate around {town}.",
    "The cartridges are of the batch that it used in three earlier attacks.",
    "It had threatened the garrison a week before.",
)


def _at(place: str, precision: str) -> Json:
    return {"place": place, "precision": precision, "public_precision": precision}


def _find_speaker_type(key: str) -> str:
    if key == FORCES.key or key in {group.key for groups in STATE.values() for group in groups}:
        return _STATE_SPEAKERS.get(key, "military")
    return {
        AIR_WING.key: "military",
        "government-of-talassia": "government",
        "council-of-the-outer-districts": "spokesperson",
        "atlantic-observer-mission": "international_organisation",
    }.get(key, "armed_group")
