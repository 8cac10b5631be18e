"""What single reviewers did lately: merges, and redactions that can be undone."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from curation.labels import find_labels
from editorial.models import Merge, RemovedData

SHOWN_FOR = timedelta(days=14)
"""For how long a merge is listed."""
_LISTED = 20


class SoleAct(NamedTuple):
    """Something that one reviewer did, and that others should look at."""

    what: str
    label: str
    by: str
    at: Any
    url: str
    reason: str
    request: str = ""
    """Who asks to undo it."""


def list_sole_acts(site: Any, request: HttpRequest) -> list[SoleAct]:
    """Return the recent merges and the redactions that can be undone, the newest first.

    Redactions that somebody asks to undo come first.
    """
    since = timezone.now() - SHOWN_FOR
    merges = Merge.objects.filter(undone=None, submission__submitted_at__gte=since)
    merges = merges.select_related("submission__submitted_by").order_by("-pk")[:_LISTED]
    kept = RemovedData.objects.kept().select_related("submission__submitted_by", "asked_by")
    removed = [data for data in kept[:_LISTED] if data.submission]
    keys = [str(data.record) for data in removed]
    keys += [str(key) for merge in merges for key in (merge.record, merge.survivor)]
    labels = find_labels(site, request, keys)
    acts = [
        SoleAct(
            "merged",
            f"{labels.get(str(merge.record), '')} → {labels.get(str(merge.survivor), '')}",
            str(merge.submission.submitted_by),
            merge.submission.submitted_at,
            reverse("admin:editorial_submission_change", args=[merge.submission_id]),
            merge.submission.note,
        )
        for merge in merges
    ]
    acts += [
        SoleAct(
            "redacted",
            labels.get(str(data.record), ""),
            str(data.submission.submitted_by),
            data.removed_at,
            reverse("admin:editorial_removeddata_change", args=[data.pk]),
            data.submission.note,
            str(data.asked_by or ""),
        )
        for data in removed
        if data.submission
    ]
    return sorted(acts, key=lambda act: (bool(act.request), act.at), reverse=True)
