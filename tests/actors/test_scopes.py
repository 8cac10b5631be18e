"""Scopes: a parameter for an actor that includes the actors below it on the right days."""

from typing import Any

import pytest

from actors.models import Actor, Affiliation
from editorial import workflow
from editorial.models import User
from incidents.models import Incident
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def valid_between(start: str, end: str = "") -> dict[str, str]:
    """Return the columns of a validity from a day, to a day or until today."""
    ended = {"end": end, "end_kind": "actual"}
    ongoing = {"end_kind": "ongoing", "last_verified": "2025-01-01"}
    return {"start": start, "start_kind": "actual"} | (ended if end else ongoing)


def make_affiliation(
    subject: Actor, kind: str, object_: Actor, *days: str, **columns: str
) -> Affiliation:
    """Create an affiliation, valid on these days."""
    return Affiliation.objects.create(
        subject=subject, kind=kind, object=object_, **valid_between(*days), **columns
    )


def attack(title: str, date: str, **roles: Actor) -> Incident:
    """Make an incident in which actors have roles."""
    incident = Incident.objects.create(title=title, date=date, slug=f"x-{title}".lower())
    for role, actor in roles.items():
        incident.involvements.create(role=role, actor=actor)
    return incident


@pytest.fixture
def umbrella(publish: Any) -> dict[str, Actor]:
    """PMF, its member Kataib (2014 to 2018), its facade (from 2016), and Iran, PMF's sponsor."""
    names = {
        "pmf": "coalition",
        "kataib": "armed_organisation",
        "facade": "armed_organisation",
        "iran": "state",
    }
    cast = {
        name: Actor.objects.create(name=name, slug=name, kind=kind, **valid_between("2000-01-01"))
        for name, kind in names.items()
    }
    affiliations = (
        make_affiliation(cast["kataib"], "member_of", cast["pmf"], "2014-06-13", "2018-12-31"),
        make_affiliation(cast["facade"], "facade_of", cast["kataib"], "2016-01-01"),
        make_affiliation(cast["pmf"], "sponsored_by", cast["iran"], "2015-01-01"),
    )
    attacks = (
        attack("before", "2014-06-12", perpetrator=cast["kataib"]),
        attack("during", "2015-05-05", perpetrator=cast["kataib"], target=cast["iran"]),
        attack("astride", "2018-12-30/2019-01-02", perpetrator=cast["kataib"]),
        attack("after", "2019-05-05", perpetrator=cast["kataib"]),
        attack("undated", "", perpetrator=cast["kataib"]),
        attack("hidden", "2017-07-07", perpetrator=cast["facade"]),
        attack("own", "2020", perpetrator=cast["pmf"]),
    )
    publish(*cast.values(), *affiliations, *attacks)
    return cast


def found(api: ContractClient, query: str) -> set[str]:
    """Return the titles of the incidents that a query finds, by its pages and by its count."""
    names = api.names(f"incidents?{query}&limit=2")
    assert api.ask(f"incidents?{query}&count=true")["count"] == len(names)
    assert len(set(names)) == len(names)
    return set(names)


def test_members_count_only_while_they_are_members_on_the_day_of_the_incident(
    api: ContractClient, umbrella: dict[str, Actor]
) -> None:
    ask = "perpetrator=pmf&perpetrator_scope="
    assert found(api, "perpetrator=pmf") == found(api, f"{ask}self") == {"own"}
    assert found(api, f"{ask}members") == {"own", "during", "astride", "undated"}
    assert found(api, f"{ask}all") == {"own", "during", "astride", "undated", "hidden"}
    assert found(api, f"{ask}command") == {"own"}
    assert found(api, "perpetrator=kataib&perpetrator_scope=facade&dates=certain") >= {
        "undated",
        "hidden",
    }
    assert found(api, f"{ask}all&dates=certain") == {"own", "during", "hidden"}
    assert found(api, "perpetrator=iran&perpetrator_scope=sponsored") == {
        "own",
        "during",
        "astride",
        "undated",
        "hidden",
    }
    assert found(api, "perpetrator=iran&perpetrator_scope=all") == set()


def test_scope_at_is_the_day_of_the_scope(api: ContractClient, umbrella: dict[str, Actor]) -> None:
    ask = "perpetrator=pmf&perpetrator_scope=members&scope_at="
    everything = {"own", "before", "during", "astride", "after", "undated"}
    assert found(api, f"{ask}incident") == {"own", "during", "astride", "undated"}
    assert found(api, f"{ask}any") == found(api, f"{ask}2015") == everything
    assert found(api, f"{ask}2018-12") == everything
    assert found(api, f"{ask}2019") == {"own"}


def test_scopes_combine_with_other_filters_and_with_each_other(
    api: ContractClient, umbrella: dict[str, Actor]
) -> None:
    ask = "perpetrator=pmf&perpetrator_scope=all"
    assert found(api, f"{ask}&target=iran") == {"during"}
    assert found(api, f"{ask}&target=pmf&target_scope=all") == set()
    assert found(api, f"{ask}&occurred_from=2017&occurred_to=2018") == {
        "hidden",
        "astride",
        "undated",
    }
    assert found(api, f"{ask}&perpetrator=facade") == {
        "own",
        "during",
        "astride",
        "undated",
        "hidden",
    }
    assert found(api, f"{ask}&event_type=unknown&sort=oldest") == found(api, ask)
    assert found(api, f"{ask}&sort=recently_edited") == found(api, ask)


def test_affiliations_are_found_by_scope_on_a_day(
    api: ContractClient, umbrella: dict[str, Actor]
) -> None:
    def kinds(query: str) -> set[str]:
        return {row["kind"] for row in api.results(f"affiliations?{query}")}

    assert kinds("object=pmf&object_scope=all") == {"member_of", "facade_of"}
    assert kinds("object=pmf&object_scope=all&at=2015") == {"member_of"}
    assert kinds("object=pmf&object_scope=all&at=2017") == {"member_of", "facade_of"}
    assert kinds("object=pmf&object_scope=all&at=2020") == set()
    assert kinds("actor=iran&actor_scope=sponsored") == {"member_of", "facade_of", "sponsored_by"}


def test_rejected_affiliations_never_count(
    api: ContractClient, umbrella: dict[str, Actor], publish: Any
) -> None:
    rejected = Affiliation.objects.get(kind="member_of")
    rejected.assessment, rejected.note = "rejected", "A confusion of names."
    rejected.save()
    publish(rejected)
    assert found(api, "perpetrator=pmf&perpetrator_scope=members") == {"own"}


def test_a_snapshot_includes_the_affiliations_of_its_time(
    api: ContractClient, umbrella: dict[str, Actor], reviewer: User
) -> None:
    snapshot = api.ask("actors?limit=1")["snapshot"]
    workflow.withdraw(Affiliation.objects.get(kind="member_of"), reviewer, "It was not so.")
    ask = "perpetrator=pmf&perpetrator_scope=members"
    assert found(api, ask) == {"own"}
    assert len(found(api, f"{ask}&snapshot={snapshot}")) == 4


@pytest.mark.parametrize(
    ("query", "faulty"),
    [
        ("perpetrator_scope=all", "perpetrator_scope"),
        ("perpetrator=pmf&scope_at=2015", "scope_at"),
        ("scope_at=any", "scope_at"),
        ("perpetrator=pmf&perpetrator_scope=everyone", "perpetrator_scope"),
        ("perpetrator=pmf&perpetrator_scope=all&perpetrator_scope=self", "perpetrator_scope"),
        ("perpetrator=pmf&perpetrator_scope=all&scope_at=yesterday", "scope_at"),
        ("perpetrator=pmf&perpetrator_scope=all&scope_at=2015-02-30", "scope_at"),
        ("perpetrator=pmf&perpetrator_scope=all&scope_at=", "scope_at"),
        ("participant_scope=all&at=2015", "at"),
    ],
)
def test_invalid_scopes_are_refused(api: ContractClient, query: str, faulty: str) -> None:
    faults = api.ask(f"incidents?{query}", 400)["errors"]
    assert faulty in {fault["parameter"] for fault in faults}


def test_affiliations_have_no_scope_at(api: ContractClient) -> None:
    api.ask("affiliations?object=pmf&object_scope=all&scope_at=any", 400)
    api.ask("affiliations?subject_scope=all", 400)


@pytest.mark.parametrize(
    ("query", "kind", "role"),
    [
        ("claimed_by=pmf&claimed_by_scope=members", "claim", "responsible"),
        ("announced_by=pmf&announced_by_scope=members", "claim", "speaker"),
        ("denied_by=pmf&denied_by_scope=members", "denial", "responsible"),
        ("accused=pmf&accused_scope=members", "accusation", "responsible"),
        ("accused_by=pmf&accused_by_scope=members", "accusation", "speaker"),
        ("statement_about=pmf&statement_about_scope=members", "court_finding", "responsible"),
        ("statement_by=pmf&statement_by_scope=members", "investigation_finding", "speaker"),
    ],
)
def test_statements_are_found_by_scope(
    api: ContractClient, umbrella: dict[str, Actor], publish: Any, query: str, kind: str, role: str
) -> None:
    incident = attack("stated", "2016")
    cast = {"speaker": umbrella["iran"], "responsible": umbrella["iran"], role: umbrella["kataib"]}
    said = incident.statements.create(kind=kind, number=1, speaker=cast["speaker"])
    said.responsible.create(actor=cast["responsible"])
    publish(incident)
    assert found(api, query.split("&", maxsplit=1)[0]) == set()
    assert found(api, query) == {"stated"}


@pytest.mark.parametrize(
    ("query", "role"),
    [
        ("victim=pmf&victim_scope=members", "victim"),
        ("sponsor=pmf&sponsor_scope=members", "instigator"),
    ],
)
def test_roles_are_found_by_scope(
    api: ContractClient, umbrella: dict[str, Actor], publish: Any, query: str, role: str
) -> None:
    publish(attack("involved", "2016", **{role: umbrella["kataib"]}))
    assert found(api, query.split("&", maxsplit=1)[0]) == set()
    assert found(api, query) == {"involved"}


def test_targets_are_found_by_their_kind(api: ContractClient, umbrella: dict[str, Actor]) -> None:
    assert found(api, "target_kind=state") == {"during"}
    assert found(api, "target_kind=coalition") == set()


def test_actors_and_support_are_found_by_scope(
    api: ContractClient, umbrella: dict[str, Actor], publish: Any
) -> None:
    support = Affiliation.objects.get(kind="sponsored_by").support
    support.create(type="weapons", against=umbrella["kataib"], **valid_between("2016"))
    publish(Affiliation.objects.get(kind="sponsored_by"))
    assert api.results("affiliations?against=pmf") == []
    assert len(api.results("affiliations?against=pmf&against_scope=members")) == 1
    assert "facade" not in api.names("actors?affiliated_to=pmf")
    assert "facade" in api.names("actors?affiliated_to=pmf&affiliated_to_scope=members")


@pytest.fixture
def supported(publish: Any) -> dict[str, Actor]:
    """Iran, which trained one group for a year and armed it later, and a member of that group."""
    cast = {
        name: Actor.objects.create(name=name, slug=name, kind=kind, **valid_between("2000-01-01"))
        for name, kind in (
            ("iran", "state"),
            ("group", "armed_organisation"),
            ("cell", "unit"),
            ("other", "armed_organisation"),
        )
    }
    sponsored = make_affiliation(cast["group"], "sponsored_by", cast["iran"], "2010-01-01")
    sponsored.support.create(type="intelligence", **valid_between("2014-01-01", "2014-12-31"))
    sponsored.support.create(type="weapons", **valid_between("2016-01-01", "2016-12-31"))
    sponsored.support.create(
        type="funding", assessment="rejected", note="No.", **valid_between("2010-01-01")
    )
    publish(
        *cast.values(),
        sponsored,
        make_affiliation(cast["cell"], "subordinate_of", cast["group"], "2014-06-01"),
        make_affiliation(cast["other"], "sponsored_by", cast["iran"], "2010-01-01"),
        attack("trained", "2014-05-05", perpetrator=cast["group"]),
        attack("cell", "2014-07-07", perpetrator=cast["cell"]),
        attack("unsupported", "2015-05-05", perpetrator=cast["group"]),
        attack("armed", "2016-05-05", perpetrator=cast["group"]),
        attack("other", "2014-05-05", perpetrator=cast["other"]),
    )
    return cast


def test_a_sponsored_scope_may_be_limited_to_one_type_of_support(
    api: ContractClient, supported: dict[str, Actor]
) -> None:
    ask = "perpetrator=iran&perpetrator_scope=sponsored"
    assert found(api, ask) == {"trained", "cell", "armed", "other"}
    by_type = f"{ask}&sponsor_support_type"
    assert found(api, f"{by_type}=intelligence") == {"trained", "cell"}
    assert found(api, f"{by_type}=weapons&dates=certain") == {"armed"}
    assert found(api, f"{by_type}=intelligence&sponsor_support_type=weapons") == {
        "trained",
        "cell",
        "armed",
    }
    assert found(api, f"{by_type}=funding") == found(api, f"{by_type}=territory_access") == set()
    assert found(api, f"{by_type}=weapons&scope_at=2016-05-05") == {
        "trained",
        "cell",
        "unsupported",
        "armed",
    }
    assert found(api, f"{by_type}=weapons&occurred_from=2014&occurred_to=2014") == set()
    assert api.names("actors?affiliated_to=iran&affiliated_to_scope=sponsored") == [
        "cell",
        "group",
        "other",
    ]
    query = "affiliated_to=iran&affiliated_to_scope=sponsored&sponsor_support_type=intelligence"
    assert api.names(f"actors?{query}&at=2014-07&affiliation_kind=subordinate_of") == ["cell"]
    assert api.names(f"actors?{query}&at=2015&affiliation_kind=subordinate_of") == []
    affiliations = api.ask(
        "affiliations?object=iran&object_scope=sponsored&sponsor_support_type=intelligence&at=2014-07"
    )
    assert len(affiliations["results"]) == 3


def test_a_type_of_support_needs_a_sponsored_scope(
    api: ContractClient, supported: dict[str, Actor]
) -> None:
    for query in ("perpetrator=iran", "perpetrator=iran&perpetrator_scope=all", ""):
        (fault,) = api.ask(f"incidents?{query}&sponsor_support_type=intelligence", 400)["errors"]
        assert (fault["code"], fault["parameter"]) == ("contradiction", "sponsor_support_type")
