"""A server on a real port, asked over real connections, which can be meddled with."""

import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = False  # so that closing waits for them, and for their connections
    request_queue_size = 64


class Live:
    """`url` is where it is; `before` is called with each request, `meddle` changes an answer."""

    def __init__(self) -> None:
        self.application = get_wsgi_application()
        self.before: Callable[[int], Any] = lambda number: None
        self.meddle: Callable[[bytes], bytes] = lambda body: body
        self.answer: Callable[[int], tuple[str, list[tuple[str, str]], bytes] | None] = (
            lambda number: None
        )
        self.asked = 0
        self.server = make_server("127.0.0.1", 0, self.serve, Threaded, Quiet)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=[0.02])
        self.thread.start()

    def serve(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.asked += 1
        number = self.asked
        self.before(number)
        if told := self.answer(number):
            status, headers, body = told
            start_response(status, headers)
            return [body]
        heard: list[Any] = []
        answer = self.application(environ, lambda *told: heard.append(told))
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
    """A server of plain HTTP over what is committed."""
    settings.SECURE_SSL_REDIRECT = False
    live = Live()
    yield live
    live.close()
