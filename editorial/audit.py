"""The audit: who changed which working rows, by the rows that database triggers write."""

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
def mark_act(by: Model, act: Literal["submit", "merge", "redact", "restore"]) -> Iterator[None]:
    """Mark the changes that an act makes to working rows, so that they do not count as edits.

    pghistory adds the metadata of a nested context to the outer one, which would also mark earlier
    edits of the same request. So the act has a context of its own.
    """
    outer = vars(runtime._tracker).pop("value", None)
    try:
        with pghistory.context(user=by.pk, act=act):
            yield
    finally:
        if outer is not None:
            runtime._tracker.value = outer


def find_editors(model: type[Model], since: Mapping[int, datetime | None]) -> set[int]:
    """Return the primary keys of the users who changed rows of a model or their parts.

    `since` maps the key of each row to the time from which changes count; None counts all changes.
    Changes inside `mark_act` do not count. Changes by a command without a context have no user.
    """
    groups: dict[datetime | None, set[int]] = {}
    for key, time in since.items():
        groups.setdefault(time, set()).add(key)
    return set().union(*(_find_editors(model, keys, time) for time, keys in groups.items()))


def _find_editors(model: type[Model], keys: set[int], since: datetime | None) -> set[int]:
    """Read the audit rows of a model and of its parts, which may be deleted by now."""
    changes = event_model(model)._default_manager.filter(pgh_obj_id__any=keys)
    editors = {
        int(user)
        for user in changes.filter(Q() if since is None else Q(pgh_created_at__gte=since))
        .exclude(pgh_context=None)
        .exclude(pgh_context__metadata__has_key="act")  # see `mark_act`
        .values_list("pgh_context__metadata__user", flat=True)
        .distinct()
        if user is not None
    }
    for part, parent in part_models(model):
        part_events = event_model(part)._default_manager.filter(**{f"{parent}__any": keys})
        part_keys = set(part_events.values_list("pgh_obj_id", flat=True).distinct())
        if part_keys:
            editors |= _find_editors(part, part_keys, since)
    return editors


@cache
def part_models(model: type[Model]) -> list[tuple[type[Model], str]]:
    """Return the models of the parts of `model`, each with the column that refers to `model`."""
    return [
        (relation.related_model, relation.field.attname)
        for relation in model._meta.related_objects
        if relation.on_delete is CASCADE and event_models(tracks_model=relation.related_model)
    ]


@cache
def event_model(model: type[Model]) -> type[Model]:
    """Return the model of the audit rows of a model."""
    (events,) = event_models(tracks_model=model)
    return events
