"""The languages of the site: their addresses, their catalogues, and what is the same in all."""

import re
from gettext import GNUTranslations
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from api import kept
from dates import describe_date
from explorer.languages import PREFIXED, localize_links
from publishing.models import Edition
from publishing.presentation.words import offset_in_words, range_in_words
from tests import messages
from tests.explorer.conftest import Reader, Story
from tests.explorer.test_answers import addresses
from tests.live import Live

PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|\{\w+\}")
MORE = (
    *("/explore", "/explore?view=map", "/explore?view=timeline", "/explore?view=table"),
    "/explore?view=chart&group_by=year&group_by=event_type",
    *("/explore?q=xyz", "/changes", "/releases", "/docs/", "/docs/faq", "/report"),
)
"""Pages that show more than one record."""
LATIN = re.compile(r"[A-Za-z]{4,}")


class Texts(HTMLParser):
    """The texts of a page that are ours: not names, quotes, code or documents."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.texts = list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember whether the texts in an element are data."""
        if tag in ("meta", "link", "input", "br", "hr", "img"):
            return
        names = dict(attrs)
        is_data = tag in ("bdi", "code", "script", "title", "option", "cite") or "lang" in names
        self.open.append((tag, is_data or names.get("dir") == "auto"))

    def handle_endtag(self, tag: str) -> None:
        """Forget the element and those in it."""
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep a text of ours."""
        in_html = [is_data for _, is_data in self.open[1:]]
        if data.strip() and not any(in_html):
            self.texts.append(" ".join(data.split()))


def read_catalogue(language: str) -> GNUTranslations:
    """Return the compiled catalogue of a language."""
    file = settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.mo"
    with file.open("rb") as opened:
        return GNUTranslations(opened)


@pytest.mark.parametrize("language", PREFIXED)
def test_every_text_of_the_site_is_translated(language: str) -> None:
    """If it fails: run `make messages`, translate what it lists, and run it again."""
    known: Any = read_catalogue(language)._catalog  # type: ignore[attr-defined]
    for message in messages.collect():
        key: Any = f"{message.context}\4{message.text}" if message.context else message.text
        forms = [known.get((key, number)) for number in range(6)] if message.plural else []
        texts = forms or [known.get(key)]
        assert all(texts), f"no translation of {message.text!r}"
        for text in texts:
            named = set(PLACEHOLDER.findall(text.replace("%.0s", "%s")))
            wanted = set(PLACEHOLDER.findall(message.text))
            assert named == wanted or (message.plural and named < wanted), message.text
            assert message.plural or ("<" in text) == ("<" in message.text), message.text


@pytest.mark.parametrize("language", PREFIXED)
def test_catalogues_are_compiled(language: str) -> None:
    import polib

    folder = settings.LOCALE_PATHS[0] / language / "LC_MESSAGES"
    written = polib.pofile(str(folder / "django.po")).to_binary()
    assert (folder / "django.mo").read_bytes() == written, "run: make messages"


def test_the_texts_of_code_and_templates_are_found() -> None:
    python = 'a = gettext("One %s") % 2\nb = ngettext("day", "days", n)\nc = pgettext("x", "y")\n'
    assert set(messages.read_python(python)) == {
        messages.Message("One %s"),
        messages.Message("day", "days"),
        messages.Message("y", "", "x"),
    }
    template = (
        '{% load i18n %}<p title="{% translate "A “b”" %}">{{ x|default:_("no") }}'
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    )
    assert set(messages.read_template(template)) == {
        messages.Message("A “b”"),
        messages.Message("no"),
        messages.Message("%(n)s day", "%(n)s days"),
    }


def test_pages_are_in_arabic_and_mirrored(reader: Reader, story: Story) -> None:
    names = {
        "Kataib",
        "Popular",
        "Mobilization",
        "Forces",
        "Hezbollah",
        "Iran",
        "Iraq",
        "Kirkuk",
        "Muster",
        "Attack",
        "Strikes",
    }
    names |= {
        "Atom",
        "Python",
        "actors",
        "hezbollah",
        "JSON",
        "NDJSON",
        "GeoJSON",
        "HTTP",
        "Natural",
        "Earth",
    }
    names |= {"UCDP", "scheme", "value", "minlon", "minlat", "maxlon", "maxlat"}
    english = set()
    for address in (*addresses(story), *MORE):
        page = reader.read(f"/ar{address}")
        assert '<html lang="ar" dir="rtl">' in page
        for text in Texts(page).texts:
            if set(LATIN.findall(text)) - names and "http" not in text:
                english.add(text)
    assert english == set()


def test_words_of_charts_and_names_of_properties_are_in_arabic(
    reader: Reader, story: Story, publish: Any
) -> None:
    chart = reader.read("/ar/explore?view=chart&group_by=event_type")
    assert "<bdi>غير معروف</bdi>" in chart
    story.attack.summary = "Rockets."
    story.attack.save()
    publish(story.attack)
    assert "<bdi>الملخص</bdi>" in reader.read("/ar/changes")
    assert "<h3><bdi>الملخص</bdi>" in reader.read("/ar/incidents/irq-2019-aaaa/editions/2")
    lane = reader.read("/ar/incidents/irq-2019-aaaa")
    assert ">أسبوع</text>" in lane


def test_pages_in_english_alone_say_so(reader: Reader, story: Story) -> None:
    for address in ("/docs/", "/docs/faq"):
        assert "الوثائق بالإنجليزية فقط." in reader.read(f"/ar{address}")
        assert "in English only" not in reader.read(address)
    page = reader.read("/ar/docs/faq")
    assert '<article class="text" lang="en" dir="ltr">' in page
    assert '<a href="/api/v1/docs" hreflang="en">' in page
    assert "(كلاهما بالإنجليزية)" in page


def test_links_stay_in_the_language(reader: Reader, story: Story) -> None:
    old = Edition.objects.newest_snapshot()
    page = reader.read(f"/ar/actors/kataib?snapshot={old}")
    assert f'href="/ar/actors/pmf?snapshot={old}"' in page, "in the same past"
    assert f'href="/api/v1/actors/kataib?snapshot={old}"' in page, "data has no language"
    assert 'action="/ar/search"' in page
    assert 'href="/admin/"' in page
    english = f"https://localhost/actors/kataib?snapshot={old}"
    assert f'hreflang="en" href="{english}"' in page
    assert f'<a href="{english}" lang="en" hreflang="en">English</a>' in page
    other = reader.read(f"/actors/kataib?snapshot={old}")
    assert f'hreflang="ar" href="https://localhost/ar/actors/kataib?snapshot={old}"' in other
    assert "/ar/" not in other.replace("https://localhost/ar/", "")
    moved = reader.get("/ar/actors/kataib/")
    assert (moved.status_code, moved["Location"]) == (301, "/ar/actors/kataib")


def test_only_links_to_pages_get_the_prefix() -> None:
    same = (
        "/api/v1/actors",
        "/admin/",
        "/static/a.css",
        "//elsewhere.org",
        "/ar/actors/x",
        "/sitemap.xml",
        "#main",
        "https://example.org/actors/x",
        "?q=x",
    )
    with translation.override("ar"):
        for address in same:
            assert localize_links(f'<a href="{address}">') == f'<a href="{address}">'
        for address in ("/", "/docs/", "/releases/2026.1", "/apiary", "/actors/static"):
            assert localize_links(f'<a href="{address}">') == f'<a href="/ar{address}">'
    assert localize_links('<a href="/docs/">') == '<a href="/docs/">'


def test_each_language_has_its_own_cached_answer(
    reader: Reader, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "STORE", kept.Store(2**24))
    for _ in range(2):  # the second time, both answers are kept
        english, arabic = reader.get("/actors/kataib"), reader.get("/ar/actors/kataib")
        assert english["ETag"] != arabic["ETag"]
        assert 'lang="en"' in english.content.decode()
        assert 'lang="ar"' in arabic.content.decode()
        for answer in (english, arabic):
            assert "Accept-Language" not in answer["Vary"]
            assert "Set-Cookie" not in answer.headers
    same = reader.get("/ar/actors/kataib", headers={"If-None-Match": arabic["ETag"]})
    assert same.status_code == 304
    wanted = reader.get("/actors/kataib", headers={"Accept-Language": "ar"})
    assert 'lang="en"' in wanted.content.decode(), "only the address decides"


def test_data_is_the_same_in_every_language(reader: Reader, story: Story) -> None:
    before = reader.get("/api/v1/vocabularies", headers={"Accept": "*/*"}).content
    reader.read("/ar/actors/kataib")
    assert reader.get("/api/v1/vocabularies", headers={"Accept": "*/*"}).content == before
    assert reader.get("/ar/api/v1/actors").status_code == 404
    assert reader.get("/ar/admin/").status_code == 404
    assert translation.get_language() == "en"


def test_dates_and_numbers_are_said_in_arabic() -> None:
    with translation.override("ar"):
        from publishing.presentation.words import date_in_words

        assert date_in_words("2014-06-12") == "12 يونيو 2014"
        assert date_in_words("2014-06~") == "نحو يونيو 2014، بفارق شهراً"
        assert date_in_words("2014-06-10/2014-06-12") == "كل يوم من 10 إلى 12 يونيو 2014"
        assert date_in_words(None) == "التاريخ غير معروف"
        row = {"low": 1200, "best": None, "high": None}
        assert range_in_words(row) == "1,200 على الأقل"
        assert [offset_in_words(days) for days in (1, 2, 3, -11)] == [
            *("بعد ذلك بـ يوم واحد", "بعد ذلك بـ يومان", "بعد ذلك بـ 3 أيام"),
            "قبل ذلك بـ 11 يوماً",
        ]
    assert describe_date("2014-06~") == "about June 2014, give or take a month"


def test_pictures_keep_the_direction_of_time(
    browser: Any, bare: None, live: Live, story: Story
) -> None:
    context = browser.new_context(base_url=live.url, viewport={"width": 390, "height": 900})
    page = context.new_page()
    for address in ("/ar/actors/kataib", "/ar/incidents/irq-2019-aaaa", "/ar/docs/"):
        page.goto(address, wait_until="load")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        for attribute in page.locator("svg rect").evaluate_all(
            "all => all.flatMap(each => [each.getAttribute('x'), each.getAttribute('width')])"
        ):
            assert attribute is None or re.fullmatch(r"-?[\d.]+%?", attribute), attribute
    page.goto("/ar/actors/kataib")
    directions = page.locator(".lane .picture, .plot").evaluate_all(
        "all => all.map(each => getComputedStyle(each).direction)"
    )
    assert set(directions) == {"ltr"}
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/actors/kataib")
    assert page.locator("html").get_attribute("dir") == "ltr"
    context.close()
