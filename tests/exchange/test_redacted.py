"""Imports and loads bring nothing back that was redacted: they set it aside, and do the rest."""

# ruff: noqa: F401, F811 - the fixtures of other tests

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from actors.models import Actor, ActorExternalId, Affiliation, Support
from editorial import merging, workflow
from editorial.models import RedactionGuard, Submission, User
from editorial.redaction.redact import redact
from exchange.models import ImportedRow
from incidents.models import Incident
from places.models import Place
from publishing.models import Edition
from sources.models import Publisher, Source
from tests.exchange.test_load import ACTOR, FILE, OTHER, load
from tests.exchange.test_set_aside import CANDIDATE, FINAL
from tests.exchange.test_set_aside import run as import_file
from tests.exchange.test_ucdp_actors import OTHER as OTHER_ACTOR
from tests.exchange.test_ucdp_actors import ingest as ingest_actors
from tests.exchange.test_ucdp_ged import ingest, needs_data, places, publish
from tests.exchange.test_ucdp_support import TRAINING, WEAPONS
from tests.exchange.test_ucdp_support import ingest as ingest_support

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
    output = load(FILE, **FOUR_EYES)
    assert path in output
    assert said in output
    assert loaded.edition.seq == before


def test_a_deleted_record_and_references_to_it_are_not_created_again(
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
    output = load(FILE)
    assert "affiliations: 1 set aside" in output
    assert "affiliations[0].object references a record that is set aside" in output
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
    unchanged = {"side_b_new_id": "999", "side_b": "Others"}
    said = ingest({"best": "9"}, {"id": "2"}, {"id": "3"}, {"id": "4", **unchanged})
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


def test_rows_that_mention_a_redacted_name_are_cleaned(
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
    title = "Government of Iraq and [redacted]: Al Fallūjah town, Iraq, 2014-01-24 to 2014-01-25"
    assert Incident.objects.filter(title=title).count() == 1


def test_a_dry_run_lists_the_same(places: Any, ingest: Any, reviewer: User) -> None:
    ingest({})
    redact(side(), reviewer, "It was no group.", whole=True)
    said = ingest({"id": "2"}, dry_run=True)
    assert "2 actor 234 of UCDP: Redaction " in said


# what rows say of the actors that they name


QUOTE = "AFP: the Men of  ZAYNAB told us"
NAMED = {"side_b": "Men of Zaynab", "source_article": QUOTE}
REMOVALS = [{"values": ["Men of Zaynab"]}, {"fields": ["name"]}]


@pytest.mark.parametrize("removal", REMOVALS)
def test_a_redacted_name_comes_back_in_no_event_and_no_event_is_lost(
    places: Any, ingest: Any, reviewer: User, removal: Any
) -> None:
    ingest(NAMED, {**NAMED, "id": "2"})
    redact(side(), reviewer, "In danger.", **removal)
    said = ingest({**NAMED, "best": "9"}, {**NAMED, "id": "2"}, {**NAMED, "id": "3"})
    assert "(1 created, 1 changed, 1 unchanged)" in said
    assert "written without what redactions removed from actors: 2" in said
    assert "aynab" not in said
    for key in ("1", "3"):
        incident = Incident.objects.get(external_ids__value=key)
        assert incident.title.startswith("Government of Iraq and [redacted]: Al Fallūjah town")
        assert incident.citations.get().quote == "AFP: the [redacted] told us"
        assert "ZAYNAB" not in incident.edition.document.upper()
        unchanged = ImportedRow.objects.get(key=key)
        assert unchanged.row["side_b"] == "[redacted]"
        assert "ZAYNAB" not in str([unchanged.row, unchanged.made]).upper()
    assert "(0 created, 0 changed, 3 unchanged)" in ingest(
        {**NAMED, "best": "9"}, {**NAMED, "id": "2"}, {**NAMED, "id": "3"}
    )


@pytest.mark.long
@needs_data
def test_a_redacted_name_comes_back_with_no_release(editor: User, reviewer: User) -> None:
    import_file(CANDIDATE, release="21.01.21.12")
    named = Incident.objects.filter(title__contains="KNPP")
    assert named.count() == 43
    redact(side("225"), reviewer, "In danger.", values=["KNPP"])
    said = import_file(FINAL, release="24.1")
    assert "(125 created, 425 changed, 305 unchanged)" in said
    assert not named.exists()
    others = {"400769", "400903"}  # have other sides, and an article about them
    assert {row.key for row in ImportedRow.objects.filter(row__regex="KNPP")} == others
    assert {row.key for row in ImportedRow.objects.filter(made__regex="KNPP")} == others


def test_a_redacted_short_name_is_no_part_of_other_words(
    places: Any, ingest: Any, reviewer: User
) -> None:
    ingest({})
    redact(side(), reviewer, "In danger.", fields=["name"])
    ingest({"id": "2", "source_article": "This is what IS says in Israel"})
    quote = Incident.objects.get(external_ids__value="2").citations.get().quote
    assert quote == "This [redacted] what [redacted] says in Israel"


def test_another_spelling_of_the_name_is_cleaned_too(
    places: Any, ingest: Any, reviewer: User
) -> None:
    ingest(NAMED)
    redact(side(), reviewer, "In danger.", values=["Zaynab"])
    ingest({"id": "2", "side_b": "Friends of ZAYNAB", "source_article": ""})
    assert Incident.objects.filter(title__contains="and Friends of [redacted]:").exists()


def test_what_was_redacted_of_a_merged_actor_stays_away(
    places: Any, ingest: Any, reviewer: User
) -> None:
    ingest(NAMED)
    survivor = side("116")
    survivor.names.create(text="Men of Zaynab", kind="alias")
    redact(survivor, reviewer, "In danger.", values=["Men of Zaynab"])
    merging.merge(side(), survivor, reviewer, "They are one.")
    ingest({**NAMED, "id": "2"})
    assert "aynab" not in Incident.objects.get(external_ids__value="2").title


def test_a_lifted_guard_lets_the_name_into_events_again(
    places: Any, ingest: Any, reviewer: User
) -> None:
    ingest(NAMED)
    redact(side(), reviewer, "In danger.", values=["Men of Zaynab"])
    RedactionGuard.objects.get().lift(reviewer, "It is known by now.")
    ingest({**NAMED, "id": "2"})
    assert Incident.objects.filter(title__contains="Men of Zaynab", external_ids__value="2")


def test_an_event_that_was_never_submitted_is_written_anew_without_the_name(
    places: Any, ingest: Any, editor: User, reviewer: User
) -> None:
    ingest(NAMED, publish=False)
    workflow.recall(Submission.objects.get(state="pending"), reviewer)
    actor = side()
    publish(
        User.objects.get(username="editor"),
        reviewer,
        actor,
        *Publisher.objects.all(),
        *Source.objects.all(),
    )
    redact(actor, reviewer, "In danger.", values=["Men of Zaynab"])
    said = ingest(NAMED)
    assert "(0 created, 1 changed, 0 unchanged)" in said
    incident = Incident.objects.get()
    assert incident.edition.public
    assert "ZAYNAB" not in incident.edition.document.upper()


def test_a_row_that_cannot_be_read_without_it_is_set_aside(
    places: Any, ingest: Any, reviewer: User
) -> None:
    ingest({})
    actor = side()
    actor.description = "Gone by 2014-01-25 00:00 UTC"
    actor.save()
    redact(actor, reviewer, "In danger.", values=["2014-01-25 00:00 UTC"])
    said = ingest({"id": "2", "date_end": "2014-01-25 00:00 UTC"}, {"id": "3"})
    assert "(1 created, 0 changed, 0 unchanged)" in said
    assert "2 row: a redaction removed the value of date_end" in said


def test_a_title_that_only_together_says_what_was_removed_is_set_aside(
    places: Any, ingest: Any, reviewer: User
) -> None:
    ingest({})
    actor = side()
    actor.description = "They sit in IS: Al Fallūjah town."
    actor.save()
    redact(actor, reviewer, "In danger.", values=["IS: Al Fallūjah"])
    said = ingest({"id": "2"}, {"id": "3", "where_coordinates": "Kirkuk"})
    assert "(1 created, 0 changed, 0 unchanged)" in said
    assert "2 incident new: record: Redaction " in said


@pytest.mark.parametrize(
    "removal",
    [{"fields": ["external_ids"]}, {"fields": ["external_ids.value"]}, {"values": ["234"]}],
)
def test_an_actor_whose_id_was_removed_is_not_made_again(
    places: Any, ingest: Any, reviewer: User, removal: Any
) -> None:
    ingest(NAMED)
    redaction = redact(side(), reviewer, "It tells too much.", **removal)
    before = Actor.objects.count()
    said = ingest({**NAMED, "id": "2"}, {"id": "3", "side_b_new_id": "999", "side_b": "Others"})
    assert "(1 created, 0 changed, 0 unchanged)" in said
    assert f"2 actor 234 of UCDP: Redaction {redaction.pk} of " in said
    assert Actor.objects.count() == before + 1
    for guard in RedactionGuard.objects.all():
        guard.lift(reviewer, "It is known by now.")
    assert "(2 created, " in ingest({**NAMED, "id": "2"}, {**NAMED, "id": "4"})


def test_an_id_that_was_removed_may_be_given_to_another_actor_by_an_editor(
    places: Any, ingest: Any, editor: User, reviewer: User
) -> None:
    ingest({})
    redact(side(), reviewer, "It is another's.", fields=["external_ids"])
    other = Actor.objects.create(name="Another", kind="unit")
    other.external_ids.create(scheme="ucdp_actor", value="234")
    publish(editor, reviewer, other)
    assert "1 created" in ingest({"id": "2"})
    assert Incident.objects.get(external_ids__value="2").involvements.filter(actor=other)


def test_an_event_whose_id_was_removed_is_not_made_again(
    places: Any, ingest: Any, reviewer: User
) -> None:
    ingest({})
    redact(Incident.objects.get(), reviewer, "It is another's.", fields=["external_ids"])
    ImportedRow.objects.all().delete()
    said = ingest({}, {"id": "2"})
    assert "(1 created, 0 changed, 0 unchanged)" in said
    assert "1 incident new: id: Redaction " in said


def test_a_value_that_a_redaction_removed_is_not_missing(
    places: Any, ingest: Any, reviewer: User
) -> None:
    ingest({})
    redact(Incident.objects.get(), reviewer, "A name.", fields=["title"])
    said = ingest({"id": "2"}, covers_countries=["IQ"])
    assert "1 created" in said


# what actors and supporters are called


def test_the_rows_of_other_actors_are_cleaned_then_and_later(
    ingest_actors: Any, reviewer: User
) -> None:
    split = {"ActorIdPrev": "234", "NamePrev": "IS of Zaynab"}
    ingest_actors({"NameData": "IS of Zaynab"}, OTHER_ACTOR | split)
    redact(side(), reviewer, "In danger.", values=["IS of Zaynab"])
    assert ImportedRow.objects.get(key="5").row["NamePrev"] == "[redacted]"
    third = OTHER_ACTOR | split | {"ActorId": "6", "NameData": "Third"}
    said = ingest_actors({"NameData": "IS of Zaynab"}, OTHER_ACTOR | split, third)
    assert "(1 created, " in said
    assert ImportedRow.objects.get(key="6").row["NamePrev"] == "[redacted]"
    assert side("6").affiliations_from.get().object == side()


def test_an_actor_that_is_called_by_a_redacted_one_is_set_aside(
    ingest_actors: Any, reviewer: User
) -> None:
    split = {"ActorIdPrev": "234", "NamePrev": "Zaynab"}
    ingest_actors({"NameData": "Zaynab"})
    redact(side(), reviewer, "In danger.", values=["Zaynab"])
    said = ingest_actors(OTHER_ACTOR | split | {"NameData": "Sons of Zaynab"})
    assert "(0 created, 0 changed, 0 unchanged)" in said
    assert "5 actor 5 of UCDP: Redaction " in said
    assert not ActorExternalId.objects.filter(value="5").exists()


def test_a_coalition_is_not_called_by_a_redacted_member(ingest_actors: Any, reviewer: User) -> None:
    ingest_actors({"NameData": "Zaynab"})
    redact(side(), reviewer, "In danger.", fields=["name"])
    ImportedRow.objects.all().delete()
    ingest_actors(
        {"NameData": "Zaynab", "OSCoalitionID": "9"}, OTHER_ACTOR | {"OSCoalitionID": "9"}
    )
    assert side("9").name == "Ansar, [redacted]"


def test_support_is_written_without_redacted_names(ingest_support: Any, reviewer: User) -> None:
    ingest_support(WEAPONS | TRAINING)
    redact(side("366"), reviewer, "In danger.", values=["Hezbollah"])
    redact(side("5659"), reviewer, "In danger.", values=["al-Mahdi Army"])
    assert not any(
        name in str(ImportedRow.objects.values_list("row", flat=True))
        for name in ("Hezbollah", "Mahdi")
    )
    joint = TRAINING | {"ext_t_count": "1", "ext_t_count_ns": "0", "ext_t_count_s": "0"}
    joint |= {"ext_count_s": "2", "ext_count_ns": "0", "ext_t_count_s": "1"}
    ingest_support(WEAPONS | TRAINING, WEAPONS | joint | {"year": "2008", "id": "2"})
    jointly = Support.objects.exclude(jointly="").values_list("jointly", flat=True)
    assert set(jointly) == {"1 of 2: Government of Iran, [redacted]"}
    affiliations = Affiliation.objects.values_list("public_id", flat=True)
    documents = Edition.objects.newest_of(affiliations).values_list("document", flat=True)
    said = str([*documents, *ImportedRow.objects.values_list("row", "made")])
    assert "Hezbollah" not in said
    assert "Mahdi" not in said


def test_an_emptied_row_stops_no_release_and_ends_no_support(
    ingest_support: Any, reviewer: User
) -> None:
    ingest_support(WEAPONS | TRAINING)
    actor = side("5659")
    actor.summary = "Of Zaynab."
    actor.save()
    redact(actor, reviewer, "In danger.", fields=["summary"])
    before = sorted(Support.objects.values_list("pk", "start", "end"))
    said = ingest_support(WEAPONS | TRAINING, WEAPONS | {"year": "2009", "id": "2"})
    assert "5659 13891 2007 " in said
    assert "left alone by imports since redaction" in said
    assert sorted(Support.objects.values_list("pk", "start", "end")) == before


def test_a_supporter_in_an_older_row_is_not_made_again(ingest_support: Any, reviewer: User) -> None:
    ingest_support(WEAPONS | TRAINING, WEAPONS | {"year": "2008", "id": "2"})
    hezbollah = side("366")
    redact(hezbollah, reviewer, "In danger.", whole=True)
    assert "Hezbollah" not in str(ImportedRow.objects.values_list("row", flat=True))
    only = {"ext_id": "114", "ext_name": "Government of Iran", "ext_count": "1"}
    only |= {"ext_count_ns": "0", "year": "2009", "id": "3"}
    before = sorted(Support.objects.values_list("pk", "start", "end"))
    said = ingest_support(WEAPONS | only)
    assert "actor 366 of UCDP: Redaction " in said
    assert not ActorExternalId.objects.filter(value="366").exists()
    assert set(before) <= set(Support.objects.values_list("pk", "start", "end"))
