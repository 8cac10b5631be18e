"""The server over raw sockets: slow clients, broken exports, a dead worker, a locked database."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from random import Random
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from actors.models import Actor, ActorName
from api.limits import MAX_EXPORTS_PER_CLIENT
from config.serving import connection as connections
from config.serving.connection import Connection, Gone
from tests.live import Server

EXPORT = "/api/v1/actors?format=ndjson&detail=true"
PAGE = "/api/v1/actors/documents?limit=1000"
CUT = [
    EXPORT,
    "/api/v1/actors?format=csv",
    "/api/v1/actors?format=csv&part=names",
    "/api/v1/actors?format=ndjson&fields=id,names",
]


@pytest.fixture
def much(transactional_db: None, publish: Any) -> None:
    """Actors whose exports, also compressed, are larger than the kernel's buffers for a client."""
    random = Random(1)

    def write(length: int) -> str:
        return "".join(random.choices("ابتجحدرسصطعفقكلمنهوي ", k=length)).strip()

    actors = [
        Actor.objects.create(
            name=f"الفصيل {n}", slug=f"a-{n}", kind="unit", description=write(36_000)
        )
        for n in range(40)
    ]
    names = [ActorName(actor=each, text=f"{n} {write(290)}") for each in actors for n in range(40)]
    for name in names:
        name.derive()
    ActorName.objects.bulk_create(names)
    publish(*actors)


@pytest.fixture
def sent(server: Server) -> Iterator[Callable[..., socket.socket]]:
    """Return a function that opens a connection and sends bytes, or a request for a path."""
    opened = []

    def sent(
        what: str, version: str = "1.1", method: str = "GET", coding: str = "identity"
    ) -> socket.socket:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", server.port))
        client.settimeout(20)
        opened.append(client)
        if what.startswith("/"):
            what = f"{method} {what} HTTP/{version}\r\nHost: localhost\r\n"
            what += f"Accept-Encoding: {coding}\r\n\r\n"
        client.sendall(what.encode())
        return client

    yield sent
    for each in opened:
        each.close()
    deadline = time.monotonic() + 10
    while exports_running():  # what still reads would keep the tables from being emptied
        assert time.monotonic() < deadline, "a query continues after its client disconnected"
        time.sleep(0.05)


def exports_running() -> int:
    with watching() as database:
        (number,) = database.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query ~ '^(COPY|FETCH)' "
            "AND state <> 'idle' AND datname = current_database()"
        ).fetchone()
    return number


def watching() -> psycopg.Connection:
    return psycopg.connect(**connection.get_connection_params(), autocommit=True)


def end_the_query() -> None:
    with watching() as database:
        killed = database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ '^(COPY|FETCH)'"
            " AND datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    assert killed


def end_what_waits() -> int:
    """End the queries that wait for a lock, and return their number."""
    with watching() as database:
        return database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database()"
        ).rowcount


def read(client: socket.socket) -> tuple[bytes, bool]:
    """Return the received bytes, and whether the connection ends without an error."""
    data = b""
    try:
        while more := client.recv(2**16):
            data += more
    except ConnectionResetError:
        return data, False
    return data, True


def status(client: socket.socket) -> int:
    return int(client.recv(12).split()[1])


def assert_answers(sent: Callable[..., socket.socket]) -> None:
    """Assert that the server answers at once, with and without the database."""
    for path in ("/healthz", "/api/v1/actors?limit=1"):
        began = time.monotonic()
        assert status(sent(path)) == 200
        assert time.monotonic() - began < 1, path


def test_slow_clients_do_not_block_others(much: None, sent: Callable[..., socket.socket]) -> None:
    """There are more slow clients of each kind than threads."""
    many = range(settings.THREADS + 2)
    login = (
        "POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nusername="
    )
    statuses = [status(sent(EXPORT)) for _ in many]
    assert statuses.count(200) == MAX_EXPORTS_PER_CLIENT
    assert set(statuses) == {200, 429}
    assert_answers(sent)
    assert {status(sent(PAGE)) for _ in many} == {200}
    assert_answers(sent)
    for slow in ("GET /healthz HTTP/1.1\r\nHost:", login, ""):
        for _ in many:
            sent(slow)
        assert_answers(sent)
    for _ in many:  # they ask for the end of the connection, and do not end it themselves
        status(sent("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
    assert_answers(sent)


def test_above_the_limit_the_longest_idle_connections_are_closed(
    sent: Callable[..., socket.socket],
) -> None:
    idle = [sent("") for _ in range(520)]
    assert_answers(sent)
    assert read(idle[0]) == (b"", True)


def test_healthz_answers_while_all_threads_wait_for_the_database(
    sent: Callable[..., socket.socket],
) -> None:
    with watching() as database, database.transaction():
        database.execute("LOCK TABLE publishing_edition IN ACCESS EXCLUSIVE MODE")
        waiting = [sent("/api/v1/actors?limit=1") for _ in range(2 * settings.THREADS)]
        waiting += [sent("/readyz") for _ in range(settings.THREADS)]
        time.sleep(0.3)
        began = time.monotonic()
        assert status(sent("/healthz")) == 200
        assert time.monotonic() - began < 1
    assert {status(client) for client in waiting} == {200}


def test_a_broken_export_does_not_look_complete(
    much: None, sent: Callable[..., socket.socket], server: Server
) -> None:
    """HTTP/1.0 has no last chunk: an end without an error would look complete."""
    requests = list(product(CUT, ("1.1", "1.0"), ("identity", "gzip", "zstd")))
    for path, version, coding in requests:
        client = sent(path, version, coding=coding)
        assert status(client) == 200
        end_the_query()
        data, whole = read(client)
        assert not whole
        assert not data.endswith(b"\r\n0\r\n\r\n")
        assert b'{"end"' not in data
        all_of_it, whole = read(sent(path, "1.0", coding=coding))
        assert whole
        assert len(all_of_it) > len(data)
    broken = [line for line in server.logged() if "Broken off" in line]
    assert len(broken) == len(requests)
    assert all("/api/v1/actors: " in line for line in broken)
    assert not any("Traceback" in line for line in server.logged())


def test_an_export_that_fails_before_its_first_line_is_a_503(
    much: None, sent: Callable[..., socket.socket]
) -> None:
    with watching() as database, database.transaction():
        database.execute("LOCK TABLE actors_actorentry IN ACCESS EXCLUSIVE MODE")
        client = sent(EXPORT, "1.0")
        deadline = time.monotonic() + 10
        while not end_what_waits():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        head, _, body = read(client)[0].partition(b"\r\n\r\n")
    assert head.split()[1] == b"503"
    assert b"\r\nRetry-After: " in head
    assert b"/problems/unavailable" in body


def test_a_connection_can_be_used_after_an_export_and_after_head(
    much: None, sent: Callable[..., socket.socket]
) -> None:
    client = sent(EXPORT, method="HEAD")
    with client.makefile("rb") as answers:
        assert skip_head(answers) == 200
        client.sendall(f"GET {EXPORT} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert skip_head(answers) == 200
        while size := int(answers.readline(), 16):
            assert len(answers.read(size + 2)) == size + 2
        assert answers.readline() == b"\r\n"
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2)
        client.shutdown(socket.SHUT_WR)
        assert answers.read().count(b"\nalive\n") == 2


def skip_head(answers: Any) -> int:
    status = int(answers.readline().split()[1])
    while answers.readline().strip():
        pass
    return status


def test_slots_are_released_however_an_export_ends(
    much: None, sent: Callable[..., socket.socket]
) -> None:
    for turn in range(2 * MAX_EXPORTS_PER_CLIENT + 2):
        client = sent(EXPORT, coding="gzip" if turn % 2 else "identity")
        assert status(client) == 200, turn
        if turn % 3 == 0:
            client.close()  # in the middle
        elif turn % 3 == 1:
            end_the_query()
            read(client)
        else:
            client.shutdown(socket.SHUT_WR)
            read(client)
        deadline = time.monotonic() + 5
        while exports_running() and time.monotonic() < deadline:
            time.sleep(0.02)


def test_a_killed_worker_is_replaced(sent: Callable[..., socket.socket], server: Server) -> None:
    (before,) = server.workers()
    os.kill(before, signal.SIGKILL)
    assert status(sent("/readyz")) == 200  # it waits in the queue of the listening socket
    assert server.workers() != [before]


def test_an_export_whose_worker_dies_does_not_look_complete(
    much: None, sent: Callable[..., socket.socket], server: Server
) -> None:
    for path, signal_ in product(CUT, (signal.SIGKILL, signal.SIGQUIT)):
        client = sent(path, "1.0")
        assert status(client) == 200
        for worker in server.workers():
            os.kill(worker, signal_)
        assert not read(client)[1], signal_
        assert status(sent("/readyz")) == 200


def test_a_stopping_worker_completes_its_answers(
    much: None, sent: Callable[..., socket.socket], server: Server
) -> None:
    page, export, idle = sent(PAGE, "1.0"), sent(CUT[1], "1.0"), sent("")
    assert {status(page), status(export)} == {200}
    (worker,) = server.workers()
    os.kill(worker, signal.SIGTERM)
    assert read(idle) == (b"", True)  # it awaits nothing more
    for client in (page, export):
        data, whole = read(client)
        assert whole
        assert len(data) > 200_000
    assert status(sent("/readyz")) == 200


def test_killed_database_connections_cause_no_error(
    sent: Callable[..., socket.socket],
) -> None:
    path = "/api/v1/actors?limit=1"
    with ThreadPoolExecutor(settings.THREADS) as together:
        list(together.map(lambda _: status(sent(path)), range(4 * settings.THREADS)))
        with watching() as database:
            database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        connection.close()
        assert {*together.map(lambda _: status(sent(path)), range(4 * settings.THREADS))} == {200}
    with watching() as database:
        (number,) = database.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        ).fetchone()
    assert number <= settings.THREADS + 3


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (f"GET /{'x' * 2**16} HTTP/1.1\r\n", 414),
        (f"GET /api/v1/actors?q={'x' * 40_000} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (f"GET / HTTP/1.1\r\n{'A: b' * 2**15}\r\n\r\n", 431),
        ("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        ("GET / HTTP/1.1\r\nHost\r\n\r\n", 400),
        ("\r\n\r\n\r\n", 400),
    ],
)
def test_invalid_requests_are_refused(
    sent: Callable[..., socket.socket], request_: str, answer: int
) -> None:
    assert status(sent(request_)) == answer


def look_up(headers: str, body: str) -> str:
    """Return a request for a lookup."""
    head = "POST /api/v1/actors/lookup HTTP/1.1\r\nHost: localhost\r\n"
    return f"{head}Content-Type: application/json\r\n{headers}\r\n\r\n{body}"


@pytest.mark.parametrize(
    ("headers", "body", "answer"),
    [
        ("Content-Length: 99999999", "", 413),
        ("Content-Length: 2000000\r\nConnection: close", " " * 2_000_000, 413),
        ("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n", 411),
    ],
)
def test_a_body_that_is_too_large_or_in_chunks_is_a_problem(
    sent: Callable[..., socket.socket], headers: str, body: str, answer: int
) -> None:
    refusal, _ = read(sent(look_up(headers, body)))
    assert refusal.startswith(f"HTTP/1.1 {answer} ".encode())
    assert b"Content-Type: application/problem+json\r\n" in refusal
    assert b"Access-Control-Allow-Origin: *\r\n" in refusal
    assert f'"status":{answer},'.encode() in refusal


def test_no_more_of_a_body_is_read_than_its_length(sent: Callable[..., socket.socket]) -> None:
    client = sent(look_up("Content-Length: 2", "{}[]\r\n\r\n"))
    answers, _ = read(client)
    assert answers.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"HTTP/1.1 400 " in answers, "the rest is another request"


def test_a_client_that_does_not_read_is_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that reads fast enough can take any time."""
    monkeypatch.setattr(connections, "STALL_SECONDS", 0.3)
    here, there = socket.socketpair()
    with here, there:
        stalled = Connection(here, "", "")
        stalled.sendall(b"x" * 2**20)
        with pytest.raises(Gone, match="does not read"):
            stalled.drain()
    here, there = socket.socketpair()
    with here, there, ThreadPoolExecutor(1) as reader:
        slow = Connection(here, "", "")

        def read_slowly() -> int:
            size = 0
            while size < 2**20:
                size += len(there.recv(2**16))
                time.sleep(0.05)
            return size

        reading = reader.submit(read_slowly)
        slow.sendall(b"x" * 2**20)
        slow.drain()
        assert reading.result() == 2**20


def test_a_disconnected_client_ends_the_stream() -> None:
    here, there = socket.socketpair()
    with here:
        gone = Connection(here, "", "")
        there.close()
        with pytest.raises(Gone):
            gone.sendall(b"x")
