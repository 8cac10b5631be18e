"""The admin of incidents and their parts."""

from contextlib import suppress
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError

from curation.admin import AutomaticForm, GuardedForm, PartAdmin, PartRows, RowFormSet, RowInline
from curation.automatic import require_one
from incidents import sentences
from incidents.codes import EVENT_TYPES_OF_SUB_TYPES, PRECISION_OF_PLACES, EventType, SubType
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
from sources.admin import CitationInline, FigureForm, NumberForm
from sources.citing import REPORT, CitationRows, CitingAdmin, CurrentSourceForm


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
    automatic = {
        "primary": "yes if it is the first",
        "precision": "as precise as the place",
        "public_precision": "the same as the precision",
    }

    def fill_in(self, name: str, data: dict[str, Any]) -> Any:
        if name == "primary":
            return super().fill_in(name, data)
        if name == "public_precision":
            return data.get("precision", "")
        place = data.get("private_place") or data.get("place")
        precision = PRECISION_OF_PLACES.get(place.kind, "") if place else ""
        if not precision and "precision" not in self.errors:
            self.add_error("precision", "Choose how precisely the location is known.")
        return precision


class LocationCitationInline(CitationInline):
    model = IncidentLocationCitation


class LocationCitationRows(CitationRows):
    model = IncidentLocationCitation


class LocationInline(PartRows):
    form = LocationForm
    model = IncidentLocation
    verbose_name = "location"
    verbose_name_plural = "locations"
    usual = ("place", "precision", "role")
    more = (
        *("description", "primary", "public_precision", "private_place", "latitude", "longitude"),
    )
    nested = (LocationCitationRows,)

    def sentence(self, row: Any) -> str:
        return sentences.describe_location(row)


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

    def clean(self) -> dict[str, Any]:
        require_one(self, "actor", "label", "Give an actor or a label.")
        return super().clean()


class InvolvementCitationInline(CitationInline):
    model = InvolvementCitation


class InvolvementCitationRows(CitationRows):
    model = InvolvementCitation


class InvolvementInline(PartRows):
    form = InvolvementForm
    model = Involvement
    verbose_name = "actor"
    verbose_name_plural = "actors, by our own assessment"
    usual = ("role", "actor", "label", "certainty")
    more = (
        *("side", "primary", "on_behalf_of", "rationale"),
        *("assessment", "note", "internal_note"),
    )
    nested = (InvolvementCitationRows,)

    def sentence(self, row: Any) -> str:
        return sentences.describe_involvement(row)


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


class ResponsibleInline(RowInline):
    model = StatementResponsible
    fields = ("actor", "label", "on_behalf_of")
    verbose_name_plural = "actors that it names (leave empty if it names only its speaker)"


class StatementCitationInline(CitationInline):
    model = ResponsibilityStatementCitation


class StatementForm(GuardedForm):
    """A form of a statement that says what is missing."""

    def clean(self) -> dict[str, Any]:
        require_one(self, "speaker", "speaker_label", "Give a speaker, or describe the speaker.")
        return super().clean() or self.cleaned_data


class ResponsibleForm(GuardedForm):
    """A form of an actor that a statement names."""

    def clean(self) -> dict[str, Any]:
        require_one(self, "actor", "label", "Give an actor or a label.")
        return super().clean() or self.cleaned_data


class ResponsibleRows(PartRows):
    form = ResponsibleForm
    model = StatementResponsible
    verbose_name = "actor that it names"
    verbose_name_plural = "actors that it names"
    usual = ("actor", "label")
    more = ("on_behalf_of",)


class StatementCitationRows(CitationRows):
    model = ResponsibilityStatementCitation


class StatementInline(PartRows):
    form = StatementForm
    formset = StatementFormSet
    model = ResponsibilityStatement
    verbose_name = "statement"
    verbose_name_plural = "statements on who is responsible"
    usual = ("kind", "speaker", "speaker_label", "speaker_type", "mode", "date")
    more = (
        *("text", "language", "translation", "authenticity", "number", "withdrawn_by", "as_of"),
        *("assessment", "note", "internal_note"),
    )
    nested = (ResponsibleRows, StatementCitationRows)

    def sentence(self, row: Any) -> str:
        return sentences.describe_statement(row)


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


class WeaponRowForm(NumberForm):
    columns = ("count_low", "count_best", "count_high")
    vague_message = "Write how many there were as a number, such as 2 or 4-7."


class WeaponCitationInline(CitationInline):
    model = WeaponUseCitation


class WeaponCitationRows(CitationRows):
    model = WeaponUseCitation


class WeaponInline(PartRows):
    form = WeaponRowForm
    model = WeaponUse
    verbose_name = "weapon"
    verbose_name_plural = "weapons"
    usual = ("number", "weapon", "calibre_mm", "designation")
    more = (
        *("count_low", "count_best", "count_high"),
        *("intercepted_low", "intercepted_best", "intercepted_high"),
        *("launch_platform", "origin", "supplier", "frequency"),
    )
    nested = (WeaponCitationRows,)

    def sentence(self, row: Any) -> str:
        return sentences.describe_weapon(row)


@admin.register(WeaponUse)
class WeaponAdmin(IncidentPartAdmin):
    """The page of a weapon."""

    fieldsets = ((None, {"fields": ["incident", *WEAPON_FIELDS]}),)
    inlines = (WeaponCitationInline,)


class TargetCitationInline(CitationInline):
    model = TargetCitation


class TargetCitationRows(CitationRows):
    model = TargetCitation


class TargetInline(PartRows):
    model = Target
    verbose_name = "target"
    verbose_name_plural = "targets (objects that were hit or aimed at)"
    usual = ("type", "name", "hit")
    more = ("place", "nationality", "intended")
    nested = (TargetCitationRows,)

    def sentence(self, row: Any) -> str:
        return sentences.describe_target(row)


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


class CasualtyRowForm(NumberForm, CasualtyForm):
    columns = ("low", "best", "high")


class CasualtyCitationInline(CitationInline):
    model = CasualtyFigureCitation


class CasualtyCitationRows(CitationRows):
    model = CasualtyFigureCitation


class CasualtyInline(PartRows):
    form = CasualtyRowForm
    model = CasualtyFigure
    verbose_name = "casualty figure"
    verbose_name_plural = "casualties"
    usual = ("number", "measure", "population", "actor")
    more = ("role", "low", "best", "high", "quantifier", "nationality", "as_of", "note")
    nested = (CasualtyCitationRows,)

    def sentence(self, row: Any) -> str:
        return sentences.describe_casualties(row)


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


class LinkCitationRows(CitationRows):
    model = IncidentLinkCitation


class LinkInline(PartRows):
    model = IncidentLink
    fk_name = "incident"
    verbose_name = "link"
    verbose_name_plural = "links to earlier or larger incidents"
    usual = ("kind", "to")
    nested = (LinkCitationRows,)


class EffectCitationRows(CitationRows):
    model = EffectCitation


class EffectInline(PartRows):
    model = Effect
    verbose_name = "effect"
    verbose_name_plural = "effects"
    usual = ("kind", "affiliation")
    more = ("actor", "classification", "classification_start")
    nested = (EffectCitationRows,)


class DuplicateInline(PartRows):
    model = PossibleDuplicate
    fk_name = "incident"
    verbose_name = "possible duplicate"
    verbose_name_plural = "possible duplicates (not published)"
    usual = ("of", "note")


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


class AssessmentCitationInline(CitationInline):
    model = IncidentAssessmentCitation


@admin.register(IncidentAssessment)
class AssessmentAdmin(IncidentPartAdmin):
    """The page of an assessment."""

    fieldsets = ((None, {"fields": ["incident", ("topic", "as_of"), "text"]}),)
    inlines = (AssessmentCitationInline,)


class AssessmentCitationRows(CitationRows):
    model = IncidentAssessmentCitation


class AssessmentInline(PartRows):
    model = IncidentAssessment
    verbose_name = "assessment"
    verbose_name_plural = "assessments"
    usual = ("topic", "text")
    more = ("as_of",)
    nested = (AssessmentCitationRows,)


class IncidentExternalIdInline(PartRows):
    model = IncidentExternalId
    verbose_name = "external id"
    verbose_name_plural = "external ids"
    usual = ("scheme", "value")
    more = ("match",)


class IncidentCitationInline(CitationRows):
    model = IncidentCitation
    verbose_name_plural = "citations of the whole incident"


class IncidentForm(CurrentSourceForm, AutomaticForm):
    """The form of an incident. The event type follows the sub type and is checked against it."""

    automatic = {"event_type": "according to the sub type"}

    def fill_in(self, name: str, data: dict[str, Any]) -> Any:
        types = EVENT_TYPES_OF_SUB_TYPES.get(data.get("sub_type", ""), [])
        return types[0] if len(types) == 1 else EventType.UNKNOWN.value

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        stated, sub_type = data.get("event_type"), data.get("sub_type")
        types = EVENT_TYPES_OF_SUB_TYPES.get(sub_type, []) if sub_type else []
        is_changed = {"event_type", "sub_type"} & set(self.changed_data)
        if is_changed and types and stated not in (*types, EventType.UNKNOWN):
            names = " or ".join(f"“{EventType(word).label}”" for word in types)
            message = f"“{SubType(sub_type).label}” is a kind of {names}: choose that."
            self.add_error("event_type", message)
        return data


@admin.register(Incident)
class IncidentAdmin(CitingAdmin):
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
    form = IncidentForm
    fieldsets = (
        REPORT,
        (None, {"fields": ["title", "sub_type", ("date", "local_time"), "summary"]}),
        (
            "More about the incident",
            {
                "classes": ["collapse"],
                "fields": [
                    ("event_type", "violence", "outcome"),
                    ("civilians_targeted", "suicide", "property_damage"),
                    "motives",
                    "tags",
                    "description",
                    ("granularity", "slug", "as_of"),
                    ("date_start", "date_end", "date_precision"),
                ],
            },
        ),
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
