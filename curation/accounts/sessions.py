"""Sessions: where people are signed in, and how a session is ended."""

from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from curation.models import AccountEvent, AccountEventKind, UserSession
from editorial.models import User
from publishing.clients import identify_client

_BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome"}
_BROWSERS |= {"Safari/": "Safari"}
"""Words in the header `User-Agent`, the more specific first: each names the ones behind it too."""
_SYSTEMS = {"Android": "Android", "iPhone": "iOS", "iPad": "iOS", "Windows": "Windows"}
_SYSTEMS |= {"Mac OS": "macOS", "Linux": "Linux"}


def register(request: HttpRequest) -> None:
    """Store whose session this is, and from where it was started."""
    if not request.session.session_key:
        request.session.save()
    user: User = request.user  # type: ignore[assignment]
    UserSession.objects.update_or_create(
        session_id=request.session.session_key,
        defaults={
            "user": user,
            "client": identify_client(request)[:60],
            "browser": describe_browser(request.headers.get("User-Agent", "")),
        },
    )


def describe_browser(header: str) -> str:
    """Return the browser and the system that a header `User-Agent` names, in words."""
    browser = next((name for word, name in _BROWSERS.items() if word in header), "another program")
    system = next((name for word, name in _SYSTEMS.items() if word in header), "")
    return f"{browser} on {system}" if system else browser


@transaction.atomic
def end_sessions(user: User, *, but: str | None = None, key: str | None = None) -> int:
    """End the sessions of a user, or the one with a key; return how many.

    The session `but` stays.
    """
    sessions = Session.objects.filter(owner__user=user).exclude(pk=but)
    if key is not None:
        sessions = sessions.filter(owner__pk=key)
    number = sessions.count()
    sessions.delete()
    return number


def end_and_note(request: HttpRequest, user: User, key: str | None = None) -> int:
    """End sessions of a user for the user of a request, who stays signed in; return how many."""
    by: User = request.user  # type: ignore[assignment]
    number = end_sessions(user, but=request.session.session_key, key=key)
    if number:
        AccountEvent.objects.note(
            AccountEventKind.SESSION_ENDED,
            user,
            by=by,
            request=request,
            detail="" if number == 1 else f"{number} sessions",
        )
    return number
