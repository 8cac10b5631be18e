"""Verbs: what can be done with a row beyond editing it, each on a small page that asks first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from curation import form_state
from curation.base import MusterAdmin
from curation.form_state import RESTORE, SavedBefore
from curation.labels import find_labels
from curation.optimistic_locking import refusal_message
from editorial.models import Record

if TYPE_CHECKING:
    from django.urls import URLPattern


@dataclass(frozen=True)
class PageAction:
    """One thing to do with a row; the domain itself decides whether it may be done."""

    name: str
    label: str
    explanation: str
    do: Callable[[Any, Any, str], str]
    """Does it to the row, for a user, with the text that was asked for; returns what is said."""
    allowed: Callable[[Any, HttpRequest, Any], bool]
    """Whether a person may open its page at all."""
    offered: Callable[[Any, Any], bool]
    """Whether there is a button for it, given the row and the user."""
    asks: str = ""
    """What the text is that it asks for, if any."""
    besides: Callable[[Any], list[Any]] = lambda row: []
    """What it is done to as well."""


class ActionForm(forms.Form):
    """The text that a verb asks for."""

    words = forms.CharField(
        required=False,
        strip=True,
        widget=AdminTextareaWidget(attrs={"dir": "auto", "rows": 4, "autofocus": True}),
    )

    def __init__(self, *args: Any, asks: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks:
            self.fields["words"].label = asks
        else:
            del self.fields["words"]

    def attempt(self, do: Callable[[str], str]) -> str | None:
        """Do it; where it is refused, say why beside what was typed, and return None."""
        try:
            return do(self.cleaned_data.get("words", ""))
        except ValidationError as error:
            for message in error.messages:
                self.add_error(None, message)
        except PermissionDenied as error:
            self.add_error(None, str(error))
        except IntegrityError as error:
            self.add_error(None, f"Nothing was done. {refusal_message(error)}")
        return None


class PageActionAdmin(MusterAdmin):
    """A page with buttons for verbs."""

    verbs: ClassVar[tuple[PageAction, ...]] = ()

    def get_urls(self) -> "list[URLPattern]":
        """Add an address for each verb."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        asked = [
            path(
                f"<path:object_id>/{verb.name}/",
                self.admin_site.admin_view(partial(self.verb_view, verb=verb)),
                name=f"{name}_{verb.name}",
            )
            for verb in self.verbs
        ]
        return [*asked, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Offer the verbs that fit the row and the person."""
        if (row := kwargs.get("obj")) is not None:
            context["verbs"] = [
                {"label": verb.label, "url": self._url(verb.name, row), "name": verb.name}
                for verb in self.verbs
                if verb.allowed(self, request, row) and verb.offered(row, request.user)
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def verb_view(self, request: HttpRequest, object_id: str, verb: PageAction) -> HttpResponse:
        """Ask, and on POST do it."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self.missing(request)
        if not verb.allowed(self, request, row):
            raise PermissionDenied
        form = ActionForm(request.POST if request.method == "POST" else None, asks=verb.asks)
        rows = [row, *verb.besides(row)]

        def do(words: str) -> str:
            said = verb.do(row, request.user, words)
            self.log_change(request, row, f"{verb.label}: {said}")
            return said

        done = self.confirmed(request, form, verb.name, rows, do, self._url("change", row))
        if done is not None:
            return done
        back = self._url("change", row)
        return self.ask(
            request, form, verb.label, verb.explanation, [row], back, rows[1:], name=verb.name
        )

    def confirmed(
        self,
        request: HttpRequest,
        form: ActionForm,
        name: str,
        rows: list[Any],
        do: Callable[[str], str],
        then: str,
    ) -> HttpResponse | None:
        """Do what a page asked, once, and to what it showed; None where it has to ask again."""
        if RESTORE in request.POST or not form.is_valid():
            return None
        subject = self._subject_of(name, rows)

        def act(words: str) -> str:
            with transaction.atomic():
                form_state.confirm(request, subject, _shown(rows))
                return do(words)

        try:
            said = form.attempt(act)
        except SavedBefore:
            said, level = "This was done when you sent it first: it was not done twice.", "info"
        else:
            level = "success"
        if said is None:
            return None
        getattr(messages, level)(request, said)
        response = HttpResponseRedirect(then)
        form_state.mark_saved(request, response, subject)
        return response

    def _subject_of(self, name: str, rows: list[Any]) -> str:
        """Return what a page asks: what is done, and to which row first."""
        return f"{self.opts.label_lower}:{rows[0].pk if rows else ''}:{name}"

    def missing(self, request: HttpRequest) -> HttpResponse:
        """Answer that the row is not there, or no more."""
        messages.warning(request, f"This {self.opts.verbose_name} is not there: it was deleted.")
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        )

    def ask(
        self,
        request: HttpRequest,
        form: ActionForm,
        title: str,
        explanation: str,
        rows: list[Any],
        back: str,
        besides: Sequence[Any] = (),
        *,
        name: str,
        **hidden: Any,
    ) -> TemplateResponse:
        """Answer the page that asks before a verb is done."""
        state = form_state.state_of_rows(_shown([*rows, *besides]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "subtitle": self.label(rows[0]) if len(rows) == 1 else None,
            "explanation": explanation,
            "rows": [self.label(row) for row in rows[:20]],
            "more": len(rows) - 20,
            "besides": find_labels(self.admin_site, request, (str(b.public_id) for b in besides)),
            "form": form,
            "back": back,
            "hidden": hidden,
            "form_state": state.sign(request, self._subject_of(name, rows)),
            "form_token": state.token,
            "unsaved": form.is_bound,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/muster/verb.html", context)

    def _url(self, name: str, row: Any) -> str:
        meta = self.opts
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[row.pk])


def _shown(rows: list[Any]) -> list[Any]:
    """Return those rows that may change between a page and its answer: a submission is frozen."""
    return [row for row in rows if isinstance(row, Record)]
