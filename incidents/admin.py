"""The admin of incidents and their parts."""

from contextlib import suppress
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError

from curation.admin import (
    OCCURRENCE,
    AutomaticForm,
    PartAdmin,
    PartInline,
    RecordAdmin,
    RowFormSet,
    RowInline,
    StackedPartInline,
)
from incidents.codes import SubType
from incidents.models import (
    CasualtyFigure,
    CasualtyFigureCitation,
    Effect,
    EffectCitation,
    Incident,
    IncidentAssessment,
    IncidentAssessmentCitation,
    IncidentCitation,
    IncidentExternalId,
    IncidentLink,
    IncidentLinkCitation,
    IncidentLocation,
    IncidentLocationCitation,
    Involvement,
    InvolvementCitation,
    PossibleDuplicate,
    ResponsibilityStatement,
    ResponsibilityStatementCitation,
    StatementResponsible,
    Target,
    TargetCitation,
    WeaponUse,
    WeaponUseCitation,
)
from incidents.responsibility import is_counted_involvement
from sources.admin import CitationInline, ExternalIdInline, FigureForm


class IncidentPartAdmin(PartAdmin):
    """The page of a part of an incident."""

    parent = "incident"
    search_fields = ("incident__title",)


LOCATION_FIELDS: list[Any] = [
    ("role", "primary"),
    ("precision", "public_precision"),
    ("place", "private_place"),
    ("latitude", "longitude"),
    "description",
]


class LocationForm(AutomaticForm):
    automatic = {"primary": "yes if it is the first"}


class LocationInline(StackedPartInline):
    form = LocationForm
    model = IncidentLocation
    fieldsets = [(None, {"fields": [*LOCATION_FIELDS, "cited"]})]
    verbose_name_plural = "locations"


class LocationCitationInline(CitationInline):
    model = IncidentLocationCitation


@admin.register(IncidentLocation)
class LocationAdmin(IncidentPartAdmin):
    """The page of a location."""

    form = LocationForm
    fieldsets = ((None, {"fields": ["incident", *LOCATION_FIELDS]}),)
    inlines = (LocationCitationInline,)


INVOLVEMENT_FIELDS: list[Any] = [
    ("role", "side", "primary", "certainty"),
    ("actor", "label"),
    "on_behalf_of",
    "rationale",
]


class InvolvementForm(AutomaticForm):
    automatic = {"primary": "yes if it is the first of its role and side"}
    same_columns = ("role", "side")

    def is_candidate(self, row: Any) -> bool:
        return is_counted_involvement(vars(row))


class InvolvementInline(StackedPartInline):
    form = InvolvementForm
    model = Involvement
    fieldsets = [(None, {"fields": [*INVOLVEMENT_FIELDS, ("assessment", "cited"), "note"]})]


class InvolvementCitationInline(CitationInline):
    model = InvolvementCitation


@admin.register(Involvement)
class InvolvementAdmin(IncidentPartAdmin):
    """The page of an involvement."""

    form = InvolvementForm
    fieldsets = (
        (None, {"fields": ["incident", *INVOLVEMENT_FIELDS]}),
        ("Assessment", {"fields": ["assessment", "note", "internal_note"]}),
    )
    inlines = (InvolvementCitationInline,)


STATEMENT_FIELDS: list[Any] = [
    ("number", "kind", "authenticity", "withdrawn_by"),
    ("speaker", "speaker_label", "speaker_type"),
    ("mode", "date", "as_of"),
    "text",
    ("language", "translation"),
]


class StatementFormSet(RowFormSet):
    """A formset of statements, each of which gets the next free number if none is typed."""

    def full_clean(self) -> None:
        """Reserve the numbers that are typed before any other is assigned."""
        self.instance.last_number = 0
        for form in self.forms if self.is_bound else ():
            with suppress(ValidationError):  # the field shows the error
                number = form.fields["number"].clean(form["number"].data) or 0
                self.instance.last_number = max(number, self.instance.last_number)
        super().full_clean()


class StatementInline(StackedPartInline):
    model = ResponsibilityStatement
    formset = StatementFormSet
    fieldsets = [(None, {"fields": [*STATEMENT_FIELDS, ("assessment", "cited"), "note"]})]
    verbose_name_plural = (
        "responsibility statements (the actors that one names are on its own page)"
    )


class ResponsibleInline(RowInline):
    model = StatementResponsible
    fields = ("actor", "label", "on_behalf_of")
    verbose_name_plural = "actors that it names (leave empty if it names only its speaker)"


class StatementCitationInline(CitationInline):
    model = ResponsibilityStatementCitation


@admin.register(ResponsibilityStatement)
class StatementAdmin(IncidentPartAdmin):
    """The page of a statement."""

    fieldsets = (
        (None, {"fields": ["incident", *STATEMENT_FIELDS]}),
        ("Assessment", {"fields": ["assessment", "note", "internal_note"]}),
    )
    inlines = (ResponsibleInline, StatementCitationInline)


WEAPON_FIELDS: list[Any] = [
    ("weapon", "designation", "calibre_mm"),
    ("count_low", "count_best", "count_high"),
    ("intercepted_low", "intercepted_best", "intercepted_high"),
    ("launch_platform", "frequency"),
    ("origin", "supplier"),
]


class WeaponInline(StackedPartInline):
    model = WeaponUse
    fieldsets = [(None, {"fields": [*WEAPON_FIELDS, "cited"]})]
    verbose_name_plural = "weapons"


class WeaponCitationInline(CitationInline):
    model = WeaponUseCitation


@admin.register(WeaponUse)
class WeaponAdmin(IncidentPartAdmin):
    """The page of a weapon."""

    fieldsets = ((None, {"fields": ["incident", *WEAPON_FIELDS]}),)
    inlines = (WeaponCitationInline,)


class TargetInline(StackedPartInline):
    model = Target
    fields = (("type", "name"), ("place", "nationality"), ("hit", "intended", "cited"))
    verbose_name_plural = "targets (objects that were hit or aimed at)"


class TargetCitationInline(CitationInline):
    model = TargetCitation


@admin.register(Target)
class TargetAdmin(IncidentPartAdmin):
    """The page of a target."""

    fields = ("incident", "type", "name", "place", "nationality", ("hit", "intended"))
    inlines = (TargetCitationInline,)


CASUALTY_FIELDS: list[Any] = [
    ("measure", "population", "role"),
    ("low", "best", "high", "quantifier"),
    ("actor", "nationality", "as_of"),
    "note",
]


class CasualtyForm(FigureForm):
    same_columns = ("measure", "population", "actor_id", "nationality")


class CasualtyInline(StackedPartInline):
    form = CasualtyForm
    model = CasualtyFigure
    fieldsets = [(None, {"fields": [*CASUALTY_FIELDS, "cited"]})]
    verbose_name_plural = "casualties"


class CasualtyCitationInline(CitationInline):
    model = CasualtyFigureCitation


@admin.register(CasualtyFigure)
class CasualtyAdmin(IncidentPartAdmin):
    """The page of a casualty figure."""

    form = CasualtyForm
    fieldsets = ((None, {"fields": ["incident", *CASUALTY_FIELDS]}),)
    inlines = (CasualtyCitationInline,)


EFFECT_FIELDS: list[Any] = [
    "kind",
    "affiliation",
    ("actor", "classification", "classification_start"),
]


class LinkInline(PartInline):
    model = IncidentLink
    fk_name = "incident"
    fields = ("kind", "to", "cited")
    verbose_name_plural = "links to earlier or larger incidents"


class EffectInline(StackedPartInline):
    model = Effect
    fieldsets = [(None, {"fields": [*EFFECT_FIELDS, "cited"]})]


class DuplicateInline(RowInline):
    model = PossibleDuplicate
    fk_name = "incident"
    fields = ("of", "note")
    verbose_name_plural = "possible duplicates (not published)"


class LinkCitationInline(CitationInline):
    model = IncidentLinkCitation


@admin.register(IncidentLink)
class LinkAdmin(IncidentPartAdmin):
    """The page of a link between incidents."""

    fields = ("incident", "kind", "to")
    inlines = (LinkCitationInline,)


class EffectCitationInline(CitationInline):
    model = EffectCitation


@admin.register(Effect)
class EffectAdmin(IncidentPartAdmin):
    """The page of an effect."""

    fieldsets = ((None, {"fields": ["incident", *EFFECT_FIELDS]}),)
    inlines = (EffectCitationInline,)


class AssessmentInline(StackedPartInline):
    model = IncidentAssessment
    fieldsets = [(None, {"fields": [("topic", "as_of", "cited"), "text"]})]
    verbose_name_plural = "assessments"
    classes = ("collapse",)


class AssessmentCitationInline(CitationInline):
    model = IncidentAssessmentCitation


@admin.register(IncidentAssessment)
class AssessmentAdmin(IncidentPartAdmin):
    """The page of an assessment."""

    fieldsets = ((None, {"fields": ["incident", ("topic", "as_of"), "text"]}),)
    inlines = (AssessmentCitationInline,)


class IncidentExternalIdInline(ExternalIdInline):
    model = IncidentExternalId


class IncidentCitationInline(CitationInline):
    model = IncidentCitation


@admin.register(Incident)
class IncidentAdmin(RecordAdmin):
    """The pages of incidents."""

    list_display = ("title", "date", "type_label")
    list_filter = ("event_type", "violence", "outcome", "granularity", "property_damage")
    date_hierarchy = "date_start"
    search_fields = ("title", "slug", "summary", "external_ids__value")
    inlines = (
        LocationInline,
        InvolvementInline,
        StatementInline,
        WeaponInline,
        TargetInline,
        CasualtyInline,
        LinkInline,
        EffectInline,
        AssessmentInline,
        IncidentExternalIdInline,
        IncidentCitationInline,
        DuplicateInline,
    )
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "title",
                    ("event_type", "sub_type"),
                    ("violence", "outcome"),
                    ("granularity", "slug"),
                ]
            },
        ),
        OCCURRENCE,
        (
            "Details",
            {
                "fields": [
                    "local_time",
                    "motives",
                    ("civilians_targeted", "suicide", "property_damage"),
                    "tags",
                ]
            },
        ),
        ("Description", {"fields": ["summary", "description"]}),
    )
    empty_message = "Add the first incident: a title is enough to begin with."

    @admin.display(description="type", ordering="event_type")
    def type_label(self, row: Incident) -> str:
        """Return the detailed type if it is known, or else the general type."""
        if row.sub_type != SubType.UNKNOWN:
            return row.get_sub_type_display()
        return row.get_event_type_display()

    def label(self, row: Any) -> str:
        return f"{row} ({row.date or 'undated'})"
