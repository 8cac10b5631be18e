"""What an editor leaves alone in a new row becomes right; what an editor chooses stays."""

from datetime import date
from typing import Any

import pytest

from actors.models import Actor, StrengthEstimate
from incidents.models import CasualtyFigure, Incident
from sources.models import derive_quantifier
from tests.contract.client import ContractClient
from tests.curation.admin_client import AdminClient, address

pytestmark = pytest.mark.django_db


def add(desk: AdminClient, record: Any, prefix: str, *rows: dict[str, Any]) -> Any:
    """Add rows on the page of a record, with everything else as the page offers it."""
    form = desk.fields(address(record))
    formsets = desk.get(address(record)).context["inline_admin_formsets"]
    (empty,) = [i.formset.empty_form for i in formsets if i.formset.prefix == prefix]
    for row in rows:
        offered = {bound.name: bound.value() for bound in empty}
        values = {name: value for name, value in offered.items() if value not in (None, False)}
        desk.add_row(form, prefix, **values | row)
    answer = desk.post(address(record), form)
    assert answer.status_code == 302, answer.context["errors"]


@pytest.fixture
def attack(db: None) -> Incident:
    return Incident.objects.create(title="Attack", date="2019-12-27")


def test_a_figure_left_at_its_defaults_is_the_toll(
    attack: Incident, editor_client: AdminClient, api: ContractClient, publish: Any
) -> None:
    add(editor_client, attack, "casualties", {"measure": "killed", "best": 3})
    figure = attack.casualties.get()
    assert (figure.role, figure.quantifier) == ("recommended", "exact")
    publish(attack)
    assert api.ask(f"incidents/{attack.public_id}")["killed"]["best"] == 3


def test_only_the_first_figure_of_a_measure_and_of_these_people_is_recommended(
    attack: Incident, kataib: Actor, editor_client: AdminClient
) -> None:
    rows: list[tuple[dict[str, Any], str]] = [
        ({"measure": "killed"}, "recommended"),
        ({"measure": "killed"}, "supporting"),
        ({"measure": "injured"}, "recommended"),
        ({"measure": "killed", "population": "civilians"}, "recommended"),
        ({"measure": "killed", "actor": kataib.pk}, "recommended"),
        ({"measure": "killed", "nationality": "IQ"}, "recommended"),
        ({"measure": "killed", "actor": kataib.pk}, "supporting"),
    ]
    add(editor_client, attack, "casualties", *(row | {"low": n} for n, (row, _) in enumerate(rows)))
    found = dict(attack.casualties.values_list("low", "role"))
    assert [found[n] for n in range(len(rows))] == [role for _, role in rows]
    add(editor_client, attack, "casualties", {"measure": "injured", "low": 99})
    assert attack.casualties.get(low=99).role == "supporting"


def test_a_figure_takes_the_place_of_one_that_the_same_form_deletes(
    attack: Incident, editor_client: AdminClient
) -> None:
    old = attack.casualties.create(measure="killed", best=1, role="recommended")
    form = editor_client.fields(address(attack)) | {"casualties-0-DELETE": "on"}
    values = {"measure": "killed", "population": "total", "best": 2, "role": "", "quantifier": ""}
    editor_client.add_row(form, "casualties", **values)
    assert editor_client.post(address(attack), form).status_code == 302
    assert attack.casualties.get().role == "recommended"
    assert not CasualtyFigure.objects.filter(pk=old.pk).exists()


def test_what_an_editor_chooses_stays(attack: Incident, editor_client: AdminClient) -> None:
    chosen = {"role": "supporting", "quantifier": "approximately"}
    add(editor_client, attack, "casualties", {"measure": "killed", "best": 3} | chosen)
    figure = attack.casualties.get()
    assert (figure.role, figure.quantifier) == ("supporting", "approximately")
    form = editor_client.fields(address(attack))
    assert editor_client.post(address(attack), form).status_code == 302
    figure.refresh_from_db()
    assert (figure.role, figure.quantifier) == ("supporting", "approximately")


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        ((3, 3, 3), "exact"),
        ((None, 3, None), "exact"),
        ((3, None, 3), "exact"),
        ((3, 3, None), "exact"),
        ((None, 3, 3), "exact"),
        ((2, 3, 5), "between"),
        ((2, None, 5), "between"),
        ((2, 2, 5), "between"),
        ((5, None, 2), "between"),
        ((3, None, None), "at_least"),
        ((2, 3, None), "at_least"),
        ((None, None, 3), "at_most"),
        ((None, 2, 3), "at_most"),
        ((0, None, None), "at_least"),
        ((0, 0, 0), "exact"),
        ((None, None, None), "exact"),
    ],
)
@pytest.mark.parametrize("model", [CasualtyFigure, StrengthEstimate])
def test_a_quantifier_left_alone_says_what_the_numbers_say(
    numbers: tuple[int | None, ...], word: str, model: Any, attack: Incident, kataib: Actor
) -> None:
    assert derive_quantifier(*numbers) == word
    if any(number is not None for number in numbers) and numbers != (5, None, 2):
        parent = {"incident": attack} if model is CasualtyFigure else {"actor": kataib}
        measure = "killed" if model is CasualtyFigure else "fighters"
        row = model(**parent, measure=measure, quantifier=word)
        row.low, row.best, row.high = numbers
        row.full_clean()
        row.save()


def test_a_figure_without_a_number_is_refused_in_words(
    attack: Incident, editor_client: AdminClient
) -> None:
    form = editor_client.fields(address(attack))
    values = {"measure": "killed", "population": "total", "role": "", "quantifier": ""}
    editor_client.add_row(form, "casualties", **values)
    page = editor_client.post(address(attack), form).text
    assert "Enter a number, or choose a vague word as the quantifier." in page


def test_the_first_estimate_of_a_measure_and_day_is_recommended(
    kataib: Actor, editor_client: AdminClient
) -> None:
    rows = [{"low": 400, "high": 500}, {"low": 7000}, {"low": 10, "as_of": "2014"}]
    rows += [{"low": 1, "assessment": "rejected", "note": "Wrong.", "as_of": "2015"}]
    values = [row | {"measure": "fighters"} for row in rows]
    add(editor_client, kataib, "strength_estimates", *values)
    found = kataib.strength_estimates.order_by("pk").values_list("role", "quantifier")
    assert list(found) == [
        ("recommended", "between"),
        ("supporting", "at_least"),
        ("recommended", "at_least"),
        ("supporting", "at_least"),
    ]


def test_the_first_location_is_the_primary_one(
    attack: Incident, editor_client: AdminClient
) -> None:
    values = {"precision": "country", "public_precision": "country"}
    rows = [values | {"role": role} for role in ("launch", "impact")]
    add(editor_client, attack, "locations", *rows)
    found = dict(attack.locations.values_list("role", "primary"))
    assert found == {"launch": True, "impact": False}
    add(editor_client, attack, "locations", values | {"role": "transit"})
    assert not attack.locations.get(role="transit").primary


def test_a_location_that_is_said_not_to_be_primary_is_not(
    attack: Incident, editor_client: AdminClient
) -> None:
    values = {"precision": "country", "public_precision": "country", "primary": "off"}
    add(editor_client, attack, "locations", values)
    assert not attack.locations.get().primary


def test_the_first_involvement_of_a_role_and_side_is_primary_unless_it_is_ruled_out(
    attack: Incident, editor_client: AdminClient
) -> None:
    rows = [
        {"label": "A", "role": "perpetrator", "certainty": "ruled_out"},
        {"label": "B", "role": "perpetrator"},
        {"label": "C", "role": "perpetrator"},
        {"label": "D", "role": "target"},
        {"label": "E", "role": "party", "side": "a"},
        {"label": "F", "role": "party", "side": "b"},
    ]
    add(editor_client, attack, "involvements", *rows)
    found = dict(attack.involvements.values_list("label", "primary"))
    assert found == {"A": False, "B": True, "C": False, "D": True, "E": True, "F": True}


def test_a_classification_is_primary_unless_another_may_hold_at_the_same_time(
    kataib: Actor, editor_client: AdminClient, api: ContractClient, publish: Any
) -> None:
    earlier = {"start": "2003-01-01", "start_kind": "actual", "end": "2010-01-01"}
    earlier |= {"end_kind": "actual", "classification": "rebel_group"}
    later = {"start": "2014-01-01", "start_kind": "actual", "end_kind": "ongoing"}
    later |= {"classification": "political_militia", "last_verified": date(2020, 1, 1)}
    within = earlier | {"start": "2005-01-01", "classification": "state_military"}
    undated = {"classification": "unknown"}
    add(editor_client, kataib, "classifications", earlier, later, within, undated)
    found = kataib.classifications.order_by("pk").values_list("primary", flat=True)
    assert list(found) == [True, True, False, False]


def test_a_classification_without_dates_is_primary_if_it_is_the_only_one(
    kataib: Actor, editor_client: AdminClient, api: ContractClient, publish: Any
) -> None:
    add(editor_client, kataib, "classifications", {"classification": "rebel_group"})
    publish(kataib)
    assert api.ask("actors/kataib")["classification"] == "rebel_group"


def test_the_first_name_to_show_in_a_language_is_preferred(
    kataib: Actor, editor_client: AdminClient
) -> None:
    rows = [
        {"text": "حزب", "kind": "alias", "language": "ar"},
        {"text": "كتائب حزب الله", "kind": "official", "language": "ar"},
        {"text": "كتائب", "kind": "common", "language": "ar"},
        {"text": "KH", "kind": "official", "language": ""},
        {"text": "KH", "kind": "former", "language": "en"},
    ]
    add(editor_client, kataib, "names", *rows)
    found = kataib.names.filter(preferred=True).values_list("text", flat=True)
    assert list(found) == ["كتائب حزب الله"]


def test_a_part_that_is_added_on_a_page_of_its_own_counts_the_rows_of_its_record(
    attack: Incident, editor_client: AdminClient
) -> None:
    page = address(CasualtyFigure, "add")
    values = {"incident": attack.pk, "measure": "killed", "population": "total", "low": 1}
    for role in ("recommended", "supporting"):
        form = editor_client.fields(page) | values
        answer = editor_client.post(page, form)
        assert answer.status_code == 302, answer.context["errors"]
        assert attack.casualties.latest("pk").role == role
        assert attack.casualties.latest("pk").quantifier == "at_least"


def test_the_page_says_what_is_filled_in(attack: Incident, editor_client: AdminClient) -> None:
    page = editor_client.get(address(attack)).text
    assert "automatic: recommended if it is the first of its kind" in page
    assert "automatic: according to the numbers" in page
