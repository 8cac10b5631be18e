"""The cast: all records that incidents reference; the same seed makes the same cast anywhere."""

from collections.abc import Iterator

from exchange.synthetic.actors import SyntheticActors
from exchange.synthetic.documents import SUFFIX, SyntheticRecord, make_public_id, make_record
from exchange.synthetic.places import SyntheticPlaces
from sources.codes import Scale, SourceKind
from sources.models import Publisher, Source


class Cast:
    """Publishers, sources, places, actors and affiliations for a number of incidents."""

    def __init__(self, seed: int, incidents: int) -> None:
        self.publishers = [_publisher(seed, number) for number in range(20)]
        self.sources = [self._source(seed, number) for number in range(max(50, incidents // 500))]
        self.places = SyntheticPlaces(seed, self.sources[0].reference)
        self.actors = SyntheticActors(seed, max(200, incidents // 100), self.places)

    def __iter__(self) -> Iterator[SyntheticRecord]:
        """Yield each record, those that others reference first."""
        for records in (self.publishers, self.sources, self.places, self.actors):
            yield from records

    def _source(self, seed: int, number: int) -> SyntheticRecord:
        return make_record(
            Source,
            make_public_id(seed, "source", number),
            title=f"Synthetic data: report {number}",
            kind=SourceKind.DATASET.value,
            publisher=self.publishers[number % len(self.publishers)].reference,
            published=f"{number % 20 + 2005}",
            language="en",
            url=f"https://synthetic.example/reports/{number}",
        )


def _publisher(seed: int, number: int) -> SyntheticRecord:
    return make_record(
        Publisher,
        make_public_id(seed, "publisher", number),
        name=f"Synthetic Observer {number} {SUFFIX}",
        scale=Scale.NATIONAL.value,
    )
