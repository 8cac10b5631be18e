"""`manage.py serve` behind nginx with deploy/nginx.conf, over TLS."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from actors.models import Actor
from api.limits import MAX_EXPORTS_PER_CLIENT
from api.problems import PROBLEMS
from editorial.models import User
from editorial.redaction.redact import redact
from tests.config.test_serving import EXPORT, end_the_query, exports_running, much  # noqa: F401
from tests.live import database_url

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH')}:/usr/sbin")
CONFIGURATION = (settings.ROOT / "deploy/nginx.conf").read_text()
MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
worker_processes 1;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    types {{ text/css css; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/muster.conf;
}}
"""
CERTIFICATE = (
    *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
    *("-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
)

pytestmark = [
    pytest.mark.skipif(not NGINX, reason="There is no nginx: apt install nginx-light."),
    pytest.mark.xdist_group("proxy"),
]


class Proxy:
    """nginx, and the server behind it, with their files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.plain_port = find_free_ports()
        files = ["-keyout", f"{folder}/privkey.pem", "-out", f"{folder}/fullchain.pem"]
        subprocess.run([*CERTIFICATE, *files], check=True, capture_output=True)
        self.tls = ssl.create_default_context(cafile=f"{folder}/fullchain.pem")
        self.hosts = count(2)
        self.opened: list[Any] = []
        self.log = (folder / "server.log").open("w+")
        self.server = self.serve()
        self.write()
        nginx = [NGINX or "", "-p", str(folder), "-c", f"{folder}/nginx.conf"]
        subprocess.run([*nginx, "-t", "-q"], check=True)
        self.nginx = subprocess.Popen(nginx, start_new_session=True)
        self.wait()

    def serve(self) -> subprocess.Popen[bytes]:
        """Start the server with the command of an installation."""
        environ = {
            "DATABASE_URL": database_url(),
            "MUSTER_WORKERS": "1",
            "MUSTER_DATA": str(self.folder),
            "MUSTER_HOSTS": "localhost",
        }
        return subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--bind", f"unix:{self.folder}/muster.sock"],
            cwd=settings.ROOT,
            env=os.environ | environ,
            stderr=self.log,
            start_new_session=True,
        )

    def write(self) -> None:
        """Write the configuration, with other places and ports."""
        text = CONFIGURATION
        for old, new in {
            "/run/muster": self.folder,
            "/etc/nginx/tls": self.folder,
            "/var/cache/nginx/muster": self.folder / "cache",
            "    listen [::]:443 ssl http2 default_server;\n": "",
            "    listen [::]:80 default_server;\n": "",
            "listen 443 ": f"listen {self.port} sndbuf=32k ",  # so that little shows who is slow
            "listen 80 ": f"listen {self.plain_port} ",
        }.items():
            assert old in text, old
            text = text.replace(old, str(new))
        (self.folder / "muster.conf").write_text(text)
        main = MAIN.format(folder=self.folder, user="user root;" if os.geteuid() == 0 else "")
        (self.folder / "nginx.conf").write_text(main)

    def wait(self) -> None:
        """Wait until the server is ready."""
        client = self.client()
        deadline = time.monotonic() + 60
        while True:
            assert self.server.poll() is None, "the server ended"
            try:
                if client.get("/readyz").status == 200:
                    return
            except OSError:
                pass
            assert time.monotonic() < deadline, "the server is not ready"
            time.sleep(0.2)

    def client(self) -> "Client":
        """Return a client with an address of its own, which no limit has counted yet."""
        return Client(self, f"127.0.0.{next(self.hosts)}")

    def stop(self) -> None:
        for process in (self.nginx, self.server):
            process.terminate()
            process.wait(30)
        self.log.close()


class Answer:
    """An answer that was read whole."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers = response.status, response.headers
        self.content = response.read()

    def problem(self) -> dict[str, Any]:
        """Return the problem that it is."""
        assert self.headers["Content-Type"] == "application/problem+json"
        problem = json.loads(self.content)
        assert problem.keys() == {"type", "title", "status", "detail", "errors"}
        assert problem["status"] == self.status
        return problem


class Client:
    """A client with an address."""

    def __init__(self, proxy: Proxy, address: str) -> None:
        self.proxy, self.address = proxy, address

    def connection(self) -> http.client.HTTPSConnection:
        """Return a new connection."""
        return http.client.HTTPSConnection(
            "localhost",
            self.proxy.port,
            context=self.proxy.tls,
            source_address=(self.address, 0),
            timeout=20,
        )

    def get(self, path: str, method: str = "GET", **more: Any) -> Answer:
        """Return the answer to a request."""
        with closing(self.connection()) as connection:
            connection.request(method, path, **more)
            return Answer(connection.getresponse())

    def open(self, path: str, **more: Any) -> http.client.HTTPResponse:
        """Send a request, and return the answer with its body unread."""
        connection = self.connection()
        self.proxy.opened.append(connection)
        connection.request("GET", path, **more)
        response = connection.getresponse()
        self.proxy.opened.append(response)
        return response

    def connect(self) -> ssl.SSLSocket:
        """Return an encrypted connection with a small buffer."""
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plain.bind((self.address, 0))
        plain.connect(("127.0.0.1", self.proxy.port))
        plain.settimeout(20)
        encrypted = self.proxy.tls.wrap_socket(plain, server_hostname="localhost")
        self.proxy.opened.append(encrypted)
        return encrypted


def find_free_ports() -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="module")
def proxy(django_db_setup: None) -> Iterator[Proxy]:
    """nginx and the server, over what is committed."""
    folder = Path(tempfile.mkdtemp(prefix="muster"))
    proxy = Proxy(folder)
    yield proxy
    proxy.stop()
    shutil.rmtree(folder)


@pytest.fixture
def exports(proxy: Proxy, much: None) -> Iterator[None]:  # noqa: F811
    """Large exports, which end before the tables are emptied."""
    yield
    while proxy.opened:
        proxy.opened.pop().close()
    eventually(lambda: not exports_running(), 5)


@pytest.fixture
def client(proxy: Proxy) -> Client:
    return proxy.client()


def eventually(happened: Callable[[], bool], seconds: float = 10) -> float:
    """Wait until something has happened, and return after how many seconds."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < seconds, "it does not happen"
        time.sleep(0.1)
    return time.monotonic() - began


def test_it_serves_over_tls_and_redirects_plain_http(proxy: Proxy, client: Client) -> None:
    answer = client.get("/api/v1")
    assert answer.status == 200
    assert f"https://localhost:{proxy.port}/api/v1/actors" in answer.content.decode()
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    plain = http.client.HTTPConnection("localhost", proxy.plain_port)
    plain.request("GET", "/api/v1/actors?limit=1")
    redirect = plain.getresponse()
    assert redirect.status == 308
    assert redirect.headers["Location"] == "https://localhost/api/v1/actors?limit=1"
    plain.close()


@pytest.mark.django_db(transaction=True)
def test_a_redaction_disappears_within_ten_seconds(
    proxy: Proxy, client: Client, publish: Any, reviewer: User
) -> None:
    actor = Actor.objects.create(name="Unit 7", slug="unit-7", kind="unit", description="Zaynab")
    publish(actor)
    snapshot = client.get("/api/v1/actors/unit-7").headers["Muster-Snapshot"]
    page = f"/api/v1/actors/documents?snapshot={snapshot}"
    before = client.get(page)
    assert b"Zaynab" in before.content
    assert before.headers["Cache-Control"] == "public, max-age=3600, s-maxage=10"
    etag = before.headers["ETag"]
    assert client.get(page, headers={"If-None-Match": etag}).status == 304
    redact(actor, reviewer, "Asked for.", fields=["description"])
    assert b"Zaynab" in client.get(page).content, "it is kept for a while"
    assert b"Zaynab" not in client.get("/api/v1/actors/documents").content, (
        "the newest is never kept"
    )
    eventually(lambda: b"Zaynab" not in client.get(page).content)
    after = client.get(page)
    assert (after.status, after.headers["ETag"] == etag) == (200, False)
    assert client.get(page, headers={"If-None-Match": etag}).status == 200


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_kept_and_then_checked_by_its_etag(proxy: Proxy, publish: Any) -> None:
    """Of many requests for a pinned answer, the application computes one in nine seconds."""
    publish(Actor.objects.create(name="Unit 7", slug="unit-7", kind="unit"))
    client = proxy.client()
    snapshot = client.get("/api/v1/actors").headers["Muster-Snapshot"]
    page = f"/api/v1/actors?snapshot={snapshot}"
    kept = [client.get(page) for _ in range(3)]
    with ThreadPoolExecutor(8) as together:
        kept += together.map(lambda _: client.get(page), range(16))
    assert {answer.content for answer in kept} == {kept[0].content}
    compressed = client.get(page, headers={"Accept-Encoding": "gzip"})
    assert client.get(page).content == kept[0].content
    assert compressed.headers.get("Content-Encoding") in (None, "gzip")
    table = client.get(page, headers={"Accept": "text/csv"})
    assert table.headers["Content-Type"].startswith("text/csv")
    assert client.get(page).content == kept[0].content
    assert client.get(page, "HEAD").content == b""
    assert client.get(f"{page}&limit=0").status == 400
    files = [file.read_bytes() for file in (proxy.folder / "cache").rglob("*") if file.is_file()]
    keys = [re.findall(rb"\nKEY: (.*)\n", file) for file in files]
    assert {key.split()[0] for (key,) in keys} == {b"GET", b"HEAD"}
    assert all(b"text/csv" not in file for file in files), "files are streamed"


@pytest.mark.django_db(transaction=True)
def test_what_is_not_pinned_and_what_is_private_is_never_kept(proxy: Proxy, publish: Any) -> None:
    publish(Actor.objects.create(name="Unit 7", slug="unit-7", kind="unit"))
    client = proxy.client()
    shutil.rmtree(proxy.folder / "cache", ignore_errors=True)
    now = client.get("/api/v1/actors")
    for path in (
        *("/api/v1/actors", "/api/v1/actors/unit-7", "/", "/admin/login/?snapshot=1-00000000"),
        f"/admin/login/?snapshot={now.headers['Muster-Snapshot']}",
        f"/api/v1/actors?format=csv&snapshot={now.headers['Muster-Snapshot']}",
        f"/api/v1/actors/nothing?snapshot={now.headers['Muster-Snapshot']}",
    ):
        client.get(path)
    body = json.dumps({"ids": ["unit-7"]})
    headers = {"Content-Type": "application/json"}
    path = f"/api/v1/actors/lookup?snapshot={now.headers['Muster-Snapshot']}"
    client.get(path, "POST", body=body, headers=headers)
    assert [file for file in (proxy.folder / "cache").rglob("*") if file.is_file()] == []
    assert (
        client.get("/api/v1/actors", headers={"If-None-Match": now.headers["ETag"]}).status == 304
    )


def test_a_flood_is_refused_and_others_are_served(proxy: Proxy) -> None:
    client, other = proxy.client(), proxy.client()
    with ThreadPoolExecutor(16) as together:
        flood = list(together.map(lambda _: client.get("/healthz"), range(500)))
    refused = [answer for answer in flood if answer.status == 429]
    assert {answer.status for answer in flood} == {200, 429}
    assert len(refused) > 100
    problem = refused[0].problem()
    assert problem["type"] == "/api/v1/docs/problems/too-many"
    assert refused[0].headers["Retry-After"] == "5"
    assert refused[0].headers["Cache-Control"] == "no-store"
    assert other.get("/healthz").status == 200


def test_one_client_has_forty_connections(proxy: Proxy, exports: None) -> None:
    """A connection counts while it has a request."""
    client = proxy.client()
    page = "/api/v1/actors/documents?limit=1000"
    slow = [client.connect() for _ in range(50)]
    for each in slow:
        each.sendall(f"GET {page} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    statuses = [int(each.recv(12).split()[1]) for each in slow]
    assert (statuses.count(200), statuses.count(429)) == (40, 10)
    assert client.get("/healthz").status == 429
    began = time.monotonic()
    other = proxy.client()
    assert other.get("/api/v1/actors?limit=1").status == 200
    assert time.monotonic() - began < 1, "slow readers block nobody"


def test_a_client_cannot_write_its_address(proxy: Proxy, exports: None) -> None:
    """The application counts exports by the address that nginx sees."""
    client = proxy.client()
    spoofed = [
        {"X-Forwarded-For": f"203.0.113.{n}", "Forwarded": f"for=203.0.113.{n}"} for n in range(5)
    ]
    answers = [client.open(EXPORT, headers=headers) for headers in spoofed]
    statuses = [answer.status for answer in answers]
    assert statuses == [200] * MAX_EXPORTS_PER_CLIENT + [429] * (5 - MAX_EXPORTS_PER_CLIENT)
    other = proxy.client().open(EXPORT)
    assert other.status == 200


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_clients_of_a_network_are_one(proxy: Proxy) -> None:
    """An IPv6 /64 is one client, as for the application."""
    checked = (proxy.folder / "networks.conf").absolute()
    port, _ = find_free_ports()
    maps = CONFIGURATION[CONFIGURATION.index("map $binary") : CONFIGURATION.index("limit_req_zone")]
    main = MAIN.format(folder=proxy.folder, user="").replace(
        f"include {proxy.folder}/muster.conf;",
        f"{maps} limit_req_zone $muster_client zone=z:1m rate=1r/m; server {{"
        f" listen 127.0.0.1:{port}; set_real_ip_from 127.0.0.1; real_ip_header X-Forwarded-For;"
        " limit_req zone=z; location / { root /; try_files /nothing =404; } }",
    )
    checked.write_text(main.replace("nginx.pid", "networks.pid"))
    nginx = subprocess.Popen([NGINX or "", "-p", str(proxy.folder), "-c", str(checked)])

    def ask(address: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/", headers={"X-Forwarded-For": address})
        status = connection.getresponse().status
        connection.close()
        return status

    try:
        eventually(lambda: is_listening(port))
        assert [ask("2001:db8:1:2::1"), ask("2001:db8:1:2:ffff::a")] == [404, 503]
        assert [ask("2001:db8:1:3::1"), ask("198.51.100.1"), ask("198.51.100.2")] == [404] * 3
        assert [ask("2001:db8:1:3::2"), ask("198.51.100.1")] == [503] * 2
    finally:
        nginx.terminate()
        nginx.wait(10)


def test_an_export_passes_whole_and_in_constant_memory(
    proxy: Proxy,
    exports: None,
) -> None:
    export = proxy.client().get(f"{EXPORT}&end=true")
    lines = export.content.splitlines()
    assert json.loads(lines[-1])["end"]["count"] == len(lines) - 1 == 40
    assert len(export.content) > 2**21
    slow = proxy.client().open(EXPORT)
    slow.read(1)
    time.sleep(1)
    assert [file for file in (proxy.folder / "proxy").rglob("*") if file.is_file()] == []


def test_an_export_that_breaks_off_is_seen_as_broken(
    proxy: Proxy,
    exports: None,
) -> None:
    """Over HTTP/1.0 it could not be seen, so there are no exports over it."""
    address = f"https://localhost:{proxy.port}{EXPORT}"
    command = ["curl", "-sS", "--limit-rate", "100K", "-o", "/dev/null", address]
    command += ["--cacert", f"{proxy.folder}/fullchain.pem", "--interface", proxy.client().address]
    for version, code in (("--http1.1", 18), ("--http2", 92)):
        with subprocess.Popen([*command, version], stderr=subprocess.PIPE, text=True) as curl:
            eventually(try_to_end_the_query)
            _, error = curl.communicate(timeout=60)
        assert curl.returncode == code, error
    for headers in ("", "Accept: text/csv\r\n"):
        path = "/api/v1/actors" if headers else EXPORT
        with proxy.client().connect() as old:
            old.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n{headers}\r\n".encode())
            response = http.client.HTTPResponse(old)
            response.begin()
            answer = Answer(response)
        assert answer.status == 505
        assert "HTTP/1.1" in answer.problem()["detail"]


def try_to_end_the_query() -> bool:
    try:
        end_the_query()
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (f"GET /{'x' * 42_000} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (f"GET /api/v1/actors?q={'x' * 35_000} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (f"GET / HTTP/1.1\r\nHost: localhost\r\nA: {'b' * 42_000}\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048577\r\n\r\n", 413),
        ("POST /admin/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8388609\r\n\r\n", 413),
        ("GET /api/v1/actors HTTP/1.1\r\nHost: other.example\r\n\r\n", 400),
        ("GET /api/v1/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
    ],
)
def test_errors_are_problems(client: Client, request_: str, status: int) -> None:
    with client.connect() as connection:
        connection.sendall(request_.encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        answer = Answer(response)
    assert answer.status == status
    answer.problem()


def test_every_type_of_a_problem_is_one_of_the_api() -> None:
    types = re.findall(r"/api/v1/docs/problems/([\w-]+)", CONFIGURATION)
    assert types
    for code, title in re.findall(r'problems/([\w-]+)","title":"(.*?)"', CONFIGURATION):
        assert PROBLEMS[code][1] == title


def test_static_files_are_compressed_and_pages_of_the_admin_are_not(client: Client) -> None:
    accept = {"Accept-Encoding": "gzip"}
    page = client.get("/admin/login/", headers=accept)
    assert page.headers["Content-Encoding"] is None
    assert page.headers["Cache-Control"].startswith("max-age=0")
    (style, *_) = re.findall(r'href="(/static/.*?\.css)"', page.content.decode())
    assert client.get(style, headers=accept).headers["Content-Encoding"] == "gzip"


def test_a_stopped_server_completes_its_answers_and_a_new_one_continues(
    proxy: Proxy,
    exports: None,
) -> None:
    """While no server runs, the answer is a problem."""
    client = proxy.client()
    export = client.open(f"{EXPORT}&end=true")
    proxy.server.send_signal(signal.SIGTERM)
    eventually(lambda: client.get("/healthz").status == 502)
    down = client.get("/api/v1/actors")
    assert down.problem()["title"] == "Bad Gateway"
    assert down.headers["Retry-After"] == "5"
    assert b'{"end":' in export.read().splitlines()[-1]
    assert proxy.server.wait(25) == 0
    proxy.server = proxy.serve()
    proxy.wait()
