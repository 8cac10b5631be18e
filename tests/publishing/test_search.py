"""Full text: `q` on every list, in any script, sorted by relevance on request."""

from itertools import product
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from actors.models import Actor, ActorName, Affiliation
from api.pagination import NEWEST
from editorial.redaction.redact import redact
from exchange.bulk_insert import copy_rows
from incidents.models import Incident
from places.models import Place
from publishing import search
from publishing.models import Entry
from sources.models import Publisher, Source
from tests.contract.client import API, ContractClient
from tests.curation.admin_client import AdminClient

pytestmark = pytest.mark.django_db
ALWAYS = DateRange(None, None, "[]")
LISTS = ("actors", "affiliations", "incidents", "places", "publishers", "sources")


@pytest.fixture
def records(kataib: Actor, pmf: Actor, iraq: Place, publish: Any) -> None:
    """One public record of each type, and some more."""
    kataib.summary = "A militia founded by Abu Mahdi."
    kataib.description = "It fires rockets at bases."
    kataib.save()
    kataib.names.create(text="كتائب حزب الله", language="ar")
    iraq.names.create(text="العراق", language="ar")
    press = Publisher.objects.create(name="Shafaq News")
    report = Source.objects.create(
        title="Rockets over Erbil", author="A. Reporter", publisher=press
    )
    affiliation = Affiliation.objects.create(
        subject=kataib, kind="member_of", object=pmf, title="45th Brigade"
    )
    attack = Incident.objects.create(
        title="Rocket attack on K-1", date="2019-12-27", summary="Thirty rockets hit the base."
    )
    attack.involvements.create(role="perpetrator", actor=kataib)
    quiet = Incident.objects.create(title="A protest in Basra", date="2020-01-01")
    publish(iraq, press, report, kataib, pmf, affiliation, attack, quiet)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("actors?q=militia", ["Kataib Hezbollah"]),
        ("actors?q=rocket", ["Kataib Hezbollah"]),
        ("actors?q=كتائب", ["Kataib Hezbollah"]),
        ("actors?q=катаиб хизбалла", ["Kataib Hezbollah"]),
        ("actors?q=popular or hezbollah", ["Kataib Hezbollah", "Popular Mobilization Forces"]),
        ("actors?q=popular OR nothing", ["Popular Mobilization Forces"]),
        ("actors?q=popular hezbollah", []),
        ("incidents?q=hizbullah", ["Rocket attack on K-1"]),
        ("incidents?q=حزب الله", ["Rocket attack on K-1"]),
        ("incidents?q=rocket -protest", ["Rocket attack on K-1"]),
        ("incidents?q=rocket -attack", []),
        ('incidents?q="hit the base"', ["Rocket attack on K-1"]),
        ('incidents?q="the hit base"', []),
        ('incidents?q="rock"', []),
        ("incidents?q=rock", ["Rocket attack on K-1"]),
        ("incidents?q=K-1", ["Rocket attack on K-1"]),
        ("incidents?q=BÁSRA", ["A protest in Basra"]),
        ("places?q=عراق", ["Iraq"]),
        ("places?q=العراق", ["Iraq"]),
        ("publishers?q=shafaq", ["Shafaq News"]),
        ("sources?q=erbil", ["Rockets over Erbil"]),
        ("sources?q=reporter", ["Rockets over Erbil"]),
    ],
)
def test_text_is_found_in_any_script(
    api: ContractClient, records: None, address: str, found: list[str]
) -> None:
    assert api.names(address) == found


def test_affiliations_are_found_by_the_names_of_both_actors(
    api: ContractClient, records: None
) -> None:
    for word in ("hezbollah", "mobilization", "45th brigade"):
        assert len(api.results(f"affiliations?q={word}")) == 1
    assert api.results("affiliations?q=hamas") == []


def test_a_renamed_record_is_found_by_its_new_name(
    api: ContractClient, records: None, kataib: Actor, publish: Any
) -> None:
    before = api.ask("incidents?q=hezbollah")["snapshot"]
    kataib.name = "Sunflower"
    kataib.names.all().delete()
    kataib.save()
    publish(kataib)
    assert api.names("incidents?q=sunflower") == ["Rocket attack on K-1"]
    assert api.names("incidents?q=hezbollah") == ["Rocket attack on K-1"], "by its former name"
    assert api.names(f"incidents?q=hezbollah&snapshot={before}") == ["Rocket attack on K-1"]


def test_relevance_puts_names_before_titles_before_texts(
    api: ContractClient, publish: Any, db: None
) -> None:
    mentioned = Incident.objects.create(title="A strike", summary="Near Falcon.", date="2021")
    titled = Incident.objects.create(title="Falcon base hit", date="2020")
    actor = Actor.objects.create(name="Falcon", kind="unit")
    named = Incident.objects.create(title="A bombing", date="2019")
    named.involvements.create(role="perpetrator", actor=actor)
    publish(actor, mentioned, titled, named)
    assert api.names("incidents?q=falcon") == ["A strike", "Falcon base hit", "A bombing"]
    by_relevance = ["A bombing", "Falcon base hit", "A strike"]
    assert api.names("incidents?q=falcon&sort=relevance") == by_relevance
    assert api.names("incidents?q=falcon&sort=relevance&limit=1") == by_relevance
    page = api.ask("incidents?q=falcon&sort=relevance&limit=1&count=true")
    assert page["count"] == 3
    assert api.ask(page["next"].replace("falcon", "strike"), 400)["errors"][0]["code"] == "cursor"


def test_pages_by_relevance_are_stable_if_ranks_are_equal(
    api: ContractClient, publish: Any, db: None
) -> None:
    publish(*(Incident.objects.create(title="Same", date="2020") for _ in range(7)))
    ids = [row["id"] for row in api.results("incidents?q=same&sort=relevance&limit=2")]
    assert len(set(ids)) == 7
    assert ids == sorted(ids, reverse=True)


def test_only_the_newest_matches_are_ranked(
    api: ContractClient, publish: Any, monkeypatch: Any, db: None
) -> None:
    publish(*(Incident.objects.create(title=f"Same {y}", date=str(y)) for y in range(2010, 2016)))
    monkeypatch.setattr(search, "RANK_LIMIT", 3)
    ranked = api.names("incidents?q=same&sort=relevance&limit=2")
    assert sorted(ranked) == ["Same 2013", "Same 2014", "Same 2015"]
    assert api.ask("incidents?q=same&sort=relevance&count=true")["count"] == 6


@pytest.mark.parametrize("resource", LISTS)
@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("q=", "q", "empty"),
        ("q=%20", "q", "invalid"),
        ("q=—", "q", "invalid"),
        ("q=-attack", "q", "invalid"),
        ("q=attack or", "q", "invalid"),
        ("q=or", "q", "invalid"),
        (f"q={'a' * 201}", "q", "invalid"),
        ("q=a&q=b", "q", "repeated"),
        ("q=a%00", None, "nul"),
        ("q=%FF", None, "encoding"),
        ("sort=relevance", "sort", "contradiction"),
        ("q=a&sort=relevance&format=ndjson", "sort", "contradiction"),
    ],
)
def test_a_query_without_words_is_refused(
    api: ContractClient, resource: str, query: str, parameter: str | None, code: str
) -> None:
    errors = api.ask(f"{resource}?{query}", 400)["errors"]
    assert (code, parameter) in {(error["code"], error["parameter"]) for error in errors}


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=60))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        query = search.parse_query(text)
    except ValueError:
        return
    assert list(search.filter_matching(_entries(), query, {})) == []


@given(
    st.lists(st.sampled_from(['"', "-", "or", "a", "attack", "al-Hashd", "كتائب", "&|!():*<->'"]))
)
def test_any_query_is_parsed_or_refused(parts: list[str]) -> None:
    test_any_text_is_parsed_or_refused.hypothesis.inner_test(" ".join(parts))  # type: ignore[attr-defined]


@given(st.lists(st.tuples(st.sampled_from("ABD"), st.text(max_size=80)), max_size=5))
def test_any_texts_can_be_stored(texts: list[tuple[str, str]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT length(%s::tsvector)", [search.build_vector(texts)])
        for _, text in texts:
            if (word := search.fold_text(text)) and len(word) <= 100:
                cursor.execute(
                    "SELECT %s::tsvector @@ %s::tsquery",
                    [search.build_vector(texts), search.parse_query(f'"{word}"').write({})],
                )
                assert cursor.fetchone() == (True,)


def test_long_texts_can_be_stored() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        text = " ".join(f"word{n} again" for n in range(30000))
        cursor.execute("SELECT length(%s::tsvector)", [search.build_vector([("D", text)])])
        assert cursor.fetchone() == (30001,)


def test_places_are_filtered_by_name(api: ContractClient, records: None) -> None:
    assert api.names("places?name=IRÂQ") == ["Iraq"]
    assert api.names("places?name=ira") == []


def test_the_admin_finds_names_in_any_script(
    editor_client: AdminClient, kataib: Actor, iraq: Place
) -> None:
    kataib.names.create(text="عصائب أهل الحق", language="ar")
    for row, texts in (
        (kataib, ("كتائب حزب", "KATÂIB", "Катаиб", "asaib ahl al-haq", "hezbollah", "badr")),
        (iraq, ("iráq", "العراق")),
    ):
        meta = row._meta
        for text in texts:
            params = {
                "app_label": "actors",
                "model_name": "affiliation",
                "field_name": "subject",
                "term": text,
            }
            if isinstance(row, Place):
                params |= {"model_name": "actor", "field_name": "country"}
            found = editor_client.get("/admin/autocomplete/", params).json()["results"]
            wanted = [] if text == "badr" else [str(row.pk)]
            assert [one["id"] for one in found] == wanted, text
            page = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
            listed = editor_client.get(page, {"q": text}).context["cl"].result_list
            assert [one.pk for one in listed] == [int(pk) for pk in wanted], text


def test_search_keys_are_computed_however_a_row_is_written(kataib: Actor) -> None:
    key = " kataib hezbollah KTB HSBL "
    kataib.refresh_from_db()
    assert kataib.search_key == key
    (made,) = Actor.objects.bulk_create([Actor(name=kataib.name, kind="unit", possible=ALWAYS)])
    assert Actor.objects.get(pk=made.pk).search_key == key
    copy_rows(
        ActorName, [{"id": 10**6, "actor_id": kataib.pk, "text": kataib.name, "possible": ALWAYS}]
    )
    assert kataib.names.get().search_key == key


@pytest.mark.parametrize("sort", ["newest", "relevance"])
def test_a_search_costs_at_most_five_queries(
    api: ContractClient, records: None, django_assert_max_num_queries: Any, sort: str
) -> None:
    """The snapshot, the names, the page, its documents, and those of the records it references."""
    for limit in (1, 20):
        with django_assert_max_num_queries(5):
            api.get(f"{API}incidents?q=rocket or hizbullah&sort={sort}&limit={limit}", secure=True)


def _entries() -> Any:
    from publishing.registry import record_types

    entries: type[Entry] = record_types()["incident"].entry
    return entries.objects.all()


def test_ranking_reads_only_the_ranked_entries() -> None:
    query = search.parse_query("attack")
    sorted_ = NEWEST.sorted(search.filter_matching(_entries(), query, {}))
    plan = search.rank_entries(sorted_, query, {}).explain()
    assert "InitPlan" in plan
    assert "Join" not in plan


@pytest.mark.parametrize(
    "query",
    [
        *("falcon", "falcon river", "river or hawk", "falcon -river", "fal con", "base or falcon"),
        *('"falcon river"', '"falcon" "river"', "falcon river brigade or -hawk base"),
    ],
)
def test_names_of_many_records_find_and_rank_the_same_as_those_of_few(
    api: ContractClient, publish: Any, monkeypatch: Any, db: None, query: str
) -> None:
    names = ("Falcon River Brigade", "Falcon Group", "River Group", "Hawk River", "Hawk", "Falcon")
    actors = [Actor.objects.create(name=name, kind="unit") for name in names]
    attacks = [
        Incident.objects.create(title=title, date=f"2020-01-{day:02d}", summary=summary)
        for day, (title, summary) in enumerate(
            product(("Attack on a falcon base", "A river", "Raid"), ("", "River base", "A hawk")), 1
        )
    ]
    for number, attack in enumerate(attacks):
        for actor in actors[number % 4 :: 3]:
            attack.involvements.create(role="perpetrator", actor=actor)
    publish(*actors, *attacks)

    def request() -> list[Any]:
        address = f"incidents?q={query}&limit=4"
        return [
            *api.results(address),
            *api.results(f"{address}&sort=relevance"),
            api.ask(f"incidents?q={query}&sort=relevance&limit=1")["next"],
            api.ask(f"{address}&count=true")["count"],
        ]

    few = request()
    for chunk, collected in ((1, 0), (1, 1000), (2, 1000)):
        monkeypatch.setattr(search, "_CHUNK", chunk)
        monkeypatch.setattr(search, "COLLECTED", collected)
        assert request() == few


def test_records_are_found_by_other_names_of_what_they_reference(
    api: ContractClient, publish: Any, iraq: Place
) -> None:
    group = Actor.objects.create(name="IS", kind="armed_organisation", country=iraq)
    alias = group.names.create(text="Islamic State", kind="alias")
    part = Actor.objects.create(name="Wilaya", kind="unit")
    affiliation = Affiliation.objects.create(subject=part, kind="member_of", object=group)
    province = Place.objects.create(name="Nīnawá", kind="admin1", country="IQ", parent=iraq)
    province.names.create(text="Nineveh", language="en")
    province.names.create(text="نينوى", language="ar")
    attack = Incident.objects.create(title="An attack", date="2014")
    attack.locations.create(
        place=province, primary=True, precision="admin1", public_precision="admin1"
    )
    attack.involvements.create(role="perpetrator", actor=group)
    other = Incident.objects.create(title="Another attack", date="2015")
    publish(iraq, province, group, part, affiliation, attack, other)
    for query in (
        "Nineveh",
        '"Islamic State"',
        "نينوى",
        "Nineveh islamic attack",
        "islamic -nothing",
    ):
        assert api.names(f"incidents?q={query}") == ["An attack"], query
    assert api.names("incidents?q=attack -nineveh") == ["Another attack"]
    (found,) = api.results('incidents?q="Islamic State"')
    assert found["matched"] == {"property": "perpetrators", "text": "Islamic State"}
    (found,) = api.results("incidents?q=Nineveh")
    assert found["matched"] == {"property": "place", "text": "Nineveh"}
    (found,) = api.results('affiliations?q="Islamic State"')
    assert found["matched"] == {"property": "object", "text": "Islamic State"}
    before = api.ask("incidents")["snapshot"]
    alias.delete()
    publish(group)
    assert api.names('incidents?q="Islamic State"') == []
    assert api.names(f'incidents?q="Islamic State"&snapshot={before}') == ["An attack"]


def test_all_texts_of_every_resource_are_found(
    api: ContractClient, kataib: Actor, pmf: Actor, iraq: Place, publish: Any
) -> None:
    report = Source.objects.create(title="Report")
    talk = Source.objects.create(title="Talk", confidential=True)
    kataib.citations.create(source=report, quote="quoted apricot")
    kataib.citations.create(source=talk, quote="secret apricot", field="name")
    kataib.assessments.create(topic="aims", text="An assessed banana.")
    kataib.attributes.create(kind="goal", value="Cherry", note="A noted damson.")
    affiliation = Affiliation.objects.create(
        subject=kataib, kind="member_of", object=pmf, end_reason="An elderberry.", note="A fig."
    )
    affiliation.citations.create(source=report, quote="a grape")
    iraq.citations.create(source=report, quote="a hazelnut", translation="a kiwi")
    attack = Incident.objects.create(title="Attack", date="2020")
    row = attack.involvements.create(role="victim", label="lemon sellers", rationale="a mango")
    row.citations.create(source=report, quote="a nectarine")
    attack.casualties.create(measure="killed", best=1, role="supporting", note="an orange")
    publish(report, iraq, kataib, pmf, affiliation, attack)
    matches = {
        "actors": {
            "apricot": "citations.quote",
            "banana": "assessments.text",
            "cherry": "attributes.value",
            "damson": "attributes.note",
        },
        "affiliations": {"elderberry": "end_reason", "fig": "note", "grape": "citations.quote"},
        "places": {"hazelnut": "citations.quote", "kiwi": "citations.translation"},
        "incidents": {
            "lemon": "involvements.label",
            "mango": "involvements.rationale",
            "nectarine": "involvements.citations.quote",
            "orange": "casualties.note",
        },
    }
    for resource, words in matches.items():
        for word, path in words.items():
            (found,) = api.results(f"{resource}?q={word}")
            assert found["matched"]["property"] == path, word
            assert word in found["matched"]["text"].lower()
            (document,) = api.results(f"{resource}/documents?q={word}")
            assert document["matched"] == found["matched"]
    for resource in matches:
        assert api.results(f"{resource}?q=secret") == []
        assert all(row["matched"] is None for row in api.results(resource))


def test_what_was_redacted_is_not_found(
    api: ContractClient, kataib: Actor, reviewer: Any, publish: Any
) -> None:
    kataib.assessments.create(topic="aims", text="It wants apricots.")
    publish(kataib)
    before = api.ask("actors")["snapshot"]
    assert api.names("actors?q=apricots") == ["Kataib Hezbollah"]
    redact(kataib, reviewer, "Not for the public.", values=["apricots"])
    assert api.names("actors?q=apricots") == []
    assert api.names(f"actors?q=apricots&snapshot={before}") == []


def test_a_long_text_is_shortened_around_what_matches(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    kataib.description = "word " * 200 + "apricot " + "after " * 200
    kataib.save()
    publish(kataib)
    (found,) = api.results("actors?q=apricot")
    text = found["matched"]["text"]
    assert len(text) <= 200
    assert text.startswith("…word")
    assert "apricot" in text
    assert text.endswith("…")


def test_a_word_in_many_names_gives_a_warning(
    api: ContractClient, publish: Any, monkeypatch: Any, db: None
) -> None:
    monkeypatch.setattr(search, "NAME_LIMIT", 2)
    publish(*(Actor.objects.create(name=f"Falcon {n}", kind="unit") for n in range(3)))
    (warning,) = api.ask("incidents?q=falcon")["warnings"]
    assert (warning["code"], warning["parameter"]) == ("too_many_names", "q")
    assert len(api.results("actors?q=falcon")) == 3
    assert api.ask('incidents?q="falcon 1"')["warnings"] == []
