"""The worker of jobs beside the server: the master process of gunicorn starts and stops it."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

from config.serving.launch import ROOT

_SHORTEST, _LONGEST = 1.0, 30.0
"""The seconds until a worker that died is started again: twice as many each time it dies soon."""
_SOON = 60.0


class JobWorkerProcess:
    """The process of `manage.py work`, which is started again whenever it dies.

    It is a process of its own, because a job may need much memory or crash, and the server must not
    notice. It is not forked from this process, which has threads.
    """

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_running, daemon=True)

    def start(self) -> None:
        """Start the worker, and a thread that starts it again."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Ask the worker to end; kill it after some seconds. What it was doing is undone then."""
        self._stopped.set()
        if self._thread.is_alive():
            self._send(signal.SIGTERM)
            self._thread.join(seconds)
        if self._thread.is_alive():
            self._send(signal.SIGKILL)
            self._thread.join(5)

    def _keep_running(self) -> None:
        pause = _SHORTEST
        command = [sys.executable, "manage.py", "work", "--parent", str(os.getpid())]
        while not self._stopped.is_set():
            began = time.monotonic()
            # In a group of its own, it gets no Ctrl-C: this process stops it.
            self._process = subprocess.Popen(command, cwd=ROOT, process_group=0)  # noqa: S603
            if self._stopped.is_set():
                self._send(signal.SIGTERM)  # `stop` may have come before there was a process
            self._process.wait()
            if self._stopped.is_set():
                return
            pause = _SHORTEST if time.monotonic() - began > _SOON else min(2 * pause, _LONGEST)
            sys.stderr.write(f"The worker of jobs ended: starting it again in {pause:.0f} s\n")
            self._stopped.wait(pause)

    def _send(self, number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, number)
