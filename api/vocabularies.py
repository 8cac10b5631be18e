"""`/vocabularies`: the words of documents, with their meanings and their codes in other systems."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.filtersets import StrictFilterSet
from api.problems import Problem
from api.schema import PublicSchema
from api.views import ConstantView
from publishing import documents
from publishing.vocabularies import Vocabulary, list_vocabularies


class CrosswalkCodeSerializer(serializers.Serializer):
    """The code of a word in another system."""

    system = serializers.CharField(
        read_only=True, help_text="The system and its field, such as acled.inter."
    )
    code = serializers.CharField(
        read_only=True, allow_null=True, help_text="The code; null if the system has none."
    )


class VocabularyWordSerializer(serializers.Serializer):
    """A word of a vocabulary."""

    word = serializers.CharField(read_only=True, help_text="The word, as in documents.")
    label = serializers.CharField(  # type: ignore[assignment]
        read_only=True, help_text="The label to show to people."
    )
    meaning = serializers.CharField(read_only=True, help_text="The meaning, in one line.")
    codes = CrosswalkCodeSerializer(
        many=True, read_only=True, help_text="The codes in other systems."
    )


class CrosswalkReadingSerializer(serializers.Serializer):
    """How a code of another system is imported."""

    code = serializers.CharField(read_only=True, help_text="The code in the other system.")
    word = serializers.CharField(read_only=True, help_text="The word that the code is imported as.")


class CrosswalkSerializer(serializers.Serializer):
    """A field of another system that a vocabulary is mapped to."""

    system = serializers.CharField(
        read_only=True, help_text="The system and its field, such as acled.inter."
    )
    meaning = serializers.CharField(
        read_only=True, help_text="What the field is, and what the word alone does not determine."
    )
    reads = CrosswalkReadingSerializer(
        many=True, read_only=True, help_text="How its codes are imported; empty if they are not."
    )


class VocabularySerializer(serializers.Serializer):
    """A vocabulary: the words that a property of documents may have."""

    name = serializers.CharField(
        read_only=True, help_text="The name, by which `/vocabularies/{name}` returns it."
    )
    meaning = serializers.CharField(read_only=True, help_text="What its words describe.")
    grows = serializers.BooleanField(
        read_only=True, help_text="Whether new words may be added within v1 of the API."
    )
    words = VocabularyWordSerializer(
        many=True, read_only=True, help_text="The words, in their meaningful order."
    )
    crosswalks = CrosswalkSerializer(
        many=True, read_only=True, help_text="The fields of other systems that it is mapped to."
    )


class VocabularyListView(ConstantView):
    """All vocabularies."""

    filterset_class = StrictFilterSet

    def get(self, request: Request) -> Response:
        """Return all vocabularies, sorted by name."""
        StrictFilterSet(request)
        results = [_to_json(vocabulary) for vocabulary in list_vocabularies().values()]
        return self.answer_constant(request, documents.dump({"results": results}))

    def response_schema(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        vocabulary = schema.resolve_serializer(VocabularySerializer, "response").ref
        results = {
            "type": "array",
            "items": vocabulary,
            "description": "The vocabularies, sorted by name.",
        }
        return schema.component("VocabularyList", "All vocabularies.", {"results": results})


class VocabularyView(ConstantView):
    """One vocabulary."""

    filterset_class = StrictFilterSet
    serializer_class = VocabularySerializer

    def get(self, request: Request, name: str) -> Response:
        """Return one vocabulary."""
        StrictFilterSet(request)
        if name not in list_vocabularies():
            raise Problem("not-found")
        return self.answer_constant(request, documents.dump(_to_json(list_vocabularies()[name])))


def _to_json(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a vocabulary as the API shows it."""
    return {
        "name": vocabulary.name,
        "meaning": " ".join((vocabulary.words.__doc__ or "").split()),
        "grows": vocabulary.grows,
        "words": [
            {
                "word": word,
                "label": str(label),
                "meaning": vocabulary.meanings[word],
                "codes": [
                    {"system": crosswalk.system, "code": crosswalk.codes[word]}
                    for crosswalk in vocabulary.crosswalks
                ],
            }
            for word, label in vocabulary.words.choices
        ],
        "crosswalks": [
            {
                "system": crosswalk.system,
                "meaning": crosswalk.meaning,
                "reads": [{"code": code, "word": word} for code, word in crosswalk.reads.items()],
            }
            for crosswalk in vocabulary.crosswalks
        ],
    }
