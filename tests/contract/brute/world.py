"""A small public dataset with the hard cases of filters; always the same for one seed."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any

from actors import codes
from actors.affiliation_kinds import GENEALOGY, HIERARCHICAL, SYMMETRIC, explain_mismatch
from actors.models import Actor, Affiliation
from editorial import merging, workflow
from editorial.models import Record, User
from incidents import codes as words
from incidents.models import Incident
from places.models import Place
from sources.models import Publisher, Source
from tests.cast import UNCITED

_PLACES = """
iraq|Iraq|country||IQ||33|44
iran|Iran|country||IR||32|53
fiji|Fiji|country||FJ||-18|179
kurdistan|Kurdistan Region|region|iraq|IQ||36.2|44
anbar|Anbar|admin1|iraq|IQ|IQ-AN|33|42
baghdad|Baghdad|admin1|iraq|IQ|IQ-BG|33.3|44.4
erbil|Erbil|admin1|kurdistan|IQ|IQ-AR|36.2|44
ilam|Ilam|admin1|iran|IR|IR-16|33.6|46.4
al-qaim|al-Qaim|settlement|anbar|IQ|IQ-AN|34.38|41.03
ramadi|Ramadi|settlement|anbar|IQ|IQ-AN|33.42|43.31
sadr-city|Sadr City|neighbourhood|baghdad|IQ|IQ-BG|33.39|44.46
harir|Harir|base|erbil|IQ|IQ-AR|36.53|44.33
mehran|Mehran|settlement|ilam|IR|IR-16|33.12|46.16
taveuni|Taveuni|settlement|fiji|FJ||-16.85|180
rabi|Rabi|settlement|fiji|FJ||-16.5|-179.97
gulf|The Gulf|maritime||||27|51
nowhere|Somewhere|other|anbar|IQ|||
"""
_ACTORS = """
iran-state|Iran|state
iraq-state|Iraq|state
pmf|Popular Mobilization Forces|coalition
resistance|Islamic Resistance|coalition
kataib|Kataib Hezbollah|armed_organisation
asaib|عصائب أهل الحق|armed_organisation
nujaba|Harakat al-Nujaba|armed_organisation
badr|Badr|political_organisation
saraya|Saraya Awliya al-Dam|armed_organisation
brigade|45th Brigade|unit
battalion|Second Battalion|unit
sabereen|Sabereen News|media_outlet
us-forces|US forces|government_body
isis|Islamic State|armed_organisation
pro-iranian|Pro-Iranian militias|collective
leader|Abu Mahdi|individual
deputy|Qais|individual
double|Hezbollah Brigades|armed_organisation
lost|Гвардия|armed_organisation
"""
_NAMES = (
    "كتائب حزب الله",
    "Катаиб",
    "Al-Nujaba",
    "نجباء",
    "Badr",
    "حشد",
    "Ketaeb",
    "BADR",
    "Saraya",
)
_STARTS = (
    ("", "unknown"),
    ("2014", "actual"),
    ("2014-06", "first_cited"),
    ("2015-03-10", "actual"),
    ("2016?", "actual"),
    ("201X", "unknown"),
    ("[2014..2015]", "actual"),
    ("2017-02~", "first_cited"),
    ("2003-04-09", "actual"),
    ("2013", "actual"),
)
_ENDS = (
    ("", "unknown", None),
    ("", "ongoing", None),
    ("", "ongoing", date(2022, 5, 1)),
    ("", "ongoing", date(2021, 1, 1)),
    ("2020-06-15", "actual", None),
    ("2019", "actual", None),
    ("2020-12", "last_cited", None),
    ("2021?", "actual", None),
)
_DATES = (
    *("", "2014", "2014-06", "2014-22", "201X", "2015-03?", "2016-05-01/2016-05-20", "2019/.."),
    *("[2015,2018]", "2014-06/2014-08", "2014~/2016"),
    *("[2015-01-01..2015-01-03]", "2017-07-07~", "2018-02-01%", "2016-01-04/2017-02-03"),
    *(
        "2013-12-01/2016-02-01",
        "[2015-03-01..2015-04-01]",
        "[2016-12-29,2017-01-02]",
        "2019-12",
        "2020-02-XX",
        "2014-06-08/2014-06-14",
    ),
)


class World:
    """Makes the dataset; `publish` makes records public as one state."""

    def __init__(self, seed: int, editor: User, reviewer: User) -> None:
        self.random = Random(seed)
        self.editor, self.reviewer = editor, reviewer
        self.gone: set[str] = set()
        self.sources = self._sources()
        self.places = self._places()
        self.actors = self._actors()
        self.affiliations = list(self._affiliations())
        self.publish(self.affiliations)
        self.incidents = list(self._incidents(30))
        self._change()
        self.gone = {"lost", "double"}
        self.incidents += self._incidents(12)
        workflow.withdraw(self.incidents[3], reviewer, "It was reported twice.")

    def publish(self, records: Iterable[Record]) -> None:
        submission = workflow.submit(list(records), self.editor, "")
        workflow.approve(submission, self.reviewer, UNCITED)
        workflow.publish(submission, self.reviewer)

    def some(self, values: Iterable[Any], most: int = 3) -> list[Any]:
        """Return up to `most` of some values."""
        found = list(values)
        return self.random.sample(found, self.random.randint(0, min(most, len(found))))

    def one(self, values: Iterable[Any]) -> Any:
        return self.random.choice(list(values))

    def often(self, chance: float) -> bool:
        return self.random.random() < chance

    def validity(self, *, once: bool = False, undoubted: bool = False) -> dict[str, Any]:
        """Return the columns of a validity."""
        start, start_kind = self.one(_STARTS)
        end, end_kind, verified = ("", "unknown", None) if once else self.one(_ENDS)
        columns = {"start": start, "start_kind": start_kind, "end": end, "end_kind": end_kind}
        return columns | {"last_verified": verified}

    def doubted(self) -> dict[str, Any]:
        """Return what the desk holds of an assertion."""
        assessment = self.one(["accepted"] * 5 + ["disputed", "rejected", "needs_work"])
        return {
            "assessment": assessment,
            "note": "" if assessment == "accepted" else "For a reason.",
        }

    def cite(self, row: Any) -> None:
        for source in self.some([*self.sources, self.secret], 2):
            row.citations.create(source=source, quote="As it says.")

    def identify(self, row: Any, schemes: tuple[str, ...]) -> None:
        for scheme in self.some(schemes, 2):
            row.external_ids.create(scheme=scheme, value=f"{row.pk}", match="exact")
        if self.often(0.3):
            row.external_ids.create(scheme=schemes[0], value="A 1:2", match="close")

    def _sources(self) -> list[Source]:
        publishers = [
            Publisher.objects.create(name=name, language="ar") for name in ("Shafaq", "Rudaw", "x")
        ]
        sources = []
        for number in range(10):
            source = Source.objects.create(
                title=self.one(["Report", "تقرير", "Доклад", "report"]) + f" {number % 4}",
                kind=self.one(["article", "report", "video", "unknown"]),
                publisher=self.one([None, *publishers]),
                language=self.one(["", "ar", "ar-IQ", "en", "ckb", "az-Arab"]),
                published=self.one(["", "2014", "2015-02", "2015-02-03", "2016?", "2017~"]),
                url=self.one(["", "https://example.org/a", "https://example.org/b?c=d&e"]),
                archive_url=self.one(["", "https://example.org/a", "https://web.archive.org/x"]),
            )
            self.identify(source, ("wikidata", "bayanat"))
            sources.append(source)
        self.secret = Source.objects.create(title="A letter", confidential=True)
        self.publishers = publishers
        self.publish([*publishers, *sources])
        return sources

    def _places(self) -> dict[str, Place]:
        places: dict[str, Place] = {}
        for line in _PLACES.strip().splitlines():
            slug, name, kind, parent, country, admin1, latitude, longitude = line.split("|")
            places[slug] = Place.objects.create(
                slug=slug,
                name=name,
                kind=kind,
                parent=places.get(parent),
                country=country,
                admin1=admin1,
                latitude=latitude or None,
                longitude=longitude or None,
            )
            self.identify(places[slug], ("wikidata", "sfm"))
        self.publish(places.values())
        return places

    def _actors(self) -> dict[str, Actor]:
        actors = {}
        for line in _ACTORS.strip().splitlines():
            slug, name, kind = line.split("|")
            actor = actors[slug] = Actor.objects.create(
                slug=slug,
                name=name,
                kind=kind,
                identified=self.one(codes.Identified.values),
                country=self.one([None, *self.places.values()]),
                **self.validity(),
            )
            for text in self.some(_NAMES):
                actor.names.create(text=text, kind="alias", **self.validity())
            for word in self.some(["rebel_group", "political_militia", "state_military"], 2):
                actor.classifications.create(
                    classification=word, **self.validity(), **self.doubted()
                )
            for regime in self.some(["us_fto", "us_sdgt", "un_1267"], 2):
                actor.designations.create(regime=regime, **self.validity())
            for place in self.some(self.places.values(), 3):
                kind = self.one(["base", "headquarters", "influence"])
                actor.presences.create(place=place, kind=kind, **self.validity(), **self.doubted())
            self.identify(actor, ("wikidata", "ucdp_actor"))
        self.publish(actors.values())
        return actors

    def _affiliations(self) -> Iterable[Affiliation]:
        actors = list(self.actors.values())
        order = {actor.pk: number for number, actor in enumerate(actors)}
        rolling = ["member_of", "subordinate_of", "wing_of", "facade_of", "affiliate_of"]
        kinds = [*rolling, *rolling, *rolling, "sponsored_by", "sponsored_by", "leader_of"]
        kinds += ["allied_with", "rival_of", "in_conflict_with", "splinter_of", "aligned_with"]
        made: set[Any] = set()
        for _ in range(400):
            subject, object_, kind = self.one(actors), self.one(actors), self.one(kinds)
            above = order[subject.pk] > order[object_.pk]
            ends = (subject.pk, object_.pk)
            once = (kind, tuple(sorted(ends)) if kind in SYMMETRIC else ends)
            wrong = subject == object_ or once in made or (kind in HIERARCHICAL and not above)
            if wrong or explain_mismatch(subject.kind, kind, object_.kind) or len(made) >= 70:
                continue
            made.add(once)
            affiliation = Affiliation.objects.create(
                subject=subject,
                kind=kind,
                object=object_,
                closeness=self.one(codes.Closeness.values),
                basis=self.one(codes.Basis.values),
                confidence=self.one(["unassessed", "low", "medium", "high"]),
                **self.validity(once=kind in GENEALOGY),
                **self.doubted(),
            )
            for type_ in self.some(["weapons", "funding"], 2) if kind == "sponsored_by" else []:
                others = [None, *(a for a in actors if a.pk not in (subject.pk, object_.pk))]
                against = self.one(others)
                affiliation.support.create(
                    type=type_,
                    against=against,
                    basis=self.one(codes.Basis.values),
                    **self.validity(),
                    **self.doubted(),
                )
            yield affiliation

    def _incidents(self, number: int) -> Iterable[Incident]:
        made: list[Incident] = []
        for _ in range(number):
            made.append(self._incident(made))
        self.publish(made)
        return made

    def _incident(self, earlier: list[Incident]) -> Incident:
        day = date(2013, 12, 20) + timedelta(self.random.randint(0, 2600))
        when = self.one([*_DATES, *[day.isoformat()] * len(_DATES)])
        granularity = self.one(["single_event"] * 4 + ["aggregate", "series"])
        incident = Incident.objects.create(
            title=self.one(["Attack", "هجوم", "Нападение", "Raid"]),
            date=when,
            as_of=self.one([None, "2020-01-31"]) if when.endswith("..") else None,
            granularity=granularity,
            event_type=self.one(words.EventType.values[:3]),
            sub_type=self.one(["rocket_attack", "ied", "unknown"]),
            violence=self.one(words.Violence.values),
            outcome=self.one(["completed", "foiled", "unknown"]),
            motives=self.some(["sectarian", "political", "criminal"], 2) or ["unknown"],
            tags=self.some(["siege", "coup", "shipping"], 2),
            civilians_targeted=self.one([None, True, False]),
            suicide=self.one([None, True, False]),
        )
        self._told_of(incident)
        self.cite(incident)
        self.identify(incident, ("ucdp_event", "acled_event"))
        for to in self.some(earlier, 2):
            incident.links.create(kind=self.one(words.LinkKind.values), to=to)
        for affiliation in self.some(self.affiliations, 1):
            self.cite(incident.effects.create(kind="changes", affiliation=affiliation))
        return incident

    def _told_of(self, incident: Incident) -> None:
        actors = [actor for slug, actor in self.actors.items() if slug not in self.gone]
        for number, place in enumerate(self.some(self.places.values(), 2)):
            precision = self.one(words.Precision.values)
            known = place.latitude is not None and self.often(0.7)
            row = incident.locations.create(
                place=self.one([None, place, place, place]),
                primary=number == 0 and self.often(0.9),
                precision=self.one(["exact", precision]),
                public_precision=precision,
                latitude=place.latitude if known else None,
                longitude=place.longitude if known else None,
            )
            self.cite(row)
        for role in self.some([*words.InvolvementRole.values, "perpetrator", "target"], 4):
            who = {"label": "Gunmen"} if self.often(0.1) else {"actor": self.one(actors)}
            certainty = self.one(words.Certainty.values)
            row = incident.involvements.create(
                role=role,
                certainty=certainty,
                side=self.one(words.Side.values),
                on_behalf_of=self.one([None, None, *actors]) if "actor" in who else None,
                **who,
                **self.doubted(),
            )
            self.cite(row)
        for _ in range(self.one([0, 0, 1, 2, 3])):
            who = (
                {"speaker_label": "Spokesman"} if self.often(0.3) else {"speaker": self.one(actors)}
            )
            statement = incident.statements.create(
                kind=self.one(["claim", "claim", "denial", "accusation", "retraction"]),
                authenticity=self.one(words.Authenticity.values),
                speaker_type=self.one(["armed_group", "government"]),
                mode=self.one(["video", "letter"]),
                **who,
                **self.doubted(),
            )
            for named in self.some(actors, 2):
                statement.responsible.create(actor=named, on_behalf_of=self.one([None, *actors]))
            if statement.number > 1 and self.often(0.3):
                statement.withdrawn_by = statement.number - 1
                statement.save()
        for _ in range(self.one([0, 0, 1, 2])):
            incident.weapons.create(
                weapon=self.one(["rocket", "mortar", "ied"]),
                calibre_mm=self.one([None, "107", "81.5", "122"]),
                origin=self.one(["", "IR", "RU"]),
            )
        for _ in range(self.one([0, 0, 1, 2])):
            type_, nationality = self.one(["military", "police", "ngo"]), self.one(["", "US", "IQ"])
            incident.target_objects.create(type=type_, nationality=nationality)
        for measure in self.some(words.CasualtyMeasure.values, 3):
            best = self.one([None, 0, 1, 3, 12])
            number = {"best": best, "quantifier": "approximately" if best is not None else "many"}
            incident.casualties.create(measure=measure, role="recommended", **number)

    def _change(self) -> None:
        """Correct, rename, withdraw and merge."""
        kataib, place = self.actors["kataib"], self.places["ramadi"]
        kataib.name = "Hezbollah Brigades of Iraq"
        kataib.save()
        self.publish([kataib])
        place.parent, place.admin1 = self.places["baghdad"], "IQ-BG"
        place.save()
        self.publish([place])
        for incident in self.incidents[5:12]:
            incident.date, incident.as_of = "2016-02", None
            incident.involvements.filter(role="perpetrator").delete()
            self._more(incident)
            incident.save()
        self.publish(self.incidents[5:9])
        self.publish(self.incidents[9:12])
        for affiliation in self.affiliations[::9]:
            columns = self.validity(once=affiliation.kind in GENEALOGY)
            for name, value in columns.items():
                setattr(affiliation, name, value)
            affiliation.save()
        self.publish(self.affiliations[::9])
        workflow.withdraw(self.affiliations[1], self.reviewer, "It was not so.")
        merging.merge(self.actors["double"], self.actors["kataib"], self.reviewer, "One group.")
        merging.merge(self.publishers[2], self.publishers[0], self.reviewer, "One publisher.")
        merging.merge(self.sources[9], self.sources[8], self.reviewer, "One text.")
        workflow.withdraw(self.actors["lost"], self.reviewer, "No such group.")
        self.sources.pop()
        self.affiliations = [
            affiliation
            for affiliation in self.affiliations
            if affiliation.edition and affiliation.edition.public
        ]

    def _more(self, incident: Incident) -> None:
        for actor, role in product([self.one(self.actors.values())], ("perpetrator", "victim")):
            incident.involvements.create(actor=actor, role=role, certainty="probable")
