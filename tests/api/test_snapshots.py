"""The past: every list and detail is answered as it was at a snapshot, a moment or a release."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.models import Actor, Affiliation
from api.releases import make_release
from editorial import merging, workflow
from editorial.models import User
from editorial.redaction.validation import check_note
from publishing.models import Edition
from publishing.restore import NOTE
from publishing.snapshots import Snapshot
from tests.contract.client import API, ContractClient, links
from tests.surgery import redact, restore, without_triggers

pytestmark = pytest.mark.django_db

MOMENT = timedelta(microseconds=1)


def to_text(moment: datetime) -> str:
    """Write a moment as an address holds it."""
    return quote(moment.astimezone(UTC).isoformat())


def newest(api: ContractClient) -> str:
    """Return the newest snapshot."""
    return api.ask("changes?limit=1")["snapshot"]


@pytest.fixture
def snapshots(api: ContractClient, kataib: Actor, publish: Any, reviewer: User) -> list[str]:
    """The snapshots of one actor: named, renamed, withdrawn, named again."""
    snapshots_made = []
    for name in ("First", "Second", "", "Fourth"):
        if name:
            kataib.name = name
            kataib.save()
            publish(kataib, note=f"It is {name}.")
        else:
            workflow.withdraw(kataib, reviewer, "Not one group.")
        snapshots_made.append(newest(api))
    return snapshots_made


def test_a_list_and_a_detail_read_as_they_did(api: ContractClient, snapshots: list[str]) -> None:
    for snapshot, name in zip(snapshots, ("First", "Second", None, "Fourth"), strict=True):
        assert api.names(f"actors?snapshot={snapshot}") == ([name] if name else [])
        if name:
            assert api.ask(f"actors/kataib?snapshot={snapshot}")["name"] == name
        else:
            problem = api.ask(f"actors/kataib?snapshot={snapshot}", 410)
            assert problem["detail"] == "Not one group."
    assert api.names("actors?snapshot=0-00000000") == []
    assert api.ask("actors/kataib?snapshot=0-00000000", 404)["title"] == "Not found"


def test_a_moment_is_the_state_of_the_newest_publication_by_then(
    api: ContractClient, snapshots: list[str]
) -> None:
    moments = list(Edition.objects.order_by("seq").values_list("published_at", flat=True))
    for number, moment in enumerate(moments[:-1]):
        before = snapshots[number - 1] if number else "0-00000000"
        for when, snapshot in (
            (moment - MOMENT, before),
            (moment, snapshots[number]),
            (moment + MOMENT, snapshots[number]),
        ):
            if when < moments[number + 1]:
                response = api.get(f"{API}actors?known_at={to_text(when)}", secure=True)
                assert response["Muster-Snapshot"] == snapshot
                assert response.json() == api.ask(f"actors?snapshot={snapshot}")
                assert response["Cache-Control"] == "public, max-age=3600, s-maxage=10"


def test_offsets_of_a_moment_count(api: ContractClient, snapshots: list[str]) -> None:
    moment = Edition.objects.get(seq=2).published_at
    for hours in (-9, 0, 3):
        local = moment.astimezone(UTC) + timedelta(hours=hours)
        text = f"{local:%Y-%m-%dT%H:%M:%S.%f}{hours:+03}:00"
        assert api.ask(f"actors?known_at={quote(text)}")["snapshot"] == snapshots[1]
    for extreme in ("0001-01-01T00:00:00%2B23:59", "0093-10-15T01:48:45%2B21:08"):
        assert api.ask(f"actors?known_at={extreme}")["snapshot"] == "0-00000000"


def test_a_moment_is_pinned_once_something_was_published_after_it(
    api: ContractClient, snapshots: list[str], pmf: Actor, publish: Any
) -> None:
    address = f"{API}actors?known_at={to_text(Edition.objects.get(seq=4).published_at)}"
    assert api.get(address, secure=True)["Cache-Control"] == "public, no-cache"
    publish(pmf)
    assert api.get(address, secure=True)["Cache-Control"] == "public, max-age=3600, s-maxage=10"


def test_a_moment_in_the_future_is_refused(
    api: ContractClient, publish: Any, kataib: Actor
) -> None:
    future = f"known_at={to_text(datetime.now(UTC) + timedelta(hours=1))}"
    for _ in range(2):
        for address in ("actors", f"actors/{kataib.slug}", "actors/kataib/editions"):
            (error,) = api.ask(f"{address}?{future}", 400)["errors"]
            assert (error["parameter"], error["code"]) == ("known_at", "invalid")
        if kataib.edition is None:
            publish(kataib)
    api.ask("actors?known_at=9999-12-31T23:59:59-14:00", 400)
    stamped = Edition.objects.get().published_at
    assert api.names(f"actors?known_at={to_text(stamped)}") == [kataib.name]


def test_a_release_is_a_name_for_a_snapshot(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    publish(kataib)
    make_release("2026.1", "", check_note)
    kataib.name = "Another"
    kataib.save()
    publish(kataib)
    assert api.names("actors?release=2026.1") == ["Kataib Hezbollah"]
    assert api.ask("actors/kataib?release=2026.1")["name"] == "Kataib Hezbollah"
    for address in ("actors", "actors/kataib"):
        (error,) = api.ask(f"{address}?release=2026.2", 400)["errors"]
        assert error["parameter"] == "release"
        assert "/api/v1/releases" in error["detail"]


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("snapshot=3", "snapshot", "invalid"),
        ("snapshot=03-00000000", "snapshot", "invalid"),
        ("snapshot=3-0000000G", "snapshot", "invalid"),
        ("snapshot=0-12345678", "snapshot", "invalid"),
        ("snapshot=", "snapshot", "empty"),
        ("snapshot=0-00000000&snapshot=0-00000000", "snapshot", "repeated"),
        ("known_at=2020-01-01", "known_at", "invalid"),
        ("known_at=2020-01-01T00:00:00", "known_at", "invalid"),
        ("known_at=2020-02-30T00:00:00Z", "known_at", "invalid"),
        ("release=Spring", "release", "invalid"),
        ("release=a--b", "release", "invalid"),
        ("release=" + "a" * 61, "release", "invalid"),
        ("snapshot=0-00000000&known_at=2020-01-01T00:00:00Z", "known_at", "contradiction"),
        ("known_at=2020-01-01T00:00:00Z&release=a", "release", "contradiction"),
    ],
)
@pytest.mark.parametrize("address", ["actors", "actors/kataib", "actors/kataib/editions/1"])
def test_a_fault_is_refused_and_named(
    api: ContractClient, address: str, query: str, parameter: str, code: str
) -> None:
    (error,) = api.ask(f"{address}?{query}", 400)["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)


@pytest.mark.parametrize(
    ("snapshot", "problem"),
    [
        ("2-00000000", "unknown-snapshot"),
        ("4-00000000", "unknown-snapshot"),
        ("99-00000000", "reset"),
        ("999999999999999999-00000000", "reset"),
    ],
)
def test_a_snapshot_of_another_history_is_lost(
    api: ContractClient, snapshots: list[str], snapshot: str, problem: str
) -> None:
    for address in ("actors?", "actors/kataib?", "actors/nobody?", "actors/kataib/editions?"):
        answer = api.ask(f"{address}snapshot={snapshot}", 410)
        assert answer["type"].endswith(f"/{problem}")
    assert api.ask(f"changes?until={snapshot}", 410)["type"].endswith(f"/{problem}")


def test_a_restore_is_told_apart_from_another_database(
    api: ContractClient, snapshots: list[str]
) -> None:
    with without_triggers("publishing_edition") as cursor:
        cursor.execute(
            "UPDATE publishing_edition SET kind = 'refresh', note = %s WHERE seq = 3", [NOTE]
        )
    for number, problem in ((2, "unknown-snapshot"), (3, "reset"), (4, "reset"), (5, "reset")):
        answer = api.ask(f"actors?snapshot={number}-00000000", 410)
        assert answer["type"].endswith(f"/{problem}"), number


def test_a_restore_loses_later_snapshots(
    api: ContractClient, snapshots: list[str], kataib: Actor, pmf: Actor, publish: Any
) -> None:
    for number in range(3):
        pmf.name = f"Name {number}"
        pmf.save()
        publish(pmf)
    lost = newest(api)
    tag = api.get(API + "actors/pmf/editions", secure=True)["ETag"]
    cursor = api.ask("actors/pmf/editions?limit=1")["next"]
    restore(4)
    assert newest(api) == snapshots[3]
    for address in (f"actors?snapshot={lost}", f"actors/pmf?snapshot={lost}", cursor):
        assert api.ask(address, 410)["type"].endswith("/reset")
    for parameter in ("after", "until"):
        assert api.ask(f"changes?{parameter}={lost}", 410)["type"].endswith("/reset")
    again = api.get(API + "actors/kataib/editions", headers={"If-None-Match": tag}, secure=True)
    assert again.status_code == 200
    assert api.ask(f"actors/kataib?snapshot={snapshots[1]}")["name"] == "Second"


def test_a_node_that_follows_another_says_that_it_is_behind(
    api: ContractClient, snapshots: list[str], settings: Any
) -> None:
    settings.FOLLOWS = True
    for address in ("actors?snapshot=", "actors/kataib?snapshot=", "changes?after="):
        problem = api.ask(f"{address}99-00000000", 503)
        assert problem["type"].endswith("/behind")
        response = api.get(f"{API}{address}99-00000000", secure=True)
        assert response["Retry-After"] == "5"
        assert api.ask(f"{address}2-00000000", 410)["type"].endswith("/unknown-snapshot")


def test_a_cursor_keeps_the_snapshot_of_its_first_page(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    publish(kataib, pmf)
    moment = to_text(Edition.objects.get(seq=2).published_at)
    snapshot = newest(api)
    make_release("one", "", check_note)
    firsts = [
        (query, api.ask(f"actors?limit=1&{query}"))
        for query in (f"snapshot={snapshot}", f"known_at={moment}", "release=one", "count=true")
    ]
    kataib.name = "Zebra"
    kataib.save()
    publish(kataib)
    assert len({first["next"] for _, first in firsts[:3]}) == 1
    for query, first in firsts:
        assert f"snapshot={snapshot}" in first["next"]
        assert query in first["next"] or query in (f"known_at={moment}", "release=one")
        second = api.ask(first["next"])
        assert second["snapshot"] == snapshot
        names = [row["name"] for row in first["results"] + second["results"]]
        assert names == ["Kataib Hezbollah", "Popular Mobilization Forces"]
    make_release("two", "", check_note)
    later = to_text(Edition.objects.get(seq=3).published_at)
    cursor = firsts[0][1]["next"].split("cursor=")[1].split("&")[0]
    for query in (f"snapshot={snapshot}", f"known_at={moment}", "release=one", "limit=1"):
        assert api.ask(f"actors?cursor={cursor}&{query}")["results"] == second["results"]
    for query in (f"snapshot={newest(api)}", f"known_at={later}", "release=two", "kind=unit"):
        (error,) = api.ask(f"actors?cursor={cursor}&{query}", 400)["errors"]
        assert error["parameter"] == "cursor"
    (error,) = api.ask(f"actors?cursor={cursor}&release=three", 400)["errors"]
    assert error["parameter"] == "release"


def test_a_forged_cursor_cannot_leave_its_snapshot(
    api: ContractClient, snapshots: list[str]
) -> None:
    from django.http import QueryDict

    from api.pagination import Cursor

    digest = Cursor.digest_of(API + "actors", QueryDict(f"snapshot={snapshots[1]}"))
    forged = Cursor(Snapshot.parse(snapshots[0]), ["a", "0" * 32], digest)
    (error,) = api.ask(f"actors?snapshot={snapshots[1]}&cursor={forged}", 400)["errors"]
    assert error["parameter"] == "cursor"
    for version in (-1, 2**31, 2**63 - 1, "x", None):
        digest = Cursor.digest_of(API + "actors/kataib/editions", QueryDict(""))
        forged = Cursor(Snapshot.parse(snapshots[0]), [version], digest)
        api.ask(f"actors/kataib/editions?cursor={forged}", 400)


def test_every_answer_says_how_to_cite_it(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    publish(kataib, pmf)
    snapshot = newest(api)
    moment = to_text(Edition.objects.get(seq=1).published_at)
    first = api.get(f"{API}actors?kind=coalition&limit=1", secure=True)
    root = f"https://localhost{API}actors"
    cited = f"{root}?kind=coalition&limit=1&snapshot={snapshot}"
    assert links(first)["cite-as"] == cited
    then = api.get(cited, secure=True)
    assert (then.content, then["Link"]) == (first.content, first["Link"])
    published = Edition.objects.get(seq=2).published_at.astimezone(UTC)
    kataib.name = "Another"
    kataib.save()
    publish(kataib)
    for query in (f"known_at={moment}", f"snapshot={snapshot}"):
        page = api.get(f"{API}actors?{query}&limit=1", secure=True)
        assert datetime.fromisoformat(page["Muster-Published"]) == published
        assert links(page)["next"] == page.json()["next"]
        assert links(page)["cite-as"] == f"{root}?limit=1&snapshot={snapshot}"
        last = api.get(page.json()["next"], secure=True)
        assert links(last)["cite-as"] == links(page)["cite-as"]
        detail = api.get(f"{API}actors/kataib?{query}", secure=True)
        assert links(detail)["cite-as"] == f"{root}/kataib?snapshot={snapshot}"
        assert detail["Muster-Snapshot"] == snapshot
        assert detail["Cache-Control"] == "public, max-age=3600, s-maxage=10"
    assert api.get(f"{root}?limit=1&snapshot={snapshot}", secure=True).content == page.content


def test_the_citation_of_a_file_gives_its_format(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    publish(kataib)
    file = api.get(f"{API}actors", headers={"Accept": "text/csv"}, secure=True)
    cite = f"https://localhost{API}actors?snapshot={newest(api)}&format=csv"
    assert links(file)["cite-as"] == cite
    again: Any = api.get(cite, secure=True)
    assert b"".join(again) == b"".join(file)


def test_nothing_was_published_at_the_start(api: ContractClient) -> None:
    for address in ("actors", "actors?snapshot=0-00000000", "changes"):
        answer = api.get(f"{API}{address}", secure=True)
        assert "Muster-Published" not in answer
        assert 'rel="cite-as"' in answer["Link"]


def test_csv_begins_with_its_citation_on_request(
    api: ContractClient, kataib: Actor, publish: Any, settings: Any
) -> None:
    publish(kataib)
    snapshot, day = newest(api), f"{Edition.objects.get().published_at:%Y-%m-%d}"
    for address, format_ in (
        ("actors", "format=csv"),
        ("actors", "format=csv&escape=spreadsheet"),
        ("network", "actor=kataib&format=csv&part=nodes"),
        ("statistics", "group_by=year&format=csv"),
    ):
        plain: Any = api.get(f"{API}{address}?{format_}", secure=True)
        cited: Any = api.get(f"{API}{address}?cite=true&{format_}", secure=True)
        first, rest = b"".join(cited).split(b"\r\n", 1)
        query = format_.replace("format=csv", "").strip("&")
        query = "&".join(filter(None, ["cite=true", query, f"snapshot={snapshot}", "format=csv"]))
        mark = b"\xef\xbb\xbf" if "escape" in format_ else b""
        assert first.startswith(mark + b"# ")
        text = first.removeprefix(mark).decode()
        assert text.startswith(f"# {settings.NAME}, snapshot {snapshot}, published {day}. https://")
        assert text.endswith(f" {settings.LICENCE}.")
        assert mark + rest == b"".join(plain)
        cite = text.split(". ", 1)[1].split(" ")[0]
        assert cite == cited["Link"].split(">")[0][1:]
        by_citation: Any = api.get(cite, secure=True)
        assert b"".join(by_citation) == first + b"\r\n" + rest
    (error,) = api.ask("actors?cite=true", 400)["errors"]
    assert (error["code"], error["parameter"]) == ("contradiction", "cite")
    api.ask("actors?cite=false")


def test_filters_look_at_the_same_past(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any, reviewer: User
) -> None:
    tie = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf, start="2015")
    publish(kataib, pmf, tie)
    snapshot = newest(api)
    workflow.withdraw(pmf, reviewer, "Not a group.")
    assert api.results("affiliations?object=pmf") == []
    (then,) = api.results(f"affiliations?object=pmf&snapshot={snapshot}")
    assert then["object"]["name"] == "Popular Mobilization Forces"
    assert api.results("affiliations")[0]["object"]["withdrawn"] is True


def test_the_number_of_queries_is_the_same_in_the_past(
    api: ContractClient, snapshots: list[str], django_assert_num_queries: Any
) -> None:
    moment = to_text(Edition.objects.get(seq=2).published_at)
    make_release("one", "", check_note)
    for query in (f"snapshot={snapshots[1]}", f"known_at={moment}", "release=one"):
        for address in ("actors", "actors/kataib"):
            with django_assert_num_queries(2 if address == "actors" else 1):
                tag = api.get(f"{API}{address}?{query}", secure=True)["ETag"]
            with django_assert_num_queries(1):
                headers = {"If-None-Match": tag}
                again = api.get(f"{API}{address}?{query}", headers=headers, secure=True)
            assert again.status_code == 304


def test_a_redaction_is_part_of_every_tag(
    api: ContractClient, snapshots: list[str], pmf: Actor, publish: Any
) -> None:
    publish(pmf)
    addresses = [
        f"actors?snapshot={snapshots[1]}",
        "actors",
        "actors/kataib",
        f"actors/kataib?snapshot={snapshots[1]}",
        "actors/kataib/editions",
        "actors/kataib/editions/1",
        "releases",
    ]
    tags = {a: api.get(API + a, secure=True)["ETag"] for a in addresses}
    redact(5)
    for address, tag in tags.items():
        again = api.get(API + address, headers={"If-None-Match": tag}, secure=True)
        assert again.status_code == 200, address
        assert again["ETag"] != tag


def test_before_a_merge_the_merged_still_reads_as_it_did(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any, reviewer: User
) -> None:
    publish(kataib, pmf)
    before = newest(api)
    merging.merge(kataib, pmf, reviewer, "One group under two names.")
    after = newest(api)
    assert api.ask(f"actors/kataib?snapshot={before}")["name"] == "Kataib Hezbollah"
    moved = api.ask(f"actors/kataib?snapshot={after}", 308)
    assert moved["merged_into"]["slug"] == "pmf"
    moved = api.get(f"{API}actors/kataib?snapshot={after}", secure=True)
    assert moved["Location"] == f"{API}actors/pmf?snapshot={after}"
    assert [row["kind"] for row in api.results("actors/kataib/editions")] == ["publish", "merge"]
    assert api.ask("actors/kataib/editions/2", 410)["detail"] == "One group under two names."


ADDRESSES = [
    "actors/documents?count=true",
    "actors?sort=recently_edited",
    "affiliations/documents",
    "affiliations?object=b",
    "affiliations?at=2016&dates=certain",
    "actors/a",
    "actors/b",
    "actors/c",
    "actors/a/editions?refresh=true",
]
STEPS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["rename", "withdraw", "tie"])),
    min_size=1,
    max_size=8,
)


def answered(api: ContractClient, address: str) -> tuple[int, Any]:
    """Return the status and what was answered, but for the addresses of other pages."""
    response = api.get(API + address, secure=True)
    body = json.loads(response.content)
    if response.status_code == 200:
        return 200, response.content if "results" not in body else body | {"next": None}
    return response.status_code, body


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_an_answer_at_a_snapshot_never_changes(
    api: ContractClient, publish: Any, reviewer: User, steps: list[tuple[str, str]]
) -> None:
    from django.db import transaction

    with transaction.atomic():
        actors = {
            slug: Actor.objects.create(name=slug.upper(), slug=slug, kind="unit", start="2010")
            for slug in "abc"
        }
        remembered = []
        for number, (slug, act) in enumerate(steps):
            actor = actors[slug]
            public = actor.edition is not None and actor.edition.public
            if act == "withdraw" and public:
                workflow.withdraw(actor, reviewer, f"Reason {number}.")
            elif act == "tie" and public and slug != "b":
                end = Actor.objects.get(slug="b")
                end.description = f"Text {number}"
                end.save()
                start = f"{2010 + number}"
                tie = Affiliation.objects.create(
                    subject=actor, kind="member_of", object=end, start=start
                )
                publish(end, tie)
            else:
                actor.name = f"Name {number}"
                actor.save()
                publish(actor)
            edition = Edition.objects.order_by("-seq")[0]
            answers = {address: answered(api, address) for address in ADDRESSES}
            remembered.append((edition.snapshot, edition.published_at, answers))
        for snapshot, moment, answers in remembered:
            for pin in ({"snapshot": snapshot}, {"known_at": moment.isoformat()}):
                for address, then in answers.items():
                    joint = "&" if "?" in address else "?"
                    now = answered(api, f"{address}{joint}{urlencode(pin)}")
                    assert now == then, (address, pin)
        transaction.set_rollback(True)


def test_what_changed_since_a_snapshot(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    publish(pmf)
    first = newest(api)
    publish(kataib)
    second = newest(api)
    membership = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    publish(membership)
    third = newest(api)
    pmf.name = "The Forces"
    pmf.save()
    publish(pmf)  # the affiliation is published again with the new name, which is no change of it
    assert api.names(f"actors?changed_since={first}") == ["Kataib Hezbollah", "The Forces"]
    assert api.names(f"actors?changed_since={second}") == ["The Forces"]
    assert api.names(f"actors?changed_since={newest(api)}") == []
    assert api.names("actors?changed_since=0-00000000") == api.names("actors")
    assert api.names(f"actors?changed_since={first}&snapshot={second}") == ["Kataib Hezbollah"]
    assert api.ask(f"affiliations?changed_since={third}&count=true")["count"] == 0
    assert api.ask(f"affiliations?changed_since={second}&count=true")["count"] == 1
    (fault,) = api.ask(f"actors?changed_since={third}&snapshot={second}", 400)["errors"]
    assert (fault["code"], fault["parameter"]) == ("contradiction", "changed_since")


def test_what_changed_since_a_snapshot_between_editions_that_were_published_together(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    publish(pmf, kataib)
    one, other = api.ask("changes")["results"]
    assert one["published_at"] == other["published_at"]
    assert api.names(f"actors?changed_since={one['snapshot']}") == [other["title"]]
    assert api.names(f"actors?changed_since={other['snapshot']}") == []
    (fault,) = api.ask("actors?changed_since=yesterday", 400)["errors"]
    assert (fault["code"], fault["parameter"]) == ("invalid", "changed_since")
    api.ask("actors?changed_since=2-00000000", 410)
