"""Imports and loads bring nothing back that was redacted: they set it aside, and do the rest."""

# ruff: noqa: F401, F811 - the fixtures of other tests

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from actors.models import Actor, ActorExternalId
from editorial.models import RedactionGuard, User
from editorial.redaction.redact import redact
from exchange.models import ImportedRow
from incidents.models import Incident
from places.models import Place
from publishing.models import Edition
from tests.exchange.test_load import ACTOR, FILE, OTHER, load
from tests.exchange.test_ucdp_ged import ingest, places

pytestmark = pytest.mark.django_db

FOUR_EYES = {"submit_as": "editor", "approve_as": "reviewer"}


@pytest.fixture
def loaded(load: Any, editor: User, reviewer: User) -> Actor:
    """The actor Alpha of the file, public."""
    load(FILE, **FOUR_EYES)
    return Actor.objects.get(public_id=ACTOR)


# load


def test_the_same_file_sets_aside_what_a_redaction_removed_and_writes_the_rest(
    loaded: Actor,
    load: Any,
    reviewer: User,
) -> None:
    redaction = redact(loaded, reviewer, "In danger.", values=["Alif"])
    said = load(FILE.replace("name: Beta", "name: Gamma"), **FOUR_EYES)
    assert "actors: 1 changed, 1 set aside" in said
    assert f"Redaction {redaction.pk} of " in said
    assert "Alif" not in said
    assert Actor.objects.get(public_id=OTHER).name == "Gamma"
    assert not loaded.names.filter(text="Alif").exists()
    assert loaded.names.filter(text="[redacted]").count() == 1
    assert "Alif" not in loaded.edition.document


@pytest.mark.parametrize(
    ("redacted", "path", "said"),
    [
        ({"values": ["alpha"]}, "actors[0].name", "set aside"),
        ({"fields": ["name"]}, "actors[0].name", "set aside"),
        ({"fields": ["names"]}, "actors[0].names[", "set aside"),
        ({"whole": True}, "actors[0]", "as a whole"),
    ],
)
def test_each_kind_of_redaction_is_respected(
    redacted: Any,
    path: str,
    said: str,
    loaded: Actor,
    load: Any,
    reviewer: User,
) -> None:
    redact(loaded, reviewer, "In danger.", **redacted)
    before = loaded.edition.seq
    told = load(FILE, **FOUR_EYES)
    assert path in told
    assert said in told
    assert loaded.edition.seq == before


def test_a_record_that_was_deleted_is_not_made_again_nor_what_quotes_it(
    load: Any,
    reviewer: User,
    editor: User,
) -> None:
    load(FILE)
    for incident in Incident.objects.all():
        incident.delete()
    actor = Actor.objects.get(public_id=OTHER)
    redact(actor, reviewer, "In danger.", whole=True)
    actor.affiliations_to.all().delete()
    actor.delete()
    told = load(FILE)
    assert "affiliations: 1 set aside" in told
    assert "affiliations[0].object quotes a record that is set aside" in told
    assert not Actor.objects.filter(public_id=OTHER).exists()
    assert Incident.objects.count() == 1


def test_an_external_id_of_a_redacted_record_is_not_given_to_a_new_one(
    loaded: Actor,
    load: Any,
    reviewer: User,
) -> None:
    loaded.external_ids.create(scheme="wikidata", value="Q42")
    redact(loaded, reviewer, "In danger.", whole=True)
    again = """
actors:
  - key: again
    public_id: 00000009-0000-4000-8000-000000000000
    name: Once more
    kind: unit
    external_ids: [{scheme: wikidata, value: Q42}]
"""
    assert "actors: 1 set aside" in load(again)
    assert not Actor.objects.filter(name="Once more").exists()
    assert "actors: 1 created" in load(again.replace("Q42", "Q43"))


def test_a_lifted_guard_lets_the_file_in_again(
    loaded: Actor,
    load: Any,
    reviewer: User,
) -> None:
    redact(loaded, reviewer, "In danger.", values=["Alif"])
    RedactionGuard.objects.get().lift(reviewer, "It is known by now.")
    assert "actors: 1 changed, 1 unchanged" in load(FILE, **FOUR_EYES)
    assert loaded.names.filter(text="Alif").exists()


def test_nothing_is_written_under_another_key(
    loaded: Actor,
    load: Any,
    reviewer: User,
    settings: Any,
) -> None:
    redact(loaded, reviewer, "In danger.", values=["Alif"])
    settings.GUARD_KEY = "another key of more than thirty-two characters"
    with pytest.raises(CommandError, match="another key than MUSTER_GUARD_KEY"):
        load(FILE, **FOUR_EYES)


def test_load_world_does_not_fill_in_what_was_redacted(editor: User, reviewer: User) -> None:
    def world() -> str:
        said = StringIO()
        call_command("load_world", countries=["IQ"], stdout=said, **FOUR_EYES)
        return said.getvalue()

    world()
    baghdad = Place.objects.get(admin1="IQ-BG")
    redact(baghdad, reviewer, "A slip.", fields=["point"])
    before = Edition.objects.count()
    said = world()
    assert "set aside" in said
    baghdad.refresh_from_db()
    assert (baghdad.latitude, Edition.objects.count()) == (None, before)


# ingest


def side(key: str = "234") -> Actor:
    return ActorExternalId.objects.get(scheme="ucdp_actor", value=key).actor


def test_a_redacted_side_is_not_made_again_and_the_other_rows_come_in(
    places: Any,
    ingest: Any,
    reviewer: User,
) -> None:
    ingest({}, {"id": "2"})
    actor = side()
    redaction = redact(actor, reviewer, "It was no group.", whole=True)
    kept = {"side_b_new_id": "999", "side_b": "Others"}
    said = ingest({"best": "9"}, {"id": "2"}, {"id": "3"}, {"id": "4", **kept})
    assert "1 created" in said
    assert "set aside until the next run: 2" in said
    assert f"3 actor 234 of UCDP: Redaction {redaction.pk} of " in said
    assert not ActorExternalId.objects.filter(scheme="ucdp_actor", value="234").exists()
    assert not Actor.objects.filter(name="IS").exists()
    assert Incident.objects.count() == 3


def test_an_event_that_was_redacted_as_a_whole_is_not_made_again(
    places: Any,
    ingest: Any,
    reviewer: User,
) -> None:
    ingest({})
    incident = Incident.objects.get()
    redact(incident, reviewer, "It never happened.", whole=True)
    ImportedRow.objects.all().delete()
    said = ingest({"best": "9"}, {"id": "2"})
    assert "1 created" in said
    assert "removed this record as a whole" in said
    assert Incident.objects.count() == 2


def test_a_newer_row_that_has_the_text_is_set_aside(
    places: Any,
    ingest: Any,
    reviewer: User,
) -> None:
    ingest({})
    incident = Incident.objects.get()
    incident.internal_note = "Zaynab Quwwati called."
    incident.save()
    redact(incident, reviewer, "In danger.", values=["Zaynab Quwwati"])
    said = ingest({"where_coordinates": "House of ZAYNAB  QUWWATI"}, {"id": "2"})
    assert "1 created, 0 changed" in said
    assert "removed this from the record" in said
    assert "ZAYNAB" not in str(list(ImportedRow.objects.filter(key="1").values()))


def test_a_row_that_is_left_alone_is_listed_with_its_redaction(
    places: Any,
    ingest: Any,
    reviewer: User,
) -> None:
    ingest({})
    redaction = redact(Incident.objects.get(), reviewer, "A name.", values=["Toll tops 800"])
    said = ingest({"best": "9"})
    assert f"left alone by imports since redaction {redaction.pk} of " in said


def test_the_rows_of_what_quotes_a_redacted_name_are_cleaned(
    places: Any,
    ingest: Any,
    reviewer: User,
) -> None:
    ingest({"side_b": "Men of Zaynab"})
    redact(side(), reviewer, "In danger.", values=["Men of Zaynab"])
    row = ImportedRow.objects.get()
    assert row.row["side_b"] == "[redacted]"
    assert "1 unchanged" in ingest({"side_b": "Men of Zaynab"})
    assert "1 created" in ingest({"id": "2", "side_b": "Men of Zaynab"})
    assert side().name == "[redacted]"


def test_a_dry_run_lists_the_same(places: Any, ingest: Any, reviewer: User) -> None:
    ingest({})
    redact(side(), reviewer, "It was no group.", whole=True)
    said = ingest({"id": "2"}, dry_run=True)
    assert "2 actor 234 of UCDP: Redaction " in said
