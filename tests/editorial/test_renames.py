"""A renamed actor or place is still found by its former name."""

from typing import Any

import pytest
from django.urls import reverse

from actors.models import Actor
from editorial import workflow
from editorial.models import User
from editorial.redaction.redact import redact
from exchange.dataset import load
from exchange.yaml_reader import DatasetError
from incidents.entries import IncidentActorEntry
from incidents.models import Incident
from places.models import Place
from publishing import documents, index
from publishing.codes import EditionKind
from publishing.models import FOREVER, Edition
from tests.cast import UNCITED
from tests.contract.client import ContractClient
from tests.curation.admin_client import AdminClient, address

pytestmark = pytest.mark.django_db


def rename(record: Any, name: str, editor: User, reviewer: User, **columns: str) -> None:
    record.refresh_from_db()
    for column, value in ({"name": name} | columns).items():
        setattr(record, column, value)
    record.save()
    submission = workflow.submit(record, editor)
    workflow.approve(submission, reviewer, UNCITED)
    workflow.publish(submission, reviewer)


def test_the_former_name_stays(
    api: ContractClient, kataib: Actor, publish: Any, editor: User, reviewer: User
) -> None:
    publish(kataib)
    rename(kataib, "Hezbollah Brigades", editor, reviewer)
    document = api.ask("actors/kataib")
    assert document["name"] == "Hezbollah Brigades"
    assert [(n["text"], n["kind"], n["preferred"]) for n in document["names"]] == [
        ("Kataib Hezbollah", "former", False)
    ]
    for address_ in ("actors?name=Kataib+Hezbollah", "actors?q=Kataib"):
        assert api.names(address_) == ["Hezbollah Brigades"]
    (match, *_) = api.ask("resolve?name=Kataib+Hezbollah")["results"]
    assert match["actor"]["slug"] == "kataib"


def test_a_place_keeps_its_former_name_too(
    api: ContractClient, iraq: Place, publish: Any, editor: User, reviewer: User
) -> None:
    publish(iraq)
    rename(iraq, "Republic of Iraq", editor, reviewer)
    assert [name["text"] for name in api.ask("places/iraq")["names"]] == ["Iraq"]
    assert api.names("places?q=Iraq") == ["Republic of Iraq"]


def test_each_rename_adds_one_name_and_a_return_none(
    api: ContractClient, kataib: Actor, publish: Any, editor: User, reviewer: User
) -> None:
    publish(kataib)
    for name in ("Hezbollah Brigades", "Kataib Hezbollah", "The Brigades"):
        rename(kataib, name, editor, reviewer)
    names = {name["text"] for name in api.ask("actors/kataib")["names"]}
    assert names == {"Kataib Hezbollah", "Hezbollah Brigades"}


def test_an_editor_drops_a_name_that_was_a_mistake(
    api: ContractClient, kataib: Actor, publish: Any, editor: User, reviewer: User
) -> None:
    publish(kataib)
    rename(kataib, "Kata'ib Hezbollah", editor, reviewer, dropped_name="Kataib Hezbollah")
    assert api.ask("actors/kataib")["names"] == []
    rename(kataib, "Hezbollah Brigades", editor, reviewer)
    names = [name["text"] for name in api.ask("actors/kataib")["names"]]
    assert names == ["Kata'ib Hezbollah"], "another name than the dropped one stays"


def test_a_redaction_removes_the_dropped_name_too(
    kataib: Actor, publish: Any, editor: User, reviewer: User
) -> None:
    publish(kataib)
    rename(kataib, "The Brigades", editor, reviewer, dropped_name="Kataib Hezbollah")
    redact(kataib, reviewer, "It endangers them.", values=["Kataib Hezbollah"])
    kataib.refresh_from_db()
    assert "Kataib Hezbollah" not in kataib.dropped_name
    rename(kataib, "The Brigade", editor, reviewer)
    assert {name.text for name in kataib.names.all()} == {"The Brigades"}


def test_a_name_that_was_never_public_does_not_stay(
    api: ContractClient, kataib: Actor, publish: Any, editor: User, reviewer: User
) -> None:
    kataib.name = "A typing error"
    kataib.save()
    rename(kataib, "Kataib Hezbollah", editor, reviewer)
    assert api.ask("actors/kataib")["names"] == []


def test_the_preview_says_so(kataib: Actor, publish: Any, editor_client: AdminClient) -> None:
    publish(kataib)
    page = reverse("admin:actors_actor_preview", args=[kataib.pk])
    assert "will be added to the other names" not in editor_client.get(page).text
    form = editor_client.fields(address(kataib)) | {"name": "Hezbollah Brigades"}
    assert editor_client.post(address(kataib), form).status_code == 302
    assert "“Kataib Hezbollah” will be added to the other names" in editor_client.get(page).text
    form = editor_client.fields(address(kataib)) | {"dropped_name": "Kataib Hezbollah"}
    editor_client.post(address(kataib), form)
    assert "will be added to the other names" not in editor_client.get(page).text


def test_a_file_with_a_list_of_names_must_say_what_becomes_of_the_name(
    kataib: Actor, publish: Any
) -> None:
    publish(kataib)
    row = f"key: kh, public_id: {kataib.public_id}, name: Hezbollah Brigades"
    with pytest.raises(DatasetError, match="“Kataib Hezbollah” is its public name"):
        load(f"actors:\n- {{{row}, names: [{{text: KH}}]}}\n")
    load(f"actors:\n- {{{row}, names: [{{text: Kataib Hezbollah, kind: former}}]}}\n")
    load(f"actors:\n- {{{row}, names: [], dropped_name: Kataib Hezbollah}}\n")
    load(f"actors:\n- {{{row}}}\n")


def test_a_rename_exchanges_references_and_builds_no_rows_of_other_documents(
    iraq: Place, kataib: Actor, publish: Any, editor: User, reviewer: User, monkeypatch: Any
) -> None:
    attack = Incident.objects.create(title="Attack", date="2019")
    attack.involvements.create(role="perpetrator", actor=kataib)
    publish(iraq, kataib, attack)
    before = attack.edition
    built = list[str]()
    build_rows = index.build_rows

    def note(edition: Edition, document: Any = None) -> Any:
        built.append(edition.type)
        return build_rows(edition, document)

    monkeypatch.setattr(index, "build_rows", note)
    rename(kataib, "Hezbollah Brigades", editor, reviewer)
    assert built == ["actor"]
    edition = attack.edition
    assert edition.kind == EditionKind.REFRESH
    document = documents.load(edition.document)
    assert document["perpetrators"][0]["name"] == "Hezbollah Brigades"
    assert documents.dump(document).decode() == edition.document
    summary = documents.extract_summary(document, Incident.serializer().summary)
    assert summary.decode() == edition.summary
    assert (document["version"], document["seq"]) == (2, edition.seq)
    assert document["edited_at"] == documents.load(before.document)["edited_at"]
    rows = IncidentActorEntry.objects.filter(record=attack.public_id).order_by("seq")
    assert list(rows.values_list("seq", "until_seq")) == [
        (before.seq, edition.seq),
        (edition.seq, FOREVER),
    ]


def test_another_kind_builds_the_rows_of_other_documents_anew(
    kataib: Actor, publish: Any, editor: User, reviewer: User
) -> None:
    attack = Incident.objects.create(title="Attack", date="2019")
    attack.involvements.create(role="perpetrator", actor=kataib)
    publish(kataib, attack)
    rename(kataib, "Kataib", editor, reviewer, kind="political_organisation")
    rows = IncidentActorEntry.objects.filter(record=attack.public_id, until_seq=FOREVER)
    assert list(rows.values_list("kind", flat=True)) == ["political_organisation"]
