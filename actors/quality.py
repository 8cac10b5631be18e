"""Rules of quality for actors and their affiliations."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from actors.affiliation_kinds import ALLOWED_PAIRS, HIERARCHICAL
from actors.codes import ActorKind, AffiliationKind, AttributeKind
from actors.models import (
    Actor,
    ActorAttribute,
    Affiliation,
    Classification,
    StrengthEstimate,
    Support,
)
from editorial.quality import Rule, Severity
from sources.codes import Assessment, FigureRole

_DOUBTED = [Assessment.DISPUTED, Assessment.REJECTED]
_CYCLES = """
WITH RECURSIVE up AS (
    SELECT id AS first, subject_id AS below, object_id AS above, possible AS held, 1 AS links
    FROM actors_affiliation WHERE kind = ANY(%s) AND assessment <> ALL(%s)
UNION
    SELECT up.first, up.below, tie.object_id, up.held * tie.possible, up.links + 1
    FROM up JOIN actors_affiliation AS tie
        ON tie.subject_id = up.above AND tie.possible && up.held
    WHERE tie.kind = ANY(%s) AND tie.assessment <> ALL(%s)
        AND up.links < 8 AND up.above <> up.below
)
SELECT first FROM up WHERE above = below
"""


def _outside_existence() -> Iterator[QuerySet[Any]]:
    """Yield ties that cannot, or not all of the time, have had both of their ends."""
    apart = Q()
    for end in ("subject", "object"):
        existence = F(f"{end}__possible")
        together = Q(possible__overlap=existence) & (
            Q(certain=None) | Q(certain__contained_by=existence)
        )
        apart |= ~together & Q(**{f"{end}__possible__isnull": False})
    yield Affiliation.objects.filter(apart, possible__isnull=False).exclude(
        assessment=Assessment.REJECTED
    )


def _cycles() -> Iterator[QuerySet[Any]]:
    kinds, doubted = [*map(str, HIERARCHICAL)], [*map(str, _DOUBTED)]
    above = RawSQL(_CYCLES, [kinds, doubted, kinds, doubted])  # noqa: S611 - our own text
    yield Affiliation.objects.filter(pk__in=above)


def _misjoined() -> Iterator[QuerySet[Any]]:
    """Yield ties that join kinds of actor which they cannot."""
    joined = Q()
    for kind, pairs in ALLOWED_PAIRS.items():
        ends = Q()
        for subjects, objects in pairs:
            ends |= Q(subject__kind__in=subjects, object__kind__in=objects)
        joined |= Q(kind=kind) & ends
    yield Affiliation.objects.exclude(joined)


def _unsponsored() -> Iterator[QuerySet[Any]]:
    yield Support.objects.exclude(affiliation__kind=AffiliationKind.SPONSORED_BY)


def _against_itself() -> Iterator[QuerySet[Any]]:
    ends = Q(against=F("affiliation__subject")) | Q(against=F("affiliation__object"))
    yield Support.objects.filter(ends)


def _nationality() -> Iterator[QuerySet[Any]]:
    told = ActorAttribute.objects.filter(kind=AttributeKind.NATIONALITY)
    yield told.exclude(actor__kind=ActorKind.INDIVIDUAL)


def _two_leaders() -> Iterator[QuerySet[Any]]:
    """Yield who certainly leads what another certainly leads on the same day."""
    leading = Affiliation.objects.filter(
        kind=AffiliationKind.LEADER_OF, assessment=Assessment.ACCEPTED, certain__isnull=False
    )
    other = leading.filter(object=OuterRef("object"), certain__overlap=OuterRef("certain"))
    yield leading.filter(Exists(other.exclude(subject=OuterRef("subject"))))


def _no_estimate() -> Iterator[QuerySet[Any]]:
    """Yield actors with estimates of a measure of which none is recommended."""
    estimates = StrengthEstimate.objects.exclude(assessment=Assessment.REJECTED)
    recommended = estimates.filter(
        actor=OuterRef("actor"), measure=OuterRef("measure"), role=FigureRole.RECOMMENDED
    )
    supporting = estimates.filter(actor=OuterRef("pk")).exclude(Exists(recommended))
    yield Actor.objects.filter(Exists(supporting))


def _no_classification() -> Iterator[QuerySet[Any]]:
    """Yield actors with accepted classifications of which none is primary."""
    accepted = Classification.objects.filter(actor=OuterRef("pk"), assessment=Assessment.ACCEPTED)
    yield Actor.objects.filter(Exists(accepted)).exclude(Exists(accepted.filter(primary=True)))


RULES = [
    Rule(
        "no-recommended-estimate",
        "It has estimates of a measure and none is recommended.",
        Severity.WARNING,
        _no_estimate,
        "strength_estimates",
    ),
    Rule(
        "no-primary-classification",
        "It has accepted classifications and none is primary: lists show it as unknown.",
        Severity.WARNING,
        _no_classification,
        "classifications",
    ),
    Rule(
        "tie-outside-existence",
        "It held when the subject or the object did not exist, by the dates of that actor.",
        Severity.WARNING,
        _outside_existence,
        "start",
    ),
    Rule(
        "hierarchy-cycle",
        "By way of other ties that may have held on the same day, the object stands under the "
        "subject.",
        Severity.ERROR,
        _cycles,
        "object",
    ),
    Rule(
        "tie-misjoined",
        "A tie of this kind does not join actors of these kinds.",
        Severity.ERROR,
        _misjoined,
        "kind",
    ),
    Rule(
        "support-unsponsored",
        "Support is given in a sponsorship, and this tie is of another kind.",
        Severity.ERROR,
        _unsponsored,
        "affiliation",
    ),
    Rule(
        "support-against-itself",
        "It is given against who gives or has it.",
        Severity.ERROR,
        _against_itself,
        "against",
    ),
    Rule(
        "nationality-of-none",
        "Individuals have nationalities; others a country.",
        Severity.ERROR,
        _nationality,
        "kind",
    ),
    Rule(
        "two-leaders",
        "Another person certainly led the object on the same day.",
        Severity.WARNING,
        _two_leaders,
        "subject",
    ),
]
