"""A worker: a loop that receives and sends, and threads that compute the answers."""

import os
import re
import selectors
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from gunicorn.http import wsgi
from gunicorn.http.parser import RequestParser
from gunicorn.workers import base

from config.serving.connection import Connection, Gone, Refused

UNSENT = 2**26
"""The maximum number of unsent bytes; above it, the connections that read the least are closed."""
LINGER_SECONDS = 2

_HEALTH = re.compile(rb"(GET|HEAD) /healthz[ ?]")
_API = re.compile(rb"\s*[A-Z]+ /api[/ ?]")
_PROBLEMS = {"411 Length Required": "length-required", "413 Content Too Large": "too-large"}
"""The problems of requests whose bodies are not received, by the status line."""


class Worker(base.Worker):
    """A worker for `worker_class`; `worker_connections`, `threads` and `keepalive` apply."""

    def init_process(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.connections: set[Connection] = set()
        self.waiting: set[Connection] = set()  # those of them that no thread works for
        self.answered = SimpleQueue[tuple[Connection, Callable[[Connection], None]]]()
        self.threads = ThreadPoolExecutor(self.cfg.threads)
        # A thread of its own answers /healthz, even if all others are waiting.
        self.health = ThreadPoolExecutor(1)
        self.swept = 0.0
        super().init_process()

    def run(self) -> None:
        """Serve until a signal, or until the master is gone; then finish what has begun."""
        self.selector.register(self.PIPE[0], selectors.EVENT_READ, self.awake)
        for listener in self.sockets:
            listener.setblocking(False)
            accept = partial(self.accept, listener)
            self.selector.register(listener, selectors.EVENT_READ, accept)
        while self.alive and self.ppid == os.getppid():
            self.turn()
        self.alive = False
        for listener in self.sockets:
            self.selector.unregister(listener)
            listener.close()
        until = time.monotonic() + self.cfg.graceful_timeout
        for connection in [each for each in self.waiting if not (each.received or each.left)]:
            self.close(connection)
        while self.connections and time.monotonic() < until:
            self.turn()
        self.threads.shutdown(wait=False, cancel_futures=True)
        if self.connections:  # their threads would keep the process
            sys.stderr.flush()
            os._exit(0)

    def turn(self) -> None:
        """Handle the events of at most one second, without waiting for a client."""
        self.notify()
        for key, _ in self.selector.select(1.0):
            key.data()
        with suppress(Empty):
            while True:
                connection, then = self.answered.get_nowait()
                then(connection)
        now = time.monotonic()
        if now - self.swept > 0.5:
            self.swept = now
            for connection in [each for each in self.waiting if each.deadline < now]:
                self.close(connection)

    def awake(self) -> None:
        """React to the end of a thread, or to a signal."""
        with suppress(BlockingIOError):
            os.read(self.PIPE[0], 2**12)

    def accept(self, listener: Any) -> None:
        """Accept a new client; if there are too many, close the one that has waited the longest."""
        try:
            sock, peer = listener.accept()
        except OSError as error:
            if not isinstance(error, BlockingIOError | ConnectionError):  # out of files
                self.make_room()
            return
        if len(self.connections) >= self.cfg.worker_connections and not self.make_room():
            sock.close()
            return
        try:
            connection = Connection(sock, peer, listener.getsockname())
        except OSError:  # it has gone already
            sock.close()
            return
        self.connections.add(connection)
        self.await_request(connection)

    def make_room(self) -> bool:
        """Close the connection that has waited the longest; return False if all are busy."""
        oldest = min(self.waiting, key=lambda each: each.deadline, default=None)
        if oldest:
            self.close(oldest)
        return bool(oldest)

    def watch(self, connection: Connection, events: int, act: Callable[..., None]) -> None:
        self.waiting.add(connection)
        self.selector.register(connection.sock, events, partial(self.guarded, connection, act))

    def unwatch(self, connection: Connection) -> None:
        self.waiting.discard(connection)
        self.selector.unregister(connection.sock)

    def guarded(self, connection: Connection, act: Callable[[Connection], None]) -> None:
        """Do something to a connection, unless it was closed in the same turn."""
        if connection not in self.connections:
            return
        try:
            act(connection)
        except BlockingIOError:
            pass
        except (OSError, Gone):
            self.close(connection)

    def await_request(self, connection: Connection) -> None:
        """Let the loop wait for a request."""
        connection.deadline = time.monotonic() + self.cfg.keepalive
        self.watch(connection, selectors.EVENT_READ, self.receive)

    def receive(self, connection: Connection) -> None:
        """Read what has arrived, and answer if it is a request."""
        try:
            more = connection.receive()
            if request := connection.take():
                self.unwatch(connection)
                self.submit(connection, request)
            elif not more:
                self.close(connection)
        except Refused as refusal:
            self.unwatch(connection)
            self.refuse(connection, str(refusal))

    def refuse(self, connection: Connection, status: str) -> None:
        """Answer a request that cannot be received."""
        connection.keep = False
        try:
            connection.sendall(make_refusal(connection.received, status))
        except Gone:
            self.close(connection)
        else:
            self.linger(connection)

    def submit(self, connection: Connection, request: bytes) -> None:
        """Pass a request to a thread."""
        self.nr += 1
        if self.nr >= self.max_requests:
            self.alive = False
        threads = self.health if _HEALTH.match(request) else self.threads
        threads.submit(self.answer, connection, request)

    def answer(self, connection: Connection, data: bytes) -> None:
        """Answer a request, in a thread."""
        then = self.abort
        try:
            connection.keep = self.respond(connection, data)
            then = self.finish
        except Gone:
            pass
        except Exception:
            self.log.exception("Error in a thread")
        finally:
            self.answered.put((connection, then))
            with suppress(BlockingIOError):  # then the loop has enough to wake up from
                os.write(self.PIPE[1], b".")

    def respond(self, connection: Connection, data: bytes) -> bool:
        """Write the answer; whether the connection can serve another request. Raises Gone.

        What fails after it has begun must not end as if it were whole: that raises Gone as well.
        """
        request = response = None
        try:
            request = next(RequestParser(self.cfg, [data], connection.peer))
            response, environ = wsgi.create(
                request, connection, connection.peer, connection.server, self.cfg
            )
            environ["wsgi.multithread"] = True
            if not self.alive:
                response.force_close()
            self.send(connection, request, response, environ)
        except Gone:
            raise
        except Exception as error:
            if response is None or not response.headers_sent:
                self.handle_error(request, connection, connection.peer, error)
                return False
            reason = str(error).strip().partition("\n")[0]
            path = request.path if request else ""
            self.log.error("Broken off: %s: %s: %s", path, type(error).__name__, reason)
            raise Gone("the answer broke off") from None
        return not response.should_close()

    def send(self, connection: Connection, request: Any, response: Any, environ: Any) -> None:
        """Send the answer of the application as fast as the client reads."""
        began = time.monotonic()
        body = self.wsgi(environ, response.start_response)
        try:
            for block in body:
                response.write(block)
                if response.response_length is None:  # a stream: there is more than memory holds
                    connection.drain()
            length = response.response_length
            if length is not None and response.sent < length and not response._omits_body:
                raise ValueError(f"{response.sent} bytes of {length}")
            response.close()
        finally:
            if hasattr(body, "close"):
                body.close()
            self.log.access(response, request, environ, _Seconds(time.monotonic() - began))

    def finish(self, connection: Connection) -> None:
        """Go on after an answer: send what is left of it, await another request, or close."""
        try:
            connection.flush()
        except Gone:
            self.close(connection)
            return
        if connection.left:
            connection.wait()
            self.watch(connection, selectors.EVENT_WRITE, self.send_rest)
            self.limit_unsent()
        else:
            self.go_on(connection)

    def send_rest(self, connection: Connection) -> None:
        connection.flush_later()
        if not connection.left:
            self.unwatch(connection)
            self.go_on(connection)

    def limit_unsent(self) -> None:
        sending = [each for each in self.waiting if each.left]
        while sum(each.left for each in sending) > UNSENT:
            slowest = min(sending, key=lambda each: each.deadline)
            sending.remove(slowest)
            self.abort(slowest)

    def go_on(self, connection: Connection) -> None:
        """Answer the next request, if it has arrived; otherwise await it, or close."""
        if not connection.keep or (not self.alive and not connection.received):
            self.linger(connection)
            return
        try:
            request = connection.take()
        except Refused as refusal:
            self.refuse(connection, str(refusal))
        except OSError:
            self.close(connection)
        else:
            if request:
                self.submit(connection, request)
            else:
                self.await_request(connection)

    def linger(self, connection: Connection) -> None:
        """Close after the client has closed: unread bytes from it would destroy the answer."""
        try:
            connection.shutdown()
        except OSError:
            self.close(connection)
            return
        connection.deadline = time.monotonic() + LINGER_SECONDS
        self.watch(connection, selectors.EVENT_READ, self.discard)

    def discard(self, connection: Connection) -> None:
        if not connection.sock.recv(2**16):
            self.close(connection)

    def abort(self, connection: Connection) -> None:
        """Close so that the answer does not look complete."""
        self.forget(connection)
        with suppress(OSError):
            connection.reset()

    def close(self, connection: Connection) -> None:
        if connection.left:
            self.abort(connection)
            return
        self.forget(connection)
        with suppress(OSError):
            connection.close()

    def forget(self, connection: Connection) -> None:
        self.connections.discard(connection)
        if connection in self.waiting:
            self.unwatch(connection)

    def handle_exit(self, sig: int, frame: Any) -> None:
        self.alive = False

    def handle_quit(self, sig: int, frame: Any) -> None:
        os._exit(0)


def make_refusal(received: bytes | bytearray, status: str) -> bytes:
    """Return the answer to a request that cannot be received.

    If its body is the reason and its address is below /api, it is a problem.
    """
    problem = _PROBLEMS.get(status)
    if problem is None or not _API.match(received):
        return f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
    from api import problems  # gunicorn loads this module before the settings

    answer = problems.answer(problems.Problem(problem))
    answer["Connection"], answer["Content-Length"] = "close", str(len(answer.content))
    return f"HTTP/1.1 {status}\r\n".encode() + answer.serialize()


class _Seconds:
    """A duration in the form that gunicorn's access log expects."""

    def __init__(self, seconds: float) -> None:
        self.seconds = int(seconds)
        self.microseconds = int((seconds - self.seconds) * 1_000_000)
