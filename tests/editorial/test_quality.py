"""Rules of quality: each finds its fault, leaves a good row alone, and leads to the place."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db.models import Model

from actors.models import Actor, Affiliation
from curation import findings
from editorial.models import User, record_models
from editorial.permissions import create_demo_users
from editorial.quality import Severity, all_rules, find_broken_rules
from incidents.models import Incident
from places.boxes import explain_point
from places.models import Place
from sources.models import Source
from tests.curation.admin_client import AdminClient, address

pytestmark = pytest.mark.django_db


today = date.today


def broken(rule: str) -> list[Any]:
    """Return the rows that break a rule."""
    return [row for found in all_rules()[rule].find() for row in found.rows]


@pytest.fixture
def source(db: None) -> Source:
    """Something to cite."""
    return Source.objects.create(title="A report")


@pytest.fixture
def attack(iraq: Place, kataib: Actor) -> Incident:
    """A rocket attack, without a fault."""
    incident = Incident.objects.create(
        title="Rocket attack on the K-1 base", date="2019-12-27", sub_type="rocket_attack"
    )
    incident.locations.create(
        place=iraq, precision="country", public_precision="country", primary=True
    )
    incident.involvements.create(role="perpetrator", actor=kataib, primary=True)
    incident.weapons.create(weapon="rocket")
    return incident


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("2014-06-10", set()),
        ("[1500,2014]", set()),
        ("20XX", set()),
        ("{year}", set()),
        ("{year}-XX", set()),
        ("0201-01-01", {"implausible-year"}),
        ("1499/2014", {"implausible-year"}),
        ("14XX", {"implausible-year"}),
        ("{next}", {"date-in-future"}),
        ("2014/{next}-01", {"date-in-future"}),
        ("{later}~", {"date-in-future", "implausible-year"}),
        ("[2014,{later}]", {"date-in-future", "implausible-year"}),
        ("2914-06", {"date-in-future", "implausible-year"}),
    ],
)
def test_dates_before_1500_and_in_the_future_are_found(
    attack: Incident, text: str, rules: set[str]
) -> None:
    year = today().year
    attack.date = text.format(year=year, next=year + 1, later=year + 2)
    attack.save()
    assert {rule for rule in ("implausible-year", "date-in-future") if broken(rule)} == rules


@pytest.mark.parametrize("days", [-1, 0, 1, 40, 400])
def test_a_date_is_in_the_future_from_the_next_day_on(
    attack: Incident, kataib: Actor, days: int
) -> None:
    day = today() + timedelta(days)
    attack.date = f"{day}"
    attack.save()
    kataib.last_verified = day
    kataib.save()
    assert broken("date-in-future") == ([attack, kataib] if days > 0 else [])


def test_a_season_is_in_the_future_before_its_first_month(attack: Incident) -> None:
    year = today().year
    for number in (21, 22, 23, 24):
        attack.date = f"{year}-{number}"
        attack.save()
        begun = today() >= date(year, 3 * (number - 20), 1)
        assert bool(broken("date-in-future")) != begun, attack.date


@pytest.mark.parametrize(
    ("point", "rules"),
    [
        ((36.34, 43.13), set()),
        ((None, None), set()),
        ((0, 0), {"point-at-zero"}),
        ((43.13, 36.34), {"point-outside-country", "place-outside-country"}),
        ((33.3, 36.3), {"point-outside-country", "place-outside-country"}),
    ],
)
def test_points_at_zero_and_outside_of_the_country_are_found(
    attack: Incident, iraq: Place, point: tuple[Any, Any], rules: set[str]
) -> None:
    location = attack.locations.get()
    for row in (location, iraq):
        row.latitude, row.longitude = point
        row.save()
    names = ("point-at-zero", "point-outside-country", "place-outside-country")
    assert {name for name in names if broken(name)} == rules
    location.precision = location.public_precision = "water_or_airspace"
    location.save()
    assert broken("point-outside-country") == []


def test_a_box_may_cross_the_antimeridian() -> None:
    assert explain_point("FJ", -16.5, 179.9) is None
    assert explain_point("FJ", -16.5, -179.9) is None
    assert explain_point("FJ", -16.5, 0.1) == "point outside the country"
    assert explain_point("IQ", 43.13, 36.34) == "latitude and longitude exchanged"
    assert explain_point("", 43.13, 36.34) is None


def test_every_rule_says_what_is_wrong_in_one_line() -> None:
    for id_, rule in all_rules().items():
        assert rule.id == id_
        assert rule.meaning.endswith(".")
        assert "\n" not in rule.meaning
        assert rule.severity in Severity


def test_a_good_record_breaks_none(attack: Incident, source: Source, publish: Any) -> None:
    assert [rule for rule in all_rules() if rule != "uncited" and broken(rule)] == []


def test_uncited(
    attack: Incident, source: Source, kataib: Actor, iraq: Place, publish: Any
) -> None:
    assert broken("uncited") == [], "drafts need none"
    publish(iraq, kataib, attack, source)
    assert sorted(map(str, broken("uncited"))) == sorted(map(str, [iraq, kataib, attack]))
    for row in (attack, *attack.locations.all(), *attack.weapons.all()):
        row.citations.create(source=source)
    assert attack in broken("uncited"), "its involvement has none"
    attack.involvements.get().citations.create(source=source)
    assert attack not in broken("uncited")


def test_the_page_says_first_that_a_record_has_no_citation_at_all(
    attack: Incident, source: Source, editor: User
) -> None:
    client = AdminClient(editor)
    meaning = "It has no citation at all"
    first, *_ = client.get(address(attack)).context["findings"]
    assert meaning in first.rule.meaning
    assert first.url == f"{address(attack)}#citations-group"
    attack.involvements.get().citations.create(source=source)
    assert meaning not in client.get(address(attack)).text


def test_figures_without_a_recommended_total(attack: Incident, kataib: Actor) -> None:
    assert broken("no-recommended-total") == [], "there are no figures"
    injured = {"measure": "injured", "best": 1}
    attack.casualties.create(**injured, role="supporting")
    attack.casualties.create(**injured, role="recommended", actor=kataib)
    attack.casualties.create(**injured, role="recommended", nationality="IQ")
    attack.casualties.create(**injured, role="recommended", population="civilians")
    attack.casualties.create(measure="killed", best=1, role="recommended")
    assert broken("no-recommended-total") == [attack]
    total = attack.casualties.create(**injured, role="recommended")
    assert broken("no-recommended-total") == []
    total.delete()
    assert broken("no-recommended-total") == [attack]


def test_estimates_of_which_none_is_recommended(kataib: Actor) -> None:
    many = {"measure": "fighters", "quantifier": "many"}
    assert broken("no-recommended-estimate") == []
    supporting = kataib.strength_estimates.create(**many)
    rejected = {"role": "recommended", "assessment": "rejected", "note": "Wrong."}
    kataib.strength_estimates.create(**many, **rejected, as_of="2014")
    assert broken("no-recommended-estimate") == [kataib]
    kataib.strength_estimates.create(**many, role="recommended", as_of="2015")
    assert broken("no-recommended-estimate") == []
    supporting.delete()
    assert broken("no-recommended-estimate") == []


def test_classifications_of_which_none_is_primary(kataib: Actor) -> None:
    assert broken("no-primary-classification") == []
    row = kataib.classifications.create(classification="rebel_group")
    assert broken("no-primary-classification") == [kataib]
    row.primary = True
    row.save()
    assert broken("no-primary-classification") == []
    row.assessment, row.note = "disputed", "Sources differ."
    row.save()
    assert broken("no-primary-classification") == [], "nothing is accepted"
    kataib.classifications.create(classification="state_military")
    assert broken("no-primary-classification") == [kataib]


def test_ongoing_unverified(kataib: Actor, pmf: Actor) -> None:
    affiliation = Affiliation.objects.create(
        subject=kataib,
        kind="member_of",
        object=pmf,
        start="2014",
        end_kind="ongoing",
        last_verified=date.today() - timedelta(days=600),
    )
    assert broken("ongoing-unverified") == [affiliation]
    affiliation.last_verified = date.today()
    affiliation.save()
    assert broken("ongoing-unverified") == []


def test_confidential_source_quoted(attack: Incident, source: Source) -> None:
    citation = attack.citations.create(source=source, quote="A passage")
    assert broken("confidential-quoted") == []
    Source.objects.update(confidential=True)
    assert broken("confidential-quoted") == [citation]


@pytest.mark.parametrize("numbers", [(3, 2, 4), (1, 5, 4), (5, None, 4)])
def test_numbers_out_of_order(attack: Incident, numbers: tuple[Any, ...]) -> None:
    low, best, high = numbers
    figure = attack.casualties.create(
        measure="killed", quantifier="unspecified", low=low, best=best, high=high
    )
    attack.casualties.create(measure="killed", quantifier="unspecified", low=1, best=1, high=2)
    assert broken("numbers-out-of-order") == [figure]


def test_tie_outside_existence(kataib: Actor, pmf: Actor) -> None:
    early = Affiliation.objects.create(
        subject=kataib, kind="member_of", object=pmf, start="2010", end="2012", end_kind="actual"
    )
    Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf, start="2015")
    assert broken("affiliation-outside-existence") == [early]


def test_hierarchy_cycle(kataib: Actor, pmf: Actor) -> None:
    other = Actor.objects.create(name="Saraya", kind="armed_organisation")
    affiliations = [
        Affiliation.objects.create(
            subject=below, kind="subordinate_of", object=above, start=start, start_kind="actual"
        )
        for below, above, start in ((kataib, pmf, "2014"), (pmf, other, "2015"))
    ]
    assert broken("hierarchy-cycle") == []
    affiliations.append(
        Affiliation.objects.create(subject=other, kind="subordinate_of", object=kataib)
    )
    assert broken("hierarchy-cycle") == affiliations
    affiliations[0].end, affiliations[0].end_kind = "2014", "actual"
    affiliations[0].save()
    assert broken("hierarchy-cycle") == []


def test_an_affiliation_without_an_end_beside_one_that_ended(kataib: Actor, pmf: Actor) -> None:
    other = Actor.objects.create(name="Hizballah Brigades", kind="armed_organisation")

    def join(subject: Actor, start: str, end: str = "") -> Affiliation:
        kinds = {"start_kind": "first_cited", "end_kind": "unknown"}
        if end:
            kinds = {"start_kind": "actual", "end": end, "end_kind": "actual"}
        return Affiliation.objects.create(
            subject=subject, kind="member_of", object=pmf, start=start, **kinds
        )

    join(kataib, "2010", "2012")
    join(kataib, "2015", "2018")
    open_end = join(other, "2016")
    assert broken("affiliation-open-end") == []
    (warning,) = kataib.explain_merge(other)
    assert "(2016) has no known end" in warning
    assert "ended (2018)" in warning
    open_end.subject = kataib
    open_end.save()
    assert broken("affiliation-open-end") == [open_end]
    open_end.assessment, open_end.note = "disputed", "Another source says that it left."
    open_end.save()
    assert broken("affiliation-open-end") == []


@pytest.mark.parametrize("kind", ["leader_of", "commander_of"])
def test_two_leaders(kataib: Actor, kind: str) -> None:
    people = [Actor.objects.create(name=name, kind="individual") for name in "AB"]
    affiliations = [
        Affiliation.objects.create(
            subject=person,
            kind=kind,
            object=kataib,
            start="2014",
            start_kind="actual",
            end="2019",
            end_kind="actual",
        )
        for person in people
    ]
    assert broken("two-leaders") == affiliations
    affiliations[1].start = "2019"
    affiliations[1].end = "2020"
    affiliations[1].save()
    assert broken("two-leaders") == []


def test_before_its_perpetrator(attack: Incident, kataib: Actor) -> None:
    assert broken("before-perpetrator") == []
    kataib.start, kataib.start_kind = "2021", "actual"
    kataib.save()
    assert broken("before-perpetrator") == [attack.involvements.get()]


def test_toll_outside_sources(attack: Incident) -> None:
    attack.casualties.create(measure="killed", best=2)
    attack.casualties.create(measure="killed", quantifier="between", low=3, high=5)
    ours = attack.casualties.create(measure="killed", best=5, role="recommended")
    assert broken("casualties-outside-sources") == []
    ours.best = 6
    ours.save()
    assert broken("casualties-outside-sources") == [ours]
    attack.casualties.filter(role="supporting").update(nationality="US")
    assert broken("casualties-outside-sources") == [], "what is said of some is no toll of all"


def test_sum_of_ucdp(attack: Incident) -> None:
    total = attack.casualties.create(measure="killed", best=5)
    attack.casualties.create(measure="killed", best=2, population="civilians")
    assert broken("ucdp-sum") == [], "it is not UCDP's"
    attack.external_ids.create(scheme="ucdp_event", value="1")
    assert broken("ucdp-sum") == [total]
    attack.casualties.create(measure="killed", best=3, population="side_a")
    assert broken("ucdp-sum") == []


def test_claim_before_the_attack(attack: Incident, kataib: Actor) -> None:
    early = attack.statements.create(kind="claim", speaker=kataib, date="2019-12-26")
    attack.statements.create(kind="claim", speaker=kataib, date="2019-12")
    assert broken("claim-before-attack") == [early]


def test_retraction_that_takes_back_nothing(attack: Incident, kataib: Actor) -> None:
    claim = attack.statements.create(kind="claim", speaker=kataib)
    retraction = attack.statements.create(kind="retraction", speaker=kataib)
    assert broken("retraction-of-nothing") == [retraction]
    claim.withdrawn_by = retraction.number
    claim.save()
    assert broken("retraction-of-nothing") == []


def test_accusation_or_denial_that_names_nobody(attack: Incident, kataib: Actor) -> None:
    accusation = attack.statements.create(kind="accusation", speaker=kataib)
    attack.statements.create(kind="denial", speaker=kataib)  # it is about its speaker
    denial = attack.statements.create(kind="denial", speaker_label="a spokesman")
    assert broken("accusation-of-nobody") == [accusation]
    assert broken("denial-of-nobody") == [denial]
    for statement in (accusation, denial):
        statement.responsible.create(label="agents of the government")
    assert broken("accusation-of-nobody") == broken("denial-of-nobody") == []


def test_label_that_is_a_name_of_an_actor_of_the_incident(
    attack: Incident, kataib: Actor, pmf: Actor
) -> None:
    attack.statements.create(kind="claim", speaker=kataib)
    other = attack.statements.create(kind="claim", speaker_label=pmf.name)
    attack.statements.create(kind="accusation", speaker_label="?", note="")
    assert broken("label-of-named-actor") == [], "the incident does not name that actor"
    same = attack.statements.create(kind="claim", speaker_label=kataib.name.upper())
    kataib.names.create(text="حزب الله")
    named = other.responsible.create(label="حزب اللّه")
    victim = attack.involvements.create(role="victim", label=kataib.name)
    assert broken("label-of-named-actor") == [victim, same, named]
    attack.involvements.filter(actor=kataib).delete()
    assert broken("label-of-named-actor") == [victim, same, named], "a statement names it"
    attack.statements.filter(speaker=kataib).delete()
    assert broken("label-of-named-actor") == []


def test_competing_perpetrators(attack: Incident, kataib: Actor, pmf: Actor) -> None:
    other = attack.involvements.create(role="perpetrator", actor=pmf, primary=True)
    assert broken("competing-perpetrators") == [*attack.involvements.order_by("pk")]
    attack.involvements.filter(actor=kataib).update(on_behalf_of=pmf)
    assert broken("competing-perpetrators") == []
    attack.involvements.update(on_behalf_of=None)
    attack.involvements.filter(pk=other.pk).update(side="b")
    assert broken("competing-perpetrators") == [], "each side has its own"
    attack.involvements.filter(pk=other.pk).update(side="none", certainty="ruled_out")
    assert broken("competing-perpetrators") == []


def test_primary_place(attack: Incident, iraq: Place) -> None:
    assert broken("no-primary-place") == []
    Incident.objects.update(slug="irq-2019-abcd")
    assert broken("primary-place-abroad") == []
    Incident.objects.update(slug="syr-2019-abcd")
    assert broken("primary-place-abroad") == [attack.locations.get()]
    attack.locations.update(place=None)
    assert broken("no-primary-place") == [attack]


def test_possible_duplicate(attack: Incident, kataib: Actor, pmf: Actor, iraq: Place) -> None:
    def another(title: str, day: str, actor: Actor) -> Incident:
        incident = Incident.objects.create(title=title, date=day)
        incident.locations.create(
            place=iraq, precision="country", public_precision="country", primary=True
        )
        incident.involvements.create(role="perpetrator", actor=actor)
        return incident

    another("Rocket attack on the K-1 base", "2019-12-30", kataib)
    another("Rocket attack on the K-1 base", "2019-12-28", pmf)
    another("Abduction in Basra", "2019-12-28", kataib)
    assert broken("possible-duplicate") == []
    twin = another("A rocket attack on K-1 base", "2019-12-28", kataib)
    assert broken("possible-duplicate") == [attack, twin]
    for incident in (attack, twin):
        incident.external_ids.create(scheme="ucdp_event", value=str(incident.pk))
    assert broken("possible-duplicate") == [], "UCDP has two ids for them"
    twin.external_ids.all().delete()
    for incident, degrees in ((attack, "35.5"), (twin, "35.7")):
        incident.locations.update(latitude=degrees, longitude="44.3")
    assert broken("possible-duplicate") == [], "more than 10 km"


def test_rocket_attack_without_a_rocket(attack: Incident) -> None:
    assert broken("rocket-without-rocket") == []
    attack.weapons.update(weapon="mortar")
    assert broken("rocket-without-rocket") == [attack]


def test_tie_misjoined(kataib: Actor, pmf: Actor) -> None:
    affiliation = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    assert broken("affiliation-kind-mismatch") == []
    Actor.objects.filter(pk=pmf.pk).update(kind="individual")
    assert broken("affiliation-kind-mismatch") == [affiliation]


def test_support_where_nobody_sponsors(kataib: Actor, pmf: Actor) -> None:
    affiliation = Affiliation.objects.create(subject=kataib, kind="sponsored_by", object=pmf)
    support = affiliation.support.create(type="weapons")
    assert broken("support-unsponsored") == broken("support-against-itself") == []
    affiliation.support.update(against=pmf)
    assert broken("support-against-itself") == [support]
    Affiliation.objects.update(kind="member_of")
    assert broken("support-unsponsored") == [support]


def test_nationality_of_what_is_no_individual(kataib: Actor) -> None:
    person = Actor.objects.create(name="Somebody", kind="individual")
    person.attributes.create(kind="nationality", value="IQ")
    assert broken("nationality-of-group") == []
    other = kataib.attributes.create(kind="nationality", value="IQ")
    assert broken("nationality-of-group") == [other]


def test_part_of_itself(attack: Incident) -> None:
    wave, other = (Incident.objects.create(title=title) for title in ("Wave", "Other"))
    links = [
        attack.links.create(kind="part_of", to=wave),
        wave.links.create(kind="part_of", to=other),
    ]
    other.links.create(kind="follow_up", to=attack)
    assert broken("part-of-itself") == []
    links.append(other.links.create(kind="part_of", to=attack))
    assert broken("part-of-itself") == links


def test_withdrawn_by_a_statement_that_is_not_there(attack: Incident, kataib: Actor) -> None:
    claim = attack.statements.create(kind="claim", speaker=kataib, withdrawn_by=2)
    assert broken("withdrawn-by-missing") == [claim]
    attack.statements.create(kind="retraction", speaker=kataib)
    assert broken("withdrawn-by-missing") == []


def test_frequency_of_what_is_no_series(attack: Incident) -> None:
    attack.weapons.update(frequency="often")
    assert broken("frequency-outside-series") == [attack.weapons.get()]
    Incident.objects.update(granularity="series")
    assert broken("frequency-outside-series") == []


def test_place_finer_than_what_readers_are_to_be_told(attack: Incident, iraq: Place) -> None:
    assert broken("place-too-fine") == []
    Place.objects.filter(pk=iraq.pk).update(kind="base")
    assert broken("place-too-fine") == [attack.locations.get()]


@pytest.mark.long
def test_every_finding_leads_to_a_field_that_is_on_the_page(
    one_of_each: dict[type[Model], Model], editor_client: AdminClient
) -> None:
    """Each rule names a field of what it finds: a link to nowhere helps nobody."""
    for rule in all_rules().values():
        for found in rule.find():
            row = one_of_each.get(found.rows.model)
            if not rule.field or row is None:
                continue
            url, _, anchor = findings.get_edit_url(
                admin.site, row, found.path, rule.field
            ).partition("#")
            assert f'id="{anchor}"' in editor_client.get(url).text, (rule.id, found.rows.model)


class TestCommand:
    """What `manage.py check_quality` says."""

    def run(self, *arguments: str) -> str:
        said = StringIO()
        call_command("check_quality", *arguments, stdout=said, stderr=StringIO())
        return said.getvalue()

    def test_findings_name_the_record_and_its_page(self, attack: Incident) -> None:
        attack.weapons.all().delete()
        said = self.run("--rule", "rocket-without-rocket")
        assert str(attack.public_id) in said
        assert address(attack) in said
        assert "found: 0 errors, 0 warnings, 1 hints" in said
        assert str(attack.public_id) not in self.run("--type", "actor")

    def test_long_lists_are_cut_unless_all_is_asked_for(self, db: None) -> None:
        for number in range(25):
            Incident.objects.create(title=f"Number {number}")
        assert "and 5 more Incident" in self.run("--rule", "no-primary-place")
        assert self.run("--rule", "no-primary-place", "--all").count("/change/") == 25

    def test_errors_fail_and_warnings_do_when_asked_to(self, attack: Incident) -> None:
        attack.locations.update(place=None)
        self.run()
        with pytest.raises(CommandError, match="Fix the findings"):
            self.run("--strict")
        attack.weapons.update(frequency="often")
        with pytest.raises(CommandError, match="Fix the findings"):
            self.run()

    def test_the_rules_can_be_listed(self, db: None) -> None:
        assert self.run("--list").count("\n") == len(all_rules())


def test_the_page_of_a_record_tells_and_leads_to_the_row(
    attack: Incident, kataib: Actor, source: Source, editor_client: AdminClient
) -> None:
    attack.citations.create(source=source)
    page = editor_client.get(address(attack)).content.decode()
    assert "To check" not in page
    attack.weapons.all().delete()
    kataib.start, kataib.start_kind = "2021", "actual"
    kataib.save()
    page = editor_client.get(address(attack)).content.decode()
    assert "To check: 2" in page
    assert f'href="{address(attack)}#id_sub_type"' in page
    assert f'href="{address(attack.involvements.get())}#id_actor"' in page


def test_the_rules_that_a_record_breaks_are_found_with_one_query(
    django_assert_num_queries: Any,
) -> None:
    create_demo_users()
    call_command("load", "seed", submit_as="editor", approve_as="reviewer", verbosity=0)
    Incident.objects.update(sub_type="rocket_attack")
    ids = set()
    for record in (each for model in record_models().values() for each in model.objects.all()):
        rules = all_rules().values()
        expected = [rule for rule in rules if any(f.rows for f in rule.find(record=record))]
        screened = find_broken_rules(record)
        assert [rule for rule in screened if rule in expected] == expected
        if not isinstance(record, Affiliation):  # one of their rules reads all affiliations first
            assert screened == expected
            with django_assert_num_queries(1):
                find_broken_rules(record)
        ids |= {rule.id for rule in expected}
    assert len(ids) >= 3, "there is something to find"
