"""Two databases, equal in public and different in all that is private, answer with equal bytes."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, product
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

import pytest
from django.db import connection
from django.test import Client

from actors.models import Actor, Affiliation
from api.releases import make_release
from curation.models import Report
from editorial import workflow
from editorial.models import User
from editorial.redaction.validation import check_note
from explorer.assistant.questions import QUESTIONS, Assistant, Refusal, ask
from incidents.models import Incident, IncidentLocation, Involvement
from places.models import Place
from publishing import publication
from publishing.models import Edition
from sources.models import Publisher, Source
from tests.cast import UNCITED
from tests.contract.client import API, ContractClient, description, links

SPACE = UUID("6d757374-6572-4000-8000-000000000000")


def known(name: str) -> UUID:
    """Return the same public id for the same name in both twins."""
    return uuid5(SPACE, name)


class Twin:
    """One of the two databases; `private` says whether it contains what must not be public."""

    def __init__(self, editor: User, reviewer: User, private: bool) -> None:
        self.editor, self.reviewer, self.private = editor, reviewer, private

    def publish(self, *records: Any) -> None:
        """Publish as people do; the private twin leaves more traces on the way."""
        if self.private:
            submission = workflow.submit(list(records), self.editor, "Published.")
            workflow.reject(submission, self.reviewer, "A private reply.")
        submission = workflow.submit(list(records), self.editor, "Published.")
        workflow.approve(submission, self.reviewer, UNCITED)
        workflow.publish(submission, self.reviewer)

    def tell(self) -> None:
        """Make everything that both twins tell, and in the private one what neither tells."""
        private = self.private
        secret = "a secret name" if private else "another"
        if private:
            self.drafts(0)
        iraq = Place.objects.create(
            public_id=known("iraq"), slug="iraq", name="Iraq", kind="country", country="IQ"
        )
        base = Place.objects.create(
            public_id=known("base"), slug="base", name=f"Base {secret}", kind="base", parent=iraq
        )
        press = Publisher.objects.create(public_id=known("press"), name="Press", scale="national")
        report = Source.objects.create(public_id=known("report"), title="Report", publisher=press)
        talk = Source.objects.create(
            public_id=known("talk"), title=f"Talk with {secret}", confidential=True, author=secret
        )
        umbrella, militia = (
            Actor.objects.create(
                public_id=known(name),
                slug=name,
                name=name.title(),
                kind="armed_organisation",
                country=iraq,
                internal_note=secret,
                start="2014",
                start_kind="actual",
            )
            for name in ("umbrella", "militia")
        )
        militia.names.create(text="كتائب", language="ar")
        militia.classifications.create(
            classification="rebel_group", primary=True, internal_note=secret
        )
        militia.citations.create(source=report, quote="a militia")
        militia.citations.create(source=talk, field="name", quote=f"it was {secret}", locator="9")
        membership = Affiliation.objects.create(
            public_id=known("membership"),
            subject=militia,
            kind="member_of",
            object=umbrella,
            start="2015",
        )
        attack = Incident.objects.create(
            public_id=known("attack"), slug="irq-2020-aaaa", title="Attack", date="2020-01~"
        )
        IncidentLocation.objects.create(
            incident=attack,
            place=iraq,
            primary=True,
            private_place=base if private else None,
            precision="exact" if private else "country",
            public_precision="country",
            latitude="33.312805" if private else None,
            longitude="44.361488" if private else None,
        )
        involvement = Involvement.objects.create(
            incident=attack, role="perpetrator", actor=militia, internal_note=secret
        )
        involvement.citations.create(source=talk, quote=secret)
        backing = Affiliation.objects.create(
            public_id=known("backing"), subject=militia, kind="sponsored_by", object=umbrella
        )
        for row in self.parts(militia, umbrella, backing, attack, iraq, secret):
            row.citations.create(source=talk, quote=secret, translation=secret, locator=secret)
        self.publish(iraq, press, report, umbrella, militia, membership, backing, attack)
        if private:
            self.drafts(1)
            Actor.objects.filter(pk=umbrella.pk).update(name="A name not yet decided")
            workflow.submit(membership, self.editor) if _changed(membership) else None
        attack.summary = "Corrected."
        attack.save()
        self.publish(attack)
        make_release("one", "Before the withdrawal.", check_note)
        workflow.withdraw(umbrella, self.reviewer, "Not one group.")

    def parts(
        self,
        militia: Actor,
        umbrella: Actor,
        backing: Affiliation,
        attack: Incident,
        iraq: Place,
        secret: str,
    ) -> list[Any]:
        """Make one of each part that cites; what asserts something has an internal note."""
        private_note = {"internal_note": secret}
        if self.private:
            wrong = Incident.objects.create(title=f"Attack as {secret} told it")
            attack.possible_duplicates.create(of=wrong, note=secret)
        return [
            militia.names.create(text="A brand", kind="facade_brand"),
            militia.attributes.create(kind="ideology", value="Khomeinism", **private_note),
            militia.designations.create(regime="us_fto", status="listed"),
            militia.presences.create(place=iraq, kind="base", **private_note),
            militia.strength_estimates.create(
                measure="fighters", quantifier="many", **private_note
            ),
            militia.assessments.create(topic="aims", text="To last."),
            backing.support.create(type="weapons", **private_note),
            attack.statements.create(kind="claim", speaker=militia, **private_note),
            attack.weapons.create(weapon="rocket", supplier=umbrella),
            attack.target_objects.create(type="military", name="A base"),
            attack.casualties.create(measure="killed", best=1, role="recommended"),
            attack.effects.create(kind="changes", affiliation=backing),
            attack.assessments.create(topic="trend", text="The first."),
        ]

    def drafts(self, turn: int) -> None:
        """Leave drafts, some of them submitted, that touch everything public."""
        draft = Actor.objects.create(name=f"Draft {turn}", kind="unit", slug=f"draft-{turn}")
        workflow.submit(draft, self.editor)
        Incident.objects.create(title=f"Draft {turn}", date="2020")
        Source.objects.create(title=f"Draft {turn}")
        Report.objects.create(text=f"A secret report {turn}", contact="secret@example.org")


def _changed(membership: Affiliation) -> bool:
    membership.internal_note, membership.closeness = "a secret", "close"
    membership.save()
    return True


KEYS = ("umbrella", "militia", "draft-0", "iraq", "base", "irq-2020-aaaa", "nobody")
IDS = (
    "iraq",
    "base",
    "press",
    "report",
    "talk",
    "umbrella",
    "militia",
    "membership",
    "attack",
    "nobody",
)
LISTS = ("actors", "affiliations", "incidents", "sources", "publishers", "places")
PINS = (
    "snapshot=0-00000000",
    "snapshot={seventh}",
    "snapshot={newest}",
    "known_at=2026-01-01T00:00:00Z",
    "known_at=2026-01-01T00:00:01Z",
    "known_at=2025-12-31T23:59:59Z",
    "release=one",
    "release=two",
)
ADDRESSES = [
    *(
        f"{resource}?count=true&detail={detail}"
        for resource in LISTS
        for detail in ("true", "false")
    ),
    *(f"{resource}?limit=1&sort=recently_edited" for resource in LISTS),
    *(f"{resource}/{key}" for resource, key in product(LISTS, KEYS)),
    *(f"{resource}/{known(key)}" for resource, key in product(LISTS, IDS)),
    *(f"incidents?{role}={key}" for role in ("perpetrator", "target") for key in KEYS),
    *(f"affiliations?{end}={key}" for end in ("subject", "object", "actor") for key in KEYS),
    *(f"actors?country={key}" for key in ("IQ", "iraq", "base", "nowhere")),
    *(f"places?within={key}" for key in ("IQ", "iraq", "base")),
    *(f"incidents?place={key}" for key in ("IQ", "iraq", "base")),
    *("incidents?near=44,33&radius_km=500", "places?bbox=-180,-90,180,90"),
    *(
        f"incidents?occurred_from={y}&occurred_to={y}&dates={d}"
        for y in (2019, 2020)
        for d in ("possible", "certain")
    ),
    *(f"affiliations?at={y}&dates={d}" for y in (2013, 2016) for d in ("possible", "certain")),
    *(
        f"{resource}/{known(key)}/editions{rest}"
        for resource, key in product(LISTS, IDS)
        for rest in ("?refresh=true&count=true", "/2")
    ),
    *(f"{resource}/{key}/editions" for resource, key in product(("actors", "places"), KEYS)),
    *(f"{resource}?format=ndjson&detail=true" for resource in LISTS),
    *(
        f"{resource}{joint}{pin}"
        for resource in LISTS
        for joint in ("?format=ndjson&", "?limit=1&count=true&")
        for pin in PINS
    ),
    *(f"actors/{key}?{pin}" for key, pin in product(("umbrella", "militia", "draft-0"), PINS)),
    *(
        f"network?actor={key}&depth=4&{format_}&{pin}"
        for key in KEYS
        for format_ in ("format=json", "format=graphml", "format=csv&part=edges")
        for pin in PINS
    ),
    "releases",
    "releases/one",
    "releases/two",
    "changes?documents=true",
    "changes?limit=2&refresh=false",
    "changes?limit=2&sort=newest",
    "changes?country=IQ",
    *(f"changes?actor={key}" for key in KEYS),
    *(
        f"{question}{joint}{pin}"
        for key in KEYS
        for question in (f"hierarchy?actor={key}", f"places/{key}/outline")
        for joint in ("&" if "?" in question else "?",)
        for pin in PINS
    ),
    *(
        f"{counting}?{role}={key}&{role}_scope=all"
        for counting in ("facets", "grid", "series", "statistics")
        for role in ("participant", "statement_about", "statement_by")
        for key in KEYS
    ),
    *(f"grid?bbox=-180,-90,180,90&zoom={zoom}&{pin}" for zoom in (0, 16) for pin in PINS),
    *(f"series?interval={unit}&by=perpetrator&{pin}" for unit in ("day", "year") for pin in PINS),
    *(f"suggest?q={words}" for words in ("secr", "Draft", "a+name+not", "milit")),
    *(f"{counting}?q={words}" for counting in ("facets", "series") for words in ("secret", "told")),
    *(f"borders?bbox=42,29,49,38&{pin}" for pin in PINS),
    *(f"changes?id={known(key)}" for key in IDS),
    "incidents?perpetrator=" + str(known("draft")),
    "actors?limit=nonsense",
]


LOOKUPS = [f"{resource}/lookup" for resource in LISTS]
PAGES = [
    *(f"/{resource}/{key}" for resource, key in product(LISTS, KEYS)),
    *(f"/{resource}/{known(key)}" for resource, key in product(LISTS, IDS)),
    *(f"/{resource}/{known(key)}?{pin}" for resource, key in product(LISTS, IDS) for pin in PINS),
    *(f"/{path}?{pin}" for path in ("", "search") for pin in PINS),
    *(f"/{resource}/{key}/card.png" for resource, key in product(LISTS, KEYS)),
    *("/card.png", "/sitemap.xml", "/sitemaps/pages.xml", "/sitemaps/0.xml"),
    *("/robots.txt", "/llms.txt", "/.well-known/security.txt"),
    *(f"/search?q={words}" for words in (*KEYS, "secr", "Draft", "reply")),
    *(f"/search?type={resource}" for resource in LISTS),
    *(f"/explore?view={view}" for view in ("map", "timeline", "chart", "table")),
    *(f"/explore?{role}={key}" for role in ("perpetrator", "claimed_by") for key in KEYS),
    *(f"/explore?participant={words}" for words in ("Draft 0", "secr")),
    *(f"/explore.svg?view={view}" for view in ("map", "timeline", "chart")),
    *(f"/{path}?{pin}" for path in ("changes", "releases", "embed/incidents") for pin in PINS),
    *(f"/network?actor={key}" for key in KEYS),
    *(f"/changes?actor={key}" for key in KEYS),
    *(f"/feeds/actors/{key}" for key in KEYS),
    *("/feeds/changes", "/feeds/countries/IQ", "/releases/one", "/releases/two", "/docs/"),
    "/",
]
"""Addresses of the public site."""

TOOLS: dict[str, list[dict[str, Any]]] = {
    "search_names": [{"name": words} for words in (*KEYS, "secret", "Draft", "a name not yet")],
    "get_record": [
        {"type": resource.removesuffix("s"), "key": key}
        for resource in LISTS
        for key in (*KEYS, *(str(known(name)) for name in IDS))
    ],
    "find_incidents": [{}, *({"filters": {"participant": key}} for key in KEYS)],
    "count_incidents": [{"group_by": [by]} for by in ("perpetrator", "source", "admin1")],
    "show_network": [{"actor": key, "day": "2016", "depth": 4} for key in KEYS],
    "show_superiors": [{"actor": key} for key in KEYS],
    "explain_roll_up": [{"actor": key} for key in KEYS],
    "list_changes": [{}, *({"actor": key} for key in KEYS)],
}
"""The arguments of the tools of assistants; those that are not here are called without any."""

FILLED = {"{key}": ("militia", str(known("attack"))), "{version}": ("1",), "{name}": ("one",)}
"""The values of the path parameters of the description."""
GIVEN = {"name": "militia", "part": "nodes", "group_by": "year", "at": "2016"}
"""Values of parameters that no list of words tells."""


def described() -> Iterator[str]:
    """Yield addresses of everything that the OpenAPI description tells of, in every format."""
    for path, methods in description()["paths"].items():
        if "get" not in methods:
            continue
        kinds = {
            one["name"]: one for one in methods["get"].get("parameters", []) if one["in"] == "query"
        }
        needed = "".join(
            f"&{name}={GIVEN.get(name, 'militia')}"
            for name, one in kinds.items()
            if one.get("required")
        )
        words = {
            name: item.get("enum", item.get("x-extensible-enum", ()))
            for name, one in kinds.items()
            for item in [one["schema"].get("items", one["schema"])]
        }
        more = [f"{name}={word}" for name in words for word in words[name]]
        more += [f"{name}={value}" for name, value in GIVEN.items() if name in kinds]
        more += [
            f"{name}=true" for name, one in kinds.items() if one["schema"].get("type") == "boolean"
        ]
        for format_ in words.get("format", ()):
            more += [f"format={format_}&{pin}" for pin in PINS]
            rests = ("detail=true", "escape=spreadsheet", "cite=true")
            more += [f"format={format_}&{rest}" for rest in rests]
            more += [f"format={format_}&centroids=true", f"format={format_}&fields=id,sources"]
            more += [f"format={format_}&part={part}" for part in words.get("part", ())]
        for address in _filled(path.removeprefix(API)):
            yield from (f"{address}?{one}{needed}" for one in more)
            yield f"{address}?{needed[1:]}" if needed else address


def _filled(address: str) -> list[str]:
    for part, keys in FILLED.items():
        if part in address:
            return [one for key in keys for one in _filled(address.replace(part, key))]
    return [address]


def steady_clock() -> Callable[[], datetime]:
    """Return a clock that shows the same moments to both twins."""
    ticks = count()
    return lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(ticks))


def answers(client: Client) -> dict[str, Any]:
    """Return all that an anonymous reader can see."""
    by_address = {}
    newest = Edition.objects.newest_snapshot()
    snapshots = {"seventh": Edition.objects.get(seq=7).snapshot, "newest": newest}
    calls = [API + address for address in dict.fromkeys([*ADDRESSES, *described(), *LOOKUPS])]
    for address in [*calls, *PAGES]:
        if address.removeprefix(API) in LOOKUPS:
            body = {"ids": [str(known(key)) for key in IDS]}
            response: Any = client.post(address, body, "application/json", secure=True)
        else:
            accept = {"Accept": "text/html"} if address in PAGES else {}
            response = client.get(address.format(**snapshots), secure=True, headers=accept)
        headers = {k: v for k, v in response.headers.items() if k != "Date"}
        content = b"".join(response) if response.streaming else response.content
        by_address[address] = (response.status_code, headers, content)
    assistant = Assistant("https://localhost")
    for question in QUESTIONS:
        for arguments in TOOLS.get(question.__name__, [{}]):
            try:
                text = ask(question, assistant, **arguments)
            except Refusal as refusal:
                text = str(refusal)
            by_address[f"{question.__name__} {arguments}"] = (200, {}, text.encode())
    return by_address


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_twins_answer_with_equal_bytes(
    editor: User, reviewer: User, monkeypatch: Any, api: ContractClient
) -> None:
    databases = []
    for private in (False, True):
        monkeypatch.setattr(publication, "read_clock", steady_clock())
        empty()
        Twin(editor, reviewer, private).tell()
        databases.append(answers(api))
    assert len(databases[0]) > len(ADDRESSES) > 400
    statuses = {status for status, _, _ in databases[0].values()}
    assert statuses == {200, 303, 400, 404, 410}
    for address in databases[0]:
        assert databases[0][address] == databases[1][address], address
    for address, (_, _, content) in databases[1].items():
        assert b"secret" not in content or "secret" in address, "an answer may repeat its address"


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_state_reads_the_same_by_every_parameter(
    editor: User, reviewer: User, api: ContractClient
) -> None:
    Twin(editor, reviewer, private=True).tell()
    make_release("newest", "After the withdrawal.", check_note)
    newest = Edition.objects.order_by("-seq")[0]
    moment = quote(newest.published_at.isoformat())
    pins = (f"snapshot={newest.snapshot}", f"known_at={moment}", "release=newest")
    seen = set()
    for address in dict.fromkeys([*ADDRESSES, *described()]):
        path, _, query = address.partition("?")
        if any(name in query for name in ("snapshot=", "known_at=", "release=")):
            continue
        now: Any = api.get(f"{API}{address}", secure=True)
        if now.status_code != 200 or "snapshot=" not in links(now).get("cite-as", ""):
            continue
        content = b"".join(now)
        for pin in pins:
            joint = "&" if query else "?"
            pinned: Any = api.get(f"{API}{address}{joint}{pin}", secure=True)
            assert b"".join(pinned) == content, (address, pin)
            for header in ("Link", "Muster-Snapshot", "Muster-Published"):
                assert pinned[header] == now[header], (address, pin, header)
        seen.add(path)
    assert {*LISTS, "statistics", "network", "resolve"} <= seen


def empty() -> None:
    """Empty every table but the people's; the audit rows are append-only, so they are truncated."""
    tables = [
        table
        for table in connection.introspection.table_names()
        if table.startswith(
            (
                "actors_",
                "incidents_",
                "places_",
                "sources_",
                "editorial_",
                "publishing_",
            )
        )
        and not table.startswith("editorial_user")
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
    assert not Edition.objects.exists()
