"""The recurring cast of the tests: a few people, actors and incidents, and how they are published.

Not a factory library: a test that needs more makes it with the models, as editors do.
"""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from actors.models import Actor
from editorial import workflow
from editorial.models import Record, Submission, User
from places.models import Place
from tests.contract.client import ContractClient

UNCITED = "It is a test."
"""Why reviewers of the tests approve records without any citation."""


def person(name: str, *groups: str) -> User:
    """Make a person of some groups."""
    user = User.objects.create_user(name, is_staff=True)
    user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
    return user


@pytest.fixture
def editor(db: None) -> User:
    """Who edits and submits."""
    return person("editor", "editor")


@pytest.fixture
def reviewer(db: None) -> User:
    """Who approves and publishes."""
    return person("reviewer", "reviewer")


@pytest.fixture
def publish(editor: User, reviewer: User) -> Any:
    """Publish records as one state, by the verbs that people use."""

    def publish(*records: Record, note: str = "") -> Submission:
        submission = workflow.submit(list(records), editor, note)
        workflow.approve(submission, reviewer, UNCITED)
        workflow.publish(submission, reviewer)
        return submission

    return publish


@pytest.fixture
def api() -> ContractClient:
    """A client of the public API that checks every answer against the OpenAPI description."""
    return ContractClient()


@pytest.fixture
def iraq(db: None) -> Place:
    """A country."""
    return Place.objects.create(name="Iraq", kind="country", country="IQ", slug="iraq")


@pytest.fixture
def pmf(db: None) -> Actor:
    """An umbrella of militias."""
    return Actor.objects.create(
        name="Popular Mobilization Forces",
        slug="pmf",
        kind="coalition",
        start="2014",
        start_kind="actual",
    )


@pytest.fixture
def kataib(db: None) -> Actor:
    """A militia."""
    return Actor.objects.create(name="Kataib Hezbollah", slug="kataib", kind="armed_organisation")
