"""Page actions: operations on a row beyond editing, each confirmed on a page of its own."""

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
from django.urls import path

from curation import diff, form_state
from curation.accounts.confirmation import PasswordForm
from curation.base import MusterAdmin, is_reviewer
from curation.form_state import RESTORE, SavedBefore
from curation.labels import find_labels
from curation.optimistic_locking import refusal_message
from editorial.models import Record
from jobs.models import Job

if TYPE_CHECKING:
    from django.urls import URLPattern

_LISTED_ROWS = 20
_REASON = "Reason (not public)"


@dataclass(frozen=True)
class PageAction:
    """An operation on a row; `run` itself also checks whether it is allowed."""

    name: str
    label: str
    explanation: str
    run: Callable[..., str | Job]
    """Runs the action on a row, for a user, with the text of the form; returns a message.

    With `offered_rows`, it gets those that were chosen, too. If it takes long, it starts a job and
    returns that: then the page of the job is shown.
    """
    is_available: Callable[[Any, Any], bool]
    """Whether the page of a row has a button for it, given the row and the user."""
    is_allowed: Callable[[Any, HttpRequest, Any], bool] = lambda admin, request, row: is_reviewer(
        request
    )
    """Whether a user may open its page; by default, reviewers may."""
    text_label: str = ""
    """The label of the text field; blank if the form has none."""
    other_rows: Callable[[Any], list[Any]] = lambda row: []
    """Returns the other rows that the action changes."""
    offered_rows: Callable[[Any], list[Any]] | None = None
    """Returns further records that the user may choose to include."""
    notice: Callable[[list[Any]], str] = lambda rows: ""
    """Returns what its page says first about the row and the other rows; blank for nothing."""
    tick_label: str = ""
    """The label of a tick that is required, together with a reason, where there is a notice."""
    asks_password: bool = False
    """Whether the password has to be typed again, unless that was done within some minutes."""


class ActionForm(PasswordForm):
    """A form that confirms an action, with a tick, a text and a password if it needs them."""

    tick = forms.BooleanField(
        error_messages={"required": "Tick it if you want this in spite of the notice above."}
    )

    text = forms.CharField(
        required=False,
        strip=True,
        widget=AdminTextareaWidget(attrs={"dir": "auto", "rows": 4, "autofocus": True}),
    )

    along = forms.MultipleChoiceField(
        label="Take along these drafts, which refer to it",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        text_label: str,
        tick_label: str = "",
        offered: Sequence[tuple[str, str]] = (),
        asking: HttpRequest | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, asking=asking, **kwargs)
        if offered:
            self.fields["along"].choices = offered  # type: ignore[attr-defined]
        else:
            del self.fields["along"]
        if tick_label:
            self.fields["tick"].label = tick_label
            self.fields["text"].required = True
            self.fields["text"].error_messages["required"] = "Give the reason."
        else:
            del self.fields["tick"]
        if text_label:
            self.fields["text"].label = text_label
        else:
            del self.fields["text"]
        self.order_fields([name for name in self.fields if name != "password"])

    def choose(self, offered: Sequence[Record]) -> list[Record]:
        """Return the offered records that were chosen."""
        chosen = self.cleaned_data.get("along", [])
        return [record for record in offered if str(record.public_id) in chosen]

    def run(self, action: Callable[[str], str]) -> str | None:
        """Run an action with the text; if it is refused, add the errors and return None."""
        try:
            return action(self.cleaned_data.get("text", ""))
        except ValidationError as error:
            for message in error.messages:
                self.add_error(None, message)
        except PermissionDenied as error:
            self.add_error(None, str(error))
        except IntegrityError as error:
            self.add_error(None, f"Nothing was done. {refusal_message(error)}")
        return None


class PageActionAdmin(MusterAdmin):
    """An admin whose change page has a button for each page action."""

    page_actions: ClassVar[tuple[PageAction, ...]] = ()

    def get_urls(self) -> "list[URLPattern]":
        """Add an address for each action."""
        pages = [
            self.row_path(action.name, partial(self.action_view, action=action))
            for action in self.page_actions
        ]
        return [*pages, *super().get_urls()]

    def row_path(self, name: str, view: Any) -> "URLPattern":
        """Return the address of a page of a row."""
        full_name = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=full_name)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Add buttons for the actions that are available."""
        if (row := kwargs.get("obj")) is not None:
            context["page_actions"] = [
                {"label": action.label, "url": self.url_of(action.name, row), "name": action.name}
                for action in self.page_actions
                if action.is_allowed(self, request, row) and action.is_available(row, request.user)
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def action_view(self, request: HttpRequest, object_id: str, action: PageAction) -> HttpResponse:
        """Show the page that confirms an action; on POST, run the action."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self.redirect_missing(request)
        if not action.is_allowed(self, request, row):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        others = action.other_rows(row)
        notice = action.notice([row, *others])
        offered = action.offered_rows(row) if action.offered_rows else []
        form = ActionForm(
            data,
            text_label=action.text_label or (_REASON if notice and action.tick_label else ""),
            tick_label=action.tick_label if notice else "",
            offered=self.name_offered(request, offered),
            asking=request if action.asks_password else None,
        )

        job: Job | None = None

        def run(text: str) -> str:
            nonlocal job
            chosen = [form.choose(offered)] if action.offered_rows else []
            outcome = action.run(row, request.user, text, *chosen)
            if isinstance(outcome, Job):
                job, outcome = outcome, f"Job {outcome.pk} does it."
            self.log_change(request, row, f"{action.label}: {outcome}")
            return outcome

        back = self.url_of("change", row)
        response = self.run_confirmed(request, form, action.name, [row, *others], run, back)
        if job is not None and response is not None:
            response["Location"] = job.get_absolute_url()
        return response or self.render_confirmation(
            request,
            form,
            action.label,
            action.explanation,
            [row],
            back,
            others,
            name=action.name,
            notice=notice,
        )

    def run_confirmed(
        self,
        request: HttpRequest,
        form: ActionForm,
        name: str,
        rows: list[Any],
        action: Callable[[str], str],
        next_url: str,
    ) -> HttpResponse | None:
        """Run an action once, if the rows are still as the page showed them.

        Returns None if the page has to be shown again.
        """
        if RESTORE in request.POST or not form.is_valid():
            return None
        subject = self._action_subject(name, rows)

        def run(text: str) -> str:
            with transaction.atomic():
                form_state.confirm(request, subject, _changeable(rows))
                return action(text)

        try:
            message, level = form.run(run), "success"
        except SavedBefore:
            message, level = "This was already done: it was not repeated.", "info"
        if message is None:
            return None
        getattr(messages, level)(request, message)
        response = HttpResponseRedirect(next_url)
        form_state.mark_saved(request, response, subject)
        return response

    def name_offered(
        self, request: HttpRequest, offered: Sequence[Record]
    ) -> list[tuple[str, str]]:
        """Return the choices for some records: their public ids and their labels."""
        ids = [str(record.public_id) for record in offered]
        labels = find_labels(self.admin_site, request, ids)
        return [(id_, labels.get(id_, id_)) for id_ in ids]

    def _action_subject(self, name: str, rows: list[Any]) -> str:
        return f"{self.opts.label_lower}:{rows[0].pk if rows else ''}:{name}"

    def redirect_missing(self, request: HttpRequest) -> HttpResponse:
        """Return to the list, with a message that the row does not exist."""
        messages.warning(request, f"This {self.opts.verbose_name} does not exist any more.")
        return HttpResponseRedirect(self.url_of("changelist"))

    def render_confirmation(
        self,
        request: HttpRequest,
        form: ActionForm,
        title: str,
        explanation: str,
        rows: list[Any],
        back: str,
        drafts: Sequence[Any] = (),
        *,
        name: str,
        notice: str = "",
        texts: Sequence[tuple[str, list[diff.Line]]] = (),
        differences: Sequence[Any] | None = None,
        **hidden: Any,
    ) -> TemplateResponse:
        """Render the page that asks to confirm an action on some rows and on their drafts.

        `texts` are shown below, each with its heading; `differences` are the rows that change.
        """
        state = form_state.state_of_rows(_changeable([*rows, *drafts]))
        context = {
            "notice": notice,
            "explanation": explanation,
            "rows": [self.label(row) for row in rows[:_LISTED_ROWS]],
            "more": len(rows) - _LISTED_ROWS,
            "drafts": find_labels(self.admin_site, request, (str(d.public_id) for d in drafts)),
            "form": form,
            "texts": texts,
            "differences": differences,
            "hidden": hidden,
            "form_state": state.sign(request, self._action_subject(name, rows)),
            "form_token": state.token,
            "unsaved": form.is_bound,
        }
        row = rows[0] if len(rows) == 1 else None
        return self.render_page(request, "action", title, row, back, **context)

    def render_page(
        self, request: HttpRequest, template: str, title: str, row: Any, back: str, **context: Any
    ) -> TemplateResponse:
        """Render a page about a row, or about several if `row` is None."""
        context |= self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": title,
            "subtitle": None if row is None else self.label(row),
            "back": back,
            "media": self.media,
        }
        return TemplateResponse(request, f"admin/muster/{template}.html", context)


def _changeable(rows: list[Any]) -> list[Any]:
    """Return the rows that can change after a page has shown them: submissions are frozen."""
    return [row for row in rows if isinstance(row, Record)]
