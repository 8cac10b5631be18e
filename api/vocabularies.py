"""`/vocabularies`: every word of the documents, what it means, and what other systems call it."""

import hashlib
from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import etags
from api.filtersets import Strict
from api.problems import Problem
from api.schema import PublicSchema
from api.views import NEWEST, PublicView
from publishing import documents
from publishing.vocabularies import Vocabulary, list_vocabularies


class CrosswalkCodeSerializer(serializers.Serializer):
    """What a word is in another system."""

    system = serializers.CharField(
        read_only=True, help_text="The system and its field, as in acled.inter."
    )
    code = serializers.CharField(
        read_only=True, allow_null=True, help_text="Its code; null where nothing there says it."
    )


class VocabularyWordSerializer(serializers.Serializer):
    """A word of a vocabulary."""

    word = serializers.CharField(read_only=True, help_text="As it stands in documents.")
    label = serializers.CharField(  # type: ignore[assignment]
        read_only=True, help_text="As it is shown to people."
    )
    meaning = serializers.CharField(read_only=True, help_text="What it says, in one line.")
    codes = CrosswalkCodeSerializer(
        many=True, read_only=True, help_text="What other systems call it."
    )


class CrosswalkReadingSerializer(serializers.Serializer):
    """How a code of another system is read."""

    code = serializers.CharField(read_only=True, help_text="The code there.")
    word = serializers.CharField(read_only=True, help_text="Our word for it when it is imported.")


class CrosswalkSerializer(serializers.Serializer):
    """A field of another system that a vocabulary is mapped to."""

    system = serializers.CharField(
        read_only=True, help_text="The system and its field, as in acled.inter."
    )
    meaning = serializers.CharField(
        read_only=True, help_text="What it is, and what does not follow from the word alone."
    )
    reads = CrosswalkReadingSerializer(
        many=True, read_only=True, help_text="How its codes are read; empty where none is."
    )


class VocabularySerializer(serializers.Serializer):
    """An enumeration of the documents."""

    name = serializers.CharField(read_only=True, help_text="What it is asked for by.")
    meaning = serializers.CharField(read_only=True, help_text="What its words are about.")
    grows = serializers.BooleanField(
        read_only=True, help_text="Whether new words may come within v1: expect them."
    )
    words = VocabularyWordSerializer(
        many=True, read_only=True, help_text="In the order that has meaning."
    )
    crosswalks = CrosswalkSerializer(
        many=True, read_only=True, help_text="The systems that it is mapped to."
    )


class _View(PublicView):
    """Answers what depends on the software alone."""

    filterset_class = Strict

    def told(self, request: Request, told: Any) -> Response:
        """Answer 200, or 304 to who has it already."""
        Strict(request)
        digest = hashlib.sha256(f"{settings.VERSION} {documents.dump(told)!r}".encode()).hexdigest()
        headers = {"ETag": f'W/"{digest[:16]}"', "Cache-Control": NEWEST}
        if etags.matches(request, headers["ETag"]):
            return Response(status=304, headers=headers)
        return Response(documents.dump(told), headers=headers)


class VocabularyListView(_View):
    """Every vocabulary."""

    def get(self, request: Request) -> Response:
        """Answer all of them, in the order of their names."""
        return self.told(request, {"results": [_told(one) for one in list_vocabularies().values()]})

    def described(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        one = schema.resolve_serializer(VocabularySerializer, "response").ref
        results = {"type": "array", "items": one, "description": "In the order of their names."}
        return schema.component("VocabularyList", "Every vocabulary.", {"results": results})


class VocabularyView(_View):
    """One vocabulary."""

    def get(self, request: Request, name: str) -> Response:
        """Answer a vocabulary."""
        if name not in list_vocabularies():
            raise Problem("not-found")
        return self.told(request, _told(list_vocabularies()[name]))

    def described(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        return schema.resolve_serializer(VocabularySerializer, "response").ref


def _told(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a vocabulary as it is served."""
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
                    {"system": one.system, "code": one.codes[word]} for one in vocabulary.crosswalks
                ],
            }
            for word, label in vocabulary.words.choices
        ],
        "crosswalks": [
            {
                "system": one.system,
                "meaning": one.meaning,
                "reads": [{"code": code, "word": word} for code, word in one.reads.items()],
            }
            for one in vocabulary.crosswalks
        ],
    }
