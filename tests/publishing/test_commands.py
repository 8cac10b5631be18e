"""Progress reports: a bar on a terminal, lines elsewhere, and the count if work stops."""

from io import StringIO

import pytest

from publishing.commands import Progress


class Terminal(StringIO):
    """An output that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_bar_with_the_rate_and_the_time_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([0.0, 1.0, 2.0, 4.0])
    monkeypatch.setattr("publishing.commands.time.monotonic", lambda: next(clock))
    out = Terminal()
    with Progress(out).phase("publish", 400) as step:
        step(100)
        step(100)
    first, second, last = out.getvalue().split("\r\x1b[K")[1:]
    assert first == "publish: [######                  ] 100 of 400, 100/s, 3.0 s left"
    assert second == "publish: [############            ] 200 of 400, 100/s, 2.0 s left"
    assert last == "publish: 200 in 4.0 s, 50/s\n"


def test_a_log_gets_a_line_at_the_end_and_no_control_characters() -> None:
    out = StringIO()
    with Progress(out).phase("read", 3) as step:
        for _ in range(3):
            step()
    assert out.getvalue().startswith("read: 3 in ")
    assert out.getvalue().isprintable() or out.getvalue().count("\n") == 1


def test_a_phase_that_stops_reports_how_much_is_done() -> None:
    out = StringIO()

    def work() -> None:
        with Progress(out).phase("read", 3) as step:
            step()
            raise KeyError

    with pytest.raises(KeyError):
        work()
    assert out.getvalue() == "read: stopped after 1 of 3\n"


def test_an_empty_phase_reports_nothing() -> None:
    out = StringIO()
    with Progress(out).phase("bring up to date", 0):
        pass
    assert out.getvalue() == ""
