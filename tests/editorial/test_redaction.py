"""Redaction: what is removed is found nowhere any more, neither today nor at any past snapshot."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from actors.entries import ActorEntry
from actors.models import Actor, Affiliation
from editorial import workflow
from editorial.models import RemovedRow, Submission, User
from editorial.redaction.redact import redact
from incidents.models import Incident, Involvement
from places.models import Place
from publishing.models import Edition, EntryRow, Reference
from publishing.normalization import fold_text
from sources.models import Source
from tests.contract.client import API, ContractClient
from tests.curation.admin_client import AdminClient, address
from tests.publishing.test_rebuild import read_rows

pytestmark = pytest.mark.django_db(transaction=True)

LATIN, ARABIC, FORMER = "Zaynab Quwwati", "زينب قوتي", "Umm Quwwati"
NAMES = [LATIN, ARABIC, FORMER]


def list_tables() -> list[str]:
    """Return the tables of the database, but the one from which two reviewers can restore it."""
    tables = set(connection.introspection.table_names())
    return sorted(tables - {RemovedRow._meta.db_table})


def dump() -> str:
    """Return all that the database holds, in lowercase: every row of every table."""
    texts = []
    with connection.cursor() as cursor:
        for table in list_tables():
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                texts += [bytes(block).decode() for block in copy]
    return "".join(texts).lower()


def answers(api: ContractClient, record: Any) -> str:
    """Return all that the public API tells, now and in every past and format, in lowercase."""
    lists = ("actors", "affiliations", "incidents", "sources", "publishers", "places")
    paths = [
        *(f"{name}?detail={detail}" for name in lists for detail in ("true", "false")),
        *(f"{name}?format=ndjson&detail=true" for name in lists),
        *(f"{name}?format=csv" for name in lists),
        *(f"{name}?format=geojson" for name in ("incidents", "places")),
        *(f"resolve?name={name}" for name in ("zaynab", "umm", "quwwati", "زينب")),
        *("changes?documents=true", "releases", f"{record.type_name}s/{record.public_id}"),
    ]
    keys = {str(edition.record): edition.type for edition in Edition.objects.all()}
    formats = ("json", "graphml", "csv&part=nodes", "csv&part=edges")
    paths += [
        f"network?actor={key}&depth=4&format={format_}"
        for key, type_ in keys.items()
        for format_ in formats * (type_ == "actor")
    ]
    paths += [f"{type_}s/{key}" for key, type_ in keys.items()]
    for edition in Edition.objects.filter(record=record.public_id):
        past = f"{edition.type}s/{edition.record}/editions"
        paths += [f"{past}?refresh=true", f"{past}/{edition.version}"]
        paths += [f"{name}/documents?snapshot={edition.snapshot}" for name in lists]
    answered = []
    for path in paths:
        response: Any = api.get(API + path, secure=True)
        answered.append(b"".join(response) if response.streaming else response.content)
    return b"".join(answered).decode().lower()


def holders(*texts: str) -> set[str]:
    """Return the tables that hold one of `texts`."""
    found = set()
    with connection.cursor() as cursor:
        for table in list_tables():
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                dumped = b"".join(bytes(block) for block in copy).decode().lower()
            found |= {f"{table}: {text}" for text in texts if text in dumped}
    return found


def forms(*names: str) -> set[str]:
    """Return how names may be found: as they are, folded, and as slugs."""
    return {
        form
        for name in names
        for form in (name.lower(), fold_text(name), fold_text(name).replace(" ", "-"))
    }


@pytest.fixture
def zaynab(
    editor_client: AdminClient,
    reviewer_client: AdminClient,
    pmf: Actor,
    iraq: Place,
    publish: Any,
    editor: User,
) -> Actor:
    """Somebody with a rich past: renamed, quoted, rejected, cited, in two scripts."""
    form = editor_client.fields(address(Actor, "add"))
    form |= {"name": FORMER, "kind": "individual", "birth": "1970-03", "description": f"Of {LATIN}"}
    editor_client.add_row(form, "names", text=ARABIC, kind="alias", language="ar")
    assert editor_client.post(address(Actor, "add"), form).status_code == 302
    zaynab = Actor.objects.get(kind="individual")
    editor_client.do(zaynab, "submit", f"About {FORMER}")
    reviewer_client.do(Submission.objects.get(), "reject", f"{FORMER} has another name.")
    zaynab.refresh_from_db()
    source = Source.objects.create(title="A report")
    zaynab.citations.create(source=source, quote=f"so said {LATIN.upper()}", field="name")
    affiliation = Affiliation.objects.create(
        subject=zaynab, kind="member_of", object=pmf, start="2014"
    )
    attack = Incident.objects.create(title="Attack", date="2020")
    attack.involvements.create(role="perpetrator", actor=zaynab)
    publish(iraq, source, pmf, zaynab, affiliation, attack, note=f"First, with {FORMER}")
    form = editor_client.fields(address(zaynab)) | {"name": LATIN}
    editor_client.add_row(form, "names", text=FORMER, kind="former")
    assert editor_client.post(address(zaynab), form).status_code == 302
    editor_client.do(zaynab, "submit", "Renamed")
    reviewer_client.do(Submission.objects.first(), "approve_and_publish")
    zaynab.refresh_from_db()
    zaynab.names.create(text=f"Abu {LATIN}").delete()
    zaynab.internal_note = f"{LATIN} called."
    zaynab.save()
    attack.summary = "More."
    attack.save()
    publish(attack)
    assert zaynab.slug == "umm-quwwati"
    assert Edition.objects.filter(kind="refresh").count() == 2
    return zaynab


def test_a_redacted_name_is_found_nowhere(
    zaynab: Actor, reviewer: User, reviewer_client: AdminClient, api: ContractClient
) -> None:
    before = dump() + answers(api, zaynab)
    looked_for = forms(*NAMES)
    there = {LATIN.lower(), FORMER.lower(), ARABIC, fold_text(LATIN), "umm-quwwati"}
    assert [form for form in there if form not in before] == []
    snapshots = list(Edition.objects.order_by("seq").values_list("seq", "hash", "kind"))
    page = reviewer_client.post(
        address(zaynab, "redact"),
        {"what": "values", "values": "\n".join(NAMES), "reason": "She is in danger."},
        follow=True,
    )
    assert "Redacted" in page.text
    assert holders(*looked_for) == set()
    after = dump() + answers(api, zaynab)
    assert [form for form in looked_for if form in after] == []
    kept = Edition.objects.order_by("seq").values_list("seq", "hash", "kind")[: len(snapshots)]
    assert list(kept) == snapshots
    act = Edition.objects.get(kind="redact")
    assert act.redacted == ["citations.quote", "description", "name", "names.text", "slug"]
    document = api.ask(f"actors/{zaynab.public_id}")
    assert document["name"] == "[redacted]"
    assert document["individual"]["birth"] == "1970-03"
    assert {name["text"] for name in document["names"]} == {"[redacted]"}
    api.ask("actors/umm-quwwati", 404)
    assert api.ask(f"actors/{document['slug']}")["id"] == str(zaynab.public_id)
    (affiliation,) = api.results("affiliations")
    assert affiliation["subject"]["name"] == "[redacted]"
    assert ActorEntry.objects.filter(record=zaynab.public_id, name_key="redacted").count() == 3


def test_entries_of_a_redacted_past_are_what_a_rebuild_makes(zaynab: Actor, reviewer: User) -> None:
    from django.core.management import call_command

    redact(zaynab, reviewer, "Danger.", values=NAMES)
    before = read_rows()
    call_command("rebuild_entries", verbosity=0)
    assert read_rows() == before


def test_hashes_that_could_confirm_a_guess_are_gone(zaynab: Actor, reviewer: User) -> None:
    own = Edition.objects.filter(record=zaynab.public_id)
    digests = {digest for digest in own.values_list("sha256", flat=True) if digest}
    others = set(Edition.objects.exclude(record=zaynab.public_id).values_list("sha256", flat=True))
    redact(zaynab, reviewer, "Danger.", values=NAMES)
    assert not [digest for digest in digests if digest in dump()]
    assert others <= set(Edition.objects.values_list("sha256", flat=True))


def test_what_is_published_later_does_not_bring_it_back(
    zaynab: Actor, reviewer: User, publish: Any
) -> None:
    redact(zaynab, reviewer, "Danger.", values=NAMES)
    zaynab.refresh_from_db()
    zaynab.summary = "More is known."
    zaynab.save()
    publish(zaynab)
    assert holders(*forms(*NAMES)) == set()


def test_a_field_goes_from_every_edition(
    zaynab: Actor, reviewer: User, api: ContractClient
) -> None:
    submission = redact(zaynab, reviewer, "Asked for.", fields=["individual.birth", "description"])
    assert (submission.act, submission.note) == ("redact", "Asked for.")
    assert "1970-03" not in dump() + answers(api, zaynab)
    document = api.ask(f"actors/{zaynab.public_id}")
    assert document["individual"]["birth"] is None
    assert document["individual"]["life_status"] == "unknown"
    assert document["description"] == "[redacted]"
    assert document["name"] == LATIN
    assert Edition.objects.get(kind="redact").redacted == ["description", "individual.birth"]
    zaynab.refresh_from_db()
    assert (zaynab.birth, zaynab.description) == ("", "[redacted]")


def test_a_row_of_a_list_is_followed_through_its_past(
    zaynab: Actor, reviewer: User, api: ContractClient, publish: Any
) -> None:
    other = zaynab.names.create(text="Mother of courage", kind="alias")
    publish(zaynab)
    row = zaynab.names.get(text=ARABIC)
    row.text = "زينب"
    row.save()
    publish(zaynab)
    names = api.ask(f"actors/{zaynab.public_id}")["names"]
    at = [name["text"] for name in names].index("زينب")
    redact(zaynab, reviewer, "Asked for.", fields=[f"names[{at}]"])
    assert "زينب" not in dump()
    assert other.text in [n["text"] for n in api.ask(f"actors/{zaynab.public_id}")["names"]]
    assert not zaynab.names.filter(pk=row.pk).exists()


def test_a_name_takes_its_slug_with_it(zaynab: Actor, reviewer: User, api: ContractClient) -> None:
    redact(zaynab, reviewer, "Asked for.", fields=["name", "names", "citations", "description"])
    public_text = answers(api, zaynab)
    assert [form for form in forms(LATIN, ARABIC) if form in public_text] == []
    assert "umm-quwwati" not in dump()
    assert api.ask(f"actors/{zaynab.public_id}")["names"] == []


def test_what_follows_from_a_field_goes_with_it(
    pmf: Actor, kataib: Actor, iraq: Place, reviewer: User, publish: Any, api: ContractClient
) -> None:
    attack = Incident.objects.create(title="Attack", date="2020-01-03")
    attack.locations.create(place=iraq, primary=True, precision="exact", public_precision="country")
    Involvement.objects.create(incident=attack, role="perpetrator", actor=kataib)
    Involvement.objects.create(incident=attack, role="perpetrator", actor=pmf)
    pmf.classifications.create(classification="rebel_group", primary=True, start="2014")
    publish(iraq, pmf, kataib, attack)
    code = attack.__class__.objects.get().slug
    redact(attack, reviewer, "Asked.", fields=["date", "involvements[0]", "locations.place"])
    document = api.ask(f"incidents/{attack.public_id}")
    remaining = {key: document[key] for key in ("date", "date_start", "date_precision", "place")}
    assert remaining == {
        "date": None,
        "date_start": None,
        "date_precision": "unknown",
        "place": None,
    }
    assert len(document["perpetrators"]) == len(document["involvements"]) == 1
    assert code not in dump()
    assert (
        Reference.objects.filter(record=attack.public_id).values("target").distinct().count() == 1
    )
    redact(pmf, reviewer, "Asked.", fields=["classifications", "existence.start"])
    document = api.ask(f"actors/{pmf.public_id}")
    assert document["classification"] == "unknown"
    assert document["existence"]["possible"] == {"first": None, "last": None}
    assert document["existence"]["start_kind"] == "unknown"
    for record in (attack, pmf):
        record.refresh_from_db()
        newest = record.edition
        assert json.loads(record.render()) == json.loads(record.render()) | _body(newest)


def _body(edition: Edition) -> dict[str, Any]:
    from publishing import documents
    from publishing.serializers import ENVELOPE

    return json.loads(documents.extract_body(documents.load(edition.document), ENVELOPE))


def test_a_whole_record_is_gone_at_every_snapshot(
    zaynab: Actor, reviewer: User, api: ContractClient
) -> None:
    redact(zaynab, reviewer, "She asked for it.", whole=True)
    stored = dump() + answers(api, zaynab)
    assert [form for form in forms(*NAMES) if form in stored] == []
    assert "1970-03" not in stored
    problem = api.ask(f"actors/{zaynab.public_id}", 410)
    assert problem["detail"] == "She asked for it."
    api.ask("actors/umm-quwwati", 404)
    own = Edition.objects.filter(record=zaynab.public_id)
    assert set(own.values_list("document", "summary", "public", "slug", "note")) == {
        (None, None, False, None, "She asked for it.")
    }
    for model in apps.get_models():
        if issubclass(model, EntryRow):
            assert not model.objects.filter(record=zaynab.public_id).exists()
    for edition in Edition.objects.filter(type="affiliation"):
        subject = json.loads(edition.document)["subject"]
        assert (subject["withdrawn"], subject["name"], subject["slug"]) == (True, None, None)
    assert own.get(kind="redact").redacted == ["*"]
    zaynab.refresh_from_db()
    assert (zaynab.name, zaynab.slug) == ("[redacted]", None)
    assert zaynab.names.count() == zaynab.citations.count() == 0


def test_a_place_takes_its_country_from_the_entries_of_its_quoters(
    iraq: Place, kataib: Actor, reviewer: User, publish: Any, api: ContractClient
) -> None:
    kataib.country = iraq
    kataib.save()
    publish(iraq, kataib)
    assert api.names("actors?country=IQ") == ["Kataib Hezbollah"]
    redact(iraq, reviewer, "A slip.", fields=["country"])
    assert set(ActorEntry.objects.values_list("country", flat=True)) == {""}


def test_a_draft_is_cleaned_and_nothing_is_published(
    kataib: Actor, reviewer: User, editor: User
) -> None:
    kataib.summary = "Led by Zaynab."
    kataib.save()
    submission = workflow.submit(kataib, editor)
    redact(kataib, reviewer, "Danger.", values=["zaynab"])
    assert "zaynab" not in dump()
    assert not Edition.objects.exists()
    submission.refresh_from_db()
    assert submission.state == "recalled"
    assert submission.get_state_display() == "recalled before it was published"
    assert submission.decided_by == reviewer


def test_a_withdrawn_record_is_cleaned_and_stays_withdrawn(
    zaynab: Actor, reviewer: User, api: ContractClient
) -> None:
    workflow.withdraw(zaynab, reviewer, f"Not {LATIN}.")
    redact(zaynab, reviewer, "Danger.", values=NAMES)
    stored = dump() + answers(api, zaynab)
    assert [form for form in forms(*NAMES) if form in stored] == []
    assert api.ask(f"actors/{zaynab.public_id}", 410)["detail"] == "Danger."


def test_a_record_can_be_redacted_again(zaynab: Actor, reviewer: User) -> None:
    redact(zaynab, reviewer, "Danger.", values=NAMES)
    redact(zaynab, reviewer, "More danger.", fields=["individual.birth"])
    redact(zaynab, reviewer, "All of it.", whole=True)
    redact(zaynab, reviewer, "Once more.", whole=True)
    assert Edition.objects.filter(kind="redact").count() == 4
    assert "1970-03" not in dump()


def test_what_cannot_be_redacted_is_refused_and_leaves_everything_as_it_was(
    zaynab: Actor, reviewer: User, editor: User
) -> None:
    before = dump()
    with pytest.raises(PermissionDenied):
        redact(zaynab, editor, "A reason.", values=[LATIN])
    for arguments, message in [
        ({"values": [LATIN], "reason": " "}, "Give the reason"),
        ({"values": [LATIN], "reason": f"About {LATIN}"}, "The reason contains"),
        ({}, "Choose what to remove"),
        ({"values": [LATIN], "whole": True}, "Choose what to remove"),
        ({"values": ["a"]}, "too short"),
        ({"values": [LATIN, "Nobody at all"]}, "contains “Nobody at all”"),
        ({"fields": ["nonsense"]}, "There is no property “nonsense”"),
        ({"fields": ["names[9]"]}, "has 2 rows"),
        ({"fields": ["na mes"]}, "is not a path"),
        ({"fields": ["classification"]}, "follows from other properties"),
        ({"fields": ["kind"]}, "cannot be empty"),
        ({"fields": ["individual.death"]}, "never had a value"),
    ]:
        with pytest.raises(ValidationError, match=message):
            redact(zaynab, reviewer, arguments.pop("reason", "A reason."), **arguments)
    assert dump() == before


def test_texts_of_others_are_left_alone(
    zaynab: Actor, kataib: Actor, reviewer: User, publish: Any
) -> None:
    kataib.summary = f"Not {LATIN}."
    kataib.save()
    publish(kataib)
    redact(zaynab, reviewer, "Danger.", values=[LATIN])
    assert LATIN in Edition.objects.get(record=kataib.public_id).document


def test_the_desk_is_told_which_other_records_hold_the_text(
    zaynab: Actor, kataib: Actor, reviewer_client: AdminClient, publish: Any
) -> None:
    kataib.summary = f"Not {LATIN}."
    kataib.save()
    publish(kataib)
    sent = {"what": "values", "values": LATIN, "reason": "Danger."}
    page = reviewer_client.post(address(zaynab, "redact"), sent, follow=True)
    assert "The same text is also in other records" in page.text
    assert "Kataib Hezbollah" in page.text


def test_the_desk_asks_in_words_which_of_the_two_is_meant(
    zaynab: Actor, reviewer_client: AdminClient, editor_client: AdminClient
) -> None:
    page = reviewer_client.get(address(zaynab))
    assert address(zaynab, "remove") in page.text
    page = reviewer_client.get(address(zaynab, "remove")).text
    assert "Earlier versions stay public" in page
    assert "removed from all versions" in page
    assert address(zaynab, "withdraw") in page
    assert address(zaynab, "redact") in page
    form = reviewer_client.get(address(zaynab, "redact")).text
    assert "dumps" in form
    refused = reviewer_client.post(address(zaynab, "redact"), {"what": "values", "values": LATIN})
    assert "Give the reason" in refused.text
    for page_name in ("remove", "redact"):
        assert editor_client.get(address(zaynab, page_name)).status_code == 403
    assert address(zaynab, "remove") not in editor_client.get(address(zaynab)).text
