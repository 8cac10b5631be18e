"""The feed: every Edition after a snapshot, in commit order."""

from typing import Any

import pytest

from actors.models import Actor, Affiliation
from editorial import merging, workflow
from editorial.models import User
from places.models import Place
from publishing.codes import EditionKind
from publishing.models import FOREVER, Edition, Reference
from publishing.registry import record_types
from publishing.snapshots import START, Snapshot
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(kataib: Actor, pmf: Actor, reviewer: User, publish: Any) -> None:
    """Two actors and a tie; a rename with its refresh; a withdrawal with its refresh."""
    tie = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    publish(kataib, pmf, tie, note="First.")
    kataib.name = "Another name"
    kataib.save()
    publish(kataib)
    workflow.withdraw(pmf, reviewer, "Not a group.")


def test_the_feed_tells_everything_in_order(api: ContractClient, history: None) -> None:
    changes = api.results("changes")
    assert [(row["type"], row["kind"], row["version"]) for row in changes] == [
        ("actor", "publish", 1),
        ("actor", "publish", 1),
        ("affiliation", "publish", 1),
        ("actor", "correct", 2),
        ("affiliation", "refresh", 2),
        ("actor", "withdraw", 2),
        ("affiliation", "refresh", 3),
    ]
    assert [row["seq"] for row in changes] == list(range(1, 8))
    assert changes[0]["note"] == "First."
    assert changes[5]["note"] == "Not a group."


def test_snapshots_prove_that_nothing_was_missed(api: ContractClient, history: None) -> None:
    snapshot = START
    for row in api.results("changes?limit=2"):
        snapshot = snapshot.after(row["id"], row["version"], row["kind"])
        assert row["snapshot"] == str(snapshot)
    assert str(snapshot) == api.ask("changes")["snapshot"]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_continue_where_they_ended(api: ContractClient, history: None, limit: int) -> None:
    assert api.results(f"changes?limit={limit}") == api.results("changes")


def test_a_reader_resumes_after_the_snapshot(
    api: ContractClient, history: None, publish: Any
) -> None:
    snapshot = api.ask("changes")["snapshot"]
    assert api.results(f"changes?after={snapshot}") == []
    publish(Actor.objects.create(name="New", kind="unit", slug="new"))
    assert [row["seq"] for row in api.results(f"changes?after={snapshot}")] == [8]
    assert len(api.results(f"changes?until={snapshot}")) == 7


def test_documents_are_included_on_request(api: ContractClient, history: None) -> None:
    changes = api.results("changes?documents=true")
    assert changes[3]["actor"]["name"] == "Another name"
    assert changes[3]["affiliation"] is None
    assert changes[5]["actor"] is None, "a withdrawal has no document"
    texts = Edition.objects.filter(seq=1).values_list("document", flat=True)
    assert changes[0]["actor"]["id"] in texts.get()


def append(before: Edition, kind: EditionKind, **changes: Any) -> None:
    """Append an Edition without texts that follows `before`."""
    snapshot = Edition.objects.newest_snapshot().after(before.record, before.version + 1, kind)
    Edition.objects.create(
        seq=snapshot.seq,
        hash=snapshot.hash,
        type=before.type,
        record=before.record,
        slug=before.slug,
        version=before.version + 1,
        kind=kind,
        published_at=before.published_at,
        edited_at=before.published_at,
        public=False,
        shape=before.shape,
        **{"reference": before.reference} | changes,
    )
    entry = record_types()[before.type].entry
    for table in (entry, *entry.sides, Reference):
        standing = table.objects.filter(record=before.record, until_seq=FOREVER)
        standing.update(until_seq=snapshot.seq)


def test_a_merge_names_the_survivor_as_it_was_called_then(
    api: ContractClient,
    kataib: Actor,
    pmf: Actor,
    iraq: Place,
    publish: Any,
    reviewer: User,
) -> None:
    other = Place.objects.create(name="Republic of Iraq", kind="country", slug="republic-of-iraq")
    publish(kataib, pmf, iraq, other)
    merging.merge(pmf, kataib, reviewer, "The same.")
    merging.merge(other, iraq, reviewer, "The same.")
    kataib.name = "A later name"
    kataib.save()
    publish(kataib)
    changes = api.results("changes?documents=true")[4:]
    actors, places = (change for change in changes if change["kind"] == "merge")
    assert (actors["kind"], actors["actor"], actors["note"]) == ("merge", None, "The same.")
    assert actors["merged_into"] == {
        "id": str(kataib.public_id),
        "type": "actor",
        "kind": "armed_organisation",
        "name": "Kataib Hezbollah",
        "slug": "kataib",
        "withdrawn": False,
    }
    assert places["merged_into"]["name"] == "Iraq"


def test_a_redaction_names_the_paths(api: ContractClient, pmf: Actor, publish: Any) -> None:
    publish(pmf)
    append(pmf.edition, EditionKind.REDACT, redacted=["name", "names.0.text"])
    first, last = api.results("changes")
    assert (first["redacted"], last["redacted"]) == (None, ["name", "names.0.text"])


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("after=1-00000000&after=2-00000000", "repeated", "after"),
        ("until=", "empty", "until"),
        ("type=actors", "invalid", "type"),
        ("documents=yes", "invalid", "documents"),
        ("limit=0", "invalid", "limit"),
        ("limit=1001", "invalid", "limit"),
        ("cursor=1-00000000", "unknown", "cursor"),
        ("until=99999999999999999999-00000000", "invalid", "until"),
    ],
)
def test_invalid_parameters_are_refused(
    api: ContractClient, query: str, code: str, parameter: str
) -> None:
    (fault,) = api.ask(f"changes?{query}", 400)["errors"]
    assert (fault["code"], fault["parameter"]) == (code, parameter)


def test_types_and_refreshes_can_be_left_out(api: ContractClient, history: None) -> None:
    assert {row["type"] for row in api.results("changes?type=affiliation")} == {"affiliation"}
    kinds = {row["kind"] for row in api.results("changes?refresh=false")}
    assert kinds == {"publish", "correct", "withdraw"}


def test_lost_and_malformed_snapshots_have_different_problems(
    api: ContractClient, history: None
) -> None:
    for snapshot in ("3-00000000", "99-00000000", "0-12345678"):
        assert api.ask(f"changes?after={snapshot}", 410)["type"].endswith("/reset")
    for snapshot in ("3", "x-00000000", "3-0000000g", "-1-00000000", "03-00000000"):
        assert api.ask(f"changes?after={snapshot}", 400)["errors"][0]["parameter"] == "after"
    snapshot = api.ask("changes")["snapshot"]
    first = api.ask("changes?limit=1")["results"][0]["snapshot"]
    problem = api.ask(f"changes?after={snapshot}&until={first}", 400)
    assert problem["errors"][0]["code"] == "contradiction"


def test_a_snapshot_is_read_as_it_is_written() -> None:
    snapshot = START.after("00000000-0000-4000-8000-000000000000", 1, "publish")
    assert Snapshot.parse(str(snapshot)) == snapshot
