"""What loading promises to people who edit, and of what no file can do."""

from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pghistory
import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.models import Actor
from editorial import workflow
from editorial.models import Submission, User
from exchange.dataset import load as load_text
from exchange.yaml_reader import DatasetError
from incidents.models import Incident
from publishing.models import Edition
from sources.models import Source
from tests.cast import person
from tests.exchange.test_load import ACTOR, FILE, INCIDENT, OTHER

pytestmark = pytest.mark.django_db
FOUR_EYES = {"submit_as": "editor", "approve_as": "reviewer"}


@pytest.fixture
def load(tmp_path: Path, editor: User, reviewer: User) -> Any:
    """Load a text as a file; return what is said."""

    def load(text: str, **options: Any) -> str:
        file, said = tmp_path / "dataset.yaml", StringIO()
        file.write_text(text)
        call_command("load", str(file), stdout=said, **FOUR_EYES | options)
        return said.getvalue()

    return load


def draft(name: str, **values: Any) -> Any:
    """Change an actor in the name of a third person, and submit nothing."""
    third = person("third", "editor")
    with pghistory.context(user=third.pk):
        actor = Actor.objects.get(name=name)
        for column, value in values.items():
            setattr(actor, column, value)
        actor.save()
    return third


def test_a_draft_is_set_aside_and_the_rest_is_published(load: Any, publish: Any) -> None:
    load(FILE)
    draft("Beta", summary="A draft.")
    changed = FILE.replace("name: Beta", "name: Gamma").replace("text: Alif", "text: Alifun")
    for options in ({"dry_run": True}, {}):
        said = load(changed, **options)
        assert "actors: 1 changed, 1 set aside" in said
        assert "  b actor beta: unpublished changes by third\n" in said
    assert said.endswith("published 1 records\n")
    actor = Actor.objects.get(public_id=OTHER)
    assert (actor.name, actor.summary) == ("Beta", "A draft.")
    assert not Edition.objects.filter(document__contains="A draft.").exists()
    publish(actor)
    assert "actors: 1 changed, 1 unchanged" in load(changed)
    assert Actor.objects.get(public_id=OTHER).name == "Gamma"


def test_a_draft_that_the_file_does_not_change_is_not_published_with_it(load: Any) -> None:
    load(FILE)
    draft("Alpha", summary="A draft.")
    said = load(FILE)
    assert "  a actor alpha: unpublished changes by third\n" in said
    assert "Nothing to submit" in said


def test_a_list_below_a_draft_is_not_replaced(load: Any) -> None:
    load(FILE)
    draft("Alpha", summary="A draft.")
    said = load(FILE.replace("text: Alif", "text: Alifun"))
    assert "actors: 1 unchanged, 1 set aside" in said
    assert set(Actor.objects.get(name="Alpha").names.values_list("text", flat=True)) == {
        "Alef", "Alif",
    }  # fmt: skip


def test_a_pending_submission_stops_nothing(load: Any) -> None:
    load(FILE)
    submission = workflow.submit(Actor.objects.get(name="Beta"), draft("Beta", summary="Pending."))
    said = load(FILE.replace("name: Beta", "name: Gamma").replace("title: Series", "title: Two"))
    assert f"  b actor beta: pending submission {submission.pk} of third\n" in said
    assert said.endswith("published 1 records\n")


def test_what_was_submitted_waits_without_a_word(load: Any) -> None:
    load(FILE, approve_as=None)
    said = load(FILE, approve_as=None)
    assert "set aside" not in said
    assert "Nothing to submit" in said
    assert Submission.objects.count() == 1


def test_records_that_refer_to_a_draft_are_submitted_by_a_later_run(
    load: Any, publish: Any
) -> None:
    third = person("third", "editor")
    with pghistory.context(user=third.pk):
        outside = Actor.objects.create(name="Outside", slug="outside", kind="coalition")
    said = load(FILE.replace("object: b", "object: outside"))
    reason = "is referenced and not public: unpublished changes by third"
    assert f"  tie actor outside: {reason}\n" in said
    assert outside.edition is None
    publish(outside)
    said = load(FILE.replace("object: b", "object: outside"))
    assert said.endswith("published 1 records\n")


def test_what_was_withdrawn_is_not_published_again(load: Any, reviewer: User) -> None:
    load(FILE)
    workflow.withdraw(Incident.objects.get(), reviewer, "It did not happen.")
    assert "it was withdrawn" in load(FILE)
    assert not Edition.objects.newest_of([INCIDENT]).get().public


SECRET = f"""
sources:
  - {{key: s, public_id: {OTHER}, title: A secret source, confidential: true}}
actors:
  - key: a
    public_id: {ACTOR}
    name: Alpha
    kind: unit
    citations: [{{source: s, quote: A secret passage}}]
"""


def test_a_file_with_a_confidential_source_is_loaded_and_the_source_stays_private(
    load: Any,
) -> None:
    said = load(SECRET)
    assert "confidential sources, which stay private: 1\n" in said
    assert said.endswith("published 1 records\n")
    (edition,) = Edition.objects.all()
    assert edition.document is not None
    assert '"withheld":true' in edition.document
    for text in ("A secret", OTHER):
        assert text not in edition.document
    assert load(SECRET).endswith("published or submitted as they are.\n")


def test_a_confidential_source_that_a_person_entered_is_no_draft(load: Any) -> None:
    with pghistory.context(user=person("third", "editor").pk):
        Source.objects.create(public_id=OTHER, title="By hand", confidential=True)
    said = load(SECRET)
    assert "sources: 1 changed" in said
    assert said.endswith("published 1 records\n")


def test_a_published_source_that_becomes_confidential_is_pointed_out(load: Any) -> None:
    load(SECRET.replace(", confidential: true", ""))
    said = load(SECRET)
    assert f"source {OTHER} is confidential now, but was published before" in said


LAUGHS = "x-a: &a [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n" + "".join(
    f"x-{after}: &{after} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (LAUGHS, "aliases make it too large"),
        ("x-a: &a [*a]", "a value contains itself"),
        ("x-a: &a {b: *a}", "a value contains itself"),
        ("actors: " + "[" * 20_000, "nested too deep"),
        ("actors: \0", "unacceptable character"),
        ("x: !!int abc", "not YAML"),
        ("x: !!python/object:os.system x", "could not determine a constructor"),
        ("actors: [{key: a, key: b}]", "“key” twice"),
        ("? [a, b]\n: c", "unhashable"),
        (FILE.replace("name: Beta", r'name: "a\0b"'), r"“a\x00b” contains a character"),
        (FILE.replace("name: Beta", r'name: "\ud800"'), "actors[1].name: “"),
        (FILE.replace("name: Beta", "name: !!int " + "9" * 4000), "a number that is too long"),
        (FILE.replace("name: Beta", "name: !!float .nan"), "Invalid value nan"),
        (FILE.replace("object: b", r'object: "a\0"'), "contains a character"),
        (FILE.replace("start: 2014", "start: !!binary aGVsbG8="), "Invalid value"),
        (FILE.replace("name: Beta", "name: " + "x" * 5000), "300 characters"),
    ],
)
def test_no_file_ends_with_a_traceback(load: Any, text: str, fault: str) -> None:
    with pytest.raises(CommandError) as refused:
        load(text)
    assert fault in str(refused.value)
    assert len(str(refused.value)) < 2000


def test_a_fault_of_yaml_does_not_quote_the_file(load: Any) -> None:
    with pytest.raises(CommandError) as refused:
        load("actors:\n  - {name: Somebody's secret, summary: [ another secret }")
    assert "secret" not in str(refused.value)
    assert "line 2, column" in str(refused.value)


scalars = st.one_of(
    st.none(), st.booleans(), st.text(max_size=20),
    st.sampled_from([
        "2014", "2014/..", "nan", "1" * 400, "a", "b", "iraq", ACTOR, OTHER, "unit", "member_of",
        "true", "33.5", "99999999999", "سلام", "\ud800", "a\0b",
    ]),
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["text", "language", "kind", "start", "source", "quote", "low", "place"]
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)
columns = st.sampled_from(
    ["name", "title", "kind", "date", "as_of", "country", "names", "citations", "casualties",
     "subject", "object", "start", "end", "end_kind", "locations", "latitude", "longitude", "tags",
     "motives", "involvements", "granularity", "confidential", "slug", "support", "external_ids"]
)  # fmt: skip
records = st.fixed_dictionaries(
    {"key": st.sampled_from("abcd"), "public_id": st.uuids(version=4).map(str)},
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.sampled_from(["sources", "places", "actors", "affiliations", "incidents"]),
        st.lists(
            st.tuples(records, st.dictionaries(columns, values, max_size=6)).map(
                lambda pair: pair[0] | pair[1]
            ),
            max_size=3,
        ),
        min_size=1,
    )
)
def test_no_values_end_with_a_traceback(data: Any) -> None:
    with transaction.atomic():
        with suppress(DatasetError):
            load_text(yaml.safe_dump(data))
        transaction.set_rollback(True)
