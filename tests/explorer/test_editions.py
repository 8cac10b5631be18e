"""What an edition changed, in words, and the names and addresses that a record had."""

import re
from typing import Any

from actors.models import Actor
from editorial import merging, workflow
from editorial.models import User
from publishing import completion
from publishing.models import Edition
from publishing.presentation.differences import LISTS, compare
from publishing.registry import record_types
from tests.explorer.conftest import Reader, Story


def list_changes(page: str) -> list[tuple[str, str]]:
    """Return each difference: what it is, and whether it was added, removed or changed."""
    heads = re.findall(r"<h3>(.*?) <span class=\"tag\">(\w+)</span></h3>", page)
    return [(" > ".join(re.findall(r"<bdi>(.*?)</bdi>", what)), kind) for what, kind in heads]


def test_an_edition_says_what_changed_from_what_to_what(
    reader: Reader, story: Story, publish: Any
) -> None:
    attack = story.attack
    attack.title, attack.outcome, attack.date = "Attack on the base K-1", "failed", "2019-12-26"
    attack.save()
    attack.involvements.filter(actor=story.kataib).update(certainty="confirmed")
    attack.statements.filter(number=2).update(authenticity="verified")
    attack.statements.filter(number=4).delete()
    attack.statements.create(
        number=5, kind="claim", speaker=story.saraya, date="2020-03", text="نحن فعلناها"
    )
    attack.casualties.filter(measure="killed", low=1).update(high=6)
    publish(attack, note="New reports.")
    page = reader.read("/incidents/irq-2019-aaaa/editions/2")
    assert "From edition 1 to edition 2" in page
    assert "Reason: New reports." in page
    changes = list_changes(page)
    assert ("Title", "changed") in changes
    assert ("Involvement: perpetrator, Kataib Hezbollah &gt; Certainty", "changed") not in changes
    for expected in (
        ("Title", "changed"),
        ("Outcome", "changed"),
        ("Date", "changed"),
        ("Involvement: perpetrator, Kataib Hezbollah > Certainty", "changed"),
        ("Statement: 2, claim, سرايا > Authenticity", "changed"),
        ("Statement: 4, endorsement, A preacher", "removed"),
        ("Statement: 5, claim, سرايا", "added"),
        ("Casualty figure: killed, total > Number", "changed"),
    ):
        assert expected in changes, expected
    for old, new in (
        ("Attack on K-1", "Attack on the base K-1"),
        ("27 December 2019", "26 December 2019"),
        ("probable", "confirmed"),
        ("unverified", "verified"),
        ("1 to 4", "1 to 6"),
    ):
        assert f"<del><bdi>{old}</bdi></del>" in page, old
        assert f"<ins><bdi>{new}</bdi></ins>" in page, new
    assert "<dt>Text</dt><dd><bdi>نحن فعلناها</bdi></dd>" in page


def test_rows_are_compared_by_their_identity_and_not_by_their_place(
    reader: Reader, story: Story, publish: Any
) -> None:
    story.kataib.names.filter(language="ar").delete()
    story.kataib.names.create(text="Ketaib", kind="alias")
    story.kataib.names.filter(language="ru").update(kind="former")
    story.kataib.presences.update(control="partial")
    story.kataib.citations.create(source=story.report, locator="12")
    publish(story.kataib)
    page = reader.read("/actors/kataib/editions/2")
    assert '<dd dir="auto">unknown</dd>' not in page, "what is not known is no fact"
    assert set(list_changes(page)) == {
        ("Source: هجوم على قاعدة, 12", "added"),
        ("Name: كتائب حزب الله", "removed"),
        ("Name: Катаиб Хезболла > Kind", "changed"),
        ("Name: Ketaib", "added"),
        ("Presence: Kirkuk, base > Control", "changed"),
    }


def test_a_long_text_is_compared_word_by_word(reader: Reader, story: Story, publish: Any) -> None:
    text = "The group was founded in the south of the country and moved to the north in the spring."
    story.kataib.summary = text
    story.kataib.save()
    publish(story.kataib)
    story.kataib.summary = text.replace("south", "west")
    story.kataib.save()
    publish(story.kataib)
    page = reader.read("/actors/kataib/editions/3")
    assert list_changes(page) == [("Summary", "changed")]
    assert re.search(r"in the <del><span class=\"hidden\">removed: </span>south </del>", page)
    assert re.search(r"<ins><span class=\"hidden\">added: </span>west </ins>of the country", page)
    from_first = reader.read("/actors/kataib/editions/3?compare=1")
    assert "From edition 1 to edition 3" in from_first
    assert "<del><bdi>not known</bdi></del>" in from_first


def test_a_new_name_of_another_record_is_no_difference(
    reader: Reader, story: Story, publish: Any
) -> None:
    story.pmf.name = "Hashd"
    story.pmf.save()
    publish(story.pmf)
    story.membership.rank = "brigade"
    story.membership.save()
    publish(story.membership)
    versions = Edition.objects.filter(record=story.membership.public_id)
    newest = versions.order_by("-version").first()
    assert newest
    page = reader.read(f"/affiliations/{story.membership.public_id}/editions/{newest.version}")
    assert [what for what, _ in list_changes(page)] == ["Rank"]


def test_each_page_links_to_the_differences_of_its_editions(
    reader: Reader, story: Story, publish: Any
) -> None:
    page = reader.read("/actors/kataib")
    assert "/actors/kataib/editions/" not in page
    old = Edition.objects.newest_snapshot()
    story.kataib.summary = "A militia."
    story.kataib.save()
    publish(story.kataib)
    assert 'href="/actors/kataib/editions/2"' in reader.read("/actors/kataib")
    first = reader.read("/actors/kataib/editions/1")
    assert "This is the first edition" in first
    reader.read(f"/actors/kataib/editions/2?snapshot={old}", 404)
    reader.read("/actors/kataib/editions/9", 404)
    reader.read("/actors/nobody/editions/1", 404)
    assert "<code>compare</code>:" in reader.read("/actors/kataib/editions/2?compare=x", 400)


def test_earlier_names_and_merged_records_are_visible(
    reader: Reader, story: Story, publish: Any, reviewer: User
) -> None:
    assert "Earlier names" not in reader.read("/actors/saraya")
    old = Edition.objects.newest_snapshot()
    story.saraya.name = "Saraya Council"
    story.saraya.save()
    double = Actor.objects.create(name="Double", slug="double", kind="armed_organisation")
    publish(story.saraya, double)
    merging.merge(double, story.saraya, reviewer, "The same.")
    page = reader.read("/actors/saraya")
    earlier = page[page.index("Earlier names:") :]
    assert "<bdi>سرايا</bdi>" in earlier
    assert f"<code>/actors/double</code> (<code>{double.public_id}</code>)" in earlier
    past = reader.read(f"/actors/saraya?snapshot={old}")
    assert "Earlier names" not in past
    assert "/actors/double" not in past
    assert ("Name", "changed") in list_changes(reader.read("/actors/saraya/editions/2"))


def test_editions_of_a_withdrawn_record_can_still_be_compared(
    reader: Reader, story: Story, publish: Any, reviewer: User
) -> None:
    story.attack.summary = "Rockets hit the base."
    story.attack.save()
    publish(story.attack)
    workflow.withdraw(story.attack, reviewer, "It was another one.")
    page = reader.read("/incidents/irq-2019-aaaa/editions/2")
    assert ("Summary", "changed") in list_changes(page)
    assert "It was another one." in reader.read("/incidents/irq-2019-aaaa/editions/3", 410)


def test_every_list_of_rows_has_an_identity(story: Story) -> None:
    for type_, model in record_types().items():
        for name, known in completion.properties(model.serializer).items():
            if known.many and known.inner and not known.is_reference and name != "killed_by_side":
                assert name in LISTS, f"{type_}.{name}"
                inner = completion.properties(known.inner)
                if not (type_ == "place" and name == "names"):
                    assert set(LISTS[name].identity) <= inner.keys(), f"{type_}.{name}"


def test_documents_that_are_equal_have_no_differences(story: Story) -> None:
    for edition in Edition.objects.filter(public=True):
        document = completion.read_document(edition)
        assert compare(edition.type, document, document) == []
