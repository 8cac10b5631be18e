"""What analysts make of an incident."""

from django.contrib import admin

from curation.admin import StackedPartInline
from incidents.admin.part import IncidentPartAdmin
from incidents.models import IncidentAssessment, IncidentAssessmentCitation
from sources.admin import CitationInline


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
