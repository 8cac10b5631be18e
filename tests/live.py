"""Servers on real ports, for tests over real connections."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings as configured
from django.core.wsgi import get_wsgi_application
from django.db import connection


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = False  # so that closing waits for them, and for their connections
    request_queue_size = 64


class Live:
    """A server in this process; `before` gets each request, `meddle` changes an answer."""

    def __init__(self) -> None:
        self.application = get_wsgi_application()
        self.before: Callable[[int], Any] = lambda number: None
        self.meddle: Callable[[bytes], bytes] = lambda body: body
        self.answer: Callable[[int], tuple[str, list[tuple[str, str]], bytes] | None] = (
            lambda number: None
        )
        self.requests = 0
        self.server = make_server("127.0.0.1", 0, self.serve, Threaded, Quiet)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=[0.02])
        self.thread.start()

    def serve(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.requests += 1
        number = self.requests
        self.before(number)
        if replacement := self.answer(number):
            status, headers, body = replacement
            start_response(status, headers)
            return [body]
        heard: list[Any] = []
        answer = self.application(environ, lambda *start: heard.append(start))
        try:
            body = b"".join(answer)
        finally:
            answer.close()
        status, headers, *_ = heard[0]
        changed = self.meddle(body)
        if changed is not body:
            headers = [(k, v) for k, v in headers if k.lower() != "content-length"]
            headers.append(("Content-Length", str(len(changed))))
        start_response(status, headers)
        return [changed]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def live(transactional_db: None, settings: Any) -> Iterator[Live]:
    """A server of plain HTTP that reads what is committed."""
    settings.SECURE_SSL_REDIRECT = False
    live = Live()
    yield live
    live.close()


class Server:
    """The installed server in its own process."""

    def __init__(self, **environ: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py"]
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - it is closed by `stop`
        self.process = subprocess.Popen(
            [*command, "-b", f"127.0.0.1:{self.port}"],
            cwd=configured.ROOT,
            env=os.environ
            | {"DATABASE_URL": database_url(), "MUSTER_HTTPS": "off", "MUSTER_JOBS": "off"}
            | environ,
            stderr=self.log,
            start_new_session=True,
        )
        _until_ready(self.url, self.process)

    def workers(self) -> list[int]:
        """Return the ids of the processes that answer."""
        command = ["ps", "-o", "pid=", "--ppid", str(self.process.pid)]
        return [int(pid) for pid in subprocess.check_output(command, text=True).split()]

    def logged(self) -> list[str]:
        """Return the lines of its log."""
        self.log.seek(0)
        return self.log.read().splitlines()

    def stop(self) -> None:
        self.log.close()
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def database_url() -> str:
    """Return the address of the test database."""
    params = connection.get_connection_params()
    keys = ("dbname", "user", "password", "host", "port", "passfile", "require_auth")
    return f"postgresql:///?{urlencode({key: params[key] for key in keys if params.get(key)})}"


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[Server]:
    """A server with one worker, over what is committed."""
    server = Server(MUSTER_WORKERS="1")
    yield server
    server.stop()


@pytest.fixture
def served(server: Server) -> str:
    """The address of the server that is installed, over what is committed."""
    return server.url


def _until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        assert server.poll() is None, "the server did not start"
        try:
            with urlopen(f"{url}/readyz", timeout=5):
                return
        except (URLError, OSError):
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium; while it runs, Django takes this thread for one that must not wait."""
    if not (chromium := shutil.which("chromium")):
        pytest.skip("There is no chromium to open the page in.")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=60_000)  # of a machine that has much else to do
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "on")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def bare(settings: Any) -> None:
    """Let cookies pass over plain HTTP, and static files be served from where they are."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True


def ready(page: Any) -> None:
    """Wait until the scripts of a page have begun: they do so in the first turn after its load."""
    page.wait_for_load_state("load")
    page.evaluate("new Promise(done => setTimeout(done))")


def until(page: Any, happened: Callable[[], bool]) -> None:
    """Wait until something has happened, while the page goes on."""
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, "it does not happen"
        page.wait_for_timeout(20)


def pick(page: Any, picker: str, typed: str, name: str) -> None:
    """Pick what is offered first for what is typed, once that is `name`."""
    page.locator(picker).focus()
    page.keyboard.press("Enter")
    page.locator(".select2-container--open .select2-search__field:focus").wait_for()
    page.keyboard.type(typed)
    page.locator(".select2-results__option--highlighted", has_text=name).wait_for()
    page.keyboard.press("Enter")
    page.locator(picker, has_text=name).wait_for()
