"""Comments in the admin: the pages to write, answer and resolve them, and the list on a record."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_lazy

from curation import articles
from curation.actions import ActionForm, PageActionAdmin
from curation.status import RecordStatus
from editorial import comments
from editorial.models import Comment, Record, Submission, SubmissionItem
from editorial.models.comment import CommentKind
from editorial.models.submission import Act, State
from publishing.bidi import isolate


class Thread(NamedTuple):
    """A comment with its answers."""

    comment: Comment
    answers: list[Comment]
    url: str
    """Where it is answered and resolved."""


def list_threads(records: Iterable[UUID]) -> dict[UUID, list[Thread]]:
    """Return the unresolved comments on records, and those on what is not published yet."""
    published = SubmissionItem.objects.filter(
        record=models.OuterRef("record"),
        submission__gte=models.OuterRef("submission"),
        submission__act=Act.PUBLISH,
        submission__state=State.PUBLISHED,
    )
    waiting = models.Q(resolved_at=None) | ~models.Exists(published)
    found = Comment.objects.filter(waiting, record__in=list(records), answered=None)
    people = ("author", "resolved_by", "submission")
    rows = list(found.select_related(*people).order_by("resolved_at", "pk"))
    answers: dict[int, list[Comment]] = {}
    for row in Comment.objects.filter(answered__in=rows).select_related("author"):
        answers.setdefault(row.answered_id, []).append(row)  # type: ignore[arg-type]
    threads: dict[UUID, list[Thread]] = {}
    for row in rows:
        url = reverse("admin:editorial_submission_thread", args=[row.submission_id, row.pk])
        assert row.record is not None
        threads.setdefault(row.record, []).append(Thread(row, answers.get(row.pk, []), url))
    return threads


def find_return(record: Record, status: RecordStatus) -> Submission | None:
    """Return the submission in which a record was returned, unless it was submitted again."""
    if not status.is_returned:
        return None
    submissions = Submission.objects.filter(items__record=record.public_id, act=Act.PUBLISH)
    return submissions.select_related("decided_by").order_by("-pk").first()


class CommentForm(ActionForm):
    """A form that writes a comment."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[
            (CommentKind.NOTE, gettext_lazy("a note, which does not prevent an approval")),
            (CommentKind.BLOCKER, gettext_lazy("a blocker, to be resolved before an approval")),
        ],
        initial=CommentKind.NOTE,
        widget=forms.RadioSelect,
    )
    field_order = ("text", "kind")

    def __init__(self, *args: Any, is_reviewer: bool, **kwargs: Any) -> None:
        super().__init__(*args, text_label=gettext("Comment (not public)"), **kwargs)
        if not is_reviewer:
            del self.fields["kind"]


class AnswerForm(ActionForm):
    """A form that answers a comment, resolves it, or both."""

    resolve = forms.BooleanField(label=gettext_lazy("Resolved"), required=False)
    field_order = ("text", "resolve")

    def __init__(self, *args: Any, may_resolve: bool, **kwargs: Any) -> None:
        super().__init__(*args, text_label=gettext("Answer (not public)"), **kwargs)
        if not may_resolve:
            del self.fields["resolve"]


class CommentAdmin(PageActionAdmin):
    """An admin of submissions with pages for comments."""

    def get_urls(self) -> Any:
        thread = path(
            "<path:object_id>/thread/<int:key>/",
            self.admin_site.admin_view(self.thread_view),
            name="editorial_submission_thread",
        )
        return [self.row_path("comment", self.comment_view), thread, *super().get_urls()]

    def _get_submission(self, request: HttpRequest, object_id: str) -> Submission:
        submission = self.get_object(request, object_id)
        if submission is None or submission.act != Act.PUBLISH:
            raise Http404
        if not self.has_view_permission(request, submission):
            raise PermissionDenied
        return submission

    def comment_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the form for a comment on a text, or on a field or row of it; write it on POST."""
        submission = self._get_submission(request, object_id)
        key, at = request.GET.get("text", ""), request.GET.get("path", "")
        item = submission.items.filter(pk=key).first() if key.isascii() and key.isdigit() else None
        if item is None or not item.body or len(key) > _KEY_LENGTH:
            raise Http404
        (text,) = articles.list_texts(self.admin_site, request, submission, [item])
        assert text.article is not None
        place = "" if not at else dict(text.article.iterate_paths()).get(at)
        if place is None:
            raise Http404
        user: Any = request.user
        data = request.POST if request.method == "POST" else None
        form = CommentForm(data, is_reviewer=user.is_reviewer)

        def run(written: str) -> str:
            comments.write(
                submission,
                user,
                item.record,
                written,
                kind=form.cleaned_data.get("kind") or CommentKind.NOTE,
                path=at,
                place=place,
            )
            return gettext("The comment was written.")

        back = f"{self.url_of('change', submission)}#text-{item.pk}"
        return self.run_confirmed(
            request, form, f"comment:{key}:{at}", [submission], run, back
        ) or self.render_confirmation(
            request,
            form,
            gettext("Comment"),
            gettext("On %(label)s: %(place)s")
            % {"label": isolate(text.label), "place": isolate(place or gettext("the record"))},
            [submission],
            back,
            name=f"comment:{key}:{at}",
        )

    def thread_view(self, request: HttpRequest, object_id: str, key: int) -> HttpResponse:
        """Show the form that answers or resolves a comment; do it on POST."""
        submission = self._get_submission(request, object_id)
        comment = (
            submission.comments.filter(pk=key, answered=None).first() if key < _MAX_KEY else None
        )
        if comment is None:
            raise Http404
        user: Any = request.user
        is_open = comment.resolved_at is None
        data = request.POST if request.method == "POST" else None
        form = AnswerForm(data, may_resolve=is_open and comments.may_resolve(comment, user))

        def run(written: str) -> str:
            is_resolved = form.cleaned_data.get("resolve")
            if written or not is_resolved:
                comments.answer(comment, user, written)
            if is_resolved:
                comments.resolve(comment, user)
                return gettext("The comment is resolved.")
            return gettext("The answer was written.")

        back = self.url_of("change", submission)
        name = f"thread:{key}"
        return self.run_confirmed(
            request, form, name, [submission], run, back
        ) or self.render_confirmation(
            request,
            form,
            gettext("Answer"),
            gettext("%(author)s: “%(text)s”")
            % {"author": isolate(str(comment.author)), "text": isolate(comment.text)},
            [submission],
            back,
            name=name,
        )


_KEY_LENGTH = 18
_MAX_KEY = 2**63
