"""The requests that are measured, found in the synthetic data."""

from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import NamedTuple
from uuid import UUID

from actors.entries import AffiliationEntry
from exchange.synthetic.places import COUNTRIES
from incidents.entries import IncidentActorEntry, IncidentEntry
from publishing.models import FOREVER, Edition

API = "/api/v1"
PAGE_SIZE = 50
RECORDS = 20
"""The number of different records whose pages are measured."""
LIST = f"{API}/incidents?limit={PAGE_SIZE}"
TYPES = (
    "battle",
    "explosion_remote_violence",
    "violence_against_civilians",
    "protest",
    "strategic_development",
)


class Variant(NamedTuple):
    """One of the many filtered lists, which no two rounds share."""

    country: str
    event_type: str
    occurred_from: str

    @property
    def query(self) -> str:
        """The parameters, which the peers take too."""
        return "&".join(f"{key}={value}" for key, value in self._asdict().items())


def draw_variants(number: int, seed: int) -> list[Variant]:
    """Return so many different filters, whose pages are full where there are enough incidents."""
    random = Random(seed)  # noqa: S311
    first = date(2003, 1, 1)
    return [
        Variant(
            random.choice(list(COUNTRIES)),
            random.choice(TYPES),
            str(first + timedelta(days=random.randrange(4000))),
        )
        for _ in range(number)
    ]


class Cast:
    """The records that requests name."""

    @cached_property
    def umbrella(self) -> str:
        """The organisation whose sixty members are the most frequent groups."""
        return self._find_umbrellas()[0]

    @cached_property
    def small_umbrella(self) -> str:
        """The organisation whose members are the rarest groups."""
        return self._find_umbrellas()[-1]

    def _find_umbrellas(self) -> list[str]:
        members = AffiliationEntry.objects.filter(kind="member_of", until_seq=FOREVER)
        umbrellas = members.order_by("seq").values_list("object", flat=True)
        return [str(self._find_slug(umbrella)) for umbrella in dict.fromkeys(umbrellas)]

    def _find_slug(self, record: UUID) -> str | None:
        return Edition.objects.filter(record=record).values_list("slug", flat=True)[0]

    def list_keys(self, type_name: str) -> list[str]:
        """Return the slugs, or else the public ids, of some records in no particular order."""
        rows = Edition.objects.filter(type=type_name, version=1, public=True)
        keys = rows.order_by("hash").values_list("slug", "record")[:RECORDS]
        return [slug or str(record) for slug, record in keys]

    @cached_property
    def incident(self) -> str:
        """The slug of an incident in the middle of the list."""
        current = IncidentEntry.objects.filter(until_seq=FOREVER).order_by("-order_date")
        return str(current.values_list("slug", flat=True)[current.count() // 2])

    @cached_property
    def busiest(self) -> str:
        """The public id of the actor of most incidents, the first group of the first umbrella."""
        members = AffiliationEntry.objects.filter(kind="member_of", until_seq=FOREVER)
        return str(members.order_by("seq").values_list("subject", flat=True)[0])

    @cached_property
    def quoting(self) -> int:
        """The number of current incidents that involve the busiest actor."""
        rows = IncidentActorEntry.objects.filter(actor=self.busiest, until_seq=FOREVER)
        return rows.values("record").distinct().count()

    @cached_property
    def year_ago(self) -> str:
        """The moment a year before the last publication."""
        last = Edition.objects.order_by("-seq").values_list("published_at", flat=True)[0]
        return f"{last - timedelta(days=365):%Y-%m-%dT%H:%M:%SZ}"
