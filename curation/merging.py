"""Merging in the admin: two rows of a list become one, and the page of the merged one undoes it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from curation.actions import ActionForm, PageAction, PageActionAdmin
from editorial import merging
from editorial.models import Merge

EXPLANATION = (
    "Two records of one thing become one. The address of the merged one leads to the other for "
    "ever, and whatever quotes it quotes the other. It can be undone."
)


class MergeForm(ActionForm):
    """Which of the two stays, and why."""

    stays = forms.ChoiceField(label="Which one stays", widget=forms.RadioSelect)
    field_order = ("stays", "words")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, asks="Reason: readers are told it", **kwargs)
        self.fields["stays"].choices = choices  # type: ignore[attr-defined]


@admin.action(permissions=["review"], description="Merge the two selected")
def merge_selected(
    pages: PageActionAdmin, request: HttpRequest, queryset: QuerySet
) -> HttpResponse | None:
    """Merge two records, after asking which one stays."""
    rows = list(queryset.order_by("pk")[:3])
    if len(rows) != 2:
        messages.error(request, "Select the two records that are one thing.")
        return None
    form = MergeForm(
        request.POST if "asked" in request.POST else None,
        choices=[(str(row.pk), pages.label(row)) for row in rows],
    )

    def do(reason: str) -> str:
        stays, goes = sorted(rows, key=lambda row: str(row.pk) != form.cleaned_data["stays"])
        return _merge(goes, stays, request.user, reason)

    done = pages.confirmed(request, form, "merge", rows, do, request.get_full_path())
    if done is not None:
        return done
    return pages.ask(
        request,
        form,
        "Merge",
        " Check first: ".join([EXPLANATION, *rows[0].explain_merge(rows[1])]),
        rows,
        request.get_full_path(),
        name="merge",
        keys=[row.pk for row in rows],
        checkbox=ACTION_CHECKBOX_NAME,
        action="merge_selected",
        across="0",
    )


def _merge(goes: Any, stays: Any, user: Any, reason: str) -> str:
    merging.merge(goes, stays, user, reason)
    return f"Merged: {goes} is now {stays}."


def _unmerge(record: Any, user: Any, reason: str) -> str:
    corrected = merging.unmerge(record, user, reason)
    vars(record).pop("standing", None)
    if not corrected:
        return "Undone: both records stand again, and each is quoted where it was."
    return (
        "Undone: both records stand again. Look at what was corrected since the merge, which still "
        f"quotes the other one: {'; '.join(corrected)}."
    )


UNMERGE = PageAction(
    name="unmerge",
    label="Undo the merge",
    explanation="Both records stand again, and what quoted this one quotes it again.",
    asks="Reason: readers are told it",
    do=_unmerge,
    allowed=lambda pages, request, record: request.user.is_reviewer,  # type: ignore[union-attr]
    offered=lambda record, user: Merge.objects.filter(
        record=record.public_id, undone=None
    ).exists(),
)
