"""Kept answers and early answers: equal to full ones, and none for a request that is refused."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from actors.models import Actor
from api import kept
from api.filtersets import StrictFilterSet
from api.kept import Answer, Store
from api.views import PublicView
from editorial.models import RemovedData, User
from editorial.redaction import restoring
from editorial.redaction.redact import redact
from publishing import restore
from publishing.models import Edition
from tests.cast import person
from tests.contract.calls import Call, calls
from tests.contract.client import API, ContractClient

pytestmark = pytest.mark.django_db
SENDERS = [("localhost", "identity"), ("muster.example", "identity"), ("localhost", "gzip")]
NEVER_KEPT = (
    *("_editions_get", "releases_list", "releases_get", "vocabularies", "vocabularies_get"),
    "_outline",
)
SECRET = "a text that must go"


class Counting(Store):
    """A store that counts the answers that it gives."""

    hits = 0

    def find(self, key: Hashable) -> Answer | None:
        answer = super().find(key)
        self.hits += answer is not None
        return answer


@pytest.fixture
def store(monkeypatch: Any, settings: Any) -> Counting:
    """Keep answers in the memory of this test."""
    settings.ALLOWED_HOSTS = [host for host, _ in SENDERS]
    store = Counting(2**23)
    monkeypatch.setattr(kept, "STORE", store)
    return store


@contextmanager
def answering_in_full() -> Iterator[None]:
    """Read all parameters of every request, and keep nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PublicView, "_answer_early", lambda view, request: None)
        yield


def ask(api: ContractClient, address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return the status, the headers and the body of an answer."""
    response: Any = api.get(address, secure=True, headers=headers)
    return response.status_code, dict(response.headers), response.getvalue()


def list_addresses(call: Call, snapshot: str) -> Iterator[str]:
    """Yield addresses of an operation: of now, of a snapshot, in each format, and a wrong one."""
    yield call.address()
    for name in {"snapshot", "until"} & call.parameters.keys():
        yield call.address(**{name: snapshot})
    for word in call.parameters.get("format", {}).get("enum", ()):
        more = {"part": "nodes"} if call.operation == "network" and word == "csv" else {}
        yield call.address(format=word, **more)
    yield call.address(nothing=1)


@pytest.mark.long
def test_kept_and_early_answers_are_equal_to_full_ones(
    api: ContractClient,
    findable: None,
    store: Counting,
    kataib: Actor,
    publish: Any,
    reviewer: User,
) -> None:
    """To the byte and the header, for every endpoint, before and after all kinds of changes."""

    def publish_text() -> None:
        kataib.description = SECRET
        kataib.save()
        publish(kataib)

    def remove_text() -> None:
        redact(kataib, reviewer, "Danger.", fields=["description"])

    def bring_back() -> None:
        data = RemovedData.objects.get()
        data.ask(reviewer, "A mistake.")
        restoring.restore(data, person("second", "reviewer"))

    def continue_restored() -> None:
        restore.diverge_from(frozenset())

    snapshot = ""
    for change in (publish_text, remove_text, bring_back, continue_restored):
        change()
        snapshot = snapshot or str(Edition.objects.newest_snapshot())
        for call in (call for call in calls() if call.body is None):
            for address in list_addresses(call, snapshot):
                for host, coding in SENDERS[: 1 if "format=" in address else 3]:
                    headers = {"Host": host, "Accept-Encoding": coding}
                    with answering_in_full():
                        status, full, body = ask(api, address, **headers)
                    hits = store.hits
                    for _ in range(2):
                        assert ask(api, address, **headers) == (status, full, body), address
                    is_kept = status == 200 and "Content-Disposition" not in full
                    if not call.operation.endswith(NEVER_KEPT):
                        assert store.hits - hits >= is_kept, "the second answer is a kept one"
                    if change is remove_text and coding == "identity":
                        assert SECRET.encode() not in body
                    headers["If-None-Match"] = full.get("ETag", '"none"')
                    with answering_in_full():
                        unchanged = ask(api, address, **headers)
                    assert unchanged[0] == (304 if status == 200 else status)
                    assert ask(api, address, **headers) == unchanged, address
    assert store.bytes > 10_000


def test_files_and_problems_are_not_kept(
    api: ContractClient, findable: None, store: Counting
) -> None:
    for address in (
        "actors?format=csv",
        "incidents?format=geojson",
        "actors/nobody",
        "actors?nothing=1",
        "actors?snapshot=9-0a0b0c0d",
    ):
        for _ in range(2):
            ask(api, API + address)
    assert (store.hits, store.bytes) == (0, 0)


def test_head_is_answered_as_get(api: ContractClient, findable: None, store: Counting) -> None:
    status, headers, _ = ask(api, f"{API}actors")
    head = api.head(f"{API}actors", secure=True)
    assert (head.status_code, dict(head.headers), head.content) == (status, headers, b"")
    assert store.hits == 1


def test_unchanged_answers_are_found_without_reading_parameters(
    api: ContractClient, findable: None, monkeypatch: Any, django_assert_num_queries: Any
) -> None:
    addresses = [
        "actors?kind=unit&limit=5",
        "actors?format=csv",
        "actors/kataib",
        "incidents?release=first",
        "changes?documents=true",
        "statistics?group_by=year",
        "network?actor=kataib",
    ]
    tags = {address: ask(api, API + address)[1]["ETag"] for address in addresses}

    def fail(*args: Any) -> None:
        raise AssertionError("all parameters are read")

    monkeypatch.setattr(StrictFilterSet, "__init__", fail)
    for address, tag in tags.items():
        with django_assert_num_queries(1):
            status, headers, _ = ask(api, API + address, **{"If-None-Match": f'"x", {tag}'})
        assert (status, headers["ETag"]) == (304, tag), address


def test_what_would_be_refused_has_no_tag(api: ContractClient, findable: None) -> None:
    """Not even one of an address with nearly the same parameters."""
    tag = ask(api, f"{API}actors")[1]["ETag"]
    text = ask(api, f"{API}actors?q=a%25zz")[1]["ETag"]
    unknown = ask(api, f"{API}actors?q=%EF%BF%BDx")[1]["ETag"]
    for address, given in (
        ("actors?limit=0", tag),
        ("actors?limit=100&limit=100", tag),
        ("actors?limit=", tag),
        ("actors?nothing=1", tag),
        ("actors?snapshot=1-00000000&known_at=2020-01-01T00:00:00Z", tag),
        ("actors?cursor=x", tag),
        ("actors?q=a%zz", text),
        ("actors?q=%FFx", unknown),
        ("actors?q=%00x", unknown),
    ):
        for value in (given, "*"):
            status, _, body = ask(api, API + address, **{"If-None-Match": value})
            assert status in (400, 410), (address, body)
    assert ask(api, f"{API}actors", **{"If-None-Match": "*"})[0] == 200
    headers = {"If-None-Match": tag, "Accept": "text/html"}
    assert ask(api, f"{API}actors", **headers)[0] == 406


def test_a_tag_cannot_be_made_up(api: ContractClient, findable: None, settings: Any) -> None:
    tag = ask(api, f"{API}actors")[1]["ETag"]
    settings.SECRET_KEY = "another key"
    assert ask(api, f"{API}actors", **{"If-None-Match": tag})[0] == 200


def test_the_memory_is_bounded() -> None:
    def answer(size: int) -> Answer:
        return Answer({"ETag": "x"}, b"x" * size)

    store = Store(100_000)
    for key in range(20):
        store.keep(key, answer(10_000 - 2001))
        store.find(0)
        assert store.bytes <= 100_000
    assert [key for key in range(20) if store.find(key)] == [0, *range(11, 20)]
    store.keep("large", answer(20_000))
    assert store.find("large") is None
    store.keep(19, answer(1))
    assert store.bytes == 9 * 10_000 + 2002
    nothing = Store(0)
    nothing.keep("any", answer(1))
    assert nothing.find("any") is None
