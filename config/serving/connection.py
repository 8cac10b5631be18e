"""A connection to a client that never blocks: the received bytes, and the bytes still to send."""

import re
import select
import socket
import struct
import time
from collections import deque
from typing import Any

LINE, HEAD, BODY = 2**16, 2**17, 2**23
"""The maximum numbers of bytes of a request line, of all lines of a head, and of a body."""
HEAD_SECONDS, BODY_SECONDS = 10, 60
"""How long a client may take to send them."""
STALL_SECONDS, SLOWEST = 30, 1024
"""For how long a client may read nothing, and the number of bytes that earn a second back."""
SEND_BUFFER = 2**17
"""The kernel's buffer for a client. A larger one would make slow clients look stalled."""

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)
_CODED = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)


class Refused(Exception):
    """A request that cannot be received; the argument is the status line."""


class Gone(Exception):
    """The client has closed the connection, or does not read."""


class Connection:
    """A client's socket, and to gunicorn's `Response` the socket that it writes to."""

    def __init__(self, sock: socket.socket, peer: Any, server: Any) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self.sock, self.peer, self.server = sock, peer, server
        self._reset_on_close(True)  # by the system too, when it ends this process
        self.received = bytearray()
        self.unsent: deque[memoryview] = deque()
        self.left = 0
        """The number of bytes still to send."""
        self.deadline = 0.0
        """When the loop closes it."""
        self.keep = False
        """Whether it serves another request after the answer."""
        self._patience = float(STALL_SECONDS)
        self._since = 0.0
        self._head: int | None = None

    def receive(self) -> bool:
        """Read the bytes that have arrived; return False at the end. Raises Refused, OSError."""
        data = self.sock.recv(2**16)
        now = time.monotonic()
        if not self.received:
            self.deadline = now + HEAD_SECONDS
        self.received += data
        if data and self._head is None and self._find_head():
            self.deadline = now + BODY_SECONDS
        return bool(data)

    def take(self) -> bytes | None:
        """Return the first request if all of it has arrived. Raises Refused."""
        if self._head is None and not self._find_head():
            return None
        head = bytes(self.received[: self._head])
        if _CODED.search(head):
            raise Refused("411 Length Required")
        length = _LENGTH.search(head)
        size = len(head) + int(length[1] if length else 0)
        if size - len(head) > BODY:
            raise Refused("413 Content Too Large")
        if len(self.received) < size:
            if self.received[len(head) :] == b"" and _EXPECTS.search(head):
                self.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            return None
        request = bytes(self.received[:size])
        del self.received[:size]
        self._head, self._patience = None, float(STALL_SECONDS)
        return request

    def _find_head(self) -> bool:
        """Look for the end of the head, an empty line. Raises Refused."""
        end = self.received.find(b"\r\n\r\n")
        line = self.received.find(b"\r\n", 2, LINE + 2)  # an empty line may come first
        if line < 0 and len(self.received) > LINE:
            raise Refused("414 URI Too Long")
        if max(end, len(self.received) if end < 0 else 0) > HEAD:
            raise Refused("431 Request Header Fields Too Large")
        self._head = end + 4 if end >= 0 else None
        return end >= 0

    def send(self, interim: bytes) -> None:
        """Ignore gunicorn's `100 Continue`: the body of a request that it sees has arrived."""

    def gettimeout(self) -> float:
        """Return 0: sending never blocks."""
        return 0.0

    def sendall(self, data: bytes) -> None:
        """Send what the client accepts now, and store the rest. Raises Gone."""
        self.unsent.append(memoryview(data))
        self.left += len(data)
        self.flush()

    def flush(self) -> None:
        """Send what the client accepts now. Raises Gone."""
        while self.unsent:
            try:
                sent = self.sock.send(self.unsent[0])
            except BlockingIOError:
                return
            except OSError as error:
                raise Gone(str(error)) from None
            self.left -= sent
            self._patience = min(STALL_SECONDS, self._patience + sent / SLOWEST)
            if sent == len(self.unsent[0]):
                self.unsent.popleft()
            else:
                self.unsent[0] = self.unsent[0][sent:]

    def drain(self) -> None:
        """Wait until all is sent, as streams do. Raises Gone if the client does not read."""
        poll = select.poll()
        poll.register(self.sock, select.POLLOUT)
        while self.left:
            began = time.monotonic()
            poll.poll(self._patience * 1000)
            self._wait_ended(time.monotonic() - began)

    def flush_later(self) -> None:
        """Send what the client accepts now, after the loop has waited for it. Raises Gone."""
        now = time.monotonic()
        self._wait_ended(now - self._since)
        self._since, self.deadline = now, now + self._patience

    def wait(self) -> None:
        """Let the loop wait for the client to read."""
        self._since = time.monotonic()
        self.deadline = self._since + self._patience

    def _wait_ended(self, seconds: float) -> None:
        self._patience -= seconds
        if self._patience <= 0:
            raise Gone(f"it does not read, or less than {SLOWEST} bytes a second")
        self.flush()

    def shutdown(self) -> None:
        """Stop sending; a client that still sends can read the answer first."""
        self.sock.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Close with an error, even if the end of the answer is the end of the connection."""
        self.sock.close()

    def close(self) -> None:
        """Close after a complete answer, which the client may still be reading."""
        self._reset_on_close(False)
        self.sock.close()

    def _reset_on_close(self, reset: bool) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", reset, 0))
