"""The load generator: clients in a process of their own, which send one request after another.

It runs on the processors of the servers, so that only ratios of one run mean anything.
"""

import asyncio
import json
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple, Self


class Load(NamedTuple):
    """What to send: requests in turn, by a number of clients, for a time."""

    port: int
    paths: list[str]
    clients: int
    seconds: float
    fresh: bool = True
    """Whether each request is for a host of its own, so that no server has kept the answer."""
    headers: dict[str, str] = {}


class Sample(NamedTuple):
    """What was measured in one round."""

    rate: float
    """Requests per second."""
    p50: float
    """The median time of a request, in milliseconds."""
    p99: float
    cpu: float = 0
    """The milliseconds of a processor that the server used for a request, without the database."""


class LoadError(Exception):
    """A server did not answer as expected."""


class Generator:
    """The process that sends requests."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "benchmarks.load"]
        self._process = subprocess.Popen(  # noqa: S603 - our own program, and no shell
            command,
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate()

    def send(self, load: Load) -> tuple[Sample, int]:
        """Send requests; return what was measured, and their number. Raises LoadError."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(load) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise LoadError(answer["error"])
        number = answer.pop("requests")
        return Sample(**answer), number


class _Client(asyncio.Protocol):
    """A connection that sends the next request as soon as it has an answer."""

    def __init__(self, run: "_Run") -> None:
        self.run, self.buffer, self.needed = run, bytearray(), 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.path, request = self.run.make_request()
        self.started = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.needed:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self.buffer[:end]).lower()
            status, length = head[9:12], head.partition(b"content-length:")[2].partition(b"\r")[0]
            if status not in (b"200", b"304") or (status == b"200" and not length):
                self.run.fail(f"{self.path} was answered with {status.decode()}")
                return
            self.needed = end + 4 + (int(length) if status == b"200" else 0)
        if len(self.buffer) >= self.needed:
            now = time.perf_counter()
            self.run.times.append(now - self.started)
            self.buffer, self.needed = bytearray(), 0
            if now < self.run.until:
                self.ask()
            else:
                self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if self.buffer or error:
            self.run.fail(f"{self.path}: the server closed the connection: {error}")
        self.run.finish()


_numbers = count(1)
"""The numbers of all requests: no round may find answers that an earlier one made servers keep."""


class _Run:
    """The clients of one load and what they measured."""

    def __init__(self, load: Load) -> None:
        self.load, self.times = load, list[float]()
        lines = "".join(f"{name}: {value}\r\n" for name, value in load.headers.items())
        self.lines = f"\r\n{lines}\r\n"
        self.done = asyncio.get_running_loop().create_future()
        self.running = load.clients
        self.error = ""

    def make_request(self) -> tuple[str, bytes]:
        """Return the path of the next request, and the request."""
        number = next(_numbers)
        path = self.load.paths[number % len(self.load.paths)]
        host = f"localhost:{number % 2**16}" if self.load.fresh else "localhost"
        return path, f"GET {path} HTTP/1.1\r\nHost: {host}{self.lines}".encode()

    def fail(self, error: str) -> None:
        self.error = self.error or error
        self.until = 0.0
        if not self.done.done():
            self.done.set_result(None)

    def finish(self) -> None:
        self.running -= 1
        if not self.running and not self.done.done():
            self.done.set_result(None)

    async def run(self) -> dict[str, float | str]:
        loop = asyncio.get_running_loop()
        started = time.perf_counter()
        self.until = started + self.load.seconds
        for _ in range(self.load.clients):
            await loop.create_connection(lambda: _Client(self), "127.0.0.1", self.load.port)
        await self.done
        if self.error:
            return {"error": self.error}
        took = time.perf_counter() - started
        milliseconds = [1000 * each for each in self.times]
        several = milliseconds if len(milliseconds) > 1 else 2 * milliseconds
        return {
            "requests": len(milliseconds),
            "rate": len(milliseconds) / took,
            "p50": median(milliseconds),
            "p99": quantiles(several, n=100, method="inclusive")[98],
        }


def main() -> None:
    """Run the loads that are read, one a line, and write what was measured."""
    for line in sys.stdin:
        load = Load(*json.loads(line))

        async def run(load: Load = load) -> dict[str, float | str]:
            return await _Run(load).run()

        try:
            answer = asyncio.run(run())
        except OSError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
