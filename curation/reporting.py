"""The form by which readers report an error or a danger.

It is a page of this app and not of the public site, because it writes into a private table. It
looks like the site: its template fills in the frame of the site.
"""

from collections.abc import Callable
from typing import Any, ClassVar, cast
from urllib.parse import urlencode, urlsplit

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from api.reports import FORM, TITLE
from curation.models import Report, ReportKind
from curation.models.report import make_reference
from curation.rate_limits import RateLimit
from publishing.clients import identify_client

LIMIT = RateLimit(per_client=5, overall=200, seconds=3600)
"""How many reports one process of the server takes within an hour."""
_DAY = 24 * 3600


class ReportForm(forms.ModelForm):
    """A report as a reader writes it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=(
            (ReportKind.ERROR, gettext_lazy("An error: something is wrong or missing")),
            (
                ReportKind.DANGER,
                gettext_lazy("A danger: something on the page can harm a person. Urgent."),
            ),
        ),
        widget=forms.RadioSelect,
        initial=ReportKind.ERROR,
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    website = forms.CharField(
        required=False,
        label=gettext_lazy("Leave this field empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    form = forms.CharField(required=False, widget=forms.HiddenInput)
    """The signed reference that the form was opened with: sending it twice reports once."""

    class Meta:
        model = Report
        fields = ("kind", "page", "snapshot", "text", "contact")
        labels: ClassVar = {
            "page": gettext_lazy("Which page?"),
            "text": gettext_lazy("What is wrong, or who is in danger and why?"),
            "contact": gettext_lazy("How can we reach you? (optional)"),
        }
        help_texts: ClassVar = {
            "page": gettext_lazy("Its address, such as /actors/hezbollah. Empty: the whole site."),
            "text": gettext_lazy(
                "Say where on the page it is and, if you can, by which source you know. Do not "
                "write down more that could harm somebody than an editor needs."
            ),
            "contact": gettext_lazy(
                "An e-mail address, for example, if you want an answer. Only editors see it."
            ),
        }
        error_messages: ClassVar = {
            "page": {"invalid": gettext_lazy("Use the address of a page of this site.")},
            "text": {"required": gettext_lazy("Write what is wrong, or who is in danger.")},
        }
        widgets: ClassVar = {
            "page": forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
            "snapshot": forms.HiddenInput,
            "text": forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
            "contact": forms.TextInput(attrs={"dir": "auto", "autocomplete": "email"}),
        }

    def __init__(self, *args: Any, host: str = "", **kwargs: Any) -> None:
        self.host = host
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def clean_website(self) -> str:
        """Refuse what only programs fill in."""
        if self.cleaned_data["website"]:
            raise ValidationError(
                gettext("Empty this field and send again: it is there to catch programs.")
            )
        return ""

    def full_clean(self) -> None:
        """Read an address of this site that was copied with its host, and drop a bad snapshot."""
        if self.is_bound:
            data = cast("QueryDict", self.data).copy()
            data["page"] = self._shorten(data.get("page", "").strip())
            self.data = data
        super().full_clean()
        if self.errors.pop("snapshot", None):  # nobody typed it
            self.cleaned_data["snapshot"] = self.instance.snapshot = ""

    def _shorten(self, page: str) -> str:
        try:
            parts = urlsplit(page)
        except ValueError:
            return page
        if parts.scheme in ("http", "https") and parts.netloc == self.host:
            return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return page


class _CsrfCheck(CsrfViewMiddleware):
    """A check that returns why a request is refused, so that nothing that was typed is lost."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


@method_decorator(csrf_exempt, name="dispatch")  # it checks the token itself
class ReportView(View):
    """The form; or where else to report, if the operator says so."""

    http_method_names = ["get", "head", "post"]
    find_notice: Callable[[], object] = staticmethod(lambda: None)
    """Returns something if fictional records are public, of which every page warns."""
    find_frame: Callable[[HttpRequest], dict[str, Any]] = staticmethod(lambda _: {})
    """Returns what the frame of the site shows, its languages among it."""
    write: Callable[[str, dict[str, Any]], str | bytes] = staticmethod(render_to_string)
    """Writes a page of the site by the name of its template, in the language of the request."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form, or that a report has arrived."""
        if settings.REPORTS != FORM:
            return self.show(request, 200 if settings.REPORTS else 404)
        if received := _load(request.GET.get("received", ""), salt="received"):
            return self.show(request, received=received)
        initial = {name: _read(name, request.GET.get(name, "")) for name in ("page", "snapshot")}
        return self.show(request, form=self.make_form(request, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take a report, or show the form again with what is wrong and all that was typed."""
        if settings.REPORTS != FORM:
            return self.show(request, 404)
        check: Any = _CsrfCheck(lambda _: HttpResponse())
        refused = check.process_view(request, None, (), {})
        form = self.make_form(request, request.POST)
        if refused:
            form.add_error(
                None,
                gettext(
                    "Your browser did not send the cookie of this form. Allow it for this "
                    "site, and send the form again: nothing that you wrote is lost."
                ),
            )
            return self.show(request, 403, form=form)
        if not form.is_valid():
            return self.show(request, 400, form=form)
        if sent := self.find_sent(form):
            return self.confirm(sent)
        if wait := LIMIT.take(identify_client(request)):
            minutes = -(-wait // 60)
            text = ngettext(
                "Too many reports have come. Send it again in %s minute: what you wrote is still "
                "here.",
                "Too many reports have come. Send it again in %s minutes: what you wrote is still "
                "here.",
                minutes,
            )
            form.add_error(None, text % minutes)
            response = self.show(request, 429, form=form)
            response["Retry-After"] = str(wait)
            return response
        Report.objects.delete_expired()
        report = form.save(commit=False)
        reference = _load(form.cleaned_data["form"], salt="form")
        taken = not reference or Report.objects.filter(reference=reference).exists()
        report.reference = make_reference() if taken else reference
        report.save()
        return self.confirm(report)

    def make_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> ReportForm:
        """Return the form."""
        return ReportForm(*args, host=request.get_host(), **kwargs)

    def find_sent(self, form: ReportForm) -> Report | None:
        """Return the report that the same form, with the same text, has made before."""
        reference = _load(form.cleaned_data["form"], salt="form")
        same = {name: form.cleaned_data[name] for name in ("kind", "page", "text", "contact")}
        return Report.objects.filter(reference=reference, **same).first() if reference else None

    def confirm(self, report: Report) -> HttpResponse:
        """Redirect to the confirmation, which reads nothing from the database."""
        received = signing.dumps([report.reference, report.kind], salt="received")
        query = urlencode({"received": received})
        headers = {"Location": f"{FORM}?{query}", "Cache-Control": "no-store"}
        return HttpResponse(status=303, headers=headers)

    def show(self, request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page, which no cache keeps."""
        shown = self.find_frame(request) | {
            "is_fictional": bool(self.find_notice()),
            "title": TITLE,
            "address": settings.REPORTS,
            "shown_address": settings.REPORTS.removeprefix("mailto:"),
            "contact": settings.CONTACT,
        }
        if "form" in context:
            shown |= {
                "fields": [context["form"][name] for name in ("page", "text", "contact")],
                "csrf_token": get_token(request),
                "signed": signing.dumps(make_reference(), salt="form"),
            }
        page = self.write("curation/report.html", shown | context)
        return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})


def _read(name: str, text: str) -> str:
    """Return what a link says of the page that a report is about, or "" if it is not valid."""
    try:
        return str(Report._meta.get_field(name).clean(text, None))  # type: ignore[union-attr]
    except ValidationError:
        return ""


def _load(signed: str, salt: str) -> Any:
    """Return what this server has signed within a day, or None."""
    try:
        return signing.loads(signed, salt=salt, max_age=_DAY)
    except signing.BadSignature:
        return None
