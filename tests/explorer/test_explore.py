"""The explore page: filters, names, views, refusals, and what it offers."""

import re
import subprocess
import sys
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from actors.models import Actor
from api import kept
from editorial import workflow
from editorial.models import User
from explorer.explore.filters import list_filters, make_filterset
from explorer.explore.labels import label_filter, list_topics
from explorer.explore.pages import MAX_LISTED
from explorer.explore.state import prune
from incidents.filters import IncidentFilterSet
from incidents.models import Incident
from publishing.models import Edition
from tests.explorer.conftest import Reader, Story
from tests.live import Live, ready, until


def cut(page: str, start: str, end: str = "</section>") -> str:
    """Return the part of a page from one text to another."""
    return page[page.index(start) :].partition(end)[0]


def texts(html: str) -> str:
    """Return the text of a part of a page."""
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


def links_of(html: str) -> dict[str, str]:
    """Return the addresses of links by their text."""
    found = re.findall(r'<a (?:[^>]*?)href="([^"]+)"[^>]*>(.*?)</a>', html)
    return {texts(text): unescape(address) for address, text in found}


def test_the_form_has_every_filter_of_the_list() -> None:
    own = {
        "limit",
        "cursor",
        "count",
        "count_limit",
        "snapshot",
        "known_at",
        "release",
        "sort",
        "explain",
    }
    own |= {"detail", "format", "escape", "cite", "end", "part", "fields"}
    filters = set(list_filters())
    assert filters == set(IncidentFilterSet.base_filters) - own
    topics = [name for topic in list_topics() for name in (*topic.frequent, *topic.others)]
    scopes = {name for name in filters if name.endswith("_scope")}
    assert set(topics) | scopes | {"q"} == filters
    assert len(topics) == len(set(topics))
    labels = [label_filter(name) for name in filters]
    assert len(labels) == len(set(labels)), "each label means one filter"
    assert not [label for label in labels if "_" in label]


def test_all_filters_are_fields(reader: Reader, story: Story) -> None:
    page = reader.read("/explore")
    names = set(
        re.findall(
            r'<(?:input|select)[^>]* name="(\w+)"', cut(page, '<form action="/explore"', "</form>")
        )
    )
    assert names == set(list_filters())
    dates = cut(page, 'id="field-dates"', "</select>")
    assert re.findall('value="(.*?)"', dates) == ["", "certain"], "a default is the blank choice"
    assert "<strong>2</strong> incidents in all" in page
    assert page.index("Attack on K-1") < page.index("Strikes on al-Qaim")


def test_the_address_has_only_what_is_not_a_default(reader: Reader, story: Story) -> None:
    typed = (
        "view=list&q=&dates=possible&perpetrator_scope=all&killed_min=1&killed_min=1&radius_km=10"
    )
    answer = reader.get(f"/explore?{typed}")
    assert (answer.status_code, answer["Location"]) == (303, "/explore?killed_min=1")
    assert answer["Cache-Control"] == "public, no-cache"
    assert reader.get("/explore?sort=relevance&q=")["Location"] == "/explore"
    assert reader.get("/explore/?sort=oldest")["Location"] == "/explore?sort=oldest"
    page = reader.read("/explore?killed_min=1")
    assert "<strong>1</strong> incident" in page
    assert "Attack on K-1" in page
    assert "Strikes on al-Qaim" not in page


def test_names_become_keys_without_scripts(reader: Reader, story: Story) -> None:
    for typed in ("Kataib Hezbollah", "كتائب حزب الله", "Катаиб Хезболла"):
        answer = reader.get("/explore", {"perpetrator": typed, "target": "Kataib Hezbollah"})
        assert answer.status_code == 303, typed
        assert answer["Location"] == "/explore?perpetrator=kataib&target=kataib"
    moved = {
        "country=iraq": "country=IQ",
        "country=IRQ": "country=IQ",
        "place=Kirkuk": "place=kirkuk",
        "admin1=Anbar": "admin1=Anbar",
        "weapon_origin=Iran%2C Islamic Republic of": "weapon_origin=IR",
        "source=An attack on a base": f"source={story.report.public_id}",
        "publisher=شفق نيوز": f"publisher={story.shafaq.public_id}",
        "admin1=Al Anbār": "admin1=IQ-AN",
    }
    for typed, key in moved.items():
        answer = reader.get(f"/explore?{typed}")
        if answer.status_code == 303:
            assert answer["Location"] == f"/explore?{key}", typed
        else:
            assert typed == "admin1=Anbar", answer.content.decode()


def test_readers_choose_where_a_name_may_mean_several(
    reader: Reader, story: Story, publish: Any
) -> None:
    publish(Actor.objects.create(name="Kataib of the South", slug="south", kind="unit"))
    page = reader.read("/explore?perpetrator=Kata%C3%AFb&killed_min=1", 400)
    fault = cut(page, 'id="fault-perpetrator"', "</div>")
    assert texts(fault).startswith('id="fault-perpetrator"> There is no record named “Kataïb”.')
    keys = re.findall(r'name="perpetrator" value="([\w-]+)"', fault)
    assert sorted(keys) == ["kataib", "south"]
    assert 'id="field-perpetrator" name="perpetrator" value="Kataïb"' in page, "nothing is lost"
    assert 'name="killed_min" value="1"' in page
    assert "<strong>1</strong> incident" not in page
    chosen = reader.get("/explore?perpetrator=Kata%C3%AFb&perpetrator=south&killed_min=1")
    assert chosen["Location"] == "/explore?perpetrator=south&killed_min=1"
    page = reader.read("/explore?perpetrator=Nobody Atall", 400)
    assert "There is no public record named “Nobody Atall”." in page
    for nothing in ("...", "x y" * 50):
        page = reader.get("/explore", {"perpetrator": nothing}).content.decode()
        assert "Write a name of at most 100 letters." in page


def test_what_is_wrong_is_said_at_the_field(reader: Reader, story: Story) -> None:
    page = reader.read("/explore?killed_min=many&occurred_from=yesterday&perpetrator=kataib", 400)
    for name, words in {
        "killed_min": "Invalid value for “Killed, at least”. Use a whole number",
        "occurred_from": "Invalid value for “From”.",
    }.items():
        assert words in texts(cut(page, f'id="fault-{name}"', "</div>"))
        assert f'aria-describedby="fault-{name}"' in page
        assert f'<a href="#field-{name}">' in page
    assert 'value="many"' in page
    assert 'value="yesterday"' in page
    assert '<input type="checkbox" name="perpetrator" value="kataib" checked>' in page
    page = reader.read("/explore?killed_min=5&killed_max=1", 400)
    assert "“Killed, at least” must not be greater than that of “Killed, at most”" in page
    page = reader.read("/explore?colour=red", 400)
    assert '<code>colour</code>: <bdi lang="en" dir="ltr">There is no parameter' in page
    page = reader.read("/explore?view=chart&group_by=day&group_by=source&group_by=week", 400)
    assert "at most 2 times" in page
    assert "<script>" not in reader.read("/explore?q=%3Cscript%3E&killed_min=%3Cscript%3E", 400)


def test_filters_are_chips_in_words(reader: Reader, story: Story) -> None:
    query = "perpetrator=kataib&perpetrator_scope=all&event_type=battle&event_type=protest"
    page = reader.read(f"/explore?{query}&country=IQ&suicide=false")
    chips = re.findall(r'<span class="chip">(.*?)</a></span>', page)
    assert [texts(chip) for chip in chips] == [
        "Perpetrator: Kataib Hezbollah ×",
        "Perpetrator: included: and everyone below it by members, command and facade, in any "
        "combination ×",
        "Type of event: battle ×",
        "Type of event: protest ×",
        "Country: Iraq ×",
        "Suicide attack: no ×",
    ]
    removed = [unescape(address) for chip in chips for address in re.findall('href="(.*?)"', chip)]
    assert removed[0] == "/explore?event_type=battle&event_type=protest&country=IQ&suicide=false"
    assert removed[2] == (
        "/explore?perpetrator=kataib&perpetrator_scope=all&event_type=protest&country=IQ"
        "&suicide=false"
    )
    assert "No incident matches." in page
    assert "Without “Country: Iraq”" in cut(page, 'class="empty"')


def test_facets_count_what_a_reader_may_add(reader: Reader, story: Story) -> None:
    page = reader.read("/explore?country=IQ")
    facets = re.findall(r"<details name=\"facet\"><summary>(.*?)</summary>(.*?)</details>", page)
    found = {title: texts(content) for title, content in facets}
    assert found["Year"] == "2019 1"
    assert found["Country"] == "Iraq (remove) 1 not known: 1", "it ignores its own filter"
    assert found["Perpetrator"] == "Kataib Hezbollah 1"
    assert found["How certain we are who did it"].endswith(" 1")
    addresses = {title: unescape(*re.findall('href="(.*?)"', text)) for title, text in facets}
    assert addresses["Year"] == "/explore?country=IQ&starts_in=2019"
    assert addresses["Country"] == "/explore"
    key = story.kataib.public_id
    assert addresses["Perpetrator"] == f"/explore?country=IQ&perpetrator={key}"
    assert "<strong>1</strong> incident" in reader.read(addresses["Perpetrator"])
    chosen = reader.read("/explore?perpetrator=kataib")
    assert "Kataib Hezbollah (remove) 1" in texts(
        cut(chosen, 'class="facets"', "</div></details></div>")
    )
    types = cut(page, 'id="field-event_type"', "</details>")
    assert "unknown 1" in texts(types), "the form has the numbers as well"


def test_what_means_nothing_alone_goes_along() -> None:
    query = {"perpetrator_scope": ["all"], "scope_at": ["any"], "dates": ["certain"]}
    assert prune(query) == {}
    assert prune(query | {"perpetrator": ["a"]}) == query | {"perpetrator": ["a"]}
    assert prune({"period_by": ["first_day"], "centroids": ["true"], "sort": ["relevance"]}) == {}
    assert prune({"link_kind": ["part_of"], "near": ["1,2"], "centroids": ["true"]}) == {
        "near": ["1,2"],
        "centroids": ["true"],
    }


def test_an_unknown_key_is_no_refusal(reader: Reader, story: Story) -> None:
    page = reader.read("/explore?perpetrator=nobody-at-all")
    assert "There is no public record of this name." in cut(page, 'id="fault-perpetrator"')
    assert "No incident matches." in page


def test_a_table_shows_what_is_not_known(reader: Reader, story: Story) -> None:
    page = reader.read("/explore?view=table")
    rows = re.findall("<tr>(.*?)</tr>", cut(page, "<tbody>", "</tbody>"))
    assert len(rows) == 2
    assert "no actor named 1 not known claimed denied" in texts(rows[0])
    assert "not known" in texts(rows[1])
    assert not re.search(r"\b0\b", texts(rows[1]))
    assert '<a href="/explore?view=table" aria-current="page">Table</a>' in page


def test_a_map_has_points_and_says_what_is_not_on_it(
    reader: Reader, story: Story, publish: Any
) -> None:
    story.attack.locations.update(
        precision="settlement", public_precision="settlement", latitude="35.5", longitude="44.4"
    )
    publish(story.attack)
    page = reader.read("/explore?view=map")
    assert 'data-total="2" data-point-count="1" data-absent="1"' in page
    assert 'explorer/map.js"></script>' in page
    absent = links_of(cut(page, 'class="map-absent"', "</div>"))
    assert absent == {"1 without a known place": "/explore?without=precision"}
    assert "Strikes on al-Qaim" in reader.read("/explore?without=precision")
    svg = reader.get("/explore.svg?view=map").content.decode()
    assert "1 of 2 are on this map. Not on it: 1 without a known place." in svg


def test_a_timeline_draws_months_and_days(reader: Reader, story: Story) -> None:
    page = reader.read("/explore?view=timeline")
    months = cut(page, 'id="months"')
    assert "1 in 2019, month unknown" in months
    assert '<th scope="row">2019-12</th><td>1</td><td>1</td>' in months
    days = cut(page, 'id="days"')
    attack, strikes = re.findall(r"<tr>(.*?)</tr>", cut(days, "<tbody>", "</tbody>"))
    assert 'class="certain"' in attack
    assert 'class="certain"' not in strikes, "of a year, no day is certain"
    assert 'class="possible"' in strikes


def test_a_chart_by_one_group(reader: Reader, story: Story) -> None:
    page = reader.read("/explore?view=chart&group_by=participant")
    assert '<h2 id="chart-name">Incidents by participant in any role</h2>' in page
    rows = re.findall(r"<tr>(.*?)</tr>", cut(page, "<tbody>", "</tbody>"))
    assert [texts(row) for row in rows] == ["Kataib Hezbollah 2"]
    (address,) = links_of(rows[0]).values()
    assert address.startswith("/explore?")
    assert "snapshot" not in address
    listed = reader.read(address)
    assert "<strong>2</strong> incidents" in listed


def test_a_chart_of_deaths_shows_bounds_and_gaps(
    reader: Reader, story: Story, publish: Any
) -> None:
    story.attack.casualties.filter(role="recommended").update(
        low=1, best=2, high=4, quantifier="between"
    )
    publish(story.attack)
    page = reader.read("/explore?view=chart&group_by=perpetrator&measure=killed")
    kataib, nobody = re.findall(r"<tr>(.*?)</tr>", cut(page, "<tbody>", "</tbody>"))
    assert texts(kataib) == "Kataib Hezbollah 1 to 4, best 2"
    assert 'width="25.00%"' in kataib, "at least one of four"
    assert 'x="25.00%" width="75.00%"' in kataib
    assert 'cx="50.00%"' in kataib
    assert texts(nobody) == "no actor named not known 1 incident without a number"
    assert "<rect" not in nobody
    both = reader.read("/explore?view=chart&group_by=participant&measure=killed")
    assert "at least 1, best 2" in both
    assert "▸" in both, "the strikes may have killed more"


def test_a_chart_by_two_groups_is_a_table(reader: Reader, story: Story) -> None:
    page = reader.read("/explore?view=chart&group_by=year&group_by=perpetrator")
    head = cut(page, "<thead>", "</thead>")
    assert texts(head) == "<thead> Year Kataib Hezbollah no actor named".removeprefix("<thead> ")
    (row,) = re.findall(r"<tr>(.*?)</tr>", cut(page, "<tbody>", "</tbody>"))
    assert texts(row) == "2019 1 1"
    assert page.count('<svg class="bar"') == 2


def test_results_come_in_pages(reader: Reader, publish: Any, db: None) -> None:
    publish(*(Incident.objects.create(title=f"Event {n:02}", date="2020") for n in range(60)))
    first = reader.read("/explore?date_precision=year")
    assert "<strong>60</strong> incidents" in first
    shown = set(re.findall(r"Event \d\d", first))
    assert len(shown) == MAX_LISTED
    following = links_of(cut(first, 'class="pages"', "</nav>"))["Next page"]
    second = reader.read(following)
    assert set(re.findall(r"Event \d\d", second)).isdisjoint(shown)
    assert 'class="past"' not in second, "a later page of results is no page of the past"
    pinned = reader.read(f"/explore?snapshot={Edition.objects.newest_snapshot()}")
    assert "Next page" in pinned
    assert "Next edition" not in pinned
    assert links_of(cut(second, 'class="pages"', "</nav>")) == {
        "First page": "/explore?date_precision=year"
    }
    tabs = links_of(cut(second, 'class="tabs"', "</nav>"))
    assert tabs["Table"] == "/explore?date_precision=year&view=table"


def test_a_page_of_the_past_keeps_its_snapshot(reader: Reader, story: Story, publish: Any) -> None:
    old = Edition.objects.newest_snapshot()
    story.attack.title = "A later title"
    story.attack.save()
    publish(story.attack)
    page = reader.read(f"/explore?snapshot={old}&killed_min=1")
    assert "Attack on K-1" in page
    assert "A later title" not in page
    tabs = links_of(cut(page, 'class="tabs"', "</nav>"))
    assert all(f"snapshot={old}" in address for address in tabs.values())
    assert f'<input type="hidden" name="snapshot" value="{old}">' in page
    assert f"snapshot={old}" in links_of(cut(page, 'class="chips"', "</ul>"))["×"]
    assert f'href="/incidents/irq-2019-aaaa?snapshot={old}"' in page
    assert "A later title" in reader.read("/explore?killed_min=1")


def test_the_files_hold_what_the_page_shows(reader: Reader, story: Story) -> None:
    snapshot = Edition.objects.newest_snapshot()
    page = reader.read("/explore?killed_min=1&sort=oldest&view=table")
    files = links_of(cut(page, 'id="take"'))
    addresses = [files[name] for name in files if "," in name]
    assert len(addresses) == 3
    for address, kind in zip(addresses, ("csv", "geo+json", "x-ndjson"), strict=True):
        assert address.startswith("https://localhost/api/v1/incidents?killed_min=1&sort=oldest")
        assert address.endswith(f"snapshot={snapshot}")
        answer = reader.get(address)
        assert kind in answer["Content-Type"]
        assert b"Attack on K-1" in b"".join(answer.streaming_content)
    cited = f"Muster, snapshot {snapshot} of"
    assert cited in page
    assert "Incidents: Killed, at least: 1." in page
    assert (
        f"https://localhost/explore?killed_min=1&amp;sort=oldest&amp;view=table&amp;snapshot={snapshot}"
        in page
    )
    groups = reader.read("/explore?view=chart&group_by=participant&group_by=year")
    table = links_of(cut(groups, 'id="take"'))["CSV, for spreadsheets"]
    content = b"".join(reader.get(table).streaming_content).decode()
    assert content.startswith("participant,participant_label,year,year_label,incidents,")


def test_the_code_runs(live: Live, story: Story) -> None:
    for query, printed in {
        "killed_min=1": "1 incidents\n2019-12-27; Attack on K-1\n",
        "view=chart&group_by=participant": "Kataib Hezbollah; 2; at least 1 killed\n",
    }.items():
        page = Reader().get(f"/explore?{query}", headers={"Host": live.url[7:]})
        code = unescape(cut(page.content.decode(), "Python code", "</code>").partition("<code>")[2])
        code = code.replace("https://", "http://")
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert run.stdout == printed, run.stderr
        r_code = unescape(cut(page.content.decode(), "R code", "</code>").partition("<code>")[2])
        assert r_code.startswith("library(jsonlite)")
        assert r_code.count('"') % 2 == 0


def test_a_picture_stands_alone(reader: Reader, story: Story) -> None:
    snapshot = Edition.objects.newest_snapshot()
    story_query = "view=chart&group_by=participant&perpetrator=kataib"
    answer = reader.get(f"/explore.svg?{story_query}&snapshot={snapshot}")
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=3600, s-maxage=10"
    svg = answer.content.decode()
    assert "<title>Incidents by participant in any role</title>" in svg
    assert "Perpetrator: Kataib Hezbollah" in svg
    assert f"Source: Muster, snapshot {snapshot} of" in svg
    assert (
        f"https://localhost/explore?{story_query.replace('&', '&amp;')}&amp;snapshot={snapshot}"
        in " ".join(svg.split())
    )
    assert "class=" not in svg
    assert "style" not in svg
    same = reader.get(
        f"/explore.svg?{story_query}&snapshot={snapshot}", headers={"If-None-Match": answer["ETag"]}
    )
    assert same.status_code == 304
    png = reader.get("/explore.png?view=timeline")
    assert png["Content-Type"] == "image/png"
    assert png["Cache-Control"] == "public, no-cache"
    assert png.content.startswith(b"\x89PNG\r\n")
    refused = reader.get("/explore.png?view=list")
    assert refused.status_code == 400
    assert refused["Content-Type"] == "text/html; charset=utf-8"
    assert "Use one of: map, timeline, chart." in refused.content.decode()
    assert reader.get("/explore.svg?view=chart&killed_min=x").status_code == 400


def test_only_embedded_pages_may_be_framed(reader: Reader, story: Story, publish: Any) -> None:
    moved = reader.get("/embed/incidents?view=chart&group_by=participant&known_at=2999-01-01")
    assert moved.status_code == 303
    moved = reader.get("/embed/incidents?view=chart&group_by=participant")
    snapshot = Edition.objects.newest_snapshot()
    assert moved["Location"].endswith(f"?view=chart&group_by=participant&snapshot={snapshot}")
    story.attack.title = "A later title"
    story.attack.save()
    publish(story.attack)
    for view in ("list", "table", "timeline", "chart", "map"):
        address = f"/embed/incidents?view={view}&snapshot={snapshot}".replace("view=list&", "")
        answer = reader.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200, view
        policy = answer["Content-Security-Policy"]
        assert "frame-ancestors *" in policy
        assert "form-action 'none'" in policy
        assert "X-Frame-Options" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert answer["Cache-Control"] == "public, max-age=3600, s-maxage=10"
        assert "<form" not in page
        assert "<input" not in page
        assert '<base target="_blank">' in page
        assert "A later title" not in page
        assert f"Source: Muster, snapshot {snapshot} of" in page
        kept_answer = reader.get(address)
        assert "X-Frame-Options" not in kept_answer.headers
    for address in ("/explore", "/", "/explore.svg?view=chart", "/api/v1/incidents"):
        answer = reader.get(address)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_the_page_of_an_empty_database(reader: Reader) -> None:
    for view in ("", "?view=chart", "?view=timeline", "?view=table"):
        assert "No incident has been published yet." in reader.read(f"/explore{view}")


def test_nothing_private_is_found(
    reader: Reader, story: Story, editor: User, reviewer: User
) -> None:
    draft = Actor.objects.create(name="A secret draft", slug="draft", kind="unit")
    workflow.submit(draft, editor)
    secret = Incident.objects.create(title="A secret incident", date="2020")
    secret.involvements.create(role="perpetrator", actor=draft)
    for name in ("perpetrator", "claimed_by"):
        hidden = reader.get("/explore", {name: "draft"}).content.decode()
        nothing = reader.get("/explore", {name: "draft-of-nobody"}).content.decode()
        assert hidden.replace("draft", "") == nothing.replace("draft-of-nobody", "")
        by_name = reader.read(f"/explore?{name}=A secret draft", 400)
        assert "There is no public record named “A secret draft”." in by_name
        assert 'value="draft"' not in by_name
    for view in ("list", "table", "timeline", "chart"):
        assert "A secret" not in reader.read(f"/explore?view={view}".replace("?view=list", ""))
    workflow.withdraw(story.attack, reviewer, "It was another one.")
    assert "Attack on K-1" not in reader.read("/explore")


QUERIES = {
    "": 9,
    "?perpetrator=kataib&perpetrator_scope=all&country=IQ&source=x": 31,
    "?view=table&q=rockets": 12,
    "?view=chart&group_by=perpetrator&group_by=year&measure=killed": 14,
    "?view=timeline": 15,
}


def test_the_page_needs_a_fixed_number_of_queries(
    reader: Reader, story: Story, publish: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "STORE", kept.Store(0))
    queries = {
        query.replace("source=x", f"source={story.report.public_id}"): number
        for query, number in QUERIES.items()
    }

    def count() -> dict[str, int]:
        found = {}
        for query in queries:
            reader.get(f"/explore{query}")
            with CaptureQueriesContext(connection) as captured:
                assert reader.get(f"/explore{query}").status_code == 200, query
            found[query] = len(captured)
        return found

    counted = count()
    for number in range(3):
        event = Incident.objects.create(title=f"Rockets {number}", date="2020-01")
        event.involvements.create(role="perpetrator", actor=story.kataib)
        publish(event)
    assert count() == counted == queries


def test_the_filters_of_the_page_are_those_of_the_api(reader: Reader, story: Story) -> None:
    query = QueryDict("perpetrator=kataib&dates=possible&view=list&group_by=year", mutable=True)
    assert (
        make_filterset().without_defaults(query).urlencode() == "perpetrator=kataib&group_by=year"
    )
    page = reader.read("/explore?perpetrator=kataib&occurred_from=2019")
    listed = reader.get("/api/v1/incidents?perpetrator=kataib&occurred_from=2019&count=true").json()
    assert f"<strong>{listed['count']}</strong> incident" in page


def test_names_are_suggested_and_chosen_by_keyboard(
    browser: Any, bare: None, live: Live, story: Story
) -> None:
    context = browser.new_context(base_url=live.url, viewport={"width": 1280, "height": 900})
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.goto("/explore")
    ready(page)
    box = page.get_by_role("combobox", name="Perpetrator", exact=True)
    assert box.get_attribute("aria-expanded") == "false"
    box.press_sequentially("كتائب")
    option = page.get_by_role("option", name="Kataib Hezbollah")
    option.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert "كتائب حزب الله" in option.inner_text()
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.press("ArrowDown")
    option.wait_for()
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert option.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    assert page.locator("input[name=perpetrator][type=checkbox]").is_checked()
    assert box.input_value() == ""
    page.keyboard.press("Enter")
    page.wait_for_url("**/explore?perpetrator=kataib")
    page.get_by_role("link", name="Chart", exact=True).click()
    page.get_by_label("Group by").select_option("event_type")
    page.get_by_role("button", name="Draw").click()
    page.wait_for_url("**/explore?perpetrator=kataib&view=chart&group_by=event_type")
    page.get_by_role("link", name="1", exact=True).click()
    page.locator(".chip").first.wait_for()
    page.go_back()
    assert page.locator("#chart-name").inner_text() == "Incidents by type of event"
    page.get_by_role("link", name="Remove the filter Perpetrator: Kataib Hezbollah").click()
    page.wait_for_url("**/explore?view=chart&group_by=event_type")
    until(page, lambda: page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
    for query in (
        "?view=chart&group_by=participant&measure=killed",
        "?view=timeline",
        "?view=table",
    ):
        page.set_viewport_size({"width": 390, "height": 900})
        page.goto(f"/explore{query}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), query
    context.close()
    assert errors == []
