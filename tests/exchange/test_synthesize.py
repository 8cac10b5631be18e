"""Synthetic data: true documents of nothing that ever happened, and never beside real ones."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from actors.affiliation_kinds import explain_mismatch
from actors.entries import AffiliationEntry
from editorial.models import Submission, record_models
from exchange.synthetic.plan import CHUNK
from exchange.synthetic.working_rows import write_working_rows
from exchange.synthetic.writing import write_synthetic
from incidents.entries import IncidentEntry
from incidents.models import Incident, IncidentEvent
from places.models import Place
from publishing import documents, publication
from publishing.commands import Progress
from publishing.models import FOREVER, Edition
from tests.contract.client import ContractClient
from tests.whole import assert_whole

pytestmark = pytest.mark.django_db

TYPES = ("publishers", "sources", "places", "actors", "affiliations", "incidents")


def make(incidents: int = 2 * CHUNK + 7, seed: int = 1, jobs: int = 1) -> None:
    write_synthetic(incidents, seed, jobs, Progress())


def read_documents(type_: str) -> list[dict[str, Any]]:
    """Return the current documents of a type."""
    newest = Edition.objects.filter(type=type_).order_by("record", "-seq").distinct("record")
    return [documents.load(edition.document) for edition in newest if edition.public]


def test_what_is_written_is_what_publishing_it_would_have_written() -> None:
    make()
    assert_whole()
    kinds = Edition.objects.filter(type="incident").values_list("kind", flat=True)
    assert set(kinds) == {"publish", "correct", "withdraw"}
    for edition in Edition.objects.exclude(document=None):
        filled = documents.remove_envelope(edition.document.encode())
        assert edition.sha256 == documents.digest(
            documents.dump(documents.strip_references(documents.load(filled)))
        )


def test_every_document_is_as_the_api_describes_it(api: ContractClient) -> None:
    make(300)
    for list_ in TYPES:
        for address in (list_, f"{list_}/documents"):
            answers = api.results(f"{address}?limit=1000")
            assert len(answers) == len(read_documents(list_[:-1])) > 0


def test_everything_says_that_it_is_synthetic() -> None:
    make(300)
    for list_ in TYPES:
        for document in read_documents(list_[:-1]):
            texts = [document[key] for key in ("name", "title", "note") if document.get(key)]
            assert "ynthetic" in texts[0], document
            cited = document.get("citations") or []
            assert all("Synthetic data" in row["source"]["name"] for row in cited)


def test_the_same_seed_gives_the_same_bytes_however_many_processes_make_it() -> None:
    def synthesized(**options: int) -> list[Any]:
        from django.db import transaction

        with transaction.atomic():
            make(CHUNK + 20, **options)
            editions = list(Edition.objects.order_by("seq").values_list("hash", "document"))
            transaction.set_rollback(True)
        return editions

    first = synthesized()
    assert synthesized(jobs=2) == first
    assert synthesized(seed=2) != first


def test_it_holds_what_a_large_record_holds() -> None:
    make()
    standing = IncidentEntry.objects.filter(until_seq=FOREVER)
    assert set(standing.values_list("date_precision", flat=True)) >= {
        "day",
        "days",
        "month",
        "year",
        "unknown",
    }
    members = AffiliationEntry.objects.filter(kind="member_of").values_list("object", "subject")
    assert {len({s for o, s in members if o == one}) for one, _ in members} == {60}
    titles = " ".join(document["title"] for document in read_documents("incident"))
    assert all(word in titles for word in ("near", "هجوم", "Нападение", "תקיפה"))
    slugs = [document["slug"] for document in read_documents("incident")]
    assert len(set(slugs)) == len(slugs)


def test_its_affiliations_join_the_kinds_of_actors_that_they_may_join() -> None:
    make(300)
    for affiliation in read_documents("affiliation"):
        assert (
            explain_mismatch(
                affiliation["subject"]["kind"], affiliation["kind"], affiliation["object"]["kind"]
            )
            is None
        )


def test_it_is_never_written_beside_a_record(iraq: Place, publish: Any) -> None:
    before = Edition.objects.count()
    with pytest.raises(CommandError, match="This database contains a place") as refused:
        call_command("synthesize", incidents=10, jobs=1)
    assert "--help says how" in str(refused.value)
    publish(iraq)
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("synthesize", incidents=10, jobs=1)
    assert Edition.objects.count() == before + 1
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(CommandError, match="whole number"):
        call_command("synthesize", f"--incidents={number}")


def test_working_rows_are_what_editors_would_publish_without_a_change() -> None:
    make(300)
    write_working_rows(Progress())
    for type_name, model in record_models().items():
        bodies = {record.public_id: body for record, body in model.objects.all().render_bodies()}
        first = Edition.objects.filter(type=type_name, version=1)
        assert set(bodies) == set(first.values_list("record", flat=True))
        withdrawn = set(Edition.objects.newest_of(bodies).filter(public=False, type=type_name))
        changed = publication.find_changed(type_name, bodies)
        assert changed == {edition.record for edition in withdrawn}
    assert not IncidentEvent.objects.exists()
    incident = Incident.objects.first()
    incident.title = "Another title"
    incident.save()
    assert IncidentEvent.objects.count() == 1
