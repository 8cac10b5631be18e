"""Findings of the quality rules in one record, each with the address where it can be fixed."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib.admin import AdminSite
from django.db.models import Model, prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse

from editorial.models import Record
from editorial.quality import Rule, Severity, find_broken_rules

_NO_CITATION = Rule(
    "no-citation",
    "It has no citation at all: a reviewer can approve it only with a reason.",
    Severity.WARNING,
    lambda: (),
    field="citations",
)
"""What the page of a record says, also before it is public; `check_quality` lists public ones."""


class Finding(NamedTuple):
    """A row of a record that breaks a quality rule."""

    rule: Rule
    row: str
    """The name of the row; blank if it is the record itself."""
    url: str
    """The address of the field on the page of the row."""


def list_findings(site: AdminSite, request: HttpRequest, record: Record) -> list[Finding]:
    """Return the findings of all rules in a record and its parts, a lack of citations first."""
    findings = [
        f for rule in find_broken_rules(record) for f in _check(site, request, rule, record)
    ]
    if record.serializer().lacks_citation(record.render()):
        url = get_edit_url(site, record, "", _NO_CITATION.field)
        findings.insert(0, Finding(_NO_CITATION, "", url))
    return findings


def _check(site: AdminSite, request: HttpRequest, rule: Rule, record: Record) -> Iterator[Finding]:
    for found in rule.find(record=record):
        rows, model = list(found.rows), found.rows.model
        if rows and site.is_registered(model):
            model_admin: Any = site.get_model_admin(model)
            prefetch_related_objects(rows, *model_admin.prefetch_references(request))
        for row in rows:
            name = "" if model is type(record) else str(row)
            yield Finding(rule, name, get_edit_url(site, row, found.path, rule.field))


def get_edit_url(site: AdminSite, row: Any, path: str, field: str) -> str:
    """Return the address where a row is edited: its own page, or that of the row it is part of.

    `path` is the lookup that leads from the row to its record.
    """
    for step in path.split("__") if path else ():
        if site.is_registered(type(row)):
            break
        row, field = getattr(row, step), ""
    meta = row._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    return f"{url}#{_anchor(type(row), field)}" if field else url


def _anchor(model: type[Model], field: str) -> str:
    """Return the HTML id of a field, or of the inline with the rows of a relation."""
    is_inline = model._meta.get_field(field).one_to_many
    return f"{field}-group" if is_inline else f"id_{field}"
