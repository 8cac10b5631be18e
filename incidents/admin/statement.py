"""The ledger of an incident: who says who did it."""

from contextlib import suppress
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError

from curation.admin import RowFormSet, RowInline, StackedPartInline
from incidents.admin.part import IncidentPartAdmin
from incidents.models import (
    ResponsibilityStatement,
    ResponsibilityStatementCitation,
    StatementResponsible,
)
from sources.admin import CitationInline

STATEMENT: list[Any] = [
    ("number", "kind", "authenticity", "withdrawn_by"),
    ("speaker", "speaker_label", "speaker_type"),
    ("mode", "date", "as_of"),
    "text",
    ("language", "translation"),
]


class StatementFormSet(RowFormSet):
    """Statements, which take the next free number where none is typed."""

    def full_clean(self) -> None:
        """Let the numbers that are typed be taken before any is given."""
        self.instance.last_number = 0
        for form in self.forms if self.is_bound else ():
            with suppress(ValidationError):  # it is said beside the field
                number = form.fields["number"].clean(form["number"].data) or 0
                self.instance.last_number = max(number, self.instance.last_number)
        super().full_clean()


class StatementInline(StackedPartInline):
    model = ResponsibilityStatement
    formset = StatementFormSet
    fieldsets = [(None, {"fields": [*STATEMENT, ("assessment", "cited"), "note"]})]
    verbose_name_plural = "statements of responsibility: whom each names is told on its own page"


class ResponsibleInline(RowInline):
    model = StatementResponsible
    fields = ("actor", "label", "on_behalf_of")
    verbose_name_plural = "whom it names: nobody is its speaker"


class StatementCitationInline(CitationInline):
    model = ResponsibilityStatementCitation


@admin.register(ResponsibilityStatement)
class StatementAdmin(IncidentPartAdmin):
    """The page of a statement."""

    fieldsets = (
        (None, {"fields": ["incident", *STATEMENT]}),
        ("What the desk holds of it", {"fields": ["assessment", "note", "internal_note"]}),
    )
    inlines = (ResponsibleInline, StatementCitationInline)
