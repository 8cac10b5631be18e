"""The pages of records, the home page and the search: what they show."""

import re
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from django.utils.html import escape

from actors.models import Actor
from editorial import workflow
from editorial.models import User
from incidents.models import Incident
from publishing.models import Edition
from tests.explorer.conftest import Reader, Story


def test_an_incident_says_what_is_known_and_what_is_not(reader: Reader, story: Story) -> None:
    page = reader.read("/incidents/irq-2019-aaaa")
    assert '<h1 dir="auto">Attack on K-1</h1>' in page
    assert "27 December 2019 <code>2019-12-27</code>" in page
    assert "near settlement<div" in page
    assert "Within about 25 kilometres of a settlement." in page
    assert '<a href="/places/kirkuk"><bdi>Kirkuk</bdi></a>' in page
    assert "<dt>Suicide attack?</dt><dd>not known</dd>" in page
    assert "<strong>probable</strong>" in page
    assert "The type of rocket." in page
    assert "<bdi>Unknown men</bdi>" in page
    assert "A confidential source, withheld" in page
    assert "I saw them" not in page
    assert "107 mm" in page
    assert "used: at least 30; intercepted: not known" in page
    assert "Strikes on al-Qaim" in page


def test_casualties_are_shown_by_source_and_never_as_zero(reader: Reader, story: Story) -> None:
    page = reader.read("/incidents/irq-2019-aaaa")
    killed = page[page.index('id="casualties"') : page.index('id="weapons"')]
    assert re.findall(r"<td>([\w ,]+) <span class=\"tag\">(\w+)", killed) == [
        ("1", "recommended"),
        ("1 to 4", "supporting"),
        ("dozens", "supporting"),
    ]
    assert killed.count('<line class="range"') == 1
    assert '<span class="unknown">dozens</span>' in killed
    assert "<td>0" not in killed


def test_the_lane_shows_when_who_said_what(reader: Reader, story: Story) -> None:
    page = reader.read("/incidents/irq-2019-aaaa")
    lane = page[page.index('id="claims"') : page.index('id="casualties"')]
    lane = lane[lane.index("</tbody>") :]  # after our own conclusion
    order = [
        lane.index(word) for word in ("A US official", "Kataib Hezbollah", "سرايا", "A preach")
    ]
    assert order == sorted(order)
    assert "the same day" in lane
    assert "2 days later" in lane
    assert "5 days later – 35 days later" in lane
    assert "time not known" in lane
    assert "unverified" in lane


def test_each_actor_held_responsible_has_its_say(reader: Reader, story: Story) -> None:
    page = reader.read("/incidents/irq-2019-aaaa")
    kataib, saraya = re.findall(r'<div class="position (.*?)</div>', page)
    assert kataib.startswith("denied")
    assert "Denies it" in kataib
    assert "A US official" in kataib
    assert "لسنا نحن" in kataib
    assert "killed (total): 1 to 4" in kataib, "the figure of the source of its denial"
    assert saraya.startswith("claimed")


def test_a_denial_of_another_is_no_denial_of_its_own(
    reader: Reader, story: Story, publish: Any
) -> None:
    story.attack.statements.filter(number=1).delete()
    denial = story.attack.statements.create(
        number=5, kind="denial", speaker=story.pmf, date="2019-12-30", text="Not our brigade."
    )
    denial.responsible.create(actor=story.kataib)
    publish(story.attack)
    page = reader.read("/incidents/irq-2019-aaaa")
    kataib, _ = re.findall(r'<div class="position (.*?)</div>', page)
    assert kataib.startswith("silent")
    assert "Silent, as far as is recorded" in kataib
    assert "denial for it by" in kataib
    assert "Popular Mobilization Forces" in kataib
    assert "Not our brigade." in kataib


def test_what_was_taken_back_is_no_claim_and_no_silence(
    reader: Reader, story: Story, publish: Any
) -> None:
    story.attack.statements.create(number=6, kind="retraction", speaker=story.saraya)
    story.attack.statements.filter(kind="claim").update(withdrawn_by=6)
    publish(story.attack)
    page = reader.read("/incidents/irq-2019-aaaa")
    _, saraya = re.findall(r'<div class="position (.*?)</div>', page)
    assert saraya.startswith("withdrew")
    assert "Took back what it said" in saraya
    assert '<span class="tag">withdrawn</span>' in saraya


def test_conclusions_are_compared_by_edition(reader: Reader, story: Story, publish: Any) -> None:
    story.attack.involvements.filter(actor=story.kataib).update(certainty="confirmed")
    publish(story.attack, note="Debris was found.")
    page = reader.read("/incidents/irq-2019-aaaa")
    listed = page[page.index('class="conclusions"') : page.index('id="accused"')]
    assert re.findall(r"<strong>(\w+)</strong>", listed) == ["probable", "confirmed"]
    assert "Debris was found." in page[page.index('id="editions"') :]


def test_our_conclusion_is_a_band_beside_the_statements(
    reader: Reader, story: Story, publish: Any
) -> None:
    old = Edition.objects.newest_snapshot()
    story.attack.involvements.filter(actor=story.kataib).update(certainty="confirmed")
    publish(story.attack)
    page = reader.read("/incidents/irq-2019-aaaa")
    lane = page[page.index('id="claims"') : page.index('id="casualties"')]
    band = lane[lane.index('class="ours"') : lane.index("A US official")]
    assert re.findall(r'<rect class="stage (\w+)"', band) == ["probable", "confirmed"]
    assert re.findall(r"<strong>(\w+)</strong>", band) == ["probable", "confirmed"]
    today = timezone.now().date()
    later = f"{(today - date(2019, 12, 27)).days:,} days later"
    assert band.count(later) == 2
    past = reader.read(f"/incidents/irq-2019-aaaa?snapshot={old}")
    band = past[past.index('class="ours"') : past.index('id="casualties"')]
    assert re.findall(r'<rect class="stage (\w+)"', band[: band.index("A US")]) == ["probable"]


def test_an_actor_has_its_names_by_script_and_its_relations(reader: Reader, story: Story) -> None:
    page = reader.read("/actors/kataib")
    for name in ("كتائب حزب الله", "Катаиб Хезболла"):
        assert f'<bdi lang="{"ar" if name[0] == "ك" else "ru"}">{name}</bdi>' in page
    scripts = re.findall(r"Script: (\w+)", page)
    assert scripts == ["Arabic", "Cyrillic"]
    assert "from some day in June 2014, ongoing" in page
    assert '<a href="/actors/pmf"><bdi>Popular Mobilization Forces</bdi></a>' in page
    assert page.count('<rect class="certain"') > 2
    assert page.count('<rect class="possible"') > 2
    assert "It took part in 2 incidents" in page
    assert "1 in 2019, month unknown" in page
    assert "<td>thousands" in page
    assert "Kataib Hezbollah</blockquote>" in page, "the translation of a quote"
    assert "To drive out foreign forces." in page


def test_an_actor_has_the_statements_that_name_it(
    reader: Reader, story: Story, publish: Any
) -> None:
    page = reader.read("/actors/kataib")
    said = page[page.index('id="statements"') : page.index('id="support"')]
    assert "<strong>accusation</strong> by <bdi>A US official</bdi>" in said
    finding = story.attack.statements.create(
        number=6, kind="court_finding", speaker_label="A court", date="2021-05-04"
    )
    finding.responsible.create(actor=story.kataib)
    publish(story.attack)
    page = reader.read("/actors/kataib")
    said = page[page.index('id="statements"') : page.index('id="support"')]
    assert "<strong>court finding</strong> by <bdi>A court</bdi>" in said
    assert said.count("A court") == 1
    claims = reader.read("/actors/saraya")
    assert "<strong>claim</strong> by" in claims[claims.index('id="statements"') :]


def test_pages_of_other_records_list_what_refers_to_them(reader: Reader, story: Story) -> None:
    source = reader.read(f"/sources/{story.report.public_id}")
    assert "An attack on a base" in source
    assert "Attack on K-1" in source
    assert "Kataib Hezbollah" in source
    publisher = reader.read(f"/publishers/{story.shafaq.public_id}")
    assert "هجوم على قاعدة" in publisher
    assert "Attack on K-1" in publisher
    place = reader.read("/places/iraq")
    assert "Kirkuk" in place
    assert "Attack on K-1" in place
    affiliation = reader.read(f"/affiliations/{story.backing.public_id}")
    assert "sponsored by" in affiliation
    assert "Support: weapons" in affiliation


def test_the_home_page_counts_and_lists(reader: Reader, story: Story) -> None:
    page = reader.read("/")
    counts = page[page.index('id="counts"') : page.index('id="latest"')]
    assert re.findall(r"<strong>(\d+)</strong> (\w+)", counts) == [
        ("2", "Incidents"),
        ("4", "Actors"),
        ("2", "Affiliations"),
        ("2", "Places"),
        ("1", "Sources"),
        ("1", "Publishers"),
    ]
    assert "CC BY 4.0" in page
    assert '<form action="/search"' in page


def test_the_home_page_draws_the_latest_incidents_by_day(
    reader: Reader, story: Story, publish: Any
) -> None:
    page = reader.read("/")
    latest = page[page.index('class="lane latest"') : page.index('id="releases"')]
    attack, strikes = re.findall(r"<tr>(.*?)</tr>", latest)[1:]
    assert "27 December 2019" in attack
    assert "killed: 1" in attack
    assert 'class="certain"' in attack
    assert "some day in 2019" in strikes
    assert 'class="certain"' not in strikes
    story.attack.date = "2019-12-27?"
    story.attack.save()
    publish(story.attack)
    page = reader.read("/")
    latest = page[page.index('class="lane latest"') : page.index('id="releases"')]
    assert "perhaps 27 December 2019" in latest
    assert 'class="certain"' not in latest, "the source is not sure of the day"


@pytest.mark.django_db
def test_the_home_page_of_an_empty_database(reader: Reader) -> None:
    assert "Nothing has been published yet." in reader.read("/")


def test_the_search_finds_names_in_any_script(reader: Reader, story: Story) -> None:
    for typed in ("كتائب", "Катаиб", "kataib", "Ketaeb"):
        page = reader.read(f"/search?q={typed}")
        assert '<a href="/actors/kataib"><bdi>Kataib Hezbollah</bdi></a>' in page, typed
    page = reader.read("/search?q=كتائب")
    assert 'by its name <bdi class="matched">كتائب حزب الله</bdi>' in page
    page = reader.read("/search?q=rockets")
    assert "Attack on K-1" in page
    assert "Matches: <bdi>Rockets hit a base.</bdi>" in page
    assert "None." in reader.read("/search?q=nothingatall")


def test_lists_come_in_pages(reader: Reader, publish: Any, db: None) -> None:
    publish(*(Actor.objects.create(name=f"Group {n:02}", kind="unit") for n in range(60)))
    first = reader.read("/search?type=actors")
    assert "Group 49" in first
    assert "Group 50" not in first
    match = re.search(r'<a rel="next" href="([^"]+)"', first)
    assert match
    second = reader.read("/search" + match[1].replace("&amp;", "&"))
    assert "Group 59" in second
    assert "Group 49" not in second
    assert 'class="past"' not in second, "a later page of a list is no page of the past"


def test_every_page_warns_of_fictional_records(reader: Reader, story: Story, publish: Any) -> None:
    pages = ("/", "/actors/kataib", "/search?type=actors")
    for page in pages:
        assert "This database contains fictional records" not in reader.read(page)
    story.attack.tags = ["fictional"]
    story.attack.save()
    publish(story.attack)
    for page in pages:
        assert "This database contains fictional records" in reader.read(page)
    for page, status in (("/actors/nobody", 404), ("/actors/kataib?colour=red", 400)):
        assert "This database contains fictional records" in reader.read(page, status)
    assert "This database contains fictional records" in reader.read("/nothing", 404)


EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"


def test_texts_are_escaped(reader: Reader, story: Story, publish: Any) -> None:
    story.attack.title = story.attack.summary = f"{EVIL} title"
    story.kataib.name = f"{EVIL} name"
    story.attack.save()
    story.kataib.save()
    story.attack.statements.filter(number=1).update(text=f"{EVIL} text")
    publish(story.kataib)
    publish(story.attack, note=f"{EVIL} note")
    for address in (
        "/incidents/irq-2019-aaaa",
        "/actors/kataib",
        "/",
        "/search?type=incidents",
        f"/affiliations/{story.membership.public_id}",
    ):
        page = reader.read(address)
        assert "<script>" not in page, address
        assert "<img" not in page, address
        assert escape(EVIL) in page, address
    page = reader.read("/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>" not in page


def test_an_address_that_is_no_web_address_is_no_link(
    reader: Reader, story: Story, publish: Any
) -> None:
    type(story.report).objects.filter(pk=story.report.pk).update(url="javascript:alert(1)")
    story.report.refresh_from_db()
    publish(story.report)
    for address in (f"/sources/{story.report.public_id}", "/incidents/irq-2019-aaaa"):
        assert "javascript:" not in reader.read(address)


def test_no_draft_is_visible(reader: Reader, story: Story, editor: User, reviewer: User) -> None:
    draft = Actor.objects.create(name="A secret draft", slug="draft", kind="unit")
    Incident.objects.create(title="A secret incident", date="2020").involvements.create(
        role="perpetrator", actor=story.kataib
    )
    workflow.submit(draft, editor)
    Actor.objects.filter(pk=story.kataib.pk).update(name="A secret name")
    story.attack.statements.create(kind="claim", speaker=draft, text="A secret claim.")
    nothing = reader.get("/actors/nobody-at-all")
    hidden = reader.get("/actors/draft")
    assert hidden.status_code == nothing.status_code == 404
    assert hidden.content == nothing.content
    by_id = reader.get(f"/actors/{draft.public_id}")
    assert by_id.content == nothing.content
    for address in ("/actors/kataib", "/incidents/irq-2019-aaaa", "/", "/search?q=secret"):
        page = reader.read(address)
        assert "A secret" not in page, address
