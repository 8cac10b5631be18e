"""What the forms of the desk accept, explain and keep."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.models import Actor, ActorName
from curation.models import Report
from editorial import audit
from editorial.models import Record, RedactionGuard, RemovedData, Submission, User
from incidents.models import Incident
from jobs.models import Job
from places.models import Place
from publishing.models import Release
from sources.models import Source
from tests.curation.admin_client import AdminClient, address

pytestmark = pytest.mark.django_db
OURS = [
    model
    for model in admin.site._registry
    if model._meta.app_label != "auth" and model not in (User, RedactionGuard, RemovedData)
]
RECORDS = [model for model in OURS if issubclass(model, Record)]
ADDABLE = [model for model in OURS if model not in (Submission, Release, Report, Job)]


def test_contradicting_dates_are_explained_in_the_form(
    kataib: Actor, editor_client: AdminClient
) -> None:
    form = editor_client.fields(address(kataib))
    wrong = editor_client.post(address(kataib), form | {"start": "10/06/2014"})
    assert wrong.status_code == 200
    assert "start" in wrong.context["adminform"].form.errors
    turned = editor_client.post(
        address(kataib),
        form | {"start": "2015", "start_kind": "actual", "end": "2014", "end_kind": "actual"},
    )
    assert turned.context["adminform"].form.non_field_errors()


def test_rules_of_one_row_are_explained_in_the_form(
    kataib: Actor, editor_client: AdminClient
) -> None:
    form = editor_client.fields(address(kataib)) | {"gender": "male"}
    assert "Only actors of kind individual" in editor_client.post(address(kataib), form).text


def test_rules_between_the_rows_of_a_record_are_explained_in_the_form(
    one_of_each: dict[type[Model], Model], editor_client: AdminClient
) -> None:
    attack = one_of_each[Incident]
    form = editor_client.fields(address(attack))
    columns = {"role": "launch", "precision": "country", "public_precision": "country"}
    twice = dict(form)
    editor_client.add_row(twice, "locations", primary="on", **columns)
    editor_client.add_row(twice, "locations", primary="on", **columns)
    assert (
        "Another location is already the primary one."
        in editor_client.post(address(attack), twice).text
    )
    itself = dict(form)
    editor_client.add_row(itself, "links", kind="follow_up", to=attack.pk)
    assert (
        "An incident cannot be linked to itself."
        in editor_client.post(address(attack), itself).text
    )


def test_the_primary_location_can_pass_from_one_row_to_an_earlier_one(
    one_of_each: dict[type[Model], Model], editor_client: AdminClient
) -> None:
    attack: Any = one_of_each[Incident]
    columns = {"precision": "country", "public_precision": "country"}
    later = attack.locations.create(primary=True, role="transit", **columns)
    form = editor_client.fields(address(attack))
    earlier = attack.locations.get(primary=False)
    rows = {form[f"locations-{n}-id"]: n for n in range(2)}
    form.pop(f"locations-{rows[str(later.pk)]}-primary")
    form[f"locations-{rows[str(earlier.pk)]}-primary"] = "on"
    assert editor_client.post(address(attack), form).status_code == 302
    assert attack.locations.get(primary=True) == earlier


def test_a_rule_that_names_the_record_holds_on_the_page_of_a_part(
    one_of_each: dict[type[Model], Model], editor_client: AdminClient
) -> None:
    attack: Any = one_of_each[Incident]
    attack.locations.create(
        primary=True, role="transit", precision="country", public_precision="country"
    )
    other = address(attack.locations.get(primary=False))
    form = editor_client.fields(other) | {"primary": "on"}
    assert "Another location is already the primary one." in editor_client.post(other, form).text


def test_a_refusal_that_no_form_foresaw_is_no_failure(editor_client: AdminClient) -> None:
    attack, other, third = (Incident.objects.create(title=title) for title in "ABC")
    for of in (other, third):
        attack.possible_duplicates.create(of=of)
    form = editor_client.fields(address(attack))
    first, second = (f"possible_duplicates-{n}-of" for n in range(2))
    form[first], form[second] = form[second], form[first]
    answer = editor_client.post(address(attack), form, follow=True)
    assert "Nothing was saved. This possible duplicate already exists." in answer.text


def test_a_slug_is_fixed_once_public(
    kataib: Actor, editor_client: AdminClient, publish: Any
) -> None:
    assert "slug" in editor_client.fields(address(kataib))
    publish(kataib)
    assert "slug" not in editor_client.fields(address(kataib))


def test_a_part_is_cited_on_its_own_page_and_leads_back(
    one_of_each: dict[type[Model], Model], editor_client: AdminClient
) -> None:
    name: Any = one_of_each[ActorName]
    page = address(name)
    form = editor_client.fields(page)
    source = one_of_each[Source]
    editor_client.add_row(
        form,
        "citations",
        source=source.pk,
        field="text",
        stance="supports",
        locator_kind="page",
        locator="3",
    )
    assert editor_client.post(page, form)["Location"] == address(name.actor)
    assert list(name.citations.values_list("field", flat=True)) == ["", "text"]


def test_rows_are_picked_by_words_that_tell_them_apart(
    one_of_each: dict[type[Model], Model], editor_client: AdminClient
) -> None:
    field = {"app_label": "incidents", "model_name": "effect", "field_name": "affiliation"}
    answer = editor_client.get(reverse("admin:autocomplete"), field | {"term": "Kataib"})
    assert [found["text"] for found in answer.json()["results"]] == [
        "Kataib Hezbollah – member of – Popular Mobilization Forces"
    ]


def test_what_has_the_very_word_is_offered_before_what_sounds_alike(
    iraq: Place, editor_client: AdminClient
) -> None:
    Place.objects.create(name="Al Karak", kind="admin1", parent=iraq)
    kirkuk = Place.objects.create(name="Kirkuk", kind="admin1", parent=iraq)
    kirkuk.names.create(text="محافظة كركوك", language="ar")
    field = {"app_label": "incidents", "model_name": "incidentlocation", "field_name": "place"}
    answer = editor_client.get(reverse("admin:autocomplete"), field | {"term": "كركوك"})
    found = [place["text"].split(" (")[0] for place in answer.json()["results"]]
    assert found == ["Kirkuk", "Al Karak"]


def test_text_runs_in_its_own_direction(kataib: Actor, editor_client: AdminClient) -> None:
    form = editor_client.get(address(kataib)).context["adminform"].form
    assert form.fields["name"].widget.attrs["dir"] == "auto"
    assert form.fields["summary"].widget.attrs["dir"] == "auto"


@pytest.mark.parametrize("model", OURS)
def test_a_page_saved_untouched_changes_nothing(
    model: type[Model], one_of_each: dict[type[Model], Model], editor_client: AdminClient
) -> None:
    if model in ADDABLE:
        page = address(one_of_each[model])
        answer = editor_client.post(page, editor_client.fields(page))
        assert answer.status_code == 302, answer.context["errors"]
        assert editor_client.user.pk not in audit._find_editors(
            model, {one_of_each[model].pk}, None
        )


@pytest.mark.parametrize("model", ADDABLE)
def test_whatever_is_left_out_or_wrong_is_explained(
    model: type[Model], one_of_each: dict[type[Model], Model], editor_client: AdminClient
) -> None:
    page = address(one_of_each[model])
    form = editor_client.fields(page)
    typed = [name for name in form if not name.endswith(("_FORMS", "-id", "form_state"))]
    wrong = [{**form, **dict.fromkeys(typed, text)} for text in ("", "?")]
    if model not in RECORDS:
        wrong += [{**form, name: ""} for name in typed if "-" not in name]
    for sent in wrong:
        answer = editor_client.post(page, sent | {"form_state": form["form_state"]})
        assert answer.status_code == 302 or answer.context["errors"]
        if answer.status_code == 302:  # what is sent next is made from what was saved
            form["form_state"] = editor_client.fields(page)["form_state"]


def test_statements_are_numbered_in_the_order_they_are_entered(
    one_of_each: dict[type[Model], Model], editor_client: AdminClient
) -> None:
    attack: Any = one_of_each[Incident]
    form = editor_client.fields(address(attack))
    columns = {"kind": "claim", "authenticity": "unverified", "speaker_label": "A"}
    columns |= {"speaker_type": "unknown", "mode": "unknown", "assessment": "accepted"}
    for _ in range(2):
        editor_client.add_row(form, "statements", **columns)
    answer = editor_client.post(address(attack), form)
    assert answer.status_code == 302, answer.context["errors"]
    assert list(attack.statements.values_list("number", flat=True)) == [1, 2, 3]


def test_what_is_wrong_is_said_beside_its_field_and_listed_with_the_way_there(
    kataib: Actor, editor_client: AdminClient
) -> None:
    form = editor_client.fields(address(kataib)) | {
        "start": "10/06/2014",
        "last_verified": "14.6.14",
    }
    editor_client.add_row(form, "names", text="", kind="alias", language="ar")
    page = editor_client.post(address(kataib), form).text
    readings = "write 2014-06-10 (10 June 2014) or 2014-10-06 (6 October 2014)"
    assert page.count(f"has two readings: {readings}") == 2
    assert page.count("cannot be read: write 2014-06-14 instead") == 2
    assert '<a href="#id_names-0-text">Actor name 1, Text</a>: This field is required.' in page


def test_the_page_of_a_record_with_many_rows_asks_no_more(
    one_of_each: dict[type[Model], Model],
    editor_client: AdminClient,
    django_assert_max_num_queries: Any,
) -> None:
    attack, kataib = one_of_each[Incident], one_of_each[Actor]
    with CaptureQueriesContext(connection) as few:
        editor_client.get(address(attack))
    for number in range(12):
        actor = Actor.objects.create(name=f"Group {number}", kind="armed_organisation")
        attack.involvements.create(role="party", actor=actor, on_behalf_of=kataib)
        attack.statements.create(kind="claim", speaker=actor)
        attack.citations.create(source=one_of_each[Source])
    with django_assert_max_num_queries(len(few) + 6):
        page = editor_client.get(address(attack)).text
    assert "party: <bdi>Group 7</bdi>" in page
