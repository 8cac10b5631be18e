"""The editor of an incident: one form for its parts, their citations and their source."""

from typing import Any

import pytest

from actors.models import Actor
from incidents.models import Incident
from places.models import Place
from sources.models import Publisher, Source
from tests.curation.admin_client import AdminClient, address

pytestmark = pytest.mark.django_db
ADD = "/admin/incidents/incident/add/"
URL = "https://www.harbourwire.example/2025/03/03/karsa-base-rockets?utm_source=feed&utm_medium=rss"


class Sheet:
    """The form of an incident as a browser would send it."""

    def __init__(self, client: AdminClient, page: str) -> None:
        self.client, self.page = client, page
        answer: Any = client.get(page)
        self.sent = client.read_form(answer)
        self.formsets = {
            inline.formset.prefix: inline.formset
            for inline in answer.context["inline_admin_formsets"]
        }

    def add(self, prefix: str, **values: Any) -> None:
        """Add a row with the values that the page offers for its other fields."""
        form = self.formsets[prefix].empty_form
        offered = {
            field.name: field.field.prepare_value(field.value())
            for field in form
            if field.value() not in (None, False)
        }
        self.client.add_row(self.sent, prefix, **offered | values)

    def post(self, **values: Any) -> Any:
        """Send the form."""
        return self.client.post(self.page, self.sent | values)


def errors_of(answer: Any) -> list[str]:
    """Return the errors of a form that is shown again."""
    assert answer.status_code == 200
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += inline.formset.forms
    return [
        f"{form.prefix or 'record'} {name}: {error}"
        for form in forms
        for name, errors in form.errors.items()
        for error in errors
    ]


def test_rows_are_cited_by_the_current_source_with_a_quote_each(
    kataib: Actor, iraq: Place, editor_client: AdminClient
) -> None:
    sheet = Sheet(editor_client, ADD)
    sheet.add("locations", place=iraq.pk, role="impact")
    sheet.add("involvements", role="perpetrator", actor=kataib.pk)
    sheet.add("involvements_citations", row="involvements-0", quote="Two rockets hit.")
    sheet.add("statements", kind="denial", speaker=kataib.pk)
    sheet.add("statements_responsible", row="statements-0", label="agents")
    sheet.add("statements_citations", row="statements-0", DELETE="on")
    sheet.add("casualties", number="4-7", measure="killed")
    sheet.add("weapons", number="two", weapon="rocket", calibre_mm="122")
    answer = sheet.post(
        title="Rockets at Karsa",
        sub_type="rocket_attack",
        date="2025-03-02",
        report=f"**Harbour Wire, 3 March 2025.** Two rockets hit.\nSource: {URL}",
        source_title="Rockets hit Karsa air base",
        source_publisher="new::Harbour Wire",
    )
    assert answer.status_code == 302, errors_of(answer)
    incident = Incident.objects.get()
    assert incident.event_type == "explosion_remote_violence"
    source = Source.objects.get()
    assert (source.title, source.url, source.published) == (
        "Rockets hit Karsa air base",
        URL,
        "2025-03-03",
    )
    assert source.publisher == Publisher.objects.get(name="Harbour Wire")
    (location,) = incident.locations.all()
    assert (location.precision, location.public_precision, location.primary) == (
        "country",
        "country",
        True,
    )
    (involvement,) = incident.involvements.all()
    assert [(c.source, c.quote) for c in involvement.citations.all()] == [
        (source, "Two rockets hit.")
    ]
    (statement,) = incident.statements.all()
    assert [str(row) for row in statement.responsible.all()] == ["agents"]
    assert not statement.citations.exists()
    (casualty,) = incident.casualties.all()
    assert (casualty.low, casualty.best, casualty.high, casualty.quantifier) == (
        4,
        None,
        7,
        "between",
    )
    (weapon,) = incident.weapons.all()
    assert (weapon.count_low, weapon.count_best, weapon.count_high) == (None, 2, None)
    assert all(
        [c.source for c in row.citations.all()] == [source]
        for row in (location, casualty, weapon, incident)
    )
    page = editor_client.get(address(incident)).text
    assert "Kataib Hezbollah" in page


def test_a_source_is_found_by_its_address_and_cited_by_no_other(
    kataib: Actor, editor_client: AdminClient
) -> None:
    source = Source.objects.create(
        title="Old", url="http://harbourwire.example/2025/x/?id=2&a=1#top"
    )
    sheet = Sheet(editor_client, ADD)
    sheet.add("involvements", role="perpetrator", actor=kataib.pk)
    answer = sheet.post(
        title="Again", report="https://WWW.harbourwire.example/2025/x?a=1&utm_source=feed&id=2"
    )
    assert answer.status_code == 302, errors_of(answer)
    assert Source.objects.get() == source
    assert Incident.objects.get().involvements.get().citations.get().source == source


def test_what_is_missing_is_said_and_nothing_new_stays(editor_client: AdminClient) -> None:
    sheet = Sheet(editor_client, ADD)
    sheet.add("involvements", role="perpetrator", certainty="probable")
    sheet.add("involvements", role="victim", actor="new:individual:Idris Halim")
    sheet.add("casualties", measure="killed", number="lots")
    sheet.add("locations", role="impact", description="somewhere")
    answer = sheet.post(title="Typed", sub_type="rocket_attack", event_type="riot", report=URL)
    assert errors_of(answer) == [
        "record source_title: No source has this address yet: give the title of the report.",
        "record event_type: “rocket attack” is a kind of “explosion or remote violence”: choose "
        "that.",
        "locations-0 precision: Choose how precisely the location is known.",
        "involvements-0 actor: Give an actor or a label.",
        "casualties-0 number: “lots” cannot be read as a number: write it like 7, 4-7, at least "
        "10, up to 5, about 30 or dozens.",
    ]
    assert "Idris Halim (new)" in answer.text
    assert not Actor.objects.filter(name="Idris Halim").exists()


def test_citations_are_edited_beside_their_row(kataib: Actor, editor_client: AdminClient) -> None:
    source = Source.objects.create(title="A report")
    attack = Incident.objects.create(title="Attack on K-1")
    part = attack.involvements.create(role="perpetrator", actor=kataib)
    citation = part.citations.create(source=source, quote="They did.")
    sheet = Sheet(editor_client, address(attack))
    assert sheet.sent["involvements_citations-0-quote"] == "They did."
    assert sheet.post(**{"involvements_citations-0-quote": "They did it."}).status_code == 302
    citation.refresh_from_db()
    assert citation.quote == "They did it."
    sheet = Sheet(editor_client, address(attack))
    assert sheet.post(**{"involvements-0-DELETE": "on"}).status_code == 302
    assert not attack.involvements.exists()


def test_a_quote_stays_with_its_row_when_others_add_rows(
    kataib: Actor, pmf: Actor, editor_client: AdminClient, reviewer_client: AdminClient
) -> None:
    source = Source.objects.create(title="A report")
    attack = Incident.objects.create(title="Attack on K-1")
    sheet = Sheet(editor_client, address(attack))
    sheet.add("involvements", role="victim", actor=kataib.pk)
    sheet.add("involvements_citations", row="involvements-0", source=source.pk, quote="Mine.")
    attack.involvements.create(role="perpetrator", actor=pmf)
    refused = sheet.post()
    assert "others changed this" in refused.text
    again = editor_client.read_form(refused)
    assert again["involvements_citations-0-row"] == "involvements-1"
    assert editor_client.post(address(attack), again).status_code == 302
    victim = attack.involvements.get(role="victim")
    assert [row.quote for row in victim.citations.all()] == ["Mine."]
    assert not attack.involvements.get(role="perpetrator").citations.exists()


def test_forged_rows_change_nothing(kataib: Actor, pmf: Actor, editor_client: AdminClient) -> None:
    source = Source.objects.create(title="A report")
    attack, other = (Incident.objects.create(title=title) for title in ("A", "B"))
    theirs = other.involvements.create(role="perpetrator", actor=pmf)
    cited = theirs.citations.create(source=source, quote="Theirs.")
    sheet = Sheet(editor_client, address(attack))
    sheet.add("involvements_citations", id=cited.pk, row="involvements-0", quote="Forged.")
    sheet.post(**{"involvements_citations-INITIAL_FORMS": "1"})
    cited.refresh_from_db()
    assert (cited.quote, cited.involvement) == ("Theirs.", theirs)
    sheet = Sheet(editor_client, address(attack))
    sheet.add("involvements_citations", row="involvements-7", source=source.pk, quote="Forged.")
    assert "is no longer in the form" in sheet.post().text
    sheet = Sheet(editor_client, address(attack))
    sheet.add("involvements", role="victim", actor="new:planet:Mars")
    assert "is no kind of actor" in sheet.post().text
    assert not attack.involvements.exists()
