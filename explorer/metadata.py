"""What a page says about itself outside of its text: its kind, its facts, and its data set.

Search engines and chats show the description, and pictures for sharing are drawn from the same
facts. Only data sets are described as linked data (schema.org). Who did what is not: read without
its sources and doubts, it would be taken for a fact.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext

from api.snapshots import PublicState
from explorer.answers import API
from publishing.presentation import words

Row = Mapping[str, Any]
MAX_DESCRIPTION = 300
"""The largest number of characters of a description: those who show it show no more."""
EXPORTS = {"csv": "text/csv", "ndjson": "application/x-ndjson", "geojson": "application/geo+json"}
"""The formats of exports and their media types."""
_WITH_POINTS = ("incidents", "places")
"""The lists that are exported as GeoJSON."""


class About(NamedTuple):
    """What a record is, in a few words."""

    kind: str
    title: str
    facts: list[str]
    text: str = ""
    casualties: str = ""

    @property
    def description(self) -> str:
        """The description of its page, for search engines and chats."""
        facts = " · ".join(filter(None, [*self.facts, self.casualties]))
        text = " ".join(f"{self.kind}: {facts}. {self.text}".split())
        return text if len(text) <= MAX_DESCRIPTION else f"{text[: MAX_DESCRIPTION - 1].rstrip()}…"


def describe_record(type_: str, document: Row) -> About:
    """Return what a record is."""
    return _DESCRIBERS[type_](document)


def _describe_incident(document: Row) -> About:
    place = document["place"]
    single = document["granularity"] == "single_event"
    facts = [
        words.date_in_words(document["date"], single=single),
        place["name"] if place else gettext("place not known"),
        gettext("attribution: %s")
        % words.label(document["attribution_status"], "attribution_status"),
    ]
    title = document["title"] or document["slug"]
    killed = gettext("killed: %s") % words.range_in_words(document["killed"])
    return About(gettext("Incident"), title, facts, document["summary"] or "", killed)


def _describe_actor(document: Row) -> About:
    country = document["country"]
    facts = [
        words.label(document["classification"], "classification_word"),
        words.period_in_words(document["existence"]),
        *([country["name"]] if country else []),
    ]
    kind = words.label(document["kind"], "actor_kind")
    return About(_capitalize(kind), document["name"], facts, document["summary"] or "")


def _describe_place(document: Row) -> About:
    parent = document["parent"]
    inside = gettext("in %s") % parent["name"] if parent else ""
    codes = document["admin1"] or document["country"] or ""
    kind = words.label(document["kind"], "place_kind")
    return About(_capitalize(kind), document["name"], list(filter(None, [inside, codes])))


def _describe_source(document: Row) -> About:
    publisher = document["publisher"]
    facts = [
        words.label(document["kind"], "source_kind"),
        publisher["name"] if publisher else gettext("publisher not known"),
        words.date_in_words(document["published"]),
    ]
    text = document["translated_title"] or ""
    return About(gettext("Source"), document["title"], facts, text)


def _describe_publisher(document: Row) -> About:
    facts = [words.label(document["scale"], "scale"), document["country"] or ""]
    return About(gettext("Publisher"), document["name"], list(filter(None, facts)))


def _describe_affiliation(document: Row) -> About:
    kind = words.label(document["kind"], "affiliation_kind")
    subject, object_ = document["subject"]["name"], document["object"]["name"]
    facts = [words.period_in_words(document["validity"])]
    return About(gettext("Affiliation"), f"{subject} – {kind} – {object_}", facts)


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]


_DESCRIBERS: dict[str, Callable[[Row], About]] = {
    "incident": _describe_incident,
    "actor": _describe_actor,
    "place": _describe_place,
    "source": _describe_source,
    "publisher": _describe_publisher,
    "affiliation": _describe_affiliation,
}


def describe_dataset(origin: str, address: str, state: PublicState, **more: Any) -> dict[str, Any]:
    """Return the whole public record at a snapshot as a `Dataset` of schema.org.

    `origin` is the address of the site, `address` the permanent one of the page.
    """
    exports = [
        (name, format_)
        for name in words.List.values
        for format_ in EXPORTS
        if format_ != "geojson" or name in _WITH_POINTS
    ]
    described = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "identifier": address,
        "name": gettext("%s: armed actors, their affiliations and incidents") % settings.NAME,
        "description": gettext(
            "Armed actors, their affiliations and the incidents they are involved in, with the "
            "source of every statement, and with what is uncertain or not known shown as such."
        ),
        "version": str(state.snapshot),
        "license": settings.LICENCE_ADDRESS or settings.LICENCE,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": settings.NAME, "url": f"{origin}/"},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"{name}.{format_}",
                "encodingFormat": EXPORTS[format_],
                "contentUrl": f"{origin}{API}/{name}?format={format_}&snapshot={state.snapshot}",
            }
            for name, format_ in exports
        ],
    }
    if state.published_at:
        described["dateModified"] = state.published_at.isoformat()
    return described | more


def describe_release(origin: str, address: str, state: PublicState, release: Row) -> dict[str, Any]:
    """Return a release, as the API describes it, as a `Dataset` of schema.org.

    `origin` is the address of the site, `address` the permanent one of the page.
    """
    return describe_dataset(
        origin,
        address,
        state,
        name=gettext("%(site)s, release %(name)s")
        % {"site": settings.NAME, "name": release["name"]},
        version=release["name"],
        datePublished=release["published_at"],
        creditText=release["citation"],
        distribution=[
            {
                "@type": "DataDownload",
                "name": f"{export['resource']}.{export['format']}",
                "encodingFormat": EXPORTS[export["format"]],
                "contentUrl": export["address"],
                "contentSize": f"{export['size']} B",
                "sha256": export["sha256"],
            }
            for export in release["exports"]
        ],
    )
