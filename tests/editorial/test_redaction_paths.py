"""Redaction, path by path: what goes from the texts goes from the working rows, and stays away."""

import json
from collections.abc import Iterator
from typing import Any

import pghistory
import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from actors.models import Actor, Affiliation, Presence
from editorial import audit, merging
from editorial.models import Record, User
from editorial.redaction.mentions import find_mentions
from editorial.redaction.redact import redact
from incidents.models import Incident
from places.models import Place
from publishing import documents
from publishing.completion import properties
from publishing.serializers import ENVELOPE
from sources.models import Source
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db

ACTUAL = {"start_kind": "actual", "end_kind": "actual"}


@pytest.fixture
def source(db: None) -> Source:
    """Something to cite."""
    return Source.objects.create(title="A report")


@pytest.fixture
def actor(kataib: Actor, iraq: Place, source: Source) -> Record:
    """An actor with two rows of most parts, which must not be taken for each other."""
    kataib.country, kataib.start, kataib.start_kind = iraq, "2003", "actual"
    kataib.save()
    named = kataib.names.create(text="KH", kind="acronym", preferred=True)
    named.citations.create(source=source, field="text", quote="KH", locator="1")
    common = {"primary": True, **ACTUAL}
    kataib.classifications.create(classification="rebel_group", start="2003", end="2012", **common)
    kataib.classifications.create(
        classification="facade_group", start="2013", end="2014", basis="claimed", **common
    )
    kataib.attributes.create(kind="nationality", value="IQ", confidence="high", note="Of Iraq.")
    kataib.designations.create(regime="us_fto", status="listed", url="https://state.gov/fto")
    kataib.presences.create(place=iraq, kind="base", control="full")
    kataib.strength_estimates.create(
        measure="fighters", quantifier="between", low=1, high=3, as_of="2012", method="Counted"
    )
    kataib.assessments.create(topic="aims", text="To rule.", as_of="2014")
    kataib.external_ids.create(scheme="ucdp_actor", value="12")
    return kataib


@pytest.fixture
def affiliation(kataib: Actor, pmf: Actor, source: Source) -> Record:
    """A sponsorship with its support."""
    affiliation = Affiliation.objects.create(
        subject=kataib, kind="sponsored_by", object=pmf, start="2014", end="2015", **ACTUAL
    )
    affiliation.citations.create(source=source, quote="so it was")
    affiliation.support.create(
        type="weapons", jointly="With another", start="2014", last_verified=None
    )
    return affiliation


@pytest.fixture
def incident(kataib: Actor, pmf: Actor, iraq: Place, source: Source) -> Record:
    """An incident of which every part says something."""
    other = Incident.objects.create(title="Another")
    member = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    attack = Incident.objects.create(title="Attack", date="2020-01-03", local_time="10:00")
    exact = {"precision": "exact", "public_precision": "exact"}
    attack.locations.create(place=iraq, primary=True, latitude=33, longitude=44, **exact)
    who = {"actor": kataib, "certainty": "probable", "on_behalf_of": pmf, "primary": True}
    blamed = attack.involvements.create(role="perpetrator", side="a", **who)
    blamed.citations.create(source=source, field="actor", quote="they did", stance="contradicts")
    attack.involvements.create(role="target", label="Somebody", assessment="rejected", note="No.")
    claim = attack.statements.create(kind="claim", speaker=kataib, number=1, text="We did.")
    claim.responsible.create(actor=kataib, on_behalf_of=pmf)
    attack.statements.create(kind="denial", speaker_label="A man", number=2, date="2020-01-04")
    attack.weapons.create(weapon="rocket", calibre_mm=107, count_best=3, supplier=pmf, origin="IR")
    attack.target_objects.create(type="military", name="K-1", nationality="US", hit=True)
    recommended = {"measure": "killed", "role": "recommended"}
    attack.casualties.create(low=2, best=2, high=2, actor=kataib, **recommended)
    attack.casualties.create(low=4, best=4, high=4, nationality="US", **recommended)
    attack.casualties.create(quantifier="many", population="civilians", **recommended)
    attack.links.create(kind="part_of", to=other)
    attack.effects.create(kind="starts", affiliation=member)
    attack.effects.create(
        kind="ends", actor=kataib, classification="rebel_group", classification_start="2003"
    )
    attack.external_ids.create(scheme="ucdp_event", value="12")
    return attack


@pytest.fixture
def redacting(publish: Any, iraq: Place, source: Source, kataib: Actor, pmf: Actor) -> Any:
    """Publish a record with all that it quotes."""

    def prepare(record: Any) -> None:
        others = [
            *(row for row in (iraq, source, kataib, pmf) if row != record),
            *Affiliation.objects.exclude(public_id=record.public_id),
            *Incident.objects.exclude(public_id=record.public_id),
        ]
        publish(*others, record)
        record.refresh_from_db()

    return prepare


def paths(serializer: Any, objects: list[Any], at: str = "") -> Iterator[str]:
    """Yield the path of every property with a value in an object, and of all of a location.

    A redaction of a blank property is refused, but that of a location clears private columns.
    """
    for known in properties(serializer).values():
        values = [value for each in objects if (value := each[known.name]) not in (None, [], "")]
        if not (values or at.startswith("locations.")):
            continue
        yield at + known.name
        if known.inner is not None and not known.is_reference:
            inner = [row for value in values for row in (value if known.many else [value])]
            yield from paths(known.inner, inner, f"{at}{known.name}.")


def unordered(value: Any) -> Any:
    """Return a body of which the lists tell no order."""
    if isinstance(value, dict):
        return {key: unordered(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted(map(unordered, value), key=json.dumps)
    return value


@pytest.mark.long
@pytest.mark.parametrize("name", ["actor", "affiliation", "incident"])
def test_what_goes_from_the_text_is_not_brought_back_by_the_working_rows(
    name: str, request: Any, redacting: Any, reviewer: User
) -> None:
    record = request.getfixturevalue(name)
    redacting(record)
    done, parted = [], []
    for path in paths(record.serializer(), [documents.load(record.edition.document)]):
        with transaction.atomic():
            try:
                redact(record, reviewer, "Asked.", fields=[path])
            except ValidationError:
                continue
            body = documents.load(
                documents.extract_body(documents.load(record.edition.document), ENVELOPE)
            )
            done.append(path)
            if unordered(body) != unordered(documents.load(record.render())):
                parted.append(path)
            transaction.set_rollback(True)
    assert parted == []
    assert len(done) > 15


@pytest.mark.parametrize(
    "values_or_fields",
    [
        {"fields": ["casualties.actor", "casualties.nationality"]},
        {"fields": ["casualties.population"]},
        {"fields": ["casualties.nationality"]},
        {"values": ["US"]},
    ],
)
def test_the_toll_of_some_never_becomes_that_of_all(
    values_or_fields: Any, incident: Any, redacting: Any, reviewer: User, api: ContractClient
) -> None:
    incident.casualties.filter(actor=None, population="total").update(population="total")
    redacting(incident)
    assert api.ask(f"incidents/{incident.public_id}")["killed"]["best"] is None
    redact(incident, reviewer, "Asked.", **values_or_fields)
    incident.refresh_from_db()
    for text in (incident.edition.document, incident.render()):
        killed = documents.load(text)["killed"]
        assert (killed["best"], killed["high"]) == (None, None), "those of some are at most a low"


def test_the_audit_keeps_no_quote_that_was_redacted(
    actor: Any, iraq: Place, redacting: Any, reviewer: User
) -> None:
    redacting(actor)
    past = audit.event_model(Presence)._default_manager.filter(place=iraq.pk)
    assert past.exists()
    redact(actor, reviewer, "Asked.", fields=["presences.place"])
    assert not past.exists()
    assert not actor.presences.exists()


@pytest.mark.parametrize(
    ("redacted", "stands"),
    [
        ("José Núñez", "the man Jose\u0301 Nu\u0301n\u0303ez said"),
        ("Jose\u0301 Nunez", "JOSÉ NÚÑEZ"),
        ("زينب قوتي", "زَيْنَب\u200f قوّتي"),
        ("زينب قوتي", "see https://ar.wikipedia.org/wiki/زينب_قوتي or the talk"),
        (
            "زينب قوتي",
            "https://ar.wikipedia.org/wiki/%D8%B2%D9%8A%D9%86%D8%A8_%D9%82%D9%88%D8%AA%D9%8A",
        ),
        ("Zaynab Quwwati", "in Zaynab-Quwwati.pdf and zaynab%20quwwati"),
        ("İlker", "by ilker and İLKER"),
        ('the "Mother"', 'she, the "Mother", was there'),
        ("Straße", "STRASSE 5"),
    ],
)
def test_a_text_is_found_however_it_is_composed_and_marked(
    redacted: str, stands: str, kataib: Any, reviewer: User, publish: Any
) -> None:
    kataib.description, kataib.internal_note = f"({stands})", stands
    kataib.save()
    publish(kataib)
    with pghistory.context(url=f"/search/?q={stands}", more=[{"text": stands}]):
        kataib.names.create(text="Another")
    redact(kataib, reviewer, "In danger.", values=[redacted])
    kataib.refresh_from_db()
    contexts = [c.metadata for c in pghistory.models.Context.objects.all() if "more" in c.metadata]
    for text in (kataib.description, kataib.internal_note, contexts[0]["more"][0]["text"]):
        assert "[redacted]" in text
        for word in stands.split():
            assert len(word) < 5 or word in ("there", "talk") or word not in text
    assert kataib.description.startswith("(")
    assert kataib.description.endswith(")")


def test_what_a_merge_removed_does_not_bring_it_back(
    source: Source, reviewer: User, publish: Any
) -> None:
    earlier, later = (Incident.objects.create(title=title) for title in ("Attack", "Raid"))
    link = later.links.create(kind="follow_up", to=earlier)
    link.citations.create(source=source, quote="so said Zaynab")
    publish(source, earlier, later)
    merge = merging.merge(earlier, later, reviewer, "Told twice.")
    assert "Zaynab" in str(merge.removed)
    redact(later, reviewer, "In danger.", values=["zaynab"])
    merge.refresh_from_db()
    assert "Zaynab" not in str(merge.removed)
    merging.unmerge(earlier, reviewer, "They were two.")
    assert "Zaynab" not in later.render().decode()


def test_a_text_with_quotation_marks_is_found_in_other_records(kataib: Actor, publish: Any) -> None:
    kataib.summary = 'The "Mother" leads it.'
    kataib.save()
    publish(kataib)
    assert find_mentions(['the "mother"']) == [("actor", kataib.public_id)]
