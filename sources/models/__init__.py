"""Publishers and sources, and the abstract rows by which everything else is founded on them."""

from sources.entries import PublisherEntry, SourceEntry
from sources.models.assertion import Assertion, ConfidentAssertion
from sources.models.assessment import AnalystAssessment
from sources.models.citation import Citation
from sources.models.external_id import ExternalId
from sources.models.figure import Figure, build_order_constraint
from sources.models.source import Publisher, Source, SourceExternalId

__all__ = [
    "Assertion",
    "Assessment",
    "Citation",
    "ConfidentAssertion",
    "ExternalId",
    "Figure",
    "Publisher",
    "PublisherEntry",
    "Source",
    "SourceEntry",
    "SourceExternalId",
    "in_order",
]
