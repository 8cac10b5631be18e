"""A public record with a merge, a withdrawal and a correction, for generated clients."""

from typing import Any

import pytest

from actors.models import Actor
from editorial import merging, workflow
from editorial.models import User


@pytest.fixture
def served_actors(transactional_db: None, publish: Any, reviewer: User) -> list[Actor]:
    """Seven actors, five of which are still public."""
    actors = [
        Actor.objects.create(name=name, slug=slug, kind=kind)
        for name, slug, kind in (
            ("Kataib Hezbollah", "kataib", "armed_organisation"),
            ("PMF", "pmf", "coalition"),
            ("Badr", "badr", "armed_organisation"),
            ("Liwa", "liwa", "unit"),
            ("Saraya the First", "saraya", "armed_organisation"),
            ("Hezbollah Brigades", "twin", "armed_organisation"),
            ("Nobody", "gone", "unit"),
        )
    ]
    kataib, *_, saraya, twin, gone = actors
    kataib.names.create(text="كتائب حزب الله", language="ar")
    publish(*actors, note="First.")
    saraya.name = "Saraya"
    saraya.save()
    publish(saraya)
    merging.merge(twin, kataib, reviewer, "One group under two names.")
    workflow.withdraw(gone, reviewer, "No such group.")
    return actors
