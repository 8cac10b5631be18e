"""Responsibility: every rule that derives claims, denials and attribution."""

from itertools import count, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.models import Actor
from incidents.codes import Authenticity, Certainty, ClaimStatus
from incidents.models import Incident
from incidents.responsibility import (
    Responsibility,
    derive_responsibility,
    filter_counted_involvements,
    filter_counted_statements,
    is_counted_involvement,
    list_counted_statements,
)
from sources.codes import Assessment

NUMBERS = count(1)


def make_party(name: str) -> dict[str, Any]:
    """Return a party: a label if the name has a space, or else an actor."""
    if " " in name:
        return {"actor": None, "label": name}
    return {"actor": {"id": name}, "label": None}


def named(name: str, behalf: str | None = None) -> dict[str, Any]:
    """Return a row that names a party, on behalf of a principal."""
    return make_party(name) | {"on_behalf_of": behalf and {"id": behalf}}


def said(kind: str, speaker: str, *responsible: Any, **columns: Any) -> dict[str, Any]:
    """Return a statement of a document."""
    party = make_party(speaker)
    return {
        "number": next(NUMBERS),
        "kind": kind,
        "speaker": party["actor"],
        "speaker_label": party["label"],
        "responsible": [named(row) if isinstance(row, str) else row for row in responsible],
        "authenticity": "unverified",
        "assessment": "accepted",
        "withdrawn_by": None,
    } | columns


def did(name: str, behalf: str | None = None, **columns: Any) -> dict[str, Any]:
    """Return an involvement of a document."""
    row = {
        "role": "perpetrator",
        "side": "none",
        "primary": False,
        "certainty": "confirmed",
        "assessment": "accepted",
    }
    return named(name, behalf) | row | columns


def derive(*rows: dict[str, Any]) -> Responsibility:
    """Return the responsibility that follows from involvements and statements."""
    involvements = [row for row in rows if "role" in row]
    return derive_responsibility(involvements, [row for row in rows if "role" not in row])


@pytest.mark.parametrize(
    ("statements", "status"),
    [
        ([], "none"),
        ([said("denial", "A", "A")], "none"),
        ([said("accusation", "B", "A")], "none"),
        ([said("claim", "A", "A")], "claimed"),
        ([said("claim", "A")], "claimed"),  # it names no actor, so it is about its speaker
        ([said("claim", "spokesman of A", "A"), said("claim", "A", "A")], "claimed"),
        ([said("claim", "x", "The  Brigade x"), said("claim", "x", "the brigade X")], "claimed"),
        ([said("claim", "x", "A", "B")], "joint"),
        ([said("claim", "x", "A", "B"), said("claim", "A", "A")], "joint"),
        ([said("claim", "A", "A"), said("claim", "B", "B")], "competing"),
        ([said("claim", "x", "A", "B"), said("claim", "C", "C")], "competing"),
        # connected by on_behalf_of
        ([said("claim", "A", named("A", "B")), said("claim", "B", "B")], "claimed"),
        ([said("claim", "A", named("A", "P")), said("claim", "B", named("B", "P"))], "claimed"),
        # statements that do not count
        ([said("claim", "A", "A", authenticity="fake")], "none"),
        ([said("claim", "A", "A", withdrawn_by=7)], "none"),
        ([said("claim", "A", "A", assessment="rejected")], "none"),
        ([said("claim", "A", "A", assessment="disputed")], "claimed"),
        ([said("claim", "A", "A", authenticity="disputed")], "claimed"),
        ([said("claim", "A", "A"), said("claim", "B", "B", authenticity="fake")], "claimed"),
    ],
)
def test_claim_status(statements: list[dict[str, Any]], status: str) -> None:
    assert derive(*statements).claim_status == status


def test_claims_are_connected_by_involvements_and_other_statements_that_count() -> None:
    claims = said("claim", "A", "A"), said("claim", "B", "B")
    accusation = said("accusation", "C", named("A", "B"))
    assert derive(*claims, did("A", "B")).claim_status == "claimed"
    assert derive(*claims, did("A", "B", assessment="rejected")).claim_status == "competing"
    assert derive(*claims, did("A", "B", certainty="ruled_out")).claim_status == "competing"
    assert derive(*claims, accusation).claim_status == "claimed"
    assert derive(*claims, accusation | {"authenticity": "fake"}).claim_status == "competing"


@pytest.mark.parametrize(
    ("rows", "denied"),
    [
        ([said("denial", "A", "A")], False),  # nobody names A
        ([said("claim", "A", "A"), said("denial", "A", "A")], True),
        ([said("accusation", "B", "A"), said("denial", "A")], True),
        ([said("accusation", "B", "A"), said("denial", "spokesman of A", "A")], True),
        ([said("court_finding", "a court", "A"), said("denial", "A")], True),
        ([said("investigation_finding", "the UN", "A"), said("denial", "A")], True),
        ([said("endorsement", "B", "A"), said("denial", "A")], False),
        ([said("accusation", "B", "A"), said("denial", "C", "C")], False),
        ([said("accusation", "B"), said("denial", "B")], False),  # it names no actor
        # a denial is about the actors that it names, or else about its speaker
        ([said("claim", "A"), said("denial", "A", "B")], False),
        ([said("claim", "A", "A"), said("denial", "A", "B", "C")], False),
        ([did("A"), said("denial", "A", "B")], False),
        ([said("claim", "A"), said("denial", "B", "A")], True),
        ([said("claim", "A"), said("denial", "A", "B", "A")], True),
        ([said("accusation", "C", "B"), said("denial", "A", "B")], True),
        ([said("claim", "the x"), said("denial", "THE  X", "the y")], False),
        ([said("claim", "the x"), said("denial", "THE  X")], True),
        ([said("claim", "A", named("A", "P")), said("denial", "P")], True),
        ([did("A"), said("denial", "A")], True),
        ([did("A", role="instigator"), said("denial", "A")], True),
        ([did("A", "P"), said("denial", "P")], True),
        ([did("A", role="target"), said("denial", "A")], False),
        ([did("A", certainty="ruled_out"), said("denial", "A")], False),
        ([did("A", assessment="rejected"), said("denial", "A")], False),
        ([did("A"), said("denial", "A", authenticity="fake")], False),
        ([did("A"), said("denial", "A", withdrawn_by=2)], False),
        ([said("accusation", "B", "A", assessment="rejected"), said("denial", "A")], False),
    ],
)
def test_denied(rows: list[dict[str, Any]], denied: bool) -> None:
    assert derive(*rows).denied is denied


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([], "unattributed"),
        ([did("A", role="party"), did("B", role="party")], "parties_only"),
        ([did("the militia", role="party")], "parties_only"),
        ([did("A", role="party", assessment="disputed")], "parties_only"),
        ([did("A", role="party", certainty="ruled_out")], "unattributed"),
        ([did("A", role="party", assessment="rejected")], "unattributed"),
        ([did("A", role="party"), said("claim", "A")], "claimed_only"),
        ([did("A", role="party"), did("B", certainty="possible")], "possible"),
        ([did("A", role="party"), said("accusation", "B", "A")], "parties_only"),
        ([said("accusation", "B", "A")], "unattributed"),
        ([said("claim", "A")], "claimed_only"),
        ([said("claim", "A", authenticity="fake")], "unattributed"),
        ([did("A")], "confirmed"),
        ([did("A", certainty="suspected"), said("claim", "A")], "suspected"),
        ([did("A", certainty="possible"), did("B", certainty="probable")], "probable"),
        ([did("A", certainty="suspected"), did("B", role="instigator")], "confirmed"),
        ([did("A", role="co_perpetrator", certainty="possible")], "possible"),
        ([did("A", role="supporter")], "unattributed"),
        ([did("A", certainty="ruled_out")], "unattributed"),
        ([did("A", assessment="rejected"), said("claim", "A")], "claimed_only"),
        ([did("A", assessment="needs_work")], "unattributed"),
        ([did("A"), did("B", assessment="disputed")], "disputed"),
        ([did("A"), did("B", role="target", assessment="disputed")], "confirmed"),
        ([did("A"), did("B", certainty="ruled_out", assessment="disputed")], "confirmed"),
        ([did("A", primary=True), did("B", primary=True)], "disputed"),
        ([did("A", primary=True), did("B")], "confirmed"),
        ([did("A", "B", primary=True), did("B", primary=True)], "confirmed"),
        ([did("A", primary=True, side="a"), did("B", primary=True, side="b")], "confirmed"),
        ([did("A", primary=True), did("A", primary=True, certainty="probable")], "confirmed"),
        ([did("A", primary=True), did("B", primary=True, role="instigator")], "confirmed"),
    ],
)
def test_attribution_status(rows: list[dict[str, Any]], status: str) -> None:
    assert derive(*rows).attribution_status == status


@pytest.mark.parametrize(
    ("rows", "facade"),
    [
        ([said("claim", "A", "A")], False),
        ([said("claim", "A", named("A", "P"))], True),
        ([said("claim", "A", named("A", "A"))], False),
        ([said("claim", "A", "A"), did("A", "P")], True),
        ([said("claim", "A", "A"), said("accusation", "B", named("A", "P"))], True),
        ([said("accusation", "B", named("A", "P"))], False),
        ([said("claim", "A", named("A", "P"), withdrawn_by=2)], False),
    ],
)
def test_facade_claim(rows: list[dict[str, Any]], facade: bool) -> None:
    assert derive(*rows).facade_claim is facade


PARTIES = st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=3, unique=True)


@given(claims=st.lists(PARTIES, max_size=4), seed=st.randoms(use_true_random=False))
def test_the_order_of_statements_does_not_matter(claims: list[list[str]], seed: Any) -> None:
    rows = [said("claim", "x", *parties) for parties in claims]
    status = derive(*rows).claim_status
    seed.shuffle(rows)
    assert derive(*rows).claim_status == status
    assert (status == ClaimStatus.NONE) == (not claims)
    assert status == ClaimStatus.CLAIMED or len(set().union(*claims)) != 1


@pytest.mark.django_db
def test_documents_and_working_rows_agree_on_which_involvements_count(kataib: Actor) -> None:
    attack = Incident.objects.create(title="Attack")
    for certainty, assessment in product(Certainty.values, Assessment.values):
        attack.involvements.create(
            role="party", actor=kataib, certainty=certainty, assessment=assessment, note="Why."
        )
    counted = filter_counted_involvements(attack.involvements.all())
    for row in attack.involvements.all():
        document = {"certainty": row.certainty, "assessment": row.assessment}
        assert is_counted_involvement(document) is (row in counted), document
    assert {row.certainty for row in counted} == set(Certainty.values) - {"ruled_out"}
    assert {row.assessment for row in counted} == set(Assessment.values) - {"rejected"}


@pytest.mark.parametrize(
    ("columns", "status"),
    [
        ({}, "none"),
        ({"authenticity": "disputed"}, "none"),
        ({"assessment": "disputed"}, "none"),
        ({"authenticity": "fake"}, "claimed"),
        ({"assessment": "rejected"}, "claimed"),
    ],
)
def test_a_retraction_that_is_fake_or_rejected_withdraws_nothing(
    columns: dict[str, Any], status: str
) -> None:
    retraction = said("retraction", "A", **columns)
    claim = said("claim", "A", "A", withdrawn_by=retraction["number"])
    assert derive(claim, retraction).claim_status == status


@pytest.mark.django_db
def test_documents_and_working_rows_agree_on_which_statements_count(kataib: Actor) -> None:
    attack = Incident.objects.create(title="Attack")
    for words in product(Authenticity.values, Assessment.values, (None, 99)):
        columns = dict(zip(("authenticity", "assessment", "withdrawn_by"), words, strict=True))
        attack.statements.create(kind="claim", speaker=kataib, note="Why.", **columns)
    for number, words in ((90, {"authenticity": "fake"}), (91, {"assessment": "rejected"})):
        columns = {"kind": "retraction", "note": "Why.", "number": number} | words
        attack.statements.create(speaker=kataib, **columns)
    for number in (90, 91):
        attack.statements.create(kind="denial", speaker=kataib, withdrawn_by=number)
    counted = filter_counted_statements(attack.statements.all())
    names = ("number", "authenticity", "assessment", "withdrawn_by")
    rows = list_counted_statements(list(attack.statements.values(*names)))
    assert {row["number"] for row in rows} == {row.number for row in counted}
    assert {row.authenticity for row in counted} == set(Authenticity.values) - {"fake"}
    assert {row.assessment for row in counted} == set(Assessment.values) - {"rejected"}
    assert {row.withdrawn_by for row in counted} == {None, 90, 91}
