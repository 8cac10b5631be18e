"""What loading a dataset promises: all of it or nothing, once, and in somebody's name."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pghistory.core import event_models

from actors.models import Actor, Affiliation
from editorial.models import Submission, User
from editorial.permissions import create_demo_users
from incidents.models import Incident
from publishing.models import Edition
from sources.models import Source
from tests.cast import person

pytestmark = pytest.mark.django_db

ACTOR, OTHER, TIE, PLACE, INCIDENT, SOURCE = (
    f"0000000{n}-0000-4000-8000-000000000000" for n in range(1, 7)
)
FILE = f"""
x-passages: read by nobody
affiliations:
  - {{key: tie, public_id: {TIE}, subject: a, kind: member_of, object: b, start: 2014}}
actors:
  - key: a
    public_id: {ACTOR}
    name: Alpha
    kind: unit
    country: iraq
    names:
      - {{text: Alef, language: he, preferred: true}}
      - {{text: Alif, language: ar, preferred: true}}
  - {{key: b, public_id: {OTHER}, name: Beta, kind: coalition}}
incidents:
  - key: i
    public_id: {INCIDENT}
    title: Series
    date: 2019/..
    granularity: series
places:
  - {{key: iraq, public_id: {PLACE}, name: Iraq, kind: country, country: IQ}}
"""


@pytest.fixture
def load(tmp_path: Path) -> Any:
    """Load a text as a file; return what is said."""

    def load(text: str, **options: Any) -> str:
        file, said = tmp_path / "dataset.yaml", StringIO()
        file.write_text(text)
        call_command("load", str(file), stdout=said, **options)
        return said.getvalue()

    return load


def rows() -> int:
    """Count all audit rows and editions."""
    return sum(model.objects.count() for model in [*event_models(), Edition, Submission])


def test_records_refer_to_each_other_in_any_order(load: Any) -> None:
    said = load(FILE)
    affiliation = Affiliation.objects.get()
    assert (affiliation.subject.name, affiliation.object.name, affiliation.start) == (
        "Alpha",
        "Beta",
        "2014",
    )
    assert str(affiliation.subject.public_id) == ACTOR
    assert affiliation.subject.country.country == "IQ"
    assert [name.text for name in affiliation.subject.names.order_by("pk")] == ["Alef", "Alif"]
    assert said.splitlines() == [
        "places: 1 created",
        "actors: 2 created",
        "affiliations: 1 created",
        "incidents: 1 created",
        "sources: 1 created",
    ]


def test_references_to_records_outside_the_file_are_slugs(load: Any) -> None:
    Actor.objects.create(name="Outside", slug="outside", kind="coalition")
    load(FILE.replace("object: b", "object: outside"))
    assert Affiliation.objects.get().object.name == "Outside"


def test_the_seed_is_published_under_four_eyes() -> None:
    create_demo_users()
    editor, reviewer = User.objects.order_by("username")
    said = StringIO()
    call_command("load", "seed", submit_as="editor", approve_as="reviewer", stdout=said)
    submission = Submission.objects.get()
    assert (submission.submitted_by, submission.decided_by) == (editor, reviewer)
    assert list(submission.editors.all()) == [editor]
    published = Edition.objects.filter(kind="publish").count()
    assert said.getvalue().splitlines()[-1] == f"published {published} records"

    before, again = rows(), StringIO()
    call_command("load", "seed", submit_as="editor", approve_as="reviewer", stdout=again)
    assert rows() == before
    assert again.getvalue().endswith("records are published or submitted as they are.\n")


def test_a_second_run_writes_what_differs_alone(load: Any, editor: User, reviewer: User) -> None:
    four_eyes = {"submit_as": "editor", "approve_as": "reviewer"}
    load(FILE, **four_eyes)
    said = load(FILE.replace("text: Alif", "text: Alifun"), **four_eyes)
    assert "actors: 1 changed, 1 unchanged" in said
    assert said.endswith("published 1 records\n")
    assert Edition.objects.filter(kind="correct").values_list("slug", flat=True).get() == "alpha"


def test_records_without_any_citation_cite_the_file_once(
    load: Any, editor: User, reviewer: User
) -> None:
    load(FILE)
    source = Source.objects.get()
    assert (source.title, source.kind) == ("dataset.yaml", "dataset")
    records = [*Actor.objects.all(), *Affiliation.objects.all(), *Incident.objects.all()]
    assert {citation.source for row in records for citation in row.citations.all()} == {source}
    before = rows()
    assert "sources: 1 unchanged" in load(FILE)
    assert rows() == before
    load(FILE, submit_as="editor", approve_as="reviewer")
    assert Edition.objects.filter(record=source.public_id, public=True).exists()
    assert not Submission.objects.exclude(uncited_reason="").exists()


def test_a_record_with_a_citation_on_a_part_does_not_cite_the_file(load: Any) -> None:
    cited = (
        FILE.replace("text: Alef, ", "text: Alef, citations: [{source: s}], ")
        + f"sources: [{{key: s, public_id: {SOURCE}, title: Report}}]\n"
    )
    load(cited)
    assert not Actor.objects.get(name="Alpha").citations.exists()
    assert Actor.objects.get(name="Beta").citations.get().source.title == "dataset.yaml"


def test_an_empty_list_of_citations_is_filled_once(load: Any) -> None:
    text = FILE.replace("granularity: series", "granularity: series\n    citations: []")
    load(text)
    before = rows()
    load(text)
    assert (rows(), Incident.objects.get().citations.count()) == (before, 1)


def test_the_file_may_name_the_source_that_is_cited(load: Any) -> None:
    sources = f"cite: s\nsources: [{{key: s, public_id: {SOURCE}, title: Report}}]\n"
    load(FILE + sources)
    assert Source.objects.get() == Incident.objects.get().citations.get().source
    before = rows()
    load(FILE + sources)
    assert rows() == before
    with pytest.raises(CommandError, match=r"cite: There is no source “r”") as refused:
        load(FILE + "cite: r\n")
    assert "1 fault." in str(refused.value)


def test_what_the_file_does_not_name_stays(load: Any) -> None:
    load(FILE)
    Actor.objects.filter(name="Beta").update(summary="Written in the admin.")
    Incident.objects.update(as_of="2019-02-01", date_end="2019-02-01")
    before = rows()
    load(FILE)
    assert rows() == before
    assert Actor.objects.get(name="Beta").summary
    assert str(Incident.objects.get().date_end) == "2019-02-01"


def test_all_errors_are_reported_and_nothing_is_written(load: Any) -> None:
    faulty = (
        FILE.replace("kind: member_of", "kind: friend_of")
        .replace("object: b", "object: nobody")
        .replace("country: iraq", "country: [iraq]")
        .replace("preferred: true}\n  -", "preferred: perhaps}\n  -")
        .replace("language: he", "langage: he")
        .replace("date: 2019/..", "date: 2019/")
        .replace("country: IQ", "country: NO")
        .replace("name: Beta, ", "")
        + f"people: []\nsources: [{{key: s, public_id: {ACTOR}, title: T}}, text]\n"
    )
    with pytest.raises(CommandError) as refused:
        load(faulty)
    headline, *faults = str(refused.value).splitlines()
    assert headline == "Nothing was written: 11 faults."
    assert sorted(fault.partition(": ")[0] for fault in faults) == [
        "actors[0].country",
        "actors[0].names[0].langage",
        "actors[0].names[1].preferred",
        "actors[0].public_id",
        "actors[1].name",
        "affiliations[0].kind",
        "affiliations[0].object",
        "incidents[0].date",
        "people",
        "places[0].country",
        "sources[1]",
    ]
    assert "actors[0].names[0].langage: It is unknown. Did you mean “language”?" in faults
    assert rows() == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("actors: [", "not YAML"),
        ("- a", "no records"),
        ("actors:\n  - {key: a, name: A, name: B}", "“name” twice"),
        ("actors:\n  - {name: A}", "actors[0]: A record needs a key"),
        (f"places: [{{key: a, public_id: {PLACE}, name: A, kind: other, parent: a}}]", "in turn"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(load: Any, text: str, said: str) -> None:
    with pytest.raises(CommandError, match=said.replace("[", r"\[")):
        load(text)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"submit_as": "nobody"}, "no active user “nobody”"),
        ({"submit_as": "reader"}, "“reader” is in neither group"),
        ({"approve_as": "reviewer"}, "--submit-as"),
        ({"submit_as": "reviewer", "approve_as": "reviewer"}, "another user"),
        ({"submit_as": "reviewer", "approve_as": "editor"}, "Only a reviewer"),
    ],
)
def test_who_may_not_is_refused(
    load: Any, editor: User, reviewer: User, options: dict[str, str], said: str
) -> None:
    person("reader")
    before = rows()
    with pytest.raises(CommandError, match=said):
        load(FILE, **options)
    assert (rows(), Actor.objects.count()) == (before, 0)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.yaml is not a dataset in fixtures/"):
        call_command("load", "nowhere.yaml")


def test_a_slug_that_is_an_address_of_the_api_is_refused(load: Any) -> None:
    with pytest.raises(CommandError, match=r"actors\[1\]: .*addresses of the API"):
        load(FILE.replace("name: Beta", "name: Beta, slug: lookup"))


def test_a_slug_that_is_public_is_not_changed(load: Any, editor: User, reviewer: User) -> None:
    load(FILE, submit_as="editor", approve_as="reviewer")
    with pytest.raises(CommandError, match=r"actors\[1\]: A slug cannot change"):
        load(FILE.replace("name: Beta", "name: Beta, slug: other"))
