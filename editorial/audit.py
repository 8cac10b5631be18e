"""Who changed what on the working side: questions to the rows that database triggers write."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Literal

import pghistory
from django.db.models import CASCADE, Model, Q
from pghistory import runtime
from pghistory.core import event_models


@contextmanager
def mark_act(by: Model, act: Literal["submit", "merge", "redact"]) -> Iterator[None]:
    """Mark what an act on the public record changes in working rows as no edit of who does it.

    pghistory adds what a nested context says to the one around it, and so to the edits that were
    made in that before. So the act has a context of its own.
    """
    outer = vars(runtime._tracker).pop("value", None)
    try:
        with pghistory.context(user=by.pk, act=act):
            yield
    finally:
        if outer is not None:
            runtime._tracker.value = outer


def find_editors(model: type[Model], since: Mapping[int, datetime | None]) -> set[int]:
    """Return the primary keys of the users who changed some rows of a model, or their parts.

    `since` has by the key of each row the moment from which on changes count; None counts all.
    Changes made `mark_act` do not count. One by a command without a context has no user.
    """
    groups: dict[datetime | None, set[int]] = {}
    for key, moment in since.items():
        groups.setdefault(moment, set()).add(key)
    return set().union(*(_editors(model, some, moment) for moment, some in groups.items()))


def _editors(model: type[Model], keys: set[int], since: datetime | None) -> set[int]:
    """Walk the audit rows of a model and of its parts, which may be deleted by now."""
    changes = event_model(model)._default_manager.filter(pgh_obj_id__in=keys)
    found = {
        int(user)
        for user in changes.filter(Q() if since is None else Q(pgh_created_at__gte=since))
        .exclude(pgh_context=None)
        .exclude(pgh_context__metadata__has_key="act")  # see `mark_act`
        .values_list("pgh_context__metadata__user", flat=True)
        .distinct()
        if user is not None
    }
    for part, parent in part_models(model):
        owned = event_model(part)._default_manager.filter(**{f"{parent}__in": keys})
        part_keys = set(owned.values_list("pgh_obj_id", flat=True).distinct())
        if part_keys:
            found |= _editors(part, part_keys, since)
    return found


@cache
def part_models(model: type[Model]) -> list[tuple[type[Model], str]]:
    """Return the models whose rows are part of a row of `model`, with the column that says so."""
    return [
        (relation.related_model, relation.field.attname)
        for relation in model._meta.related_objects
        if relation.on_delete is CASCADE and event_models(tracks_model=relation.related_model)
    ]


@cache
def event_model(model: type[Model]) -> type[Model]:
    """Return the audit rows of a model."""
    (found,) = event_models(tracks_model=model)
    return found
