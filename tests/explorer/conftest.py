"""A reader of the site, and an incident with everything that its page shows."""

from collections.abc import Iterator
from io import StringIO
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from actors.models import Actor, Affiliation
from editorial.permissions import create_demo_users
from incidents.models import Incident
from places.models import Place
from sources.models import Publisher, Source
from tests.conftest import empty_tables
from tests.live import Live

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""What Chromium and Firefox accept, shortened."""


class Reader(Client):
    """A reader with a browser."""

    def __init__(self) -> None:
        super().__init__(SERVER_NAME="localhost", HTTP_ACCEPT=BROWSER)

    def generic(self, *args: Any, **kwargs: Any) -> Any:
        """Ask over HTTPS, as browsers must."""
        return super().generic(*args, **kwargs | {"secure": True})

    def read(self, address: str, status: int = 200) -> str:
        """Return the text of a page, with one blank for all white space."""
        answer = self.get(address)
        assert answer.status_code == status, answer.content
        assert answer["Content-Type"] == "text/html; charset=utf-8"
        return " ".join(answer.content.decode().split())


@pytest.fixture
def reader() -> Reader:
    """A reader with a browser."""
    return Reader()


class Story(NamedTuple):
    """An attack that one group claims and denies, and another is accused of."""

    attack: Incident
    kataib: Actor
    saraya: Actor
    pmf: Actor
    iran: Actor
    membership: Affiliation
    backing: Affiliation
    report: Source
    shafaq: Publisher
    iraq: Place
    kirkuk: Place


@pytest.fixture
def story(kataib: Actor, pmf: Actor, iraq: Place, publish: Any) -> Story:
    """Publish the story."""
    kirkuk = Place.objects.create(
        name="Kirkuk", slug="kirkuk", kind="settlement", country="IQ", parent=iraq
    )
    shafaq = Publisher.objects.create(name="شفق نيوز", scale="national", language="ar")
    report = Source.objects.create(
        title="هجوم على قاعدة",
        translated_title="An attack on a base",
        publisher=shafaq,
        url="https://example.org/report",
        published="2019-12-28",
    )
    secret = Source.objects.create(title="A talk with a witness", confidential=True)
    saraya = Actor.objects.create(name="سرايا", slug="saraya", kind="armed_organisation")
    iran = Actor.objects.create(name="Iran", slug="iran", kind="state")
    kataib.names.create(text="كتائب حزب الله", language="ar", kind="official", start="2007")
    kataib.names.create(text="Катаиб Хезболла", language="ru")
    kataib.classifications.create(
        classification="rebel_group",
        primary=True,
        start="2007",
        start_kind="actual",
        end="2014",
        end_kind="actual",
    )
    kataib.designations.create(regime="us_fto", status="listed", start="2009-07-02")
    kataib.presences.create(place=kirkuk, kind="base")
    kataib.strength_estimates.create(measure="fighters", quantifier="thousands")
    kataib.assessments.create(topic="aims", text="To drive out foreign forces.")
    kataib.citations.create(source=report, quote="كتائب حزب الله", translation="Kataib Hezbollah")
    membership = Affiliation.objects.create(
        subject=kataib,
        kind="member_of",
        object=pmf,
        start="2014-06",
        start_kind="actual",
        end_kind="ongoing",
    )
    backing = Affiliation.objects.create(subject=kataib, kind="sponsored_by", object=iran)
    backing.support.create(type="weapons")
    attack = Incident.objects.create(
        title="Attack on K-1",
        slug="irq-2019-aaaa",
        date="2019-12-27",
        summary="Rockets hit a base.",
    )
    attack.locations.create(
        place=kirkuk,
        primary=True,
        precision="near_settlement",
        public_precision="near_settlement",
    )
    involvement = attack.involvements.create(
        role="perpetrator", actor=kataib, certainty="probable", rationale="The type of rocket."
    )
    involvement.citations.create(source=secret, quote="I saw them.")
    attack.involvements.create(role="co_perpetrator", label="Unknown men", certainty="suspected")
    denial = attack.statements.create(
        number=1, kind="denial", speaker=kataib, date="2019-12-29", text="لسنا نحن", language="ar"
    )
    denial.citations.create(source=report, quote="نفت الكتائب")
    attack.statements.create(
        number=2, kind="claim", speaker=saraya, date="2020-01", authenticity="unverified"
    )
    accusation = attack.statements.create(
        number=3, kind="accusation", speaker_label="A US official", date="2019-12-27"
    )
    accusation.responsible.create(actor=kataib)
    attack.statements.create(number=4, kind="endorsement", speaker_label="A preacher")
    attack.casualties.create(measure="killed", best=1, role="recommended")
    attack.casualties.create(
        measure="killed", low=1, high=4, quantifier="between"
    ).citations.create(source=report)
    attack.casualties.create(measure="injured", quantifier="dozens")
    attack.weapons.create(weapon="rocket", calibre_mm="107", count_low=30)
    attack.target_objects.create(type="military", name="K-1")
    attack.effects.create(kind="changes", affiliation=membership)
    strikes = Incident.objects.create(title="Strikes on al-Qaim", slug="irq-2019-bbbb", date="2019")
    strikes.involvements.create(role="target", actor=kataib)
    strikes.links.create(kind="retaliation_for", to=attack)
    publish(iraq, kirkuk, shafaq, report)
    publish(kataib, pmf, saraya, iran)
    publish(membership, backing)
    publish(attack)
    publish(strikes)
    return Story(
        *(attack, kataib, saraya, pmf, iran, membership, backing, report, shafaq, iraq, kirkuk)
    )


@pytest.fixture(scope="module")
def island(
    browser: Any, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """The address of a site with the invented island, for all tests of a module: they only read."""
    bare = {"SESSION_COOKIE_SECURE": False, "CSRF_COOKIE_SECURE": False}
    finders = {"WHITENOISE_USE_FINDERS": True, "WHITENOISE_AUTOREFRESH": True}
    with (
        django_db_blocker.unblock(),
        override_settings(SECURE_SSL_REDIRECT=False, **bare, **finders),
    ):
        create_demo_users()
        call_command("load_island", stdout=StringIO())
        live = Live()
        try:
            yield live.url
        finally:
            live.close()
            empty_tables()
