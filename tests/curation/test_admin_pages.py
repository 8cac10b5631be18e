"""The pages of the desk: who may open them, what they list, and what a list costs."""

from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from actors.models import Actor
from curation.models import Report
from editorial.models import Record, RedactionGuard, RemovedData, Submission, User
from incidents.models import Incident
from jobs.models import Job
from places.models import Place
from publishing.models import Release
from tests.curation.admin_client import AdminClient, address

pytestmark = pytest.mark.django_db
OURS = [
    model
    for model in admin.site._registry
    if model._meta.app_label != "auth"
    # For reviewers alone: see test_redaction_guards and test_removed.
    and model not in (User, RedactionGuard, RemovedData)
]
RECORDS = [model for model in OURS if issubclass(model, Record)]
ADDABLE = [model for model in OURS if model not in (Submission, Release, Report, Job)]


@pytest.mark.parametrize("model", OURS)
@pytest.mark.parametrize("seat", ["editor_client", "reviewer_client"])
def test_every_page_opens(
    model: type[Model],
    seat: str,
    one_of_each: dict[type[Model], Model],
    request: pytest.FixtureRequest,
) -> None:
    desk: AdminClient = request.getfixturevalue(seat)
    pages = [address(model, "changelist"), address(one_of_each[model])]
    if model in ADDABLE:
        pages.append(address(model, "add"))
    if model in RECORDS:
        pages += [address(one_of_each[model], name) for name in ("submit", "preview", "history")]
        pages += [f"{address(model, 'changelist')}?q=a&state={s}" for s in ("draft", "published")]
    for page in pages:
        assert desk.get(page).status_code == 200, page


@pytest.mark.parametrize("model", RECORDS)
@pytest.mark.parametrize("size", [1, 12])
def test_a_list_costs_the_same_however_long(
    model: type[Model],
    size: int,
    one_of_each: dict[type[Model], Model],
    editor_client: AdminClient,
    django_assert_num_queries: Any,
) -> None:
    for _ in range(size):
        twin = model.objects.get(pk=one_of_each[model].pk)
        twin.pk, twin.public_id = None, None
        twin.public_id = model._meta.get_field("public_id").get_default()
        if hasattr(twin, "slug"):
            twin.slug = None
        if model is Place:
            twin.kind = "other"
        twin.save(force_insert=True)
    page = address(model, "changelist")
    editor_client.get(page)
    dates = 2 if model is Incident else 0
    # session, user, three of permissions; count, page, editions, submissions
    with django_assert_num_queries(9 + dates):
        editor_client.get(page)


def test_strangers_are_asked_to_log_in(kataib: Actor) -> None:
    stranger = Client(SERVER_NAME="localhost")
    for page in (reverse("admin:index"), address(kataib), address(kataib, "submit")):
        answer = stranger.get(page, secure=True)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


@pytest.mark.parametrize(
    "lookup",
    ["names__internal_note", "citations__source__title", "internal_note__contains", "password"],
)
def test_lists_are_filtered_by_what_they_offer_alone(
    editor_client: AdminClient, lookup: str
) -> None:
    page = address(Actor, "changelist")
    assert editor_client.get(page, {lookup: "a"}).status_code == 400
    assert editor_client.get(page, {"kind__exact": "unit"}).status_code == 200


def test_people_are_for_administrators_and_superusers_alone(
    editor_client: AdminClient, reviewer_client: AdminClient
) -> None:
    for desk in (editor_client, reviewer_client):
        assert desk.get(address(User, "changelist")).status_code == 403
    root = AdminClient(User.objects.create_superuser("root"))
    assert root.get(address(User, "changelist")).status_code == 200
    assert root.get(address(editor_client.user)).status_code == 200


def test_parts_stay_off_the_index(editor_client: AdminClient) -> None:
    listed = {
        model["object_name"]
        for app in editor_client.get(reverse("admin:index")).context["app_list"]
        for model in app["models"]
    }
    assert listed == {model.__name__ for model in RECORDS} | {
        "Submission",
        "Release",
        "Report",
        "Job",
    }


@pytest.mark.parametrize("model", OURS)
def test_an_empty_list_says_what_to_do(model: type[Model], editor_client: AdminClient) -> None:
    page = editor_client.get(address(model, "changelist"))
    assert f"There are no {model._meta.verbose_name_plural} yet." in page.text
    nothing = editor_client.get(address(model, "changelist"), {"q": "xyz"})
    assert "No results." in nothing.text
