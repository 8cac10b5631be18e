"""What records are called on the desk, found by their public ids."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from editorial.models import record_models


def find_labels(site: Any, request: HttpRequest, ids: Iterable[str]) -> dict[str, str]:
    """Return the label of each record of `ids` that there is; one query for each type."""
    return {key: label for key, (label, _) in find_labels_and_urls(site, request, ids).items()}


def find_labels_and_urls(
    site: Any, request: HttpRequest, ids: Iterable[str]
) -> dict[str, tuple[str, str]]:
    """Return the label and the page of each record of `ids` that there is."""
    wanted = {UUID(key) for key in ids}
    pages = [site.get_model_admin(m) for m in record_models().values() if site.is_registered(m)]
    return {
        str(record.public_id): (
            page.label(record),
            reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_change", args=[record.pk]),
        )
        for page in (pages if wanted else [])
        for record in page.get_queryset(request).filter(public_id__in=wanted)
    }
