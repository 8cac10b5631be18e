"""The table: what is measured, and with what it is compared."""

import json
from collections.abc import Callable
from functools import partial
from itertools import count
from time import perf_counter
from typing import NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

from api.pagination import Cursor
from benchmarks.load import LoadError, Sample
from benchmarks.measuring import Bench, Contender, Line, Queries, Target, run_queries
from benchmarks.requests import API, LIST, PAGE_SIZE, Cast, draw_variants
from benchmarks.servers import DRF, FASTAPI, MUSTER, NGINX, NINJA
from editorial.models import User
from editorial.permissions import EDITOR
from incidents.entries import IncidentEntry
from incidents.models import Incident
from publishing.models import FOREVER, Edition

CLIENTS = 8
_DOCUMENTS = f"{API}/incidents/documents?limit={PAGE_SIZE}&"
_PAGE = "a plain page"
_VARIANTS = 500
_seeds = count(1)


Measurement = Callable[[Bench, Cast], None]


class Question(NamedTuple):
    """A request that is compared with another one."""

    what: str
    path: str
    target: Target = Target()


def _ask(bench: Bench, group: str, questions: list[Question], base: Question) -> dict[str, Sample]:
    """Add a line for each question: the time of one client beside that of the base."""
    contenders = {each.what: bench.get(each.path) for each in (base, *questions)}
    samples, failed = bench.compare(group, contenders)
    for what, path, target in questions:
        line = Line(group, what, None, base.what, target)
        try:
            queries = run_queries(path)
            bench.add_plan(f"{group}: {what}", queries)
            line = line._replace(sql=queries.milliseconds, queries=len(queries.statements))
        except LoadError as error:
            failed.setdefault(what, str(error))
        if base.what in samples and what in samples:
            ratio = samples[what].p50 / samples[base.what].p50
            line = line._replace(ratio=ratio, sample=samples[what])
        bench.lines.append(line._replace(note=failed.get(what) or failed.get(base.what) or ""))
    return samples


def _draw(bench: Bench, server: str, prefix: str) -> Contender:
    """Return what measures filtered lists, by several clients."""

    def measure() -> Sample:
        paths = [prefix + each.query for each in draw_variants(_VARIANTS, next(_seeds))]
        return bench.servers.send(server, paths, CLIENTS, bench.seconds)

    return measure


def _repeat(bench: Bench, server: str, paths: list[str]) -> Contender:
    """Return what measures requests, by several clients, that the server has answered before."""

    def measure() -> Sample:
        bench.servers.send(server, paths, CLIENTS, 0.1, fresh=False)
        return bench.servers.send(server, paths, CLIENTS, bench.seconds, fresh=False)

    return measure


def measure_list(bench: Bench, cast: Cast) -> None:
    """Lists of 50 documents by eight clients, beside the peers."""
    pages = [run_queries(_DOCUMENTS + each.query, repeat=1) for each in draw_variants(20, 0)]
    statements = [page.slowest for page in pages]
    bench.add_plan("list", run_queries(_DOCUMENTS + draw_variants(1, 0)[0].query))
    again = [_DOCUMENTS + each.query for each in draw_variants(20, 0)]
    snapshot = read(bench, LIST).headers["Muster-Snapshot"]
    pinned = [f"{path}&snapshot={snapshot}" for path in again]
    contenders: dict[str, Contender] = {
        "plain DRF": _draw(bench, DRF, "/incidents?"),
        "50 documents": _draw(bench, MUSTER, _DOCUMENTS),
        "50 documents, the same 20 again": _repeat(bench, MUSTER, again),
        "50 documents, the same 20, pinned, nginx": _repeat(bench, NGINX, pinned),
        "50 summaries": _draw(bench, MUSTER, f"{LIST}&"),
        "bare DRF view": _draw(bench, DRF, "/stored?"),
        "empty DRF view": _repeat(bench, DRF, ["/empty"]),
        "django-ninja": _draw(bench, NINJA, "/incidents?"),
        "FastAPI + asyncpg": _draw(bench, FASTAPI, "/incidents?"),
        "pgbench, the same SQL": lambda: bench.servers.run_pgbench(
            statements, CLIENTS, bench.seconds
        ),
    }
    samples, failed = bench.compare("list", contenders)
    targets = {"50 documents": Target(12), "50 documents, the same 20 again": Target(20)}
    for what in list(contenders)[1:]:
        line = Line("list", what, None, "plain DRF, requests a second", targets.get(what, Target()))
        if what in samples and "plain DRF" in samples:
            ratio = samples[what].rate / samples["plain DRF"].rate
            line = line._replace(ratio=ratio, sample=samples[what])
        bench.lines.append(line._replace(note=failed.get(what) or failed.get("plain DRF") or ""))
    if plain := samples.get("plain DRF"):
        line = Line("list", "plain DRF", 1, "plain DRF, requests a second", sample=plain)
        bench.lines.append(line)


def measure_paging(bench: Bench, cast: Cast) -> None:
    """A page far down the list."""
    current = IncidentEntry.objects.filter(until_seq=FOREVER).order_by("-order_date", "-record")
    pages = min(10_000, current.count() // PAGE_SIZE)
    address = urlsplit(json.loads(read(bench, LIST).body)["next"])
    (text,) = parse_qs(address.query)["cursor"]
    cursor = Cursor.parse(text)
    last = current.values_list("order_date", "record")[(pages - 1) * PAGE_SIZE - 1]
    cursor.keys = [str(key) for key in last]
    path = f"{address.path}?{address.query.replace(text, str(cursor))}"
    _ask_pages(bench, "paging", f"page {pages:,}", path, 1.3)


def measure_known_at(bench: Bench, cast: Cast) -> None:
    """The list as it was a year ago."""
    _ask_pages(bench, "known_at", "a year ago", f"{LIST}&known_at={cast.year_ago}", 1.5)


def _ask_pages(bench: Bench, group: str, what: str, path: str, limit: float) -> None:
    """Add lines for the median and for the slowest of a page, beside the first page of now."""
    target = Target(at_most=limit)
    samples = _ask(bench, group, [Question(what, path, target)], Question("page 1, now", LIST))
    if len(samples) == 2:
        first, other = samples.values()
        line = Line(group, f"{what}, p99", other.p99 / first.p99, "page 1, now, p99", target)
        bench.lines.append(line._replace(sample=other))


def measure_rollup(bench: Bench, cast: Cast) -> None:
    """Incidents of an umbrella organisation with sixty members, and what is counted of them."""
    members = "participant={}&participant_scope=members"
    large, small = (members.format(each) for each in (cast.umbrella, cast.small_umbrella))
    statistics = f"{API}/statistics?{large}"
    second = Target(sql=20)
    questions = [
        Question("first page", f"{LIST}&{large}", Target(at_most=5, sql=10)),
        Question("and a country", f"{LIST}&{large}&country=IQ", second),
        Question("and a rare weapon", f"{LIST}&{large}&weapon=chemical", second),
        Question("and an event type", f"{LIST}&{large}&event_type=battle", second),
        Question("rare members, a frequent type", f"{LIST}&{small}&event_type=battle", second),
        Question("count", f"{API}/incidents?limit=1&count=true&{large}", Target(sql=200)),
        Question("by perpetrator", f"{statistics}&group_by=perpetrator", Target(sql=300)),
        Question("by year", f"{statistics}&group_by=year", Target(sql=300)),
    ]
    _ask(bench, "rollup", questions, Question(_PAGE, LIST))


def measure_conditional(bench: Bench, cast: Cast) -> None:
    """The request of a client that has the answer."""
    path = _DOCUMENTS + draw_variants(1, 0)[0].query
    known = {"If-None-Match": read(bench, path).headers["ETag"]}
    _compare_rates(
        bench,
        "conditional",
        "304",
        lambda: bench.servers.send(
            MUSTER, [path], CLIENTS, bench.seconds, fresh=False, headers=known
        ),
        Target(at_least=4),
        higher=True,
    )


def measure_document(bench: Bench, cast: Cast) -> None:
    """A document by its slug."""
    current = IncidentEntry.objects.filter(until_seq=FOREVER)
    slugs = list(current.values_list("slug", flat=True)[:_VARIANTS])
    paths = [f"{API}/incidents/{slug}" for slug in slugs]
    queries = run_queries(f"{API}/incidents/{cast.incident}")
    bench.add_plan("document", queries)
    _compare_rates(
        bench,
        "document",
        "by slug",
        lambda: bench.servers.send(MUSTER, paths, CLIENTS, bench.seconds),
        Target(at_most=0.5),
        higher=False,
        queries=queries,
    )


def _compare_rates(
    bench: Bench,
    group: str,
    what: str,
    measure: Contender,
    target: Target,
    *,
    higher: bool,
    queries: Queries | None = None,
) -> None:
    """Add a line that compares requests a second, or their inverse, with filtered pages."""
    pages = _draw(bench, MUSTER, _DOCUMENTS)
    samples, failed = bench.compare(group, {"page": pages, what: measure})
    line = Line(
        group, what, None, "a page of 50 documents", target, note=", ".join(failed.values())
    )
    if queries:
        line = line._replace(sql=queries.milliseconds, queries=len(queries.statements))
    if not failed:
        ratio = samples[what].rate / samples["page"].rate
        line = line._replace(ratio=ratio if higher else 1 / ratio, sample=samples[what])
    bench.lines.append(line)


def measure_statistics(bench: Bench, cast: Cast) -> None:
    """Statistics of a country, and of the whole world."""
    by = f"{API}/statistics?group_by=month&group_by=event_type"
    questions = [
        Question("a country by month and type", f"{by}&country=IQ", Target(sql=60)),
        Question("the world by month and type", by, Target(sql=300)),
        Question("the world by perpetrator", f"{API}/statistics?group_by=perpetrator"),
    ]
    _ask(bench, "statistics", questions, Question(_PAGE, LIST))


def measure_search(bench: Bench, cast: Cast) -> None:
    """Full text."""
    target = Target(sql=10)
    questions = [
        Question("a rare word", f"{LIST}&q=chemical", target),
        Question("a frequent word", f"{LIST}&q=near", target),
        Question("two words by relevance", f"{LIST}&q=falcon+river&sort=relevance", target),
    ]
    _ask(bench, "search", questions, Question(_PAGE, LIST))


def measure_names(bench: Bench, cast: Cast) -> None:
    """A name to actors, and suggestions for its beginning."""
    target = Target(sql=10)
    names = {
        "of frequent words": "Falcon River Brigade",
        "misspelled": "Falkon Rivir Brigad",
        "in Arabic": "لواء الصقر النهر",
        "that nobody has": "Kadunat al-Shamiru",
    }
    questions = [
        Question(f"resolve a name {how}", f"{API}/resolve?name={quote(name)}", target)
        for how, name in names.items()
    ]
    questions.append(Question("suggest", f"{API}/suggest?q=falc", target))
    _ask(bench, "names", questions, Question(_PAGE, LIST))


def measure_export(bench: Bench, cast: Cast) -> None:
    """All incidents as a file, beside psql's COPY of the stored texts."""
    growth: dict[str, list[float]] = {"csv": [], "ndjson": []}

    def stream(format_: str) -> Contender:
        path = f"{API}/incidents?format={format_}" + ("&detail=true" * (format_ == "ndjson"))
        return lambda: _stream(bench, path, growth[format_])

    def copy(column: str) -> Contender:
        query = (
            f"SELECT edition.{column} FROM {IncidentEntry._meta.db_table} AS entry "  # noqa: S608
            f"JOIN {Edition._meta.db_table} AS edition USING (seq) "
            f"WHERE entry.until_seq = {FOREVER} ORDER BY order_date DESC, entry.record DESC"
        )
        return lambda: bench.servers.run_copy(query)

    contenders = {
        "CSV": stream("csv"),
        "COPY of summaries": copy("summary"),
        "NDJSON of documents": stream("ndjson"),
        "COPY of documents": copy("document"),
    }
    samples, failed = bench.compare("export", contenders)
    for what, peer, limit, format_ in (
        ("CSV", "COPY of summaries", 1.5, "csv"),
        ("NDJSON of documents", "COPY of documents", 1.5, "ndjson"),
    ):
        line = Line("export", what, None, f"psql, {peer}", Target(at_most=limit))
        if what in samples and peer in samples:
            sample = samples[what]
            rows = bench.incidents * sample.rate
            line = line._replace(ratio=sample.p50 / samples[peer].p50, sample=sample)
            bench.lines.append(line._replace(note=f"{rows:,.0f} rows a second"))
            grown = max(growth[format_])
            memory = Line("export", f"{what}, memory growth", grown / 10, "10 MB")
            bench.lines.append(
                memory._replace(target=Target(at_most=1), note=f"{grown:.1f} MB of one worker")
            )
        else:
            bench.lines.append(line._replace(note=", ".join(failed.values())))


def _stream(bench: Bench, path: str, growth: list[float]) -> Sample:
    """Read a stream to its end, and note by how many megabytes a worker has grown."""
    server = bench.servers[MUSTER]
    before, peak = server.read_memory(), 0.0
    started = looked = perf_counter()
    with server.get(path) as answer:
        if answer.status != 200:
            raise LoadError(f"{path} was answered with {answer.status}")
        while answer.read(2**18):
            if perf_counter() - looked > 0.2:
                looked = perf_counter()
                peak = max(peak, *_subtract(server.read_memory(), before))
        took = perf_counter() - started
    growth.append(max(peak, *_subtract(server.read_memory(), before)))
    return Sample(1 / took, 1000 * took, 1000 * took)


def _subtract(after: list[float], before: list[float]) -> list[float]:
    return [x - y for x, y in zip(after, before, strict=False)]


def measure_admin(bench: Bench, cast: Cast) -> None:
    """The list and a form of the admin."""
    editor = User.objects.get(username=EDITOR)
    busy = Incident.objects.get(slug=cast.incident)
    page = run_queries(LIST)
    for what, path, limit in (
        ("list of incidents", "/admin/incidents/incident/", None),
        ("search in the list", "/admin/incidents/incident/?q=falcon", None),
        ("form of an incident", f"/admin/incidents/incident/{busy.pk}/change/", 150),
    ):
        line = Line("admin", what, None, "a plain page, CPU of the server", Target(cpu=limit))
        try:
            queries = run_queries(path, user=editor, repeat=3)
        except LoadError as error:
            bench.lines.append(line._replace(note=str(error)))
            continue
        bench.add_plan(f"admin: {what}", queries)
        line = line._replace(
            ratio=queries.cpu / page.cpu, sql=queries.milliseconds, queries=len(queries.statements)
        )
        bench.lines.append(line._replace(sample=Sample(0, 0, 0, cpu=queries.cpu)))


def measure_pages(bench: Bench, cast: Cast) -> None:
    """Pages of the site, of different records in turn, by one client."""
    members = f"participant={cast.umbrella}&participant_scope=members"
    pages = {
        "home": ["/"],
        "search": ["/search?q=Falcon+River"],
        "the busiest actor": [f"/actors/{cast.busiest}"],
        "an umbrella": [f"/actors/{cast.umbrella}"],
        "network of an umbrella": [f"/network?actor={cast.umbrella}"],
        "an edition": [f"/incidents/{cast.incident}/editions/1"],
        "a document": ["/docs/citing"],
    }
    for name in ("actor", "incident", "source", "publisher", "place", "affiliation"):
        pages[f"{name}s"] = [f"/{name}s/{key}" for key in cast.list_keys(name)]
    for view in ("list", "map", "timeline", "chart", "table"):
        explore = "/explore" if view == "list" else f"/explore?view={view}"
        mark = "&" if "?" in explore else "?"
        pages[f"explore: {view}"] = [explore]
        pages[f"explore: {view} of a country"] = [f"{explore}{mark}country=IQ"]
        pages[f"explore: {view} of an umbrella"] = [f"{explore}{mark}{members}"]
    contenders = {_PAGE: bench.get(LIST)} | {
        what: partial(bench.servers.send, MUSTER, paths, 1, bench.seconds)
        for what, paths in pages.items()
    }
    samples, failed = bench.compare("pages", contenders)
    for what, paths in pages.items():
        line = Line("pages", what, None, _PAGE, Target(time=300), note=failed.get(what, ""))
        if what in samples and _PAGE in samples:
            queries = run_queries(paths[0])
            bench.add_plan(f"pages: {what}", queries)
            ratio = samples[what].p50 / samples[_PAGE].p50
            line = line._replace(ratio=ratio, sample=samples[what], sql=queries.milliseconds)
            line = line._replace(queries=len(queries.statements))
        bench.lines.append(line)


def measure_memory(bench: Bench, cast: Cast) -> None:
    """The memory of a worker after everything above."""
    for name in (MUSTER, DRF, NINJA, FASTAPI):
        if name in bench.servers:
            used = max(bench.servers[name].read_memory())
            target = Target(at_most=1) if name == MUSTER else Target()
            line = Line("memory", f"a worker of {name}", used / 100, "100 MB", target)
            bench.lines.append(line._replace(note=f"{used:.0f} MB"))


class Answer(NamedTuple):
    """An answer of a server."""

    headers: dict[str, str]
    body: bytes


def read(bench: Bench, path: str) -> Answer:
    """Send one request to this server. Raises LoadError."""
    with bench.servers[MUSTER].get(path) as answer:
        if answer.status != 200:
            raise LoadError(f"{path} was answered with {answer.status}")
        return Answer(dict(answer.getheaders()), answer.read())


READING: dict[str, Measurement] = {
    "list": measure_list,
    "paging": measure_paging,
    "known_at": measure_known_at,
    "rollup": measure_rollup,
    "conditional": measure_conditional,
    "document": measure_document,
    "statistics": measure_statistics,
    "search": measure_search,
    "names": measure_names,
    "export": measure_export,
    "pages": measure_pages,
    "memory": measure_memory,
    "admin": measure_admin,
}
"""The measurements that only read, by the words of `--only`."""
