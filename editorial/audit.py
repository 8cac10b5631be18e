"""Who changed what on the working side: questions to the rows that database triggers write."""

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from django.db.models import CASCADE, Model, Q
from pghistory.core import event_models

if TYPE_CHECKING:
    from editorial.models import Record


def editors(record: "Record") -> set[int]:
    """Return the primary keys of the users who changed `record` or a part of it.

    Counted are the changes since the texts of its last publication were frozen. A change by a
    command without a context has no user and names none.
    """
    from editorial.models.submission import Act, State, SubmissionItem

    frozen_at = (
        SubmissionItem.objects.filter(
            record=record.public_id,
            submission__state=State.PUBLISHED,
            submission__act=Act.PUBLISH,
        )
        .order_by("-submission__submitted_at")
        .values_list("submission__submitted_at", flat=True)
        .first()
    )
    return _editors(type(record), {record.pk}, frozen_at)


def _editors(model: type[Model], keys: set[int], since: datetime | None) -> set[int]:
    """Walk the audit rows of a model and of its parts, which may be deleted by now."""
    events = _events(model)._default_manager.filter(pgh_obj_id__in=keys)
    found = {
        int(user)
        for user in events.filter(Q() if since is None else Q(pgh_created_at__gte=since))
        .exclude(pgh_context=None)
        .values_list("pgh_context__metadata__user", flat=True)
        .distinct()
        if user is not None
    }
    for part, parent in parts(model):
        owned = _events(part)._default_manager.filter(**{f"{parent}__in": keys})
        part_keys = set(owned.values_list("pgh_obj_id", flat=True).distinct())
        if part_keys:
            found |= _editors(part, part_keys, since)
    return found


@cache
def parts(model: type[Model]) -> list[tuple[type[Model], str]]:
    """Return the models whose rows are part of a row of `model`, with the column that says so."""
    return [
        (relation.related_model, relation.field.attname)
        for relation in model._meta.related_objects
        if relation.on_delete is CASCADE and event_models(tracks_model=relation.related_model)
    ]


@cache
def _events(model: type[Model]) -> type[Model]:
    (events,) = event_models(tracks_model=model)
    return events
