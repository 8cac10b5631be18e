"""Merging: two records of one thing become one, for ever or until it is undone."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actors.models import Actor, Affiliation
from editorial import merging, workflow
from editorial.models import Merge, User
from editorial.redaction.redact import redact
from incidents.models import Incident, IncidentLink, Involvement
from places.models import Place
from publishing.models import Edition
from sources.models import Source
from tests.cast import UNCITED
from tests.contract.client import API, ContractClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(db: None) -> Actor:
    """The militia once more, under another name."""
    return Actor.objects.create(name="Hezbollah Brigades", slug="twin", kind="armed_organisation")


@pytest.fixture
def attack(twin: Actor) -> Incident:
    """An attack by the twin."""
    attack = Incident.objects.create(title="An attack", date="2020-01-03")
    Involvement.objects.create(incident=attack, role="perpetrator", actor=twin)
    return attack


def names(api: ContractClient, record: Any) -> list[str]:
    """Return the names of the perpetrators that a public incident tells."""
    return [row["name"] for row in api.ask(f"incidents/{record.public_id}")["perpetrators"]]


def test_the_merged_address_leads_to_the_survivor(
    api: ContractClient, kataib: Actor, twin: Actor, reviewer: User, publish: Any
) -> None:
    publish(kataib, twin)
    merging.merge(twin, kataib, reviewer, "One group under two names.")
    for key in ("twin", twin.public_id):
        moved = api.ask(f"actors/{key}", 308)
        assert moved["merged_into"]["name"] == "Kataib Hezbollah"
    assert api.get(f"{API}actors/twin", secure=True)["Location"] == f"{API}actors/kataib"
    assert api.names("actors") == ["Kataib Hezbollah"]
    (change,) = [row for row in api.results("changes") if row["kind"] == "merge"]
    assert change["merged_into"]["slug"] == "kataib"
    assert change["note"] == "One group under two names."


def test_what_was_merged_cannot_be_published_beside_its_survivor(
    kataib: Actor, twin: Actor, reviewer: User, editor: User, publish: Any
) -> None:
    publish(kataib, twin)
    twin.name = "Submitted before"
    twin.save()
    submission = workflow.submit(twin, editor)
    workflow.approve(submission, reviewer, UNCITED)
    for record, into in ((twin, kataib), (kataib, twin)):
        with pytest.raises(ValidationError, match=f"is in Submission {submission.pk}: publish"):
            merging.merge(record, into, reviewer, "One group.")
    workflow.recall(submission, reviewer)
    merging.merge(twin, kataib, reviewer, "One group.")
    with pytest.raises(ValidationError, match="merged into another record: undo the merge first"):
        workflow.submit(twin, editor)
    merging.unmerge(twin, reviewer, "They are two.")
    publish(twin)


def test_what_was_frozen_before_quotes_the_survivor_as_it_is_called_by_now(
    api: ContractClient,
    kataib: Actor,
    twin: Actor,
    attack: Incident,
    reviewer: User,
    editor: User,
    publish: Any,
) -> None:
    publish(kataib, twin)
    submission = workflow.submit(attack, editor)
    workflow.approve(submission, reviewer, UNCITED)
    merging.merge(twin, kataib, reviewer, "One group.")
    kataib.name = "Renamed"
    kataib.save()
    publish(kataib)
    workflow.publish(submission, reviewer)
    assert names(api, attack) == ["Renamed"]
    other = Incident.objects.create(title="Another", date="2020")
    Involvement.objects.create(incident=other, role="perpetrator", actor=twin)
    workflow.withdraw(kataib, reviewer, "Not a group.")
    with pytest.raises(ValidationError, match="referenced but not public"):
        workflow.submit(other, editor)


def test_what_quoted_it_quotes_the_survivor(
    api: ContractClient,
    kataib: Actor,
    twin: Actor,
    attack: Incident,
    reviewer: User,
    publish: Any,
    editor: User,
) -> None:
    publish(kataib, twin, attack)
    merging.merge(twin, kataib, reviewer, "One group.")
    assert names(api, attack) == ["Kataib Hezbollah"]
    assert Involvement.objects.get().actor == kataib
    with pytest.raises(ValidationError, match="Nothing to submit"):
        workflow.submit(attack, editor)
    for key in ("twin", "kataib", twin.public_id):
        assert api.names(f"incidents?perpetrator={key}") == ["An attack"], "merges are followed"


def test_the_survivor_is_quoted_once_where_both_were(
    api: ContractClient,
    kataib: Actor,
    twin: Actor,
    attack: Incident,
    reviewer: User,
    publish: Any,
) -> None:
    Involvement.objects.create(incident=attack, role="perpetrator", actor=kataib)
    Involvement.objects.create(incident=attack, role="supporter", actor=twin, on_behalf_of=kataib)
    publish(kataib, twin, attack)
    merging.merge(twin, kataib, reviewer, "One group.")
    assert names(api, attack) == ["Kataib Hezbollah"]
    supporter = Involvement.objects.get(role="supporter")
    assert (supporter.actor, supporter.on_behalf_of) == (kataib, None)
    involvement = api.ask(f"incidents/{attack.public_id}")["involvements"][-1]
    assert (involvement["actor"]["name"], involvement["on_behalf_of"]) == ("Kataib Hezbollah", None)


def test_ties_between_the_two_are_withdrawn_and_come_back(
    api: ContractClient, kataib: Actor, twin: Actor, pmf: Actor, reviewer: User, publish: Any
) -> None:
    between = Affiliation.objects.create(subject=twin, kind="splinter_of", object=kataib)
    member = Affiliation.objects.create(subject=twin, kind="member_of", object=pmf)
    publish(kataib, twin, pmf, between, member)
    merging.merge(twin, kataib, reviewer, "One group.")
    assert (
        "Its subject and its object were merged"
        in api.ask(f"affiliations/{between.public_id}", 410)["detail"]
    )
    assert api.ask(f"affiliations/{member.public_id}")["subject"]["name"] == "Kataib Hezbollah"
    assert len(api.results("affiliations?subject=kataib")) == 1
    merging.unmerge(twin, reviewer, "They are two after all.")
    assert api.ask(f"affiliations/{between.public_id}")["object"]["name"] == "Kataib Hezbollah"
    assert api.ask(f"affiliations/{member.public_id}")["subject"]["name"] == "Hezbollah Brigades"
    member.refresh_from_db()
    assert member.subject == twin


def test_a_merge_can_be_undone_to_the_letter(
    api: ContractClient,
    kataib: Actor,
    twin: Actor,
    attack: Incident,
    reviewer: User,
    publish: Any,
    editor: User,
) -> None:
    Involvement.objects.create(incident=attack, role="perpetrator", actor=kataib)
    publish(kataib, twin, attack)
    before = {key: api.ask(key) for key in ("actors/twin", f"incidents/{attack.public_id}")}
    merging.merge(twin, kataib, reviewer, "One group.")
    assert merging.unmerge(twin, reviewer, "Two after all.") == []
    envelope = {"version", "published_at", "edited_at", "seq"}
    for address, old in before.items():
        new = api.ask(address)
        assert {k: v for k, v in old.items() if k not in envelope} == {
            k: v for k, v in new.items() if k not in envelope
        }
    incident = f"incidents/{attack.public_id}"
    assert before[incident]["edited_at"] == api.ask(incident)["edited_at"]
    assert set(Involvement.objects.values_list("actor", flat=True)) == {kataib.pk, twin.pk}
    for record in (twin, attack):
        with pytest.raises(ValidationError, match="Nothing to submit"):
            workflow.submit(record, editor)
    with pytest.raises(ValidationError, match="not merged"):
        merging.unmerge(twin, reviewer, "Again.")


def test_what_was_corrected_since_is_named_and_left_alone(
    api: ContractClient,
    kataib: Actor,
    twin: Actor,
    attack: Incident,
    reviewer: User,
    publish: Any,
) -> None:
    publish(kataib, twin, attack)
    merging.merge(twin, kataib, reviewer, "One group.")
    attack.refresh_from_db()
    attack.summary = "Corrected."
    attack.save()
    publish(attack)
    (corrected,) = merging.unmerge(twin, reviewer, "Two after all.")
    assert str(attack.public_id) in corrected
    assert names(api, attack) == ["Kataib Hezbollah"]
    publish(attack)
    assert names(api, attack) == ["Hezbollah Brigades"]


def test_a_survivor_can_be_merged_in_turn(
    api: ContractClient, kataib: Actor, twin: Actor, pmf: Actor, reviewer: User, publish: Any
) -> None:
    publish(kataib, twin, pmf)
    merging.merge(twin, kataib, reviewer, "One.")
    merging.merge(kataib, pmf, reviewer, "One.")
    for key in ("twin", "kataib"):
        assert api.ask(f"actors/{key}", 308)["merged_into"]["slug"] == "pmf"
    merging.unmerge(kataib, reviewer, "Two.")
    assert api.ask("actors/twin", 308)["merged_into"]["slug"] == "kataib"
    assert api.ask("actors/kataib")["name"] == kataib.name


def test_a_rename_of_the_survivor_reaches_what_quoted_the_merged(
    api: ContractClient,
    kataib: Actor,
    twin: Actor,
    attack: Incident,
    reviewer: User,
    publish: Any,
) -> None:
    publish(kataib, twin, attack)
    merging.merge(twin, kataib, reviewer, "One.")
    kataib.name = "A third name"
    kataib.save()
    publish(kataib)
    assert names(api, attack) == ["A third name"]


def test_an_approved_text_that_quotes_the_merged_is_published_quoting_the_survivor(
    api: ContractClient,
    kataib: Actor,
    twin: Actor,
    attack: Incident,
    editor: User,
    reviewer: User,
    publish: Any,
) -> None:
    publish(kataib, twin)
    submission = workflow.submit(attack, editor)
    workflow.approve(submission, reviewer, UNCITED)
    merging.merge(twin, kataib, reviewer, "One.")
    workflow.publish(submission, reviewer)
    assert names(api, attack) == ["Kataib Hezbollah"]


def test_incidents_that_answer_each_other_leave_no_link_to_itself(
    api: ContractClient, reviewer: User, publish: Any
) -> None:
    first, second = (Incident.objects.create(title=title) for title in ("First", "Second"))
    link = IncidentLink.objects.create(incident=second, kind="follow_up", to=first)
    source = Source.objects.create(title="A report")
    link.citations.create(source=source, quote="after")
    publish(source, first, second)
    merging.merge(first, second, reviewer, "One.")
    assert api.ask(f"incidents/{second.public_id}")["links"] == []
    assert not IncidentLink.objects.exists()
    merging.unmerge(first, reviewer, "Two.")
    (link,) = api.ask(f"incidents/{second.public_id}")["links"]
    assert (link["to"]["name"], link["citations"][0]["quote"]) == ("First", "after")
    assert IncidentLink.objects.get().citations.count() == 1


def test_merging_does_not_make_the_reviewer_an_editor(
    kataib: Actor,
    twin: Actor,
    attack: Incident,
    editor: User,
    reviewer: User,
    publish: Any,
) -> None:
    publish(kataib, twin, attack)
    merging.merge(twin, kataib, reviewer, "One.")
    attack.refresh_from_db()
    attack.summary = "Corrected."
    attack.save()
    workflow.approve(workflow.submit(attack, editor), reviewer, UNCITED)


def test_refusals(
    kataib: Actor, twin: Actor, pmf: Actor, editor: User, reviewer: User, publish: Any
) -> None:
    publish(kataib, twin)
    with pytest.raises(PermissionDenied):
        merging.merge(twin, kataib, editor, "One.")
    for into, reason, words in (
        (kataib, " ", "reason"),
        (twin, "One.", "into another"),
        (pmf, "One.", "not public"),
        (Source.objects.create(title="x"), "One.", "of its own type"),
    ):
        with pytest.raises(ValidationError, match=words):
            merging.merge(twin, into, reviewer, reason)  # type: ignore[arg-type]
    assert not Merge.objects.exists()
    assert Edition.objects.count() == 2


def test_a_public_tie_goes_even_where_the_working_row_was_changed(
    api: ContractClient, kataib: Actor, twin: Actor, pmf: Actor, reviewer: User, publish: Any
) -> None:
    affiliation = Affiliation.objects.create(subject=twin, kind="splinter_of", object=kataib)
    publish(kataib, twin, pmf, affiliation)
    Affiliation.objects.update(object=pmf)
    merging.merge(twin, kataib, reviewer, "One.")
    api.ask(f"affiliations/{affiliation.public_id}", 410)


def test_an_approved_tie_of_the_two_is_refused(
    kataib: Actor, twin: Actor, editor: User, reviewer: User, publish: Any
) -> None:
    publish(kataib, twin)
    submission = workflow.submit(
        Affiliation.objects.create(subject=twin, kind="splinter_of", object=kataib), editor
    )
    workflow.approve(submission, reviewer, UNCITED)
    merging.merge(twin, kataib, reviewer, "One.")
    with pytest.raises(ValidationError, match="relates a record to itself"):
        workflow.publish(submission, reviewer)


def test_a_place_that_lay_in_its_double_lies_in_nothing(
    api: ContractClient, reviewer: User, publish: Any
) -> None:
    outer = Place.objects.create(name="Town", kind="settlement", slug="town")
    inner = Place.objects.create(name="The town", kind="settlement", slug="the-town", parent=outer)
    publish(outer, inner)
    merging.merge(outer, inner, reviewer, "One.")
    assert api.ask("places/the-town")["parent"] is None
    inner.refresh_from_db()
    assert inner.parent is None
    merging.unmerge(outer, reviewer, "Two.")
    assert api.ask("places/the-town")["parent"]["name"] == "Town"


def test_a_merge_that_lets_somebody_stand_above_itself_is_refused(
    kataib: Actor, twin: Actor, reviewer: User, publish: Any
) -> None:
    unit = Actor.objects.create(name="Unit", kind="armed_organisation")
    below = Affiliation.objects.create(subject=unit, kind="subordinate_of", object=twin)
    above = Affiliation.objects.create(subject=kataib, kind="subordinate_of", object=unit)
    publish(kataib, twin, unit, below, above)
    with pytest.raises(ValidationError, match="An actor cannot be above itself") as refused:
        merging.merge(twin, kataib, reviewer, "One group.")
    assert "Unit – subordinate of – Kataib Hezbollah" in str(refused.value)
    assert not Merge.objects.exists()
    below.refresh_from_db()
    assert below.object == twin, "nothing was done"
    workflow.withdraw(above, reviewer, "It was another unit.")
    merging.merge(twin, kataib, reviewer, "One group.")


def test_a_merge_that_ties_kinds_of_actor_which_do_not_go_together_is_refused(
    kataib: Actor, reviewer: User, publish: Any
) -> None:
    person = Actor.objects.create(name="Somebody", kind="individual")
    affiliation = Affiliation.objects.create(subject=person, kind="leader_of", object=kataib)
    other = Actor.objects.create(name="A brigade", kind="armed_organisation")
    publish(kataib, person, other, affiliation)
    with pytest.raises(ValidationError, match="does not join"):
        merging.merge(person, other, reviewer, "One thing.")


def test_a_merge_that_makes_an_incident_part_of_itself_is_refused(
    reviewer: User, publish: Any
) -> None:
    whole, part, again = (Incident.objects.create(title=title) for title in ("W", "P", "A"))
    part.links.create(kind="part_of", to=whole)
    again.links.create(kind="part_of", to=part)
    publish(whole, part, again)
    with pytest.raises(ValidationError, match="a part of itself"):
        merging.merge(whole, again, reviewer, "One event.")


def test_a_merge_that_lets_a_place_lie_in_itself_is_refused(
    iraq: Place, reviewer: User, publish: Any
) -> None:
    town = Place.objects.create(name="Town", kind="settlement", parent=iraq)
    base = Place.objects.create(name="Base", kind="base", parent=town)
    publish(iraq, town, base)
    with pytest.raises(ValidationError, match="would lie in itself"):
        merging.merge(iraq, base, reviewer, "One place.")


@pytest.fixture
def named(kataib: Actor, twin: Actor, publish: Any) -> tuple[Actor, Actor]:
    """Two public actors, each with names and ids; the second one has a citation of a name."""
    source = Source.objects.create(title="A report")
    kataib.names.create(text="KH", kind="acronym", language="en", preferred=True)
    kataib.external_ids.create(scheme="wikidata", value="Q1")
    twin.names.create(text="KH", kind="acronym", language="en", preferred=True)
    arabic = twin.names.create(text="كتائب", kind="official", language="ar", preferred=True)
    arabic.citations.create(source=source, quote="They call themselves كتائب")
    twin.names.create(text="The old brigades", kind="former")
    twin.external_ids.create(scheme="ucdp_actor", value="7")
    publish(source, kataib, twin)
    return kataib, twin


def carried_names(document: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(n["text"], n["kind"], n["preferred"], len(n["citations"])) for n in document["names"]]


def test_names_ids_and_their_citations_go_to_the_survivor(
    api: ContractClient, named: tuple[Actor, Actor], reviewer: User
) -> None:
    kataib, twin = named
    merging.merge(twin, kataib, reviewer, "One group under two names.")
    document = api.ask("actors/kataib")
    assert carried_names(document) == [
        ("KH", "acronym", True, 0),
        ("Hezbollah Brigades", "alias", False, 0),
        ("كتائب", "alias", False, 1),
        ("The old brigades", "former", False, 0),
    ]
    ids = [(row["scheme"], row["value"]) for row in document["external_ids"]]
    assert ids == [("ucdp_actor", "7"), ("wikidata", "Q1")]
    assert api.names("actors?name=Hezbollah+Brigades") == ["Kataib Hezbollah"]
    assert api.names("actors?external_id=ucdp_actor:7") == ["Kataib Hezbollah"]
    (match, *_) = api.ask("resolve?name=كتائب")["results"]
    assert match["actor"]["slug"] == "kataib"
    kataib.refresh_from_db()
    with pytest.raises(ValidationError, match="published already"):
        workflow.submit(kataib, reviewer)


def test_undoing_takes_back_exactly_these(
    api: ContractClient, named: tuple[Actor, Actor], reviewer: User
) -> None:
    kataib, twin = named
    before = [api.ask(f"actors/{slug}") for slug in ("kataib", "twin")]
    merging.merge(twin, kataib, reviewer, "One group.")
    merging.unmerge(twin, reviewer, "They are two.")
    for document in before:
        after = api.ask(f"actors/{document['slug']}")
        for name in ("names", "external_ids"):
            assert after[name] == document[name]
    assert kataib.names.count() == 1
    assert set(twin.names.values_list("text", flat=True)) == {"KH", "كتائب", "The old brigades"}
    for record in (kataib, twin):
        with pytest.raises(ValidationError, match="published already"):
            workflow.submit(record, reviewer)


def test_undoing_leaves_what_an_editor_has_changed_since(
    api: ContractClient, named: tuple[Actor, Actor], reviewer: User, publish: Any
) -> None:
    kataib, twin = named
    merging.merge(twin, kataib, reviewer, "One group.")
    name = kataib.names.get(text="كتائب")
    name.meaning = "Battalions"
    name.save()
    publish(kataib)
    merging.unmerge(twin, reviewer, "They are two.")
    assert {row["text"] for row in api.ask("actors/kataib")["names"]} == {"KH", "كتائب"}
    assert {row["text"] for row in api.ask("actors/twin")["names"]} == {
        "KH",
        "كتائب",
        "The old brigades",
    }, "its document is the one of before the merge"
    assert not twin.names.filter(text="كتائب").exists()


def test_unpublished_changes_of_both_stay_unpublished(
    api: ContractClient, named: tuple[Actor, Actor], reviewer: User
) -> None:
    kataib, twin = named
    Actor.objects.filter(pk=kataib.pk).update(summary="A draft")
    kataib.names.create(text="A draft name")
    twin.names.create(text="Another draft name")
    merging.merge(twin, kataib, reviewer, "One group.")
    document = api.ask("actors/kataib")
    assert document["summary"] is None
    assert not {"A draft name", "Another draft name"} & {n["text"] for n in document["names"]}
    assert kataib.names.filter(text="Another draft name").exists(), "it waits to be submitted"


def test_sources_and_places_carry_theirs(
    api: ContractClient, reviewer: User, publish: Any, iraq: Place
) -> None:
    double = Place.objects.create(name="Irak", kind="other", slug="irak")
    double.names.create(text="العراق", language="ar")
    double.external_ids.create(scheme="wikidata", value="Q796")
    one, two = (Source.objects.create(title=title) for title in ("A report", "The report"))
    two.external_ids.create(scheme="wikidata", value="Q7")
    publish(iraq, double, one, two)
    merging.merge(double, iraq, reviewer, "One place.")
    merging.merge(two, one, reviewer, "One report.")
    document = api.ask("places/iraq")
    assert {name["text"] for name in document["names"]} == {"Irak", "العراق"}
    assert [row["value"] for row in document["external_ids"]] == ["Q796"]
    assert [row["value"] for row in api.ask(f"sources/{one.public_id}")["external_ids"]] == ["Q7"]


def test_a_redacted_name_is_not_carried_back(
    named: tuple[Actor, Actor], reviewer: User, publish: Any
) -> None:
    kataib, twin = named
    kataib.names.create(text="Hezbollah Brigades")
    publish(kataib)
    redact(kataib, reviewer, "It endangers them.", values=["Hezbollah Brigades"])
    merging.merge(twin, kataib, reviewer, "One group.")
    names = set(kataib.names.values_list("text", flat=True))
    assert names >= {"KH", "كتائب"}
    assert "Hezbollah Brigades" not in names
