"""Quality rules for actors and affiliations."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from actors.affiliation_kinds import filter_mismatched
from actors.codes import ActorKind, AffiliationKind, AttributeKind
from actors.models import (
    Actor,
    ActorAttribute,
    Affiliation,
    Classification,
    StrengthEstimate,
    Support,
)
from actors.models.rules import filter_unsponsored, find_open_ends, select_working_links
from editorial.quality import Rule, Severity
from publishing.codes import EndKind
from publishing.cycles import find_cycles
from sources.codes import Assessment, FigureRole


def _find_outside_existence() -> Iterator[QuerySet[Any]]:
    """Yield affiliations on days on which one of the two actors did not exist.

    The possible days must share one with the existence of each actor, and the certain days must
    lie within it.
    """
    outside = Q()
    for end in ("subject", "object"):
        existence = F(f"{end}__possible")
        inside = Q(possible__overlap=existence) & (
            Q(certain=None) | Q(certain__contained_by=existence)
        )
        outside |= ~inside & Q(**{f"{end}__possible__isnull": False})
    yield Affiliation.objects.filter(outside, possible__isnull=False).exclude(
        assessment=Assessment.REJECTED
    )


def _find_cycles() -> Iterator[QuerySet[Any]]:
    links = select_working_links(Affiliation.objects.all())
    yield Affiliation.objects.filter(public_id__in=find_cycles(links))


def _find_mismatched() -> Iterator[QuerySet[Any]]:
    yield filter_mismatched(Affiliation.objects.all())


def _find_unsponsored() -> Iterator[QuerySet[Any]]:
    yield filter_unsponsored(Support.objects.all())


def _find_support_against_itself() -> Iterator[QuerySet[Any]]:
    ends = Q(against=F("affiliation__subject")) | Q(against=F("affiliation__object"))
    yield Support.objects.filter(ends)


def _find_nationalities_of_groups() -> Iterator[QuerySet[Any]]:
    nationalities = ActorAttribute.objects.filter(kind=AttributeKind.NATIONALITY)
    yield nationalities.exclude(actor__kind=ActorKind.INDIVIDUAL)


def _find_two_leaders() -> Iterator[QuerySet[Any]]:
    """Yield affiliations of leaders and commanders while another person certainly is the same."""
    leading = Affiliation.objects.filter(
        kind__in=[AffiliationKind.LEADER_OF, AffiliationKind.COMMANDER_OF],
        assessment=Assessment.ACCEPTED,
        certain__isnull=False,
    )
    other = leading.filter(
        object=OuterRef("object"), kind=OuterRef("kind"), certain__overlap=OuterRef("certain")
    )
    yield leading.filter(Exists(other.exclude(subject=OuterRef("subject"))))


def _find_open_ends() -> Iterator[QuerySet[Any]]:
    """Yield affiliations without a known end, beside one that ended since they started."""
    ended = Affiliation.objects.filter(end_kind=EndKind.ACTUAL, kind=OuterRef("kind"))
    same = Q(subject=OuterRef("subject"), object=OuterRef("object"))
    turned = Q(subject=OuterRef("object"), object=OuterRef("subject"))
    pairs = Affiliation.objects.exclude(end_kind=EndKind.ACTUAL).filter(
        Exists(ended.filter(same | turned))
    )
    actors = pairs.values_list("subject", "object")
    both = {actor for pair in actors for actor in pair}
    rows = Affiliation.objects.filter(subject__in=both, object__in=both)
    yield Affiliation.objects.filter(pk__in={row.pk for row, _ in find_open_ends(rows)})


def _find_no_recommended_estimate() -> Iterator[QuerySet[Any]]:
    """Yield actors with estimates of a measure of which none is recommended."""
    estimates = StrengthEstimate.objects.exclude(assessment=Assessment.REJECTED)
    recommended = estimates.filter(
        actor=OuterRef("actor"), measure=OuterRef("measure"), role=FigureRole.RECOMMENDED
    )
    supporting = estimates.filter(actor=OuterRef("pk")).exclude(Exists(recommended))
    yield Actor.objects.filter(Exists(supporting))


def _find_no_primary_classification() -> Iterator[QuerySet[Any]]:
    """Yield actors with accepted classifications of which none is primary."""
    accepted = Classification.objects.filter(actor=OuterRef("pk"), assessment=Assessment.ACCEPTED)
    yield Actor.objects.filter(Exists(accepted)).exclude(Exists(accepted.filter(primary=True)))


RULES = [
    Rule(
        "no-recommended-estimate",
        "The actor has estimates of a measure, but none of them is recommended.",
        Severity.WARNING,
        _find_no_recommended_estimate,
        "strength_estimates",
    ),
    Rule(
        "no-primary-classification",
        "The actor has accepted classifications, but none is primary: lists show it as unknown.",
        Severity.WARNING,
        _find_no_primary_classification,
        "classifications",
    ),
    Rule(
        "affiliation-outside-existence",
        "The dates of the affiliation lie outside the existence of its subject or object.",
        Severity.WARNING,
        _find_outside_existence,
        "start",
    ),
    Rule(
        "affiliation-open-end",
        "No end of the affiliation is known, so it may go on after another one of this kind "
        "between the same actors has ended.",
        Severity.WARNING,
        _find_open_ends,
        "end",
    ),
    Rule(
        "hierarchy-cycle",
        "Other affiliations place the object below the subject, possibly on the same day.",
        Severity.ERROR,
        _find_cycles,
        "object",
    ),
    Rule(
        "affiliation-kind-mismatch",
        "An affiliation of this kind cannot join actors of these kinds.",
        Severity.ERROR,
        _find_mismatched,
        "kind",
    ),
    Rule(
        "support-unsponsored",
        "Only an affiliation of kind “sponsored by” can have support.",
        Severity.ERROR,
        _find_unsponsored,
        "affiliation",
    ),
    Rule(
        "support-against-itself",
        "The support is directed against its own sponsor or recipient.",
        Severity.ERROR,
        _find_support_against_itself,
        "against",
    ),
    Rule(
        "nationality-of-group",
        "Only individuals have a nationality: enter the home country of other actors instead.",
        Severity.ERROR,
        _find_nationalities_of_groups,
        "kind",
    ),
    Rule(
        "two-leaders",
        "Another person certainly led or commanded the object on the same day.",
        Severity.WARNING,
        _find_two_leaders,
        "subject",
    ),
]
