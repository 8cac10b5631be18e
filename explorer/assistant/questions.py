"""The questions of assistants. Each is answered by the API, as a client would read it.

A model repeats what it reads. So every answer says of which snapshot it is, how to cite it, and how
its numbers are to be read, and none is longer than a model can take in.
"""

from collections.abc import Callable, Sequence
from copy import copy
from io import BytesIO
from typing import Any, Literal
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.urls import Resolver404
from rest_framework.request import Request

from api.problems import Fault, InvalidParameters, Problem
from explorer.answers import API, Answers
from explorer.explore.filters import list_filters
from publishing import documents

Row = dict[str, Any]
Filters = dict[str, str | int | bool | list[str]]
RecordType = Literal["incident", "actor", "affiliation", "place", "source", "publisher"]
Scope = Literal["members", "command", "facade", "sponsored", "all"]
Interval = Literal["day", "week", "month", "quarter", "year"]

MAX_LENGTH = 40_000
"""The largest number of bytes of an answer: about 10,000 tokens."""
MAX_LIMIT = 50
"""The largest number of rows of an answer."""
HOW_TO_READ = (
    "Null is not known, never zero. Casualties are ranges: low, best, high. In sums, `unknown` is "
    "the number of incidents without any figure: state it with the sum. `high` is an upper bound "
    "only if `unknown` and `without_high` are 0. Accusations and claims are not conclusions: "
    "`attribution_status` and `involvements` are. State the snapshot, and cite `cite_as`."
)
_CERTAINTY = (
    "`possible` counts the incidents that may match, `certain` those that certainly do: with "
    "imprecise dates, the truth is between the two."
)
_NOT_HERE = {
    *("format", "escape", "cite", "end", "part", "fields", "detail", "explain", "count", "links"),
    *("snapshot", "known_at", "release", "limit", "cursor", "group_by", "interval", "by", "sort"),
}
"""Parameters of the API that are arguments of questions, or change the format of answers."""
_SHORT_ACTOR = ("id", "slug", "name", "kind", "classification", "existence")
_SHORT_AFFILIATION = ("id", "kind", "subject", "object", "validity", "closeness", "assessment")


def make_request(base_url: str) -> Request:
    """Return a request that asks the server at an address, without a connection."""
    parts = urlsplit(base_url)
    environ = {
        "REQUEST_METHOD": "GET",
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "HTTP_HOST": parts.netloc,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(),
    }
    return Request(WSGIRequest(environ))


class Assistant:
    """Answers the questions of assistants from the public record."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._request = make_request(self.base_url)

    def search_names(
        self, name: str, snapshot: str | None = None, known_at: str | None = None
    ) -> Row:
        """Find records by a name in any script or spelling. Start here: other questions take
        the `slug` or `id` of what is found. `matched_name` says which name fits. `similar` are
        actors whose names are close, with a `score` up to 1: ask the user if several fit."""
        answers = self._at(snapshot, known_at)
        suggested = answers.get("suggest", q=name, limit=20)["results"]
        known = {row["id"] for row in suggested}
        similar = answers.get("resolve", name=name, limit=10)["results"]
        result = {
            "results": suggested,
            "similar": [row for row in similar if row["actor"]["id"] not in known],
        }
        return self._finish(answers, result, "suggest", {"q": name, "limit": 20}, ("results",))

    def get_record(
        self,
        type: RecordType,
        key: str,
        properties: list[str] | None = None,
        version: int | None = None,
        snapshot: str | None = None,
        known_at: str | None = None,
    ) -> Row:
        """Read the document of one record, by its slug or id, with all statements, figures and
        quotes. `properties` names the parts to read, if the whole is too long. `version` reads
        an earlier edition; `known_at` (a moment) what the record said then."""
        if not key or "/" in key or key in ("documents", "lookup"):
            raise Problem("not-found")
        answers = self._at(snapshot, known_at)
        path = f"{type}s/{quote(key, safe='')}"
        if version is not None:
            path = f"{path}/editions/{version}"
            document = answers.get_newest(path)["document"]
        else:
            document = answers.get(path)
        if properties:
            if unknown := [name for name in properties if name not in document]:
                raise InvalidParameters(
                    Fault(
                        "invalid",
                        "properties",
                        f"There is no property {', '.join(unknown)}. There are: "
                        f"{', '.join(document)}.",
                    )
                )
            document = {name: document[name] for name in document if name in properties}
        result = {"record": _outline(document) if _measure(document) > MAX_LENGTH else document}
        if result["record"] is not document:
            result["truncated"] = (
                "The record is too long. Lists are replaced by the number of their rows: ask for "
                "some with `properties`."
            )
        page = f"{self.base_url}/{type}s/{quote(key, safe='')}?snapshot={answers.snapshot}"
        parameters: Row | None = None if version is not None else {}
        return self._finish(answers, result, path, parameters) | {"page": page}

    def find_incidents(
        self,
        filters: Filters | None = None,
        limit: int = 10,
        cursor: str | None = None,
        sort: str | None = None,
        snapshot: str | None = None,
        known_at: str | None = None,
    ) -> Row:
        """List incidents, the newest first. `filters` has parameters of the API by name, such as
        {"participant": "SLUG", "participant_scope": "all", "occurred_from": "2020-01",
        "occurred_to": "2020-12-31", "country": "IQ", "killed_min": 5, "claimed_by": "SLUG",
        "q": "words"}; `list_filters` describes all. `next_cursor` reads the next page."""
        answers = self._at(snapshot, known_at)
        chosen = _check_filters(filters) | ({"sort": sort} if sort else {})
        page = chosen | {"limit": _check_limit(limit)} | ({"cursor": cursor} if cursor else {})
        if cursor and not (snapshot or known_at):  # which has a snapshot of its own
            answer = answers.get_newest("incidents", **page, count="true")
            answers = Answers(self._request, answer["snapshot"])
        else:
            answer = answers.get("incidents", **page, count="true")
        rows = answer["results"]
        result = {
            "count": _count(answers, chosen, answer["count"]),
            "count_means": _CERTAINTY,
            "results": rows,
            "without_figure_of_killed": sum(not _is_known(row["killed"]) for row in rows),
            "next_cursor": _read_cursor(answer["next"]),
            "warnings": answer["warnings"],
        }
        return self._finish(answers, result, "incidents", page, ("results",))

    def count_incidents(
        self,
        group_by: list[str] | None = None,
        filters: Filters | None = None,
        limit: int = 20,
        snapshot: str | None = None,
        known_at: str | None = None,
    ) -> Row:
        """Count incidents and add up their casualties, by one to three properties such as year,
        month, country, perpetrator, event_type or weapon. Takes the filters of `find_incidents`.
        An incident that belongs to several groups counts in each, so groups are not added up."""
        answers = self._at(snapshot, known_at)
        chosen = _check_filters(filters)
        groups = {"group_by": group_by or ["year"], "limit": _check_limit(limit)}
        page = chosen | groups | {"links": "false"}
        answer = answers.get("statistics", **page)
        counted = {"granularity": ["single_event", "aggregate"]} | chosen
        result = {
            "count": _count(answers, counted, answer["total"]),
            "count_means": f"{_CERTAINTY} Series, whose number of events is not known, are left "
            "out unless `granularity` names them.",
            **{name: value for name, value in answer.items() if name not in ("snapshot", "list")},
        }
        return self._finish(answers, result, "statistics", page, ("groups",))

    def count_over_time(
        self,
        interval: Interval = "year",
        filters: Filters | None = None,
        limit: int = 10,
        by: str | None = None,
        snapshot: str | None = None,
        known_at: str | None = None,
    ) -> Row:
        """Count incidents and people killed in each interval of time, `certain` and `possible`
        apart; `coarser` are those whose date is only known more coarsely. `by` makes a series
        for each value of a property. Takes the filters of `find_incidents`."""
        answers = self._at(snapshot, known_at)
        page = _check_filters(filters) | {"interval": interval}
        page |= {"by": by, "limit": _check_limit(limit)} if by else {}
        answer = answers.get("series", **page)
        result = {name: value for name, value in answer.items() if name != "snapshot"}
        lists = ("series",) if by else ("series", "intervals")
        return self._finish(answers, result, "series", page, lists)

    def show_network(
        self,
        actor: str,
        day: str,
        depth: int = 1,
        dates: Literal["possible", "certain"] = "possible",
        limit: int = MAX_LIMIT,
        snapshot: str | None = None,
        known_at: str | None = None,
    ) -> Row:
        """Show the actors around an actor on a day (2020-01-03, or any day of 2020-01 or 2020),
        and the affiliations that were valid then. `certain` and `possible` of each are the days
        on which it was certainly and possibly valid."""
        answers = self._at(snapshot, known_at)
        page = {"actor": actor, "at": day, "depth": depth, "limit": _check_limit(limit)}
        page["dates"] = dates
        answer = answers.get("network", **page)
        result = {
            "day": day,
            "actors": [
                _pick(node["actor"], _SHORT_ACTOR) | {"distance": node["distance"]}
                for node in answer["nodes"]
            ],
            "affiliations": [
                _pick(edge["affiliation"], _SHORT_AFFILIATION)
                | {"possible": edge["possible"], "certain": edge["certain"]}
                for edge in answer["edges"]
            ],
            "has_more": answer["truncated"],
            "warnings": answer["warnings"],
        }
        return self._finish(answers, result, "network", page, ("affiliations", "actors"))

    def show_superiors(
        self,
        actor: str,
        day: str | None = None,
        snapshot: str | None = None,
        known_at: str | None = None,
    ) -> Row:
        """Show who is above an actor on a day, by chains of affiliations up to each root, and
        whether each chain is certain on that day. Without `day`, the day of the snapshot."""
        answers = self._at(snapshot, known_at)
        page = {"actor": actor} | ({"at": day} if day else {})
        answer = answers.get("hierarchy", **page)
        result = {name: value for name, value in answer.items() if name != "snapshot"}
        return self._finish(answers, result, "hierarchy", page, ("chains",))

    def explain_roll_up(
        self,
        actor: str,
        scope: Scope = "all",
        incident: str | None = None,
        filters: Filters | None = None,
        limit: int = 5,
        snapshot: str | None = None,
        known_at: str | None = None,
    ) -> Row:
        """Say why incidents count for an actor and those below it: by which path of affiliations,
        valid on which days, and with which sources. `incident` (id or slug) asks about one."""
        answers = self._at(snapshot, known_at)
        chosen = _check_filters(filters) | {"participant": actor, "participant_scope": scope}
        if incident:
            chosen["id"] = self._find_id(answers, incident)
        page = chosen | {"explain": "true", "limit": _check_limit(limit)}
        answer = answers.get("incidents", **page, count="true")
        rows = [
            _pick(row, ("id", "slug", "title", "date", "killed", "attribution_status"))
            | {"explanation": row["explanation"]}
            for row in answer["results"]
        ]
        ids = {
            link["affiliation"]
            for row in rows
            for reason in row["explanation"]
            for link in reason["path"]
        }
        found = answers.get("affiliations/documents", id=sorted(ids), limit=1000) if ids else None
        cited = (*_SHORT_AFFILIATION, "citations")
        result = {
            "count": _count(answers, chosen, answer["count"]),
            "count_means": "An incident certainly counts if every affiliation of a path was "
            "certainly valid on each possible day of the incident.",
            "incidents": rows,
            "affiliations": [_pick(row, cited) for row in found["results"]] if found else [],
            "warnings": answer["warnings"],
        }
        return self._finish(answers, result, "incidents", page, ("incidents",))

    def list_changes(
        self,
        after: str | None = None,
        actor: str | None = None,
        country: str | None = None,
        record: str | None = None,
        limit: int = 10,
    ) -> Row:
        """List what was published, corrected, withdrawn, merged or redacted, the newest first:
        everything, or what concerns an actor, a country (ISO code) or one record (id). `after` is
        a snapshot or a moment. `paths` are the properties that changed, `note` says why."""
        answers = self._at(None, None)
        given = {"after": after, "actor": actor, "country": country, "id": record}
        page: Row = {name: value for name, value in given.items() if value}
        page |= {"sort": "newest", "limit": _check_limit(limit), "until": answers.snapshot}
        answer = answers.get_newest("changes", **page)
        result = {
            "results": answer["results"],
            "has_more": answer["next"] is not None,
            "warnings": answer["warnings"],
        }
        return self._finish(answers, result, "changes", page, ("results",), pinned=False)

    def list_releases(self, limit: int = 10) -> Row:
        """List the named snapshots that can be cited, the newest first, with the citation of each.
        Other questions take the `snapshot` of a release."""
        answers = self._at(None, None)
        page = {"limit": _check_limit(limit)}
        answer = answers.get_newest("releases", **page)
        names = ("name", "snapshot", "published_at", "note", "citation", "changes")
        result = {"results": [_pick(row, names) for row in answer["results"]]}
        return self._finish(answers, result, "releases", page, ("results",), pinned=False)

    def explain_words(self, vocabulary: str | None = None) -> Row:
        """Explain the coded words of a vocabulary, such as event_type, attribution_status,
        statement_kind or affiliation_kind. Without one, name all vocabularies."""
        answers = self._at(None, None)
        if vocabulary is None:
            found = answers.get_newest("vocabularies")["results"]
            result: Row = {"results": [_pick(row, ("name", "meaning")) for row in found]}
            return self._finish(answers, result, "vocabularies", {}, ("results",), pinned=False)
        path = f"vocabularies/{quote(vocabulary, safe='')}"
        result = answers.get_newest(path)
        return self._finish(answers, result, path, {}, ("words",), pinned=False)

    def list_filters(self) -> Row:
        """List the filters of `find_incidents`, `count_incidents` and `count_over_time`: what each
        means, and its words if it takes some."""
        answers = self._at(None, None)
        result = {
            "filters": {
                name: {"meaning": each.description, **_list_words(each)}
                for name, each in list_filters().items()
                if name not in _NOT_HERE
            }
        }
        return self._finish(answers, result, "schema", {}, pinned=False)

    def _at(self, snapshot: str | None, known_at: str | None) -> Answers:
        """Return the public record at a snapshot or a moment; without both, at the newest one."""
        newest = Answers(self._request, "")
        if snapshot and known_at:
            detail = "Use `snapshot` or `known_at`, not both."
            raise InvalidParameters(Fault("contradiction", "known_at", detail))
        if known_at:
            snapshot = newest.get_newest("places", known_at=known_at, limit=1)["snapshot"]
        return Answers(self._request, snapshot or newest.get_newest("")["snapshot"])

    def _find_id(self, answers: Answers, incident: str) -> str:
        if "/" in incident:
            raise Problem("not-found")
        return str(answers.get(f"incidents/{quote(incident, safe='')}")["id"])

    def _finish(
        self,
        answers: Answers,
        result: Row,
        path: str,
        parameters: Row | None,
        lists: tuple[str, ...] = (),
        *,
        pinned: bool = True,
    ) -> Row:
        """Return an answer with what has to be known about it, within the largest length.

        `parameters` are those of the API for the same answer; None if its address has a version.
        """
        directory = answers.get_newest("")
        if parameters is None or not pinned:
            query = urlencode(parameters or {}, doseq=True)
            address = f"{API}/{path}" + (f"?{query}" if query else "")
        else:
            address = answers.address(path, **parameters)
        about = {
            "snapshot": answers.snapshot,
            "cite_as": f"{self.base_url}{address}",
            "licence": settings.LICENCE,
            "how_to_read": HOW_TO_READ,
        }
        if directory["notice"]:
            about["notice"] = directory["notice"]
        return _shorten(about | result, lists)


def _check_filters(filters: Filters | None) -> Row:
    """Return filters as the API takes them; refuse those that are arguments or change formats."""
    faults = [
        Fault("unknown", name, f"“{name}” is no filter. Use the argument of that name, if any.")
        for name in filters or {}
        if name in _NOT_HERE
    ]
    if faults:
        raise InvalidParameters(*faults)
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in (filters or {}).items()
    }


def _count(answers: Answers, chosen: Row, counted: int) -> dict[str, int]:
    """Return how many incidents may match filters, and how many certainly do.

    `counted` is the number for the filters as they are.
    """
    other = "possible" if chosen.get("dates") == "certain" else "certain"
    numbers = {"possible": counted, "certain": counted}
    try:
        found = answers.get("incidents", **chosen | {"dates": other}, count="true", limit=1)
    except Problem as problem:
        if {fault.parameter for fault in problem.faults} != {"dates"}:
            raise
        return numbers  # no filter depends on a date
    return numbers | {other: found["count"]}


def _check_limit(limit: int) -> int:
    if not 1 <= limit <= MAX_LIMIT:
        detail = f"Invalid value for `limit`: use a whole number from 1 to {MAX_LIMIT}."
        raise InvalidParameters(Fault("invalid", "limit", detail))
    return limit


def _is_known(numbers: Row) -> bool:
    return any(numbers[name] is not None for name in ("low", "best", "high"))


def _read_cursor(address: str | None) -> str | None:
    """Return the cursor in the address of the next page."""
    if address is None:
        return None
    found = dict(part.split("=", 1) for part in urlsplit(address).query.split("&"))
    return found["cursor"]


def _list_words(parameter: Any) -> Row:
    """Return the words that a filter takes, if it takes some."""
    schema = parameter.schema
    schema = schema.get("items", schema)
    return {"words": schema["enum"]} if "enum" in schema else {}


def _pick(row: Row, names: Sequence[str]) -> Row:
    return {name: row[name] for name in names if name in row}


def _outline(document: Row) -> Row:
    """Return a document in which long lists and texts are replaced by what they have."""
    shown = copy(document)
    for name, value in document.items():
        if isinstance(value, list) and _measure({name: value}) > MAX_LENGTH // 20:
            shown[name] = {"rows": len(value), "omitted": True}
        elif isinstance(value, str) and len(value) > MAX_LENGTH // 20:
            shown[name] = f"{value[: MAX_LENGTH // 20]}…"
    return shown


def _measure(result: Row) -> int:
    return len(documents.dump(result))


def _shorten(answer: Row, lists: tuple[str, ...]) -> Row:
    """Return an answer with only the first rows of its lists, if it is too long."""
    for name in lists:
        rows = answer.get(name)
        if not isinstance(rows, list):
            continue
        total = len(rows)
        while _measure(answer) > MAX_LENGTH and answer[name]:
            answer[name] = answer[name][: len(answer[name]) // 2]
            answer["truncated"] = (
                f"Only the first {len(answer[name])} of {total} `{name}` are here: all would be "
                "too long. Use a smaller `limit`, or narrower filters."
            )
            answer.pop("next_cursor", None)
    return answer


QUESTIONS: tuple[Callable[..., Row], ...] = (
    Assistant.search_names,
    Assistant.get_record,
    Assistant.find_incidents,
    Assistant.count_incidents,
    Assistant.count_over_time,
    Assistant.show_network,
    Assistant.show_superiors,
    Assistant.explain_roll_up,
    Assistant.list_changes,
    Assistant.list_releases,
    Assistant.explain_words,
    Assistant.list_filters,
)
"""The questions, in the order in which they are shown."""


def describe_problem(problem: Problem) -> str:
    """Return what is wrong with a question, and what to do about it."""
    faults = "".join(
        f"\n- {fault.parameter or 'request'}: {fault.detail}" for fault in problem.faults
    )
    if any(fault.code == "unknown" for fault in problem.faults):
        faults += "\nUse `list_filters` to see all filters."
    return f"{problem.title}: {problem.text}{faults}"


class Refusal(Exception):
    """A question that was refused, with what to do about it."""


def ask(question: Callable[..., Row], *args: Any, **kwargs: Any) -> str:
    """Return the answer to a question as JSON. Raises Refusal, which says what to do."""
    try:
        return documents.dump(question(*args, **kwargs)).decode()
    except Problem as problem:
        raise Refusal(describe_problem(problem)) from None
    except Resolver404:
        raise Refusal(describe_problem(Problem("not-found"))) from None
