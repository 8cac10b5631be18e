"""The parts of an incident in plain words, as the editor shows them."""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from incidents.codes import Certainty, InvolvementRole
from publishing.fields import get_cached_relation
from sources.codes import Assessment
from sources.figures import write_number


def _join(*parts: Any) -> SafeString:
    """Return the parts that say something, each in its own direction."""
    return format_html_join(", ", "<bdi>{}</bdi>", ((part,) for part in parts if part))


def _number(low: int | None, best: int | None, high: int | None, quantifier: str = "") -> str:
    if quantifier:
        return write_number(low, best, high, quantifier) or "/".join(
            str(number) for number in (low, best, high) if number is not None
        )
    numbers = [number for number in (low, best, high) if number is not None]
    return "" if not numbers else "-".join(str(n) for n in sorted({numbers[0], numbers[-1]}))


def _party(row: Any, actor: str, label: str) -> str:
    return str(get_cached_relation(row, actor) or getattr(row, label))


def describe_location(row: Any) -> SafeString:
    """Impact: Karsa air base, exact, primary."""
    place = get_cached_relation(row, "place") or row.description[:60] or _("no place")
    public = row.public_precision != row.precision
    return format_html(
        "{}: {}",
        row.get_role_display(),
        _join(
            place,
            row.get_precision_display(),
            public and _("published as %s") % row.get_public_precision_display(),
            row.primary and _("primary"),
        ),
    )


def describe_involvement(row: Any) -> SafeString:
    """Perpetrator: Kataib Hezbollah, probable, accepted."""
    behalf = get_cached_relation(row, "on_behalf_of")
    return format_html(
        "{}: {}",
        InvolvementRole(row.role).label,
        _join(
            _party(row, "actor", "label"),
            Certainty(row.certainty).label,
            Assessment(row.assessment).label,
            behalf and _("on behalf of %s") % behalf,
        ),
    )


def describe_statement(row: Any) -> SafeString:
    """1. Claim by the Radiant Light Brigade, 2025-03-02, Telegram channel."""
    return format_html(
        "{}. {}: {}",
        row.number,
        row.get_kind_display(),
        _join(
            _party(row, "speaker", "speaker_label"),
            row.date,
            row.mode != "unknown" and row.get_mode_display(),
            row.assessment != Assessment.ACCEPTED and row.get_assessment_display(),
        ),
    )


def describe_weapon(row: Any) -> SafeString:
    """2 × rocket, 122 mm."""
    number = _number(row.count_low, row.count_best, row.count_high)
    name = row.designation or row.get_weapon_display()
    calibre = f"{row.calibre_mm.normalize():f} mm" if row.calibre_mm else ""
    return _join(f"{number} × {name}" if number else name, calibre)


def describe_target(row: Any) -> SafeString:
    """Karsa air base, military, hit."""
    hit = {True: _("hit"), False: _("not hit"), None: ""}[row.hit]
    name = row.name or get_cached_relation(row, "place") or ""
    return _join(name, row.get_type_display(), hit)


def describe_casualties(row: Any) -> SafeString:
    """2 injured: total, National Guard, recommended."""
    number = _number(row.low, row.best, row.high, row.quantifier)
    return format_html(
        "{} {}: {}",
        number,
        row.get_measure_display(),
        _join(
            row.get_population_display(),
            get_cached_relation(row, "actor"),
            row.get_role_display(),
        ),
    )
