"""The behaviour of all lists: pages at one snapshot, orders, strict parameters and refusals."""

import json
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.models import Actor
from config.middleware import leave_out_body
from editorial import workflow
from editorial.models import User
from incidents.models import Incident
from places.models import Place
from tests.cast import UNCITED
from tests.contract.client import API, OF_PAGES, ContractClient

pytestmark = pytest.mark.django_db
LISTS = ("actors", "affiliations", "incidents", "sources", "publishers", "places")


@pytest.fixture
def incidents(publish: Any) -> list[Incident]:
    """Thirty incidents: three a day, three undated."""
    made = [
        Incident.objects.create(
            title=f"Incident {n}",
            date="" if n < 3 else str(date(2020, 1, 1) + timedelta(days=n // 3)),
        )
        for n in range(30)
    ]
    publish(*made)
    return made


@pytest.mark.parametrize("resource", LISTS)
def test_an_empty_list_is_a_list(api: ContractClient, resource: str) -> None:
    page = api.ask(f"{resource}?count=true")
    assert page == {
        "results": [],
        "next": None,
        "snapshot": "0-00000000",
        "count": 0,
        "warnings": [],
    }


def test_a_count_stops_at_a_limit(api: ContractClient, incidents: list[Incident]) -> None:
    assert api.ask("incidents?count=true")["count"] == 30
    assert api.ask("incidents?count=true&count_limit=31")["count"] == 30
    page = api.ask("incidents?limit=10&count=true&count_limit=7")
    assert (page["count"], len(page["results"])) == (7, 10)
    following = page["next"].replace("&count=true&count_limit=7", "").split("/api/v1/")[1]
    assert api.ask(following)["count"] is None
    for query, code in (
        ("count_limit=7", "contradiction"),
        ("count=true&count_limit=10001", "invalid"),
    ):
        (error,) = api.ask(f"incidents?{query}", 400)["errors"]
        assert (error["code"], error["parameter"]) == (code, "count_limit")


@pytest.mark.parametrize("sort", ["newest", "oldest", "recently_edited"])
@pytest.mark.parametrize("limit", [1, 4, 30, 1000])
def test_pages_hold_every_row_once_in_order(
    api: ContractClient, incidents: list[Incident], sort: str, limit: int
) -> None:
    rows = api.results(f"incidents?sort={sort}&limit={limit}")
    assert len(rows) == 30
    keys = [(row["date_start"] or "", row["id"]) for row in rows]
    if sort != "recently_edited":
        assert keys == sorted(keys, reverse=sort == "newest")
    assert {row["id"] for row in rows} == {str(row.public_id) for row in incidents}


def test_undated_is_last_in_newest_and_first_in_oldest(
    api: ContractClient, incidents: list[Incident]
) -> None:
    assert all(row["date"] is None for row in api.results("incidents")[-3:])
    assert all(row["date"] is None for row in api.results("incidents?sort=oldest")[:3])


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_the_page_size_may_change_from_page_to_page(
    api: ContractClient, incidents: list[Incident], sizes: list[int]
) -> None:
    whole = [row["id"] for row in api.results("incidents")]
    ids, address = [], f"incidents?limit={sizes[0]}"
    for size in [*sizes[1:], *[9] * 30]:
        page = api.ask(address)
        ids += [row["id"] for row in page["results"]]
        if not page["next"]:
            break
        address = page["next"].replace(f"limit={address.split('limit=')[1].split('&')[0]}", "")
        address = f"{address}&limit={size}".replace("?&", "?").replace("&&", "&")
    assert ids == whole


def test_a_walk_shows_the_snapshot_of_its_first_page(
    api: ContractClient, incidents: list[Incident], publish: Any
) -> None:
    first = api.ask("incidents?limit=10&count=true")
    for incident in incidents[::2]:
        incident.title, incident.date = "Changed meanwhile", "2031"
        incident.save()
    publish(*incidents[::2], Incident.objects.create(title="New", date="2020-01-02"))
    second = api.ask(first["next"])
    third = api.ask(second["next"])
    rows = first["results"] + second["results"] + third["results"]
    assert {row["title"] for row in rows} == {f"Incident {n}" for n in range(30)}
    assert first["snapshot"] == second["snapshot"] == third["snapshot"]
    assert third["next"] is None
    assert first["count"] == second["count"] == 30


def test_next_is_in_the_link_header_too(api: ContractClient, incidents: list[Incident]) -> None:
    response = api.get(API + "incidents?limit=10", secure=True)
    assert response["Link"].startswith(f'<{response.json()["next"]}>; rel="next", ')


def test_names_sort_in_code_point_order_after_folding(api: ContractClient, publish: Any) -> None:
    names = ["Zayn", "عصائب أهل الحق", "Ächter", "azadi", "B"]
    publish(*(Actor.objects.create(name=name, kind="unit") for name in names))
    from publishing.normalization import fold_text

    assert api.names("actors?limit=2") == sorted(names, key=fold_text)


def test_a_page_of_documents_has_its_own_path(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    publish(kataib)
    document = api.ask("actors/kataib") | dict.fromkeys(OF_PAGES)
    assert api.results("actors/documents") == [document]
    summary = api.results("actors")[0]
    for name in OF_PAGES:
        assert summary.pop(name) is None
    assert summary.items() <= api.ask("actors/kataib").items()
    assert "classifications" not in summary


def test_ids_choose(api: ContractClient, kataib: Actor, pmf: Actor, publish: Any) -> None:
    publish(kataib, pmf)
    nobody = "00000000-0000-4000-8000-000000000000"
    assert api.names(f"actors?id={pmf.public_id}&id={nobody}") == [pmf.name]
    assert api.names(f"actors?id={nobody}") == []


def test_recently_edited_and_its_bounds(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    publish(kataib)
    publish(pmf)
    assert api.names("actors?sort=recently_edited") == [pmf.name, kataib.name]
    moment = quote(api.ask("actors/pmf")["edited_at"])
    assert api.names(f"actors?edited_from={moment}") == [pmf.name]
    assert api.names(f"actors?edited_to={moment}&sort=name") == [kataib.name, pmf.name]


FAULTS = [
    ("limit=0", "limit", "invalid"),
    ("limit=1001", "limit", "invalid"),
    ("limit=ten", "limit", "invalid"),
    ("limit=٣", "limit", "invalid"),
    ("limit=1e3", "limit", "invalid"),
    ("limit=", "limit", "empty"),
    ("limit=1&limit=2", "limit", "repeated"),
    ("count=yes", "count", "invalid"),
    ("count=True", "count", "invalid"),
    ("sort=date", "sort", "invalid"),
    ("pepetrator=x", "pepetrator", "unknown"),
    ("Limit=1", "Limit", "unknown"),
    ("page=2", "page", "unknown"),
    ("id=1", "id", "invalid"),
    ("id=" + "0" * 36, "id", "invalid"),
    ("&".join(f"id=00000000-0000-4000-8000-{n:012}" for n in range(101)), "id", "too_many"),
    ("edited_from=2020-01-01", "edited_from", "invalid"),
    ("edited_from=2020-01-01T00:00:00", "edited_from", "invalid"),
    ("edited_from=2020-02-30T00:00:00Z", "edited_from", "invalid"),
    (
        "edited_from=2021-01-01T00:00:00Z&edited_to=2020-01-01T00:00:00Z",
        "edited_from",
        "contradiction",
    ),
    ("occurred_from=2020-02-30", "occurred_from", "invalid"),
    ("occurred_from=20200101", "occurred_from", "invalid"),
    ("occurred_from=2020-1-1", "occurred_from", "invalid"),
    ("occurred_from=2021&occurred_to=2020", "occurred_from", "contradiction"),
    ("dates=maybe", "dates", "invalid"),
    ("country=iq/", "country", "invalid"),
    ("country=Iraq", "country", "invalid"),
    ("perpetrator=A%20B", "perpetrator", "invalid"),
    ("event_type=Battle", "event_type", "invalid"),
    ("event_type=", "event_type", "empty"),
    ("perpetrator=a%00b", None, "nul"),
    ("perpetrator=%ff", None, "encoding"),
    ("cursor=abc", "cursor", "invalid"),
    ("cursor=%D9%A1", "cursor", "invalid"),
]


@pytest.mark.parametrize(("query", "parameter", "code"), FAULTS)
def test_a_fault_is_refused_and_named(
    api: ContractClient, query: str, parameter: str | None, code: str
) -> None:
    problem = api.ask(f"incidents?{query}", 400)
    assert (code, parameter) in {(e["code"], e["parameter"]) for e in problem["errors"]}
    assert all(error["detail"] for error in problem["errors"])


def test_all_faults_are_reported_at_once(api: ContractClient) -> None:
    problem = api.ask("incidents?limit=0&cuont=true&occurred_from=x&event_type=a", 400)
    named = {error["parameter"] for error in problem["errors"]}
    assert named == {"limit", "cuont", "occurred_from", "event_type"}
    (unknown,) = [e for e in problem["errors"] if e["code"] == "unknown"]
    assert "Did you mean “count”?" in unknown["detail"]


def test_details_take_no_parameters(api: ContractClient, kataib: Actor, publish: Any) -> None:
    publish(kataib)
    problem = api.ask("actors/kataib?detail=true", 400)
    assert problem["errors"][0]["code"] == "unknown"


def test_documents_are_refused_in_a_page_of_summaries(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    publish(kataib)
    for address in ("actors?detail=true", "actors?detail=true&format=json"):
        (fault,) = api.ask(address, 400)["errors"]
        assert (fault["code"], fault["parameter"]) == ("contradiction", "detail")
        assert "/api/v1/actors/documents" in fault["detail"]
    assert api.ask("actors?detail=false") == api.ask("actors")
    for name in ("detail=true", "format=json", "escape=spreadsheet"):
        (fault,) = api.ask(f"actors/documents?{name}", 400)["errors"]
        assert (fault["code"], fault["parameter"]) == ("unknown", name.split("=")[0])
        assert "`format=ndjson&detail=true`" in fault["detail"]
    assert api.ask("places/documents?centroids=true", 400)["errors"][0]["code"] == "unknown"
    refused = api.get(API + "actors/documents", headers={"Accept": "text/csv"}, secure=True)
    assert refused.status_code == 406


def test_pages_of_documents_take_filters_orders_and_cursors(
    api: ContractClient, incidents: list[Incident]
) -> None:
    query = "occurred_from=2014&sort=oldest&limit=7"
    summaries = api.results(f"incidents?{query}")
    documents = api.results(f"incidents/documents?{query}")
    assert [row["id"] for row in documents] == [row["id"] for row in summaries]
    assert len(documents) > 7
    page = api.ask(f"incidents/documents?{query}&count=true")
    assert page["count"] == len(documents)
    assert "/incidents/documents?" in page["next"]


def test_a_cursor_belongs_to_its_question(api: ContractClient, incidents: list[Incident]) -> None:
    cursor = api.ask("incidents?limit=3")["next"].split("cursor=")[1]
    assert api.ask(f"incidents?cursor={cursor}&limit=5&count=true")["count"] == 30
    foreign = [
        f"incidents/documents?cursor={cursor}",
        f"incidents?sort=oldest&cursor={cursor}",
        f"incidents?event_type=battle&cursor={cursor}",
        f"actors?cursor={cursor}",
        f"incidents?cursor={cursor[:-4]}",
        f"incidents?cursor={cursor[:-1]}{'A' if cursor[-1] != 'A' else 'B'}",
        f"incidents?cursor={'A' if cursor[0] != 'A' else 'B'}{cursor[1:]}",
        f"incidents?cursor={cursor}AAAA",
    ]
    for address in foreign:
        problem = api.ask(address, 400)
        assert [error["parameter"] for error in problem["errors"]] == ["cursor"]


def test_a_forged_cursor_with_a_true_sum_is_still_typed(
    api: ContractClient, incidents: list[Incident]
) -> None:
    from django.http import QueryDict

    from api.pagination import Cursor
    from publishing.snapshots import Snapshot

    snapshot = Snapshot.parse(api.ask("incidents")["snapshot"])
    digest = Cursor.digest_of(API + "incidents", QueryDict(""))
    for keys in (["x", "y"], [None, None], ["2020-01-01"], [{}, []], ["2020-01-01", 1], [1] * 3):
        api.ask(f"incidents?cursor={Cursor(snapshot, keys, digest)}", 400)
    digest_by_name = Cursor.digest_of(API + "actors", QueryDict(""))
    api.ask(f"actors?cursor={Cursor(snapshot, ['a', '0' * 32], digest_by_name)}")
    api.ask(f"actors?cursor={Cursor(snapshot, [chr(0), '0' * 32], digest_by_name)}", 400)
    lost = Cursor(Snapshot(snapshot.seq + 5, "00000000"), ["2020-01-01", "0" * 32], digest)
    assert api.ask(f"incidents?cursor={lost}", 410)["type"].endswith("/reset")


def test_filters_reveal_no_drafts(
    api: ContractClient, kataib: Actor, incidents: list[Incident]
) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    draft = api.get(f"{API}incidents?perpetrator={kataib.public_id}", secure=True)
    nothing = api.get(f"{API}incidents?perpetrator={nobody}", secure=True)
    assert draft.content == nothing.content
    assert api.get(f"{API}actors/{kataib.slug}", secure=True).content == (
        api.get(f"{API}actors/nobody", secure=True).content
    )


def test_an_answer_that_has_not_changed_is_not_sent_again(
    api: ContractClient,
    kataib: Actor,
    pmf: Actor,
    publish: Any,
    django_assert_num_queries: Any,
) -> None:
    publish(kataib)
    for address in ("actors", "actors/kataib", "changes"):
        tag = api.get(API + address, secure=True)["ETag"]
        with django_assert_num_queries(1):
            again = api.get(API + address, headers={"If-None-Match": tag}, secure=True)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    listed = api.get(API + "actors", secure=True)["ETag"]
    detail = api.get(API + "actors/kataib", secure=True)["ETag"]
    publish(pmf)
    assert api.get(API + "actors", headers={"If-None-Match": listed}, secure=True).content
    again = api.get(API + "actors/kataib", headers={"If-None-Match": detail}, secure=True)
    assert again.status_code == 304, "a document has not changed because another was published"


@pytest.mark.parametrize("limit", [1, 20])
def test_the_number_of_queries_does_not_depend_on_the_page(
    api: ContractClient,
    incidents: list[Incident],
    kataib: Actor,
    iraq: Place,
    publish: Any,
    django_assert_num_queries: Any,
    limit: int,
) -> None:
    publish(kataib, iraq)
    everything = "country=iraq&perpetrator=kataib&target=kataib&occurred_from=2019&dates=certain"
    for path, queries in (
        (f"incidents?limit={limit}", 2),
        (f"incidents?limit={limit}&{everything}", 5),
        (f"incidents/documents?limit={limit}", 2),
        (f"incidents/documents?limit={limit}&{everything}", 5),
    ):
        with django_assert_num_queries(queries):
            api.get(API + path, secure=True)
    with django_assert_num_queries(1):
        api.get(f"{API}incidents/{incidents[5].slug}", secure=True)


def test_answers_are_open_to_every_origin_and_say_how_long_they_keep(
    api: ContractClient, incidents: list[Incident]
) -> None:
    first = api.get(API + "incidents?limit=2", secure=True)
    assert first["Access-Control-Allow-Origin"] == "*"
    assert first["Cache-Control"] == "public, no-cache"
    assert first["Vary"] == "Accept, Accept-Encoding"
    assert first["Muster-Snapshot"] == first.json()["snapshot"]
    second = api.get(first.json()["next"], secure=True)
    assert second["Cache-Control"] == "public, max-age=3600, s-maxage=10"
    options = api.options(API + "incidents", secure=True)
    assert (options.status_code, options["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert "If-None-Match" in options["Access-Control-Allow-Headers"]
    head = api.head(API + "incidents?limit=2", secure=True)
    assert (head.content, head["ETag"]) == (b"", first["ETag"])


def test_writing_is_refused(api: ContractClient) -> None:
    for verb in (api.post, api.put, api.patch, api.delete):
        response = verb(API + "actors", secure=True)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, OPTIONS"
        assert response["Content-Type"] == "application/problem+json"


def test_refusals_of_methods_and_formats_say_what_the_address_takes(
    api: ContractClient, db: None
) -> None:
    refused = {
        "actors": "The API is read-only. Use GET, HEAD or OPTIONS.",
        "series": "The API is read-only. Use GET, HEAD or OPTIONS.",
        "actors/lookup": "Send the ids of a lookup by POST.",
    }
    for address, detail in refused.items():
        assert api.put(API + address, secure=True).json()["detail"] == detail
    formats = {
        "series": "This address answers `application/json`: name ",
        "statistics": "This address answers `application/json` or `text/csv`: name ",
        "borders": "This address answers `application/json` or `application/geo+json`: name ",
    }
    for address, detail in formats.items():
        problem = api.ask(address, 406, Accept="application/xml")
        assert problem["detail"] == f"{detail}one in the header `Accept`, or leave it out."
    answer = api.get(API + "borders", secure=True, headers={"Accept": "application/geo+json"})
    assert answer["Content-Type"] == "application/geo+json"


def test_answers_to_head_have_the_length_of_the_body_and_none() -> None:
    answer = leave_out_body(lambda request: HttpResponse(b"some text"))
    head, get = (answer(getattr(RequestFactory(), verb)("/")) for verb in ("head", "get"))
    assert (head.content, head["Content-Length"]) == (b"", "9")
    assert (get.content, get.get("Content-Length")) == (b"some text", None)


def test_other_formats_are_refused(api: ContractClient) -> None:
    assert api.ask("actors", 406, Accept="text/html")["status"] == 406
    api.ask("actors", Accept="text/html,*/*;q=0.8")


@pytest.mark.parametrize("address", ["actors/", "incidents/x/", "actors/?limit=1"])
def test_a_trailing_slash_leads_to_the_address_without(api: ContractClient, address: str) -> None:
    response = api.get(API + address, secure=True)
    assert response.status_code == 308
    assert response["Location"] == API + address.replace("/?", "?").rstrip("/")


@pytest.mark.parametrize("address", ["nothing", "actors/a/b/c", "actors/Not%20a%20slug"])
def test_an_address_that_leads_nowhere_is_a_problem(api: ContractClient, address: str) -> None:
    response = api.get(f"/api/v1/{address}", secure=True)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["type"].endswith("/not-found")


def test_every_problem_has_a_page(api: ContractClient) -> None:
    from api.problems import BASE, PROBLEMS

    for code in PROBLEMS:
        page = api.get(BASE + code, secure=True)
        assert page.status_code == 200
        assert PROBLEMS[code][1] in page.content.decode()
    assert api.get(BASE + "nonsense", secure=True).status_code == 404


def test_countries_match_by_code_id_or_slug(
    api: ContractClient, iraq: Place, editor: User, reviewer: User
) -> None:
    iran = Place.objects.create(name="Iran", kind="country", country="IR")
    at_home = Actor.objects.create(name="At home", kind="state", country=iraq)
    abroad = Actor.objects.create(name="Abroad", kind="state", country=iran)
    everything = workflow.submit([iraq, iran, at_home, abroad], editor)
    workflow.approve(everything, reviewer, UNCITED)
    workflow.publish(everything, reviewer)
    for key in ("IQ", "iraq", iraq.public_id):
        assert api.names(f"actors?country={key}") == ["At home"]
        assert api.names(f"places?country={key}") == ["Iraq"]
    assert api.names("actors?country=IQ&country=iran") == ["Abroad", "At home"]
    assert api.names("actors?country=SY") == api.names("actors?country=nowhere") == []
