"""A person at the admin: opens pages, fills in forms and sends them, as a browser would."""

import time
from typing import Any

import pytest
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actors.models import Actor, Affiliation
from curation.models import Report
from editorial import workflow
from editorial.models import User
from incidents.models import Incident
from jobs.starting import start_job
from places.models import Place
from publishing.models import Release
from sources.models import Publisher, Source
from tests.cast import UNCITED


def address(row: Any, name: str = "change") -> str:
    """Return the address of a page of a row, or of its model."""
    meta = row._meta
    args = [row.pk] if isinstance(row, Model) else []
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=args)


class AdminClient(Client):
    """A client that somebody has logged in with."""

    def __init__(self, user: User) -> None:
        super().__init__(SERVER_NAME="localhost")
        self.user = user
        self.force_login(user)
        self.type_password()

    def type_password(self) -> None:
        """Let the password count as typed just now."""
        session = self.session
        session["password_typed_at"] = int(time.time())
        session.save()

    def generic(self, *args: Any, **kwargs: Any) -> Any:
        """Ask over HTTPS, as browsers must."""
        return super().generic(*args, **kwargs | {"secure": True})

    def fields(self, page: str) -> dict[str, Any]:
        """Return what the form of a page would send if nothing was typed."""
        return self.read_form(self.get(page))

    def read_form(self, answer: Any) -> dict[str, Any]:
        """Return what the form of an answer would send."""
        context = answer.context
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        forms = [context["adminform"].form]
        for formset in formsets:
            forms += [formset.management_form, *formset.forms]
        sent: dict[str, Any] = {}
        for form in forms:
            for bound in form:
                if bound.field.disabled:
                    continue
                value = bound.field.prepare_value(bound.value())
                if isinstance(value, list):
                    sent[bound.html_name] = value
                elif value is not None and value is not False:
                    sent[bound.html_name] = "on" if value is True else str(value)
        return sent | {"form_state": context["form_state"]}

    def post(self, path: str, data: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Send a form; one whose page was not opened before is opened now, and sent from there.

        Text that is encoded already is sent as it is.
        """
        data = {} if data is None else data
        answer: Any = super().post(path, data, *args, **kwargs)
        if not isinstance(data, dict):
            return answer
        state = (answer.context or {}).get("form_state")
        is_first_step = "action" in data and not {"confirmed", "post"} & data.keys()
        if not state or "form_state" in data or is_first_step:
            return answer
        return super().post(path, {**data, "form_state": state}, *args, **kwargs)

    def add_row(self, sent: dict[str, Any], prefix: str, **values: Any) -> None:
        """Add a row to an inline of a form, with its other fields as the page offers them."""
        number = int(sent[f"{prefix}-TOTAL_FORMS"])
        sent[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
        sent |= {f"{prefix}-{number}-{name}": value for name, value in values.items()}

    def do(self, row: Model, action: str, text: str = "") -> HttpResponse:
        """Confirm an action on its page and follow the redirect."""
        sent = {"text": text}
        if action.startswith("approve"):
            sent = {"text": text or UNCITED, "tick": "on"}
        return self.post(address(row, action), sent, follow=True)


@pytest.fixture
def editor_client(editor: User) -> AdminClient:
    """The editor at the desk."""
    return AdminClient(editor)


@pytest.fixture
def reviewer_client(reviewer: User) -> AdminClient:
    """The reviewer at the desk."""
    return AdminClient(reviewer)


@pytest.fixture
def one_of_each(kataib: Actor, pmf: Actor, iraq: Place, editor: User) -> dict[type[Model], Model]:
    """A row of every model that has pages."""
    publisher = Publisher.objects.create(name="Shafaq News")
    source = Source.objects.create(title="A report", publisher=publisher)
    affiliation = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    iran = Actor.objects.create(name="Iran", kind="state")
    backing = Affiliation.objects.create(subject=pmf, kind="sponsored_by", object=iran)
    attack = Incident.objects.create(title="Attack on K-1", date="2019-12-27")
    other = Incident.objects.create(title="Strikes on al-Qaim", date="2019-12-29")
    name = kataib.names.create(text="كتائب حزب الله", language="ar")
    name.citations.create(source=source, quote="كتائب حزب الله")
    rows = [
        *(publisher, source, iraq, kataib, affiliation, attack, name),
        kataib.classifications.create(classification="rebel_group"),
        kataib.strength_estimates.create(measure="fighters", quantifier="thousands"),
        kataib.attributes.create(kind="ideology", value="Khomeinism"),
        kataib.designations.create(regime="us_fto", status="listed", start="2009-07-02"),
        kataib.presences.create(place=iraq, kind="area_of_operations"),
        backing.support.create(type="weapons"),
        kataib.assessments.create(topic="aims", text="To drive out foreign forces."),
        attack.assessments.create(topic="trend", text="The sixth of the year."),
        attack.locations.create(place=iraq, precision="exact", public_precision="country"),
        attack.involvements.create(role="perpetrator", actor=kataib),
        attack.statements.create(kind="claim", speaker=kataib, number=1),
        attack.weapons.create(weapon="rocket", calibre_mm="107"),
        attack.target_objects.create(type="military", name="K-1"),
        attack.casualties.create(measure="killed", best=1, role="recommended"),
        other.links.create(kind="retaliation_for", to=attack),
        attack.effects.create(kind="changes", affiliation=affiliation),
        workflow.submit(pmf, editor),
        Release.objects.create(name="one", seq=1, published_at=timezone.now(), licence="CC BY"),
        Report.objects.create(page="/actors/kataib", text="The year is wrong."),
        start_job("delete_expired", editor),
    ]
    return {type(row): row for row in rows}
