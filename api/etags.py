"""Conditional requests: an answer at a snapshot never changes, so its tag is known before it is."""

import hashlib

from django.conf import settings
from django.utils.http import parse_etags
from rest_framework.request import Request

from publishing import completion
from publishing.snapshots import Snapshot


def etag(request: Request, address: str, snapshot: Snapshot, counter: int) -> str:
    """Return the weak tag of the answer to a request at a snapshot, by this software.

    `address` is that of the request without its defaults, which change no answer. `counter` counts
    what alone changes an answer at a snapshot: the redactions. Some answers also say what the
    database is called and its licence, which its operator may change.
    """
    asked = (
        f"{settings.VERSION} {completion.fingerprint_of_all()} {settings.NAME} {settings.LICENCE} "
        f"{counter} {snapshot} {address} {request.accepted_media_type}"
    )
    return f'W/"{snapshot}-{hashlib.sha256(asked.encode()).hexdigest()[:16]}"'


def matches(request: Request, tag: str) -> bool:
    """Return whether the client has this answer already (RFC 9110, weak comparison)."""
    given = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    return tag.removeprefix("W/") in {one.removeprefix("W/") for one in given}
