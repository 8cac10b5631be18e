"""The feed: every Edition after a snapshot, in commit order."""

from typing import Any
from urllib.parse import quote

import pytest

from actors.models import Actor, Affiliation
from editorial import merging, workflow
from editorial.models import User
from editorial.redaction.redact import redact as redact_record
from incidents.models import Incident
from places.models import Place
from publishing.codes import EditionKind
from publishing.models import FOREVER, Edition, Reference
from publishing.registry import record_types
from publishing.snapshots import START, Snapshot
from tests.contract.client import ContractClient, links

pytestmark = pytest.mark.django_db


@pytest.fixture
def attack(db: None) -> Incident:
    """An incident of one day without parts."""
    return Incident.objects.create(title="Attack", date="2019-12-27")


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
    assert changes[3]["document"]["name"] == "Another name"
    assert changes[5]["document"] is None, "a withdrawal has no document"
    texts = Edition.objects.filter(seq=1).values_list("document", flat=True)
    assert changes[0]["document"]["id"] in texts.get()


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
    assert (actors["kind"], actors["document"], actors["note"]) == ("merge", None, "The same.")
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
        ("before=2020-01-01T00:00:00Z", "invalid", "before"),
        ("after=2020-01-01", "invalid", "after"),
        ("after=9999-01-01T00:00:00Z", "invalid", "after"),
        ("until=9999-01-01T00:00:00Z", "invalid", "until"),
        ("sort=name", "invalid", "sort"),
        ("kind=edit", "invalid", "kind"),
        ("id=kataib", "invalid", "id"),
        ("actor=No+slug", "invalid", "actor"),
        ("country=iraq", "invalid", "country"),
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
    for snapshot, problem in (("3-00000000", "unknown-snapshot"), ("99-00000000", "reset")):
        assert api.ask(f"changes?after={snapshot}", 410)["type"].endswith(f"/{problem}")
    for snapshot in ("0-12345678", "3", "x-00000000", "3-0000000g", "-1-00000000", "03-00000000"):
        assert api.ask(f"changes?after={snapshot}", 400)["errors"][0]["parameter"] == "after"
    snapshot = api.ask("changes")["snapshot"]
    first = api.ask("changes?limit=1")["results"][0]["snapshot"]
    problem = api.ask(f"changes?after={snapshot}&until={first}", 400)
    assert problem["errors"][0]["code"] == "contradiction"


def test_a_snapshot_is_read_as_it_is_written() -> None:
    snapshot = START.after("00000000-0000-4000-8000-000000000000", 1, "publish")
    assert Snapshot.parse(str(snapshot)) == snapshot


def test_a_change_has_the_title_and_the_slug_of_its_edition(
    api: ContractClient, history: None
) -> None:
    pmf, name = "Popular Mobilization Forces", "Another name"
    assert [(row["title"], row["slug"]) for row in api.results("changes")] == [
        ("Kataib Hezbollah", "kataib"),
        (pmf, "pmf"),
        (f"Kataib Hezbollah – member of – {pmf}", None),
        (name, "kataib"),
        (f"{name} – member of – {pmf}", None),
        (None, None),  # withdrawn
        (None, None),  # the object of the affiliation is withdrawn
    ]


def test_a_change_has_the_paths_that_changed(api: ContractClient, history: None) -> None:
    paths = [row["paths"] for row in api.results("changes")]
    assert paths == [None, None, None, ["name", "names[0]"], ["subject"], None, ["object"]]
    assert (
        paths == [row["paths"] for row in api.results("changes?documents=true&sort=newest")][::-1]
    )


def test_paths_name_the_properties_of_rows(
    api: ContractClient, attack: Incident, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    attack.involvements.create(role="perpetrator", actor=kataib)
    attack.involvements.create(role="co_perpetrator", actor=pmf)
    publish(attack, kataib, pmf)
    attack.involvements.update(certainty="probable")
    attack.casualties.create(measure="killed", best=3, role="recommended")
    attack.save()
    publish(attack)
    attack.involvements.get(actor=kataib).delete()
    attack.save()
    publish(attack)
    first, second = (row["paths"] for row in api.results("changes?type=incident&kind=correct"))
    rows = [path for path in first if "involvements" in path or "killed" in path]
    assert rows == [
        "killed.best",
        "involvements[0].certainty",
        "involvements[1].certainty",
    ]
    assert "casualties[0]" in first
    assert "involvements" in second
    assert not [path for path in second if path.startswith("involvements[")]


def test_a_removed_text_is_no_difference(
    api: ContractClient, kataib: Actor, publish: Any, reviewer: User
) -> None:
    for text in ("First.", "A secret address.", "Third."):
        kataib.description = text
        kataib.save()
        publish(kataib)
    assert [row["paths"] for row in api.results("changes")] == [None, *[["description"]] * 2]
    redact_record(kataib, reviewer, "Danger.", fields=["description"])
    assert [row["paths"] for row in api.results("changes")] == [None, [], [], []]
    assert api.results("changes")[-1]["redacted"] == ["description"]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_the_newest_come_first(api: ContractClient, history: None, limit: int) -> None:
    rows = api.results(f"changes?sort=newest&limit={limit}")
    assert rows == api.results("changes")[::-1]
    first = api.ask("changes?sort=newest&limit=3")
    second = api.ask(first["next"])
    assert second["snapshot"] == first["snapshot"]
    assert [row["seq"] for row in second["results"]] == [4, 3, 2]
    filtered = api.results(f"changes?sort=newest&limit={limit}&refresh=false&type=actor")
    assert [row["seq"] for row in filtered] == [6, 4, 2, 1]


def test_pages_backwards_stay_the_same_while_more_is_published(
    api: ContractClient, history: None, publish: Any
) -> None:
    first = api.ask("changes?sort=newest&limit=4")
    publish(Actor.objects.create(name="New", kind="unit", slug="new"))
    second = api.ask(first["next"])
    assert [row["seq"] for row in second["results"]] == [3, 2, 1]
    assert second["snapshot"] == first["snapshot"]


def test_a_moment_stands_for_its_snapshot(api: ContractClient, history: None) -> None:
    editions = {edition.seq: edition for edition in Edition.objects.all()}
    for name in ("after", "until"):
        for seq in (3, 5, 7):
            moment = quote(editions[seq].published_at.isoformat())
            by_moment = api.results(f"changes?{name}={moment}")
            assert by_moment == api.results(f"changes?{name}={editions[seq].snapshot}")
    assert len(api.results("changes?after=2000-01-01T00:00:00Z")) == 7
    assert api.results("changes?until=2000-01-01T00:00:00Z") == []
    last, first = (quote(editions[seq].published_at.isoformat()) for seq in (7, 1))
    (fault,) = api.ask(f"changes?after={last}&until={first}", 400)["errors"]
    assert (fault["code"], fault["parameter"]) == ("contradiction", "after")


def test_an_actor_and_all_that_references_it(
    api: ContractClient, history: None, kataib: Actor, publish: Any
) -> None:
    other = Actor.objects.create(name="Other", kind="unit", slug="other")
    publish(other)
    assert [row["seq"] for row in api.results("changes?actor=kataib")] == [1, 3, 4, 5, 7]
    assert [row["seq"] for row in api.results("changes?actor=pmf")] == [2, 3, 5, 6, 7]
    assert [row["seq"] for row in api.results("changes?actor=pmf&actor=other&kind=publish")] == [
        2,
        3,
        8,
    ]
    by_id = api.results(f"changes?actor={kataib.public_id}&sort=newest&limit=2")
    assert [row["seq"] for row in by_id] == [7, 5, 4, 3, 1]


def test_a_record_that_no_longer_references_an_actor_says_so(
    api: ContractClient, attack: Incident, kataib: Actor, publish: Any
) -> None:
    involvement = attack.involvements.create(role="perpetrator", actor=kataib)
    publish(attack, kataib)
    involvement.delete()
    attack.save()
    publish(attack)
    attack.summary = "Later."
    attack.save()
    publish(attack)
    rows = api.results("changes?actor=kataib&type=incident")
    assert [row["version"] for row in rows] == [1, 2]


def test_ids_of_drafts_and_of_nothing_are_answered_alike(
    api: ContractClient, history: None
) -> None:
    draft = Actor.objects.create(name="Draft", kind="unit", slug="draft")
    for name, keys in (
        ("id", (draft.public_id, "00000000-0000-4000-8000-000000000000")),
        ("actor", (draft.public_id, "00000000-0000-4000-8000-000000000000", "draft", "nothing")),
    ):
        answers = [api.ask(f"changes?{name}={key}") for key in keys]
        assert answers[0]["results"] == []
        assert [warning["code"] for warning in answers[0]["warnings"]] == ["not_found"]
        assert all(answer == answers[0] for answer in answers)


def test_a_withdrawn_record_is_found_by_its_id(
    api: ContractClient, history: None, pmf: Actor
) -> None:
    answer = api.ask(f"changes?id={pmf.public_id}")
    assert [row["kind"] for row in answer["results"]] == ["publish", "withdraw"]
    assert answer["warnings"] == []


def test_a_country_is_that_of_the_edition_or_of_the_one_before(
    api: ContractClient, kataib: Actor, iraq: Place, publish: Any
) -> None:
    iran = Place.objects.create(name="Iran", kind="country", slug="iran", country="IR")
    kataib.country = iraq
    kataib.save()
    publish(iraq, iran, kataib)
    kataib.country = iran
    kataib.save()
    publish(kataib)
    kataib.description = "In Iran."
    kataib.save()
    publish(kataib)
    iraqi = [(row["type"], row["version"]) for row in api.results("changes?country=IQ")]
    assert sorted(iraqi) == [("actor", 1), ("actor", 2), ("place", 1)]
    iranian = [(row["type"], row["version"]) for row in api.results("changes?country=irn")]
    assert sorted(iranian) == [("actor", 2), ("actor", 3), ("place", 1)]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("limit=1", 2),  # the state, the page
        ("limit=100", 3),  # and the editions before
        ("limit=100&documents=true&sort=newest", 3),
        ("actor=pmf&actor=kataib", 4),
        ("country=IQ", 2),
        ("after=2000-01-01T00:00:00Z", 4),
    ],
)
def test_the_number_of_queries_does_not_depend_on_the_page(
    api: ContractClient,
    history: None,
    django_assert_num_queries: Any,
    query: str,
    number: int,
) -> None:
    with django_assert_num_queries(number):
        assert api.get(f"/api/v1/changes?{query}", secure=True).status_code == 200


def test_a_page_reads_the_same_by_every_parameter(api: ContractClient, history: None) -> None:
    newest = Edition.objects.order_by("-seq")[0]
    moment = quote(newest.published_at.isoformat())
    for query in ("limit=2", "limit=2&sort=newest", "limit=100&documents=true", "actor=pmf"):
        now = api.get(f"/api/v1/changes?{query}", secure=True)
        assert "until=" in links(now)["cite-as"]
        for until in (str(newest.snapshot), moment):
            pinned = api.get(f"/api/v1/changes?until={until}&{query}", secure=True)
            assert pinned.content == now.content
            for header in ("Link", "Muster-Snapshot", "Muster-Published"):
                assert pinned[header] == now[header]
