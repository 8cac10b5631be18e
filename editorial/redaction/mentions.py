"""Which other records hold a text, as their own: a redaction of one record leaves it there."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from publishing import documents
from publishing.models.edition import Edition


def find_mentions(values: Iterable[str]) -> list[tuple[str, UUID]]:
    """Return the type and id of each record of which an Edition still holds one of some texts.

    Every document is read through, which takes seconds where there are millions.
    """
    texts = [documents.dump(value.strip()).decode()[1:-1] for value in values if value.strip()]
    held = reduce(or_, (Q(document__icontains=text) for text in texts), Q(pk=None))
    found = Edition.objects.filter(held).order_by("type", "record")
    return list(found.values_list("type", "record").distinct())
