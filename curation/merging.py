"""Merging in the admin: an action of lists, and the action of a page that undoes it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from curation import diff, status
from curation.actions import ActionForm, PageAction, PageActionAdmin
from curation.labels import find_labels
from editorial import carried, merging
from editorial.models import Merge

EXPLANATION = (
    "Merge two records that describe the same thing. Choose the record that stays. The public "
    "address of the other one will redirect to it, and every record that refers to the other one "
    "will refer to it. You can undo the merge later."
)
_REASON = "Reason (public)"


class MergeForm(ActionForm):
    """A form that asks which of two records stays, and for the reason."""

    stays = forms.ChoiceField(label="The record that stays", widget=forms.RadioSelect)
    field_order = ("stays", "text")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, text_label=_REASON, **kwargs)
        self.fields["stays"].choices = choices  # type: ignore[attr-defined]


@admin.action(permissions=["review"], description="Merge the two selected records")
def merge_selected(
    model_admin: PageActionAdmin, request: HttpRequest, queryset: QuerySet
) -> HttpResponse | None:
    """Merge two records after a confirmation."""
    rows = list(queryset.order_by("pk")[:3])
    if len(rows) != 2:
        messages.error(request, "Select exactly two records to merge.")
        return None
    form = MergeForm(
        request.POST if "confirmed" in request.POST else None,
        choices=[(str(row.pk), model_admin.label(row)) for row in rows],
        asking=request,
    )

    def run(reason: str) -> str:
        stays, goes = sorted(rows, key=lambda row: str(row.pk) != form.cleaned_data["stays"])
        merging.merge(goes, stays, request.user, reason)  # type: ignore[arg-type]
        # Without names: a redaction of one does not reach the log of the other.
        model_admin.log_change(request, goes, f"Merge: merged into {stays.public_id}.")
        model_admin.log_change(request, stays, f"Merge: {goes.public_id} was merged into it.")
        return f"Merged: {goes} is now {stays}."

    url = request.get_full_path()
    return model_admin.run_confirmed(
        request, form, "merge", rows, run, url
    ) or model_admin.render_confirmation(
        request,
        form,
        "Merge",
        " Check first: ".join([EXPLANATION, *rows[0].explain_merge(rows[1])]),
        rows,
        url,
        name="merge",
        texts=_compare_texts(model_admin, request, rows),
        keys=[row.pk for row in rows],
        checkbox=ACTION_CHECKBOX_NAME,
        action="merge_selected",
        across="0",
    )


def _compare_texts(
    model_admin: PageActionAdmin, request: HttpRequest, rows: list[Any]
) -> list[tuple[str, list[diff.Line]]]:
    """Return how the text of each of two records changes if it stays, with a heading."""
    texts = []
    for goes, stays in (rows, rows[::-1]):
        if body := carried.preview(goes, stays):
            ids = diff.find_ids(body.decode())
            labels = find_labels(model_admin.admin_site, request, ids)
            lines = diff.compare(stays.edition, body, labels)
            texts.append((f"If {stays} stays, its text changes", lines))
    return texts


def _unmerge(record: Any, user: Any, reason: str) -> str:
    corrected = merging.unmerge(record, user, reason)
    status.forget_status(record)
    message = "Undone: both records are public again, with the references that each had before."
    if not corrected:
        return message
    return (
        f"{message} These records were corrected after the merge and still refer to the other one. "
        f"Check them: {'; '.join(corrected)}."
    )


UNMERGE = PageAction(
    name="unmerge",
    label="Undo the merge",
    explanation="Both records become public again. The records that referred to this one before "
    "the merge refer to it again.",
    text_label=_REASON,
    run=_unmerge,
    is_available=lambda record, user: Merge.objects.filter(
        record=record.public_id, undone=None
    ).exists(),
)
