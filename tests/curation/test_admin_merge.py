"""Merging at the desk: two rows of a list become one, and the page of the merged one undoes it."""

from typing import Any

import pytest

from actors.models import Actor
from tests.contract.client import ContractClient
from tests.curation.admin_client import AdminClient, address

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(kataib: Actor, pmf: Actor, publish: Any) -> list[Actor]:
    """Two public actors."""
    publish(kataib, pmf)
    return [kataib, pmf]


def merge(desk: AdminClient, rows: list[Actor], **words: Any) -> Any:
    """Choose the action for some rows of the list, and answer what it asks."""
    sent = {"action": "merge_selected", "_selected_action": [row.pk for row in rows], **words}
    return desk.post(address(Actor, "changelist"), sent, follow=True)


def test_two_are_merged_after_asking(
    api: ContractClient, reviewer_client: AdminClient, two: list[Actor]
) -> None:
    html = merge(reviewer_client, two).content.decode()
    assert "The record that stays" in html
    assert "Kataib Hezbollah" in html
    api.ask("actors/kataib")
    said = merge(reviewer_client, two, confirmed="yes", stays=two[1].pk, text="One group.")
    assert "Kataib Hezbollah is now Popular" in said.content.decode()
    assert api.ask("actors/kataib", 308)["merged_into"]["slug"] == "pmf"


def test_it_is_undone_on_the_page_of_the_merged_one(
    api: ContractClient, reviewer_client: AdminClient, two: list[Actor]
) -> None:
    merge(reviewer_client, two, confirmed="yes", stays=two[1].pk, text="One group.")
    page = reviewer_client.get(address(two[0])).content.decode()
    assert "Undo the merge" in page
    said = reviewer_client.do(two[0], "unmerge", "Two after all.").content.decode()
    assert "both records are public again" in said
    api.ask("actors/kataib")
    assert "Undo the merge" not in reviewer_client.get(address(two[0])).content.decode()


def test_a_reason_and_a_choice_are_asked_for(
    api: ContractClient, reviewer_client: AdminClient, two: list[Actor]
) -> None:
    said = merge(reviewer_client, two, confirmed="yes", stays=two[1].pk, text="").content.decode()
    assert "Give the reason" in said
    said = merge(reviewer_client, two, confirmed="yes", text="One group.").content.decode()
    assert "This field is required" in said
    api.ask("actors/kataib")


def test_it_takes_two(reviewer_client: AdminClient, two: list[Actor]) -> None:
    for rows in (two[:1], [*two, Actor.objects.create(name="A third", kind="unit")]):
        assert "Select exactly two records" in merge(reviewer_client, rows).content.decode()


def test_editors_cannot_merge(
    api: ContractClient, editor_client: AdminClient, two: list[Actor]
) -> None:
    assert "merge_selected" not in editor_client.get(address(Actor, "changelist")).content.decode()
    merge(editor_client, two, confirmed="yes", stays=two[1].pk, text="One group.")
    api.ask("actors/kataib")


def test_the_page_shows_the_text_that_each_would_get(
    reviewer_client: AdminClient, two: list[Actor]
) -> None:
    page = merge(reviewer_client, two).content.decode()
    for stays, goes in (two, two[::-1]):
        _, _, text = page.partition(f"If {stays} stays, its text changes")
        assert goes.name in text.split("</pre>")[0]
    assert not any(actor.names.exists() for actor in two), "nothing is done yet"
