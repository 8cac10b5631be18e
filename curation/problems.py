"""What the rules of quality find in one record, with the place to mend each."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib.admin import AdminSite
from django.db.models import Model, prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse

from editorial.models import Record
from editorial.quality import Rule, all_rules


class Finding(NamedTuple):
    """A row of a record that breaks a rule."""

    rule: Rule
    what: str
    """Which row it is; blank: the record itself."""
    url: str
    """The page of the row, at the field."""


def findings(site: AdminSite, request: HttpRequest, record: Record) -> list[Finding]:
    """Return what is to be looked at in a record and its parts."""
    return [
        finding for rule in all_rules().values() for finding in _of(site, request, rule, record)
    ]


def _of(site: AdminSite, request: HttpRequest, rule: Rule, record: Record) -> Iterator[Finding]:
    for found in rule.find(record=record):
        rows, model = list(found.rows), found.rows.model
        if rows and site.is_registered(model):
            pages: Any = site.get_model_admin(model)
            prefetch_related_objects(rows, *pages.quoting(request))
        for row in rows:
            what = "" if model is type(record) else str(row)
            yield Finding(rule, what, page(site, row, found.path, rule.field))


def page(site: AdminSite, row: Any, way: str, field: str) -> str:
    """Return the page on which a row is edited: its own, or that of what it is part of."""
    for step in way.split("__") if way else ():
        if site.is_registered(type(row)):
            break
        row, field = getattr(row, step), ""
    meta = row._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    return f"{address}#{_anchor(type(row), field)}" if field else address


def _anchor(model: type[Model], field: str) -> str:
    """Return the id that a field, or the rows of an inline, have on the page."""
    inline = model._meta.get_field(field).one_to_many
    return f"{field}-group" if inline else f"id_{field}"
