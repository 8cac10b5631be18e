"""The database itself refuses every row that contradicts itself."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from actors.models import Actor, Affiliation
from places.models import Place

pytestmark = pytest.mark.django_db

WRONG = [
    ("sources_publisher", "language = 'Arabic'"),
    ("sources_publisher", "country = 'i1'"),
    ("sources_publisher", "scale = 'huge'"),
    ("sources_source", "kind = 'rumour'"),
    ("sources_source", "kind = ''"),
    ("sources_source", "language = 'arabic!'"),
    ("sources_source", "published = '3 January 2020'"),
    ("sources_source", "sha256 = 'xyz'"),
    ("places_place", "kind = 'village'"),
    ("places_place", "country = 'iq'"),
    ("places_place", "admin1 = 'Iraq'"),
    ("places_place", "latitude = 33"),
    ("places_place", "latitude = 91, longitude = 0"),
    ("places_place", "slug = 'Iraq'"),
    ("places_place", "slug = 'lookup'"),
    ("actors_actor", "kind = 'militia'"),
    ("actors_actor", "slug = 'Not A Slug'"),
    ("actors_actor", "slug = 'documents'"),
    ("actors_actor", "birth = '1970'"),
    ("actors_actor", "gender = 'male'"),
    ("actors_actor", "publisher_id = (SELECT min(id) FROM sources_publisher)"),
    ("actors_actor", "start = 'in spring'"),
    ("actors_actor", "start_kind = 'actual', start = ''"),
    ("actors_actor", "end_kind = 'last_cited', \"end\" = ''"),
    ("actors_actor", "end_kind = 'ongoing', \"end\" = '2020'"),
    ("actors_actor", "possible = NULL"),
    ("actors_actor", "possible = '[2019-01-01,2020-01-01)', certain = '[2018-01-01,2019-06-01)'"),
    ("actors_actorname", "language = 'english'"),
    ("actors_classification", "classification = 'terrorist'"),
    ("actors_classification", "assessment = 'disputed'"),
    ("actors_classification", "confidence = 'certain'"),
    ("actors_strengthestimate", "quantifier = 'exact'"),
    ("actors_strengthestimate", "quantifier = 'between', low = 1"),
    ("actors_strengthestimate", "low = 3, high = 2"),
    ("actors_strengthestimate", "low = -1"),
    ("actors_strengthestimate", "as_of = 'last year'"),
    ("actors_actorattribute", "kind = 'activity', value = 'shooting'"),
    ("actors_actorattribute", "kind = 'target_focus', value = 'anybody'"),
    ("actors_actorattribute", "kind = 'nationality', value = 'Iraqi'"),
    ("actors_designation", "end_kind = 'actual', \"end\" = '2020'"),
    ("actors_designation", "status = 'delisted', end_kind = 'ongoing'"),
    ("actors_presence", "kind = 'stroll'"),
    ("actors_support", "type = 'prayers'"),
    ("actors_affiliation", "object_id = subject_id"),
    ("actors_affiliation", "title = 'Commander', kind = 'wing_of'"),
    ("actors_affiliation", "kind = 'splinter_of', end_kind = 'ongoing'"),
    ("actors_affiliation", "assessment = 'rejected'"),
    ("incidents_incident", "date_start = NULL"),
    ("incidents_incident", "date_end = date_start - 1"),
    ("incidents_incident", "date_precision = 'unknown'"),
    ("incidents_incident", "date = ''"),
    ("incidents_incident", "date = '12/6/2014'"),
    ("incidents_incident", "date = '2014-6-12'"),
    ("incidents_incident", "date = '2014/'"),
    ("incidents_incident", "date = '[2014..]'"),
    ("incidents_incident", "date = '2019/..', as_of = NULL"),
    ("incidents_incident", "date_end = date_end + 1, local_time = '10:00'"),
    ("incidents_incident", "motives = '{}'"),
    ("incidents_incident", "motives = '{political,unknown}'"),
    ("incidents_incident", "tags = '{fun}'"),
    ("incidents_incident", "sub_type = ''"),
    ("incidents_incidentlocation", "precision = 'admin1', public_precision = 'exact'"),
    ("incidents_incidentlocation", "latitude = 1"),
    ("incidents_involvement", "label = 'Somebody'"),
    ("incidents_involvement", "actor_id = NULL"),
    ("incidents_involvement", "certainty = 'sure'"),
    ("incidents_involvement", "assessment = 'disputed'"),
    ("incidents_responsibilitystatement", "speaker_id = NULL"),
    ("incidents_responsibilitystatement", "withdrawn_by = number"),
    ("incidents_responsibilitystatement", "language = 'Arabic'"),
    ("incidents_responsibilitystatement", "date = '2020'"),
    ("incidents_weaponuse", "calibre_mm = 0"),
    ("incidents_weaponuse", "origin = 'ir'"),
    ("incidents_weaponuse", "count_low = 3, count_high = 2"),
    ("incidents_weaponuse", "intercepted_best = 3, intercepted_high = 2"),
    ("incidents_target", "nationality = 'us'"),
    ("incidents_casualtyfigure", "best = NULL"),
    ("incidents_casualtyfigure", "best = -99"),
    ("incidents_casualtyfigure", "quantifier = 'at_least'"),
    ("incidents_casualtyfigure", "quantifier = 'at_most'"),
    ("incidents_casualtyfigure", "low = 2"),
    ("incidents_incidentlink", "to_id = incident_id"),
    ("incidents_effect", "classification = 'rebel_group'"),
    ("incidents_effect", "affiliation_id = NULL"),
    ("actors_actornamecitation", "stance = 'perhaps'"),
    ("actors_actornamecitation", "field = 'internal_note'"),
    ("actors_actornamecitation", "quote_language = 'Arabic'"),
]


@pytest.mark.parametrize(("table", "said"), WRONG)
def test_a_wrong_row_is_refused_by_the_database(
    table: str, said: str, one_of_each: dict[type[Model], Any]
) -> None:
    with connection.cursor() as cursor:
        if table == "incidents_casualtyfigure" and "best" in said:
            cursor.execute(f"UPDATE {table} SET low = NULL, high = NULL")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(f"UPDATE {table} SET {said}")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "2014",
            "2014-06",
            "2014-06-12",
            "2014-21",
            "201X",
            "20XX",
            "2014-XX-XX",
            "2014-06-XX",
        ),
        *("2014~", "2014-06?", "2014-06-12%", "2014/2015", "2014/..", "../2014~", "2014~/2015-06?"),
        *("[2014..2016]", "[2014,2016]", "[2014-06-12,2014-06,2015]"),
    ],
)
def test_every_form_of_date_is_taken(text: str, kataib: Actor) -> None:
    estimate = kataib.strength_estimates.create(measure="fighters", quantifier="many", as_of=text)
    estimate.full_clean()


def test_accepted_affiliations_and_primary_classifications_do_not_overlap(
    kataib: Actor, pmf: Actor, iraq: Place
) -> None:
    dates = {"start": "2014", "start_kind": "actual", "end": "2016", "end_kind": "actual"}
    columns = {"subject": kataib, "kind": "member_of", "object": pmf}
    Affiliation.objects.create(**columns, **dates)
    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        Affiliation.objects.create(**columns, **dates | {"start": "2015"})
    word = {"classification": "rebel_group", "primary": True}
    kataib.classifications.create(**word, **dates)
    with pytest.raises(IntegrityError, match="one_primary"), transaction.atomic():
        kataib.classifications.create(**word, **dates | {"start": "2015"})
