"""The labels of records in the admin, found by public ids."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from editorial.models import record_models


def find_labels(site: Any, request: HttpRequest, ids: Iterable[str]) -> dict[str, str]:
    """Return the labels of the records that exist, by public id; one query for each type."""
    return {key: label for key, (label, _) in find_labels_and_urls(site, request, ids).items()}


def find_labels_and_urls(
    site: Any, request: HttpRequest, ids: Iterable[str]
) -> dict[str, tuple[str, str]]:
    """Return the label and the admin page of each record that exists, by public id."""
    keys = {UUID(key) for key in ids}
    admins = [site.get_model_admin(m) for m in record_models().values() if site.is_registered(m)]
    return {
        str(record.public_id): (model_admin.label(record), model_admin.url_of("change", record))
        for model_admin in (admins if keys else [])
        for record in model_admin.get_queryset(request).filter(public_id__in=keys)
    }
