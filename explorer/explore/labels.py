"""The labels of the filters, and the topics that the form groups them by.

A filter of the API that is not named here has a label made of its name, under the last topic.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from explorer.explore.filters import list_filters

Text = str | Promise


class Topic(NamedTuple):
    """Filters on one subject: those that are always visible, and the others."""

    name: str
    title: Text
    frequent: tuple[str, ...]
    others: tuple[str, ...]


SEARCH = "q"
"""The filter above all topics."""
_MEASURES = ("killed", "injured", "missing", "abducted", "detained", "displaced")

TOPICS = (
    Topic(
        *("when", gettext_lazy("When")),
        ("occurred_from", "occurred_to"),
        ("starts_in", "period_by", "date_precision", "dates"),
    ),
    Topic(
        *("who", gettext_lazy("Who")),
        ("perpetrator", "target"),
        (
            *("participant", "victim", "sponsor", "participant_all", "dyad"),
            *("perpetrator_kind", "target_kind", "victim_kind"),
            *("participant_kind", "sponsor_kind"),
            *("certainty_min", "scope_at", "sponsor_support_type"),
        ),
    ),
    Topic(
        *("where", gettext_lazy("Where")),
        ("country", "place"),
        ("admin1", "precision_min", "precision", "bbox", "near", "radius_km", "centroids"),
    ),
    Topic(
        *("what", gettext_lazy("What")),
        ("event_type", "weapon", "killed_min"),
        (
            *("sub_type", "violence", "outcome", "granularity", "motive", "tag"),
            *("civilians_targeted", "suicide", "target_type", "target_nationality"),
            *("calibre_mm", "weapon_origin", "killed_max", "killed"),
            *(
                name
                for measure in _MEASURES[1:]
                for name in (f"{measure}_min", f"{measure}_max", measure)
            ),
        ),
    ),
    Topic(
        *("claims", gettext_lazy("Claims")),
        ("attribution_status", "claimed_by"),
        (
            *("claim_status", "denied", "facade_claim", "announced_by", "denied_by"),
            *("accused", "accused_by", "statement_about", "statement_by"),
            *("statement_kind", "speaker_type", "statement_mode", "authenticity"),
        ),
    ),
    Topic(
        *("records", gettext_lazy("Sources and records")),
        ("source", "publisher"),
        (
            *("without", "topic", "linked_to", "link_kind", "link_direction", "external_id"),
            *("id", "edited_from", "edited_to", "changed_since"),
        ),
    ),
)

_LABELS: dict[str, Text] = {
    "q": gettext_lazy("Words"),
    "occurred_from": gettext_lazy("From"),
    "occurred_to": gettext_lazy("To"),
    "starts_in": gettext_lazy("First day in the period"),
    "period_by": gettext_lazy("How a period is found"),
    "date_precision": gettext_lazy("Precision of the date"),
    "dates": gettext_lazy("Uncertain dates"),
    "perpetrator": gettext_lazy("Perpetrator"),
    "target": gettext_lazy("Target"),
    "participant": gettext_lazy("Participant in any role"),
    "victim": gettext_lazy("Victim"),
    "sponsor": gettext_lazy("Instigator or supporter"),
    "participant_all": gettext_lazy("Each of these participants"),
    "dyad": gettext_lazy("Two opponents"),
    "perpetrator_kind": gettext_lazy("Kind of perpetrator"),
    "target_kind": gettext_lazy("Kind of target"),
    "victim_kind": gettext_lazy("Kind of victim"),
    "participant_kind": gettext_lazy("Kind of participant"),
    "sponsor_kind": gettext_lazy("Kind of instigator or supporter"),
    "certainty_min": gettext_lazy("Certainty of involvement, at least"),
    "scope_at": gettext_lazy("When actors below others count"),
    "sponsor_support_type": gettext_lazy("Type of support"),
    "country": gettext_lazy("Country"),
    "place": gettext_lazy("Place"),
    "admin1": gettext_lazy("First-level division"),
    "precision_min": gettext_lazy("Precision of the place, at least"),
    "precision": gettext_lazy("Precision of the place"),
    "bbox": gettext_lazy("Box on the map"),
    "near": gettext_lazy("Near a point"),
    "radius_km": gettext_lazy("Distance from the point, in kilometres"),
    "centroids": gettext_lazy("Places without a point count by their centre"),
    "event_type": gettext_lazy("Type of event"),
    "sub_type": gettext_lazy("Sub-type of event"),
    "violence": gettext_lazy("Type of organised violence"),
    "outcome": gettext_lazy("Outcome"),
    "granularity": gettext_lazy("Single events, sums or series"),
    "motive": gettext_lazy("Motive"),
    "tag": gettext_lazy("Tag"),
    "civilians_targeted": gettext_lazy("Civilians targeted"),
    "suicide": gettext_lazy("Suicide attack"),
    "weapon": gettext_lazy("Weapon"),
    "calibre_mm": gettext_lazy("Calibre in millimetres"),
    "weapon_origin": gettext_lazy("Country of the weapon"),
    "target_type": gettext_lazy("Target object"),
    "target_nationality": gettext_lazy("Nationality of the target object"),
    "killed": gettext_lazy("Number of killed"),
    "killed_min": gettext_lazy("Killed, at least"),
    "killed_max": gettext_lazy("Killed, at most"),
    "injured": gettext_lazy("Number of injured"),
    "injured_min": gettext_lazy("Injured, at least"),
    "injured_max": gettext_lazy("Injured, at most"),
    "missing": gettext_lazy("Number of missing"),
    "missing_min": gettext_lazy("Missing, at least"),
    "missing_max": gettext_lazy("Missing, at most"),
    "abducted": gettext_lazy("Number of abducted"),
    "abducted_min": gettext_lazy("Abducted, at least"),
    "abducted_max": gettext_lazy("Abducted, at most"),
    "detained": gettext_lazy("Number of detained"),
    "detained_min": gettext_lazy("Detained, at least"),
    "detained_max": gettext_lazy("Detained, at most"),
    "displaced": gettext_lazy("Number of displaced"),
    "displaced_min": gettext_lazy("Displaced, at least"),
    "displaced_max": gettext_lazy("Displaced, at most"),
    "attribution_status": gettext_lazy("How certain we are who did it"),
    "claimed_by": gettext_lazy("Claimed for"),
    "announced_by": gettext_lazy("Claimed by the speaker"),
    "denied_by": gettext_lazy("Denied for"),
    "accused": gettext_lazy("Accused"),
    "accused_by": gettext_lazy("Accused by"),
    "statement_about": gettext_lazy("Statement about"),
    "statement_by": gettext_lazy("Statement by"),
    "claim_status": gettext_lazy("Claim status"),
    "denied": gettext_lazy("Denied by those held responsible"),
    "facade_claim": gettext_lazy("Claimed by a facade"),
    "statement_kind": gettext_lazy("Kind of statement"),
    "speaker_type": gettext_lazy("Capacity of the speaker"),
    "statement_mode": gettext_lazy("Medium of the statement"),
    "authenticity": gettext_lazy("Authenticity of the statement"),
    "source": gettext_lazy("Source"),
    "publisher": gettext_lazy("Publisher"),
    "without": gettext_lazy("Lacks"),
    "topic": gettext_lazy("Topic of an assessment"),
    "linked_to": gettext_lazy("Linked to the incident"),
    "link_kind": gettext_lazy("Kind of link"),
    "link_direction": gettext_lazy("Direction of the link"),
    "external_id": gettext_lazy("Id in another system"),
    "id": gettext_lazy("Public id"),
    "edited_from": gettext_lazy("Text published from"),
    "edited_to": gettext_lazy("Text published until"),
    "changed_since": gettext_lazy("Changed since the snapshot"),
    "year": gettext_lazy("Year"),
    "quarter": gettext_lazy("Quarter"),
    "month": gettext_lazy("Month"),
    "week": gettext_lazy("Week"),
    "day": gettext_lazy("Day"),
    "group_by": gettext_lazy("Group by"),
    "sort": gettext_lazy("Order"),
}

_WORDS: dict[tuple[str, str], Text] = {
    ("dates", "possible"): gettext_lazy("match if they may match"),
    ("dates", "certain"): gettext_lazy("match only if they certainly match"),
    ("period_by", "precise_date"): gettext_lazy("only dates that are precise enough"),
    ("period_by", "first_day"): gettext_lazy("every date, by its first day"),
    ("link_direction", "to"): gettext_lazy("it links to it"),
    ("link_direction", "from"): gettext_lazy("it is linked from it"),
    ("scope_at", "incident"): gettext_lazy("on the day of the incident"),
    ("scope_at", "any"): gettext_lazy("at any time"),
    ("sort", "newest"): gettext_lazy("newest first"),
    ("sort", "oldest"): gettext_lazy("oldest first"),
    ("sort", "deadliest"): gettext_lazy("most killed first"),
    ("sort", "recently_edited"): gettext_lazy("last edited first"),
    ("sort", "relevance"): gettext_lazy("best match first"),
    ("without", "date"): gettext_lazy("a date"),
    ("without", "country"): gettext_lazy("a country"),
    ("without", "admin1"): gettext_lazy("a first-level division"),
    ("without", "precision"): gettext_lazy("a place"),
    ("without", "participant"): gettext_lazy("a known participant"),
    ("without", "perpetrator"): gettext_lazy("a known perpetrator"),
    ("without", "target"): gettext_lazy("a known target"),
    ("without", "weapon"): gettext_lazy("a weapon"),
    ("without", "target_type"): gettext_lazy("a target object"),
    ("without", "source"): gettext_lazy("a source"),
    ("without", "publisher"): gettext_lazy("a publisher"),
}
"""The labels of words that are in no vocabulary."""


def list_topics() -> tuple[Topic, ...]:
    """Return the topics with all filters of the API."""
    *others, last = TOPICS
    named = {SEARCH, *(name for topic in TOPICS for name in (*topic.frequent, *topic.others))}
    scopes = {f"{name}_scope" for name in list_filters()}
    rest = tuple(name for name in list_filters() if name not in named | scopes)
    return (*others, last._replace(others=last.others + rest))


def label_filter(name: str) -> str:
    """Return the label of a parameter."""
    if name.endswith("_scope"):
        return gettext("%s: included") % label_filter(name.removesuffix("_scope"))
    return str(_LABELS.get(name, name.replace("_", " ").capitalize()))


def label_word(name: str, word: str, label: Text) -> str:
    """Return the label of a word of a parameter; `label` is what its enumeration says."""
    return str(_WORDS.get((name, word)) or gettext(str(label)))
