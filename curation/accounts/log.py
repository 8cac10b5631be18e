"""The log: sign-ins, permissions, exports and what single persons did to the public record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views import View

from curation.labels import find_labels_and_urls
from curation.models import AccountEvent, AccountEventKind
from curation.models.account_event import SIGN_INS
from editorial.models import Submission
from editorial.models.submission import Act
from publishing.models import Release

PAGE = 50
_EVENTS, _ACTS, _RELEASES = "events", "acts", "releases"
TOPICS = {
    "": _("All"),
    "sign-ins": _("Sign-ins"),
    "permissions": _("Accounts and permissions"),
    "exports": _("Exports and releases"),
    "acts": _("Withdrawals, merges and redactions"),
}
"""The subjects by which the log can be filtered."""


class Line(NamedTuple):
    """A line of the log."""

    at: datetime
    by: str
    what: Any
    about: str
    url: str
    detail: str


class LogView(View):
    """The log, newest first, for administrators."""

    site: Any = None

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the log."""
        user: Any = request.user
        if not user.is_administrator:
            raise PermissionDenied
        topic = request.GET.get("topic", "")
        if topic not in TOPICS:
            topic = ""
        before = _parse_moment(request.GET.get("before", ""))
        keys = self._find_keys(topic, before)
        lines = self._read_lines(request, keys[:PAGE])
        context = self.site.each_context(request) | {
            "title": _("Log"),
            "lines": lines,
            "topic": topic,
            "topics": TOPICS.items(),
            "older": lines[-1].at.isoformat() if len(keys) > PAGE else "",
        }
        return TemplateResponse(request, "admin/muster/accounts/log.html", context)

    def _find_keys(self, topic: str, before: datetime | None) -> list[tuple[Any, str, int]]:
        """Return the newest lines of a topic: when, of which table, and the key."""
        sign_ins = [*SIGN_INS, AccountEventKind.SESSION_ENDED]
        events = AccountEvent.objects.all()
        if topic == "sign-ins":
            events = events.filter(kind__in=sign_ins)
        elif topic == "permissions":
            events = events.exclude(kind__in=[*sign_ins, AccountEventKind.EXPORTED])
        elif topic == "exports":
            events = events.filter(kind=AccountEventKind.EXPORTED)
        tables = [_select(events, "at", _EVENTS)] if topic != "acts" else []
        if topic in ("", "exports"):
            tables.append(_select(Release.objects.all(), "published_at", _RELEASES))
        if topic in ("", "acts"):
            acts = Submission.objects.exclude(act=Act.PUBLISH)
            tables.append(_select(acts, "submitted_at", _ACTS))
        if before:
            tables = [rows.filter(moment__lt=before) for rows in tables]
        first, *others = tables
        return list(first.order_by().union(*others, all=True).order_by("-moment")[: PAGE + 1])

    def _read_lines(self, request: HttpRequest, keys: list[tuple[Any, str, int]]) -> list[Line]:
        """Return the lines with these keys."""
        wanted: dict[str, list[int]] = {_EVENTS: [], _ACTS: [], _RELEASES: []}
        for _moment, table, key in keys:
            wanted[table].append(key)
        lines = dict[tuple[str, int], Line]()
        events = AccountEvent.objects.select_related("user", "by")
        for event in events.filter(pk__in=wanted[_EVENTS]):
            by = str(event.by or "")
            about = "" if event.user is None or event.user == event.by else str(event.user)
            detail = " · ".join(filter(None, [event.detail, event.client]))
            kind = AccountEventKind(event.kind).label
            lines[_EVENTS, event.pk] = Line(event.at, by, kind, about, "", detail)
        acts = Submission.objects.select_related("submitted_by").prefetch_related("items")
        submissions = list(acts.filter(pk__in=wanted[_ACTS]))
        ids = [str(item.record) for each in submissions for item in each.items.all()]
        labels = find_labels_and_urls(self.site, request, ids)
        for each in submissions:
            items: Iterable[Any] = each.items.all()
            label, url = next(
                (labels.get(str(item.record), (str(item), "")) for item in items), ("", "")
            )
            by = str(each.submitted_by)
            what = Act(each.act).label
            lines[_ACTS, each.pk] = Line(each.submitted_at, by, what, label, url, each.note)
        for release in Release.objects.filter(pk__in=wanted[_RELEASES]):
            made = _("release made")
            at = release.published_at
            lines[_RELEASES, release.pk] = Line(at, "", made, release.name, "", release.note)
        return [lines[table, key] for _moment, table, key in keys if (table, key) in lines]


def _select(rows: QuerySet[Any], moment: str, table: str) -> QuerySet[Any]:
    """Return when each row happened, the name of its table, and its key."""
    named = rows.annotate(moment=F(moment), table=Value(table))
    return named.values_list("moment", "table", "pk")


def _parse_moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None
