"""A form refuses rows that cannot stand beside each other just where the database would."""

import random
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import IntegrityError, transaction
from django.db.models import Model, UniqueConstraint
from django.test import RequestFactory

from actors.models import Actor
from editorial.models import User
from incidents.models import Incident, ResponsibilityStatement
from places.models import Place
from sources.models import Source
from tests.cast import person
from tests.curation.admin_client import AdminClient, address
from tests.sample import sample

pytestmark = pytest.mark.django_db

OTHER, THIRD, KATAIB = "another incident", "a third incident", "an actor"
ROWS: dict[str, dict[str, tuple[Any, ...]]] = {
    "IncidentLocation": {
        "role": ("impact",),
        "precision": ("country",),
        "public_precision": ("country",),
        "primary": (True, False),
    },
    "ResponsibilityStatement": {
        "kind": ("claim",),
        "speaker_label": ("A",),
        "speaker_type": ("unknown",),
        "mode": ("unknown",),
        "authenticity": ("unverified",),
        "assessment": ("accepted",),
        "number": (None, 1, 2),
    },
    "StatementResponsible": {"actor": (None, KATAIB), "label": ("", "A", "B")},
    "CasualtyFigure": {
        "measure": ("killed",),
        "population": ("total",),
        "quantifier": ("exact",),
        "best": (1,),
        "actor": (None, KATAIB),
        "nationality": ("", "IQ"),
        "role": ("recommended", "supporting"),
    },
    "IncidentLink": {"kind": ("part_of", "follow_up"), "to": (OTHER, THIRD)},
    "PossibleDuplicate": {"of": (OTHER, THIRD)},
    "ActorName": {
        "text": ("A",),
        "kind": ("official",),
        "language": ("", "ar"),
        "preferred": (True, False),
    },
    "StrengthEstimate": {
        "measure": ("fighters",),
        "quantifier": ("many",),
        "assessment": ("accepted",),
        "confidence": ("unassessed",),
        "as_of": ("", "2014"),
        "role": ("recommended", "supporting"),
    },
    "Classification": {
        "classification": ("rebel_group",),
        "basis": ("unknown",),
        "confidence": ("unassessed",),
        "note": ("A note.",),
        "start": ("", "2014"),
        "start_kind": (None,),
        "end": ("", "2016"),
        "end_kind": (None,),
        "primary": (True, False),
        "assessment": ("accepted", "disputed"),
    },
    "ExternalId": {
        "scheme": ("wikidata",),
        "value": ("Q1", "Q2"),
        "match": ("exact", "close"),
    },
}
"""The values that rows of each inline are made of; the parent and the rest are as they are."""


def exclusive(model: type[Model]) -> list[str]:
    kinds = (UniqueConstraint, ExclusionConstraint)
    return [c.name for c in model._meta.constraints if isinstance(c, kinds)]


def inlines() -> Iterator[Any]:
    for pages in admin.site._registry.values():
        for inline in getattr(pages, "inlines", ()):
            if exclusive(inline.model):
                yield pytest.param(pages, inline, id=f"{inline.model.__name__}")


INLINES = list(inlines())
NO_FREE_PLACE = {"PossibleDuplicate", "StatementResponsible"}
"""What is unique there is another record, and none can stand in its place for a moment."""


def kind(model: type[Model]) -> str:
    return "ExternalId" if model.__name__.endswith("ExternalId") else model.__name__


@pytest.fixture
def quoted(kataib: Actor) -> dict[Any, Any]:
    others = {title: Incident.objects.create(title=title) for title in (OTHER, THIRD)}
    return others | {KATAIB: kataib}


def variants(model: type[Model], quoted: dict[Any, Any]) -> list[dict[str, Any]]:
    """Return rows that are sound alone, of all combinations of the values."""
    columns = ROWS[kind(model)]
    found = []
    for values in product(*columns.values()):
        row = {name: quoted.get(value, value) for name, value in zip(columns, values, strict=True)}
        for end in ("start", "end"):
            if f"{end}_kind" in row:
                row[f"{end}_kind"] = "actual" if row[end] else "unknown"
        if model.__name__ == "StatementResponsible" and bool(row["actor"]) == bool(row["label"]):
            continue
        found.append(row)
    return found


def parent_of(model: type[Model]) -> Any:
    """Return a parent that is not saved."""
    made = {
        "incident": lambda: Incident(title="Attack"),
        "actor": lambda: Actor(name="A group", kind="armed_organisation"),
        "statement": lambda: ResponsibilityStatement(
            incident=Incident.objects.create(title="Attack"), kind="claim", speaker_label="A"
        ),
        "place": lambda: Place(name="A place", kind="settlement"),
        "source": lambda: Source(title="A report"),
    }
    return made[parent_name(model)]()


def parent_name(model: type[Model]) -> str:
    names = [f.name for f in model._meta.fields]
    return next(n for n in ("incident", "statement", "actor", "place", "source") if n in names)


class Form:
    """The rows of one inline, as a person sends them."""

    def __init__(self, pages: Any, inline: Any, parent: Any, user: User) -> None:
        request = RequestFactory().get("/")
        request.user = user
        self.parent = parent
        self.made = inline(type(parent), admin.site).get_formset(request, parent)

    def send(self, saved: list[tuple[Model, dict[str, Any] | None]], new: list[Any]) -> Any:
        """Change or delete rows that are saved, and add new ones."""
        prefix = self.made.get_default_prefix()
        sent: dict[str, Any] = {
            f"{prefix}-TOTAL_FORMS": len(saved) + len(new),
            f"{prefix}-INITIAL_FORMS": len(saved),
        }
        rows = [(row.pk, values) for row, values in saved] + [(None, values) for values in new]
        for number, (key, values) in enumerate(rows):
            columns = {"DELETE": "on"} if values is None else values
            for name, value in (columns | ({"id": key} if key else {})).items():
                if value is not None and value is not False:
                    sent[f"{prefix}-{number}-{name}"] = getattr(
                        value, "pk", "on" if value is True else value
                    )
                elif value is False and not key:
                    sent[f"{prefix}-{number}-{name}"] = "off"
        return self.made(sent, instance=self.parent, prefix=prefix)


def database_accepts(model: type[Model], rows: list[dict[str, Any]]) -> bool:
    """Return whether the rows can be saved below one parent, what has a number first."""
    try:
        with transaction.atomic():
            parent = parent_of(model)
            parent.save()
            for values in sorted(rows, key=lambda row: not row.get("number", True)):
                row = model(**{parent_name(model): parent}, **values)
                row.save()
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


def test_the_rows_of_every_inline_are_tried() -> None:
    assert {kind(inline.values[1].model) for inline in INLINES} == set(ROWS)
    assert len(INLINES) > 10


@pytest.mark.parametrize("saved", [False, True], ids=["new parent", "saved parent"])
@pytest.mark.parametrize(("pages", "inline"), INLINES)
def test_new_rows_are_accepted_just_where_the_database_accepts_them(
    pages: Any, inline: Any, saved: bool, quoted: dict[Any, Any]
) -> None:
    model, user, verdicts = inline.model, person("p", "editor"), set[bool]()
    choices = variants(model, quoted)
    twins = [(row, row) for row in choices]
    for rows in [*sample(product(choices, repeat=2), 36), *twins]:
        parent = parent_of(model)
        if saved:
            parent.save()
        formset = Form(pages, inline, parent, user).send([], list(rows))
        verdict = formset.is_valid()
        assert verdict == database_accepts(model, list(rows)), (rows, formset.errors)
        verdicts.add(verdict)
        if verdict:
            with transaction.atomic():
                parent.save()
                formset.save()
                transaction.set_rollback(True)
        if saved:
            parent.delete()
    assert verdicts == {True, False}, "there is something to refuse and something to accept"


@pytest.mark.parametrize(("pages", "inline"), INLINES)
def test_rows_that_change_or_go_are_accepted_just_where_the_database_accepts_the_outcome(
    pages: Any, inline: Any, quoted: dict[Any, Any]
) -> None:
    model, user = inline.model, person("p", "editor")
    choose = random.Random(7)
    choices = variants(model, quoted)
    for _ in range(25):
        before, fresh = choose.choice(choices), choose.choice(choices)
        after = choose.choice([None, before, *choices])
        with transaction.atomic():
            parent = parent_of(model)
            parent.save()
            row = model(**{parent_name(model): parent}, **before)
            row.save()
            formset = Form(pages, inline, parent, user).send([(row, after)], [fresh])
            verdict = formset.is_valid()
            final = [fresh] if after is None else [after, fresh]
            with transaction.atomic():
                model._default_manager.filter(pk=row.pk).delete()
                expected = database_accepts(model, final)
                transaction.set_rollback(True)
            assert verdict == expected, (before, after, fresh, formset.errors)
            if verdict:
                formset.save()
            transaction.set_rollback(True)


@pytest.mark.parametrize(("pages", "inline"), INLINES)
def test_two_rows_exchange_what_is_unique(pages: Any, inline: Any, quoted: dict[Any, Any]) -> None:
    model, user, exchanged = inline.model, person("p", "editor"), 0
    for rows in sample(combinations(variants(model, quoted), 2), 30):
        if not database_accepts(model, list(rows)):
            continue
        with transaction.atomic():
            parent = parent_of(model)
            parent.save()
            saved = [model(**{parent_name(model): parent}, **values) for values in rows]
            for row in sorted(saved, key=lambda row: not getattr(row, "number", True)):
                row.save()
            first, second = ({name: getattr(row, name) for name in rows[0]} for row in saved)
            pairs: list[Any] = list(zip(saved, (second, first), strict=True))
            formset = Form(pages, inline, parent, user).send(pairs, [])
            assert formset.is_valid(), formset.errors
            if kind(model) in NO_FREE_PLACE:
                with pytest.raises(IntegrityError), transaction.atomic():
                    formset.save()
            else:
                formset.save()
                for row, values in pairs:
                    row.refresh_from_db()
                    assert {name: getattr(row, name) for name in values} == values
            exchanged += 1
            transaction.set_rollback(True)
    assert exchanged


def test_an_id_that_another_record_has_is_refused(
    kataib: Actor, pmf: Actor, editor_client: AdminClient
) -> None:
    pmf.external_ids.create(scheme="wikidata", value="Q1")
    form = editor_client.fields(address(kataib))
    editor_client.add_row(form, "external_ids", scheme="wikidata", value="Q1", match="exact")
    assert (
        "Another record already has this id as an exact match."
        in editor_client.post(address(kataib), form).text
    )


def test_a_new_incident_takes_a_claim_and_a_denial_without_numbers(
    editor_client: AdminClient,
) -> None:
    form = editor_client.fields(address(Incident, "add")) | {"title": "Attack"}
    columns = {"speaker_label": "A", "speaker_type": "unknown", "mode": "unknown"}
    columns |= {"authenticity": "unverified", "assessment": "accepted", "number": ""}
    for kind, number in (("claim", ""), ("denial", ""), ("accusation", "1"), ("claim", "7")):
        editor_client.add_row(form, "statements", **columns | {"kind": kind, "number": number})
    answer = editor_client.post(address(Incident, "add"), form)
    assert answer.status_code == 302, answer.context["errors"]
    numbers = Incident.objects.get().statements.values_list("kind", "number")
    assert sorted(numbers, key=lambda row: row[1]) == [
        ("accusation", 1),
        ("claim", 7),
        ("claim", 8),
        ("denial", 9),
    ]


def test_a_number_that_is_typed_is_not_given_to_a_row_before_it(editor_client: AdminClient) -> None:
    attack = Incident.objects.create(title="Attack")
    attack.statements.create(kind="claim", speaker_label="A")
    form = editor_client.fields(address(attack))
    columns = {"speaker_label": "B", "speaker_type": "unknown", "mode": "unknown", "kind": "denial"}
    columns |= {"authenticity": "unverified", "assessment": "accepted"}
    editor_client.add_row(form, "statements", **columns, number="")
    editor_client.add_row(form, "statements", **columns, number="2")
    answer = editor_client.post(address(attack), form)
    assert answer.status_code == 302, answer.context["errors"]
    assert list(attack.statements.values_list("number", flat=True)) == [1, 2, 3]


def test_two_statements_of_one_number_are_refused(editor_client: AdminClient) -> None:
    form = editor_client.fields(address(Incident, "add")) | {"title": "Attack"}
    columns = {"speaker_label": "A", "speaker_type": "unknown", "mode": "unknown", "kind": "claim"}
    columns |= {"authenticity": "unverified", "assessment": "accepted", "number": "1"}
    for _ in range(2):
        editor_client.add_row(form, "statements", **columns)
    page = editor_client.post(address(Incident, "add"), form).text
    assert "Another statement of the incident already has this number." in page
    assert not Incident.objects.exists()


def test_numbers_can_be_moved_up_to_make_room(editor_client: AdminClient) -> None:
    attack = Incident.objects.create(title="Attack")
    columns = {"speaker_type": "unknown", "mode": "unknown", "authenticity": "unverified"}
    columns |= {"kind": "claim", "assessment": "accepted"}
    for label in ("A", "B", "C"):
        attack.statements.create(kind="claim", speaker_label=label)
    form = editor_client.fields(address(attack))
    for row in range(3):
        form[f"statements-{row}-number"] = str(row + 2)
    editor_client.add_row(form, "statements", **columns, speaker_label="First", number="1")
    answer = editor_client.post(address(attack), form, follow=True)
    assert "was changed successfully" in answer.text
    numbers = attack.statements.values_list("number", "speaker_label")
    assert list(numbers) == [(1, "First"), (2, "A"), (3, "B"), (4, "C")]


def test_numbers_can_be_exchanged(editor_client: AdminClient) -> None:
    attack = Incident.objects.create(title="Attack")
    for label in ("A", "B", "C", "D", "E", "F"):
        attack.statements.create(kind="claim", speaker_label=label)
    form = editor_client.fields(address(attack))
    for row, number in enumerate((2, 3, 1, 4, 6, 5)):
        form[f"statements-{row}-number"] = str(number)
    answer = editor_client.post(address(attack), form, follow=True)
    assert "was changed successfully" in answer.text
    numbers = attack.statements.values_list("number", "speaker_label")
    assert list(numbers) == [(1, "C"), (2, "A"), (3, "B"), (4, "D"), (5, "F"), (6, "E")]


def test_what_is_primary_passes_to_an_earlier_row(
    kataib: Actor, editor_client: AdminClient
) -> None:
    ongoing = {"start": "2014", "start_kind": "actual", "end_kind": "ongoing"}
    ongoing |= {"last_verified": "2020-01-01"}
    first = kataib.classifications.create(classification="rebel_group", **ongoing)
    second = kataib.classifications.create(classification="police", primary=True, **ongoing)
    form = editor_client.fields(address(kataib))
    form["classifications-0-primary"] = "on"
    refused = editor_client.post(address(kataib), form)
    assert "Another accepted classification is primary on some of the same days" in refused.text
    form.pop("classifications-1-primary")
    assert "was changed" in editor_client.post(address(kataib), form, follow=True).text
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.primary, second.primary) == (True, False)


def test_rows_that_are_left_alone_ask_the_database_nothing_of_its_rules(
    editor_client: AdminClient, django_assert_max_num_queries: Any
) -> None:
    attack = Incident.objects.create(title="Attack")
    for number in range(10):
        attack.weapons.create(weapon="rocket", calibre_mm=str(100 + number))
        attack.target_objects.create(type="military", name=f"K-{number}")
    form = editor_client.fields(address(attack)) | {"title": "Another title"}
    with django_assert_max_num_queries(90):
        assert editor_client.post(address(attack), form).status_code == 302
