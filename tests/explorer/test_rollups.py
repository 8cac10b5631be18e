"""The incidents of an actor and everything below it, and why each counts."""

import re
from typing import Any

import pytest

from actors.models import Affiliation
from explorer import actors, rollups
from tests.contract.client import ContractClient
from tests.explorer.conftest import Reader, Story


def read_section(reader: Reader, address: str) -> str:
    page = reader.read(address)
    return page[page.index('id="rollup"') : page.index('id="statements"')]


def test_each_row_shows_the_path_by_which_it_counts(
    reader: Reader, story: Story, publish: Any, api: ContractClient
) -> None:
    story.membership.citations.create(source=story.report, quote="عضو في الحشد")
    story.membership.last_verified = "2019-12-28"
    story.membership.save()
    publish(story.membership)
    section = read_section(reader, "/actors/pmf")
    assert "2 incidents of this actor or of one below it" in section
    assert "<strong>1</strong> of them for certain" in section
    attack = section[section.index("Attack on K-1") :]
    assert '<a href="/actors/kataib"><bdi>Kataib Hezbollah</bdi></a>' in attack
    member = f'<a href="/affiliations/{story.membership.public_id}"><bdi>member of</bdi></a>'
    assert member in attack
    assert "عضو في الحشد" in attack
    tags = re.findall(r"(certain|possible) on that day", section)
    scope = "incidents?participant=pmf&participant_scope=all&explain=true"
    answer = api.results(scope)
    assert tags == [
        "certain" if row["explanation"][0]["is_certain"] else "possible" for row in answer
    ]
    assert sorted(tags) == ["certain", "possible"]


def test_a_path_has_all_its_affiliations(reader: Reader, story: Story, publish: Any) -> None:
    facade = Affiliation.objects.create(subject=story.saraya, kind="facade_of", object=story.kataib)
    publish(facade)
    story.attack.involvements.create(
        role="co_perpetrator", actor=story.saraya, certainty="suspected"
    )
    publish(story.attack)
    section = read_section(reader, "/actors/pmf")
    path = section[section.index("سرايا") :]
    assert path.index("facade of") < path.index("member of") < path.index("possible on that day")


def test_an_actor_counts_as_itself(reader: Reader, story: Story, publish: Any) -> None:
    for address in ("/actors/kataib", "/actors/iran"):
        section = read_section(reader, address)
        assert "No incident is recorded that an actor below it took part in without it" in section
        assert "<table" not in section
    story.attack.involvements.create(role="instigator", actor=story.pmf, certainty="suspected")
    publish(story.attack)
    section = read_section(reader, "/actors/pmf")
    assert section.count("It took part itself.") == 1
    assert "2 incidents of this actor or of one below it" in section


def test_of_very_many_incidents_a_lower_bound_is_shown(
    reader: Reader, story: Story, publish: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.attack.involvements.create(role="instigator", actor=story.pmf, certainty="suspected")
    publish(story.attack)
    for module in (actors, rollups):
        monkeypatch.setattr(module, "MAX_COUNTED", 1)
    section = read_section(reader, "/actors/pmf")
    assert "1 or more incident of this actor or of one below it" in section
    assert "<strong>1 or more</strong> of them for certain" in section
    # Equal lower bounds do not say that nothing is below; that no affiliation leads to it does.
    assert "No incident is recorded that an actor below it" not in section
    assert "No incident is recorded that an actor below it" in read_section(
        reader, "/actors/saraya"
    )
