"""The public endpoints of actors and affiliations."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from actors.entries import ActorEntry, ActorNameEntry, AffiliationEntry
from actors.filters import ActorFilters, AffiliationFilters, NetworkFilters, ResolveFilters
from actors.network import GraphMLFile, NetworkFile, TableFile, build_network
from actors.resolution import NameMatch, resolve
from actors.serializers import (
    ActorDocument,
    AffiliationDocument,
    NameMatchSerializer,
    NetworkSerializer,
)
from api import snapshots
from api.formats import JSONRenderer
from api.schema import PublicSchema
from api.views import PublicView, RecordView
from publishing import documents
from publishing.models import Edition


class ActorView(RecordView):
    """Whoever acts or is acted upon, from states to individuals."""

    type_name = "actor"
    entry = ActorEntry
    document = ActorDocument
    filterset_class = ActorFilters


class AffiliationView(RecordView):
    """How one actor stood to another, and when."""

    type_name = "affiliation"
    entry = AffiliationEntry
    document = AffiliationDocument
    filterset_class = AffiliationFilters


class NetworkView(PublicView):
    """An actor, those around it, and all ties between any two of them."""

    filterset_class = NetworkFilters
    renderer_classes = (JSONRenderer, GraphMLFile, TableFile)

    def get(self, request: Request) -> Any:
        """Answer the network around an actor.

        Ties are walked in either direction, and rejected ones are none. With `at`, those count
        which held on that day while both actors existed. Where there are more actors than `limit`,
        the nearest are kept, then the first by name, and `truncated` is true. An actor that is not
        public, or did not exist then, has no network: there are no nodes.
        """
        filters = NetworkFilters(request)
        state = snapshots.resolve(filters.pin)
        asked = filters.asked

        def body() -> tuple[bytes, None]:
            snapshot = state.snapshot
            ties = filters.ties(snapshot.seq)
            found = build_network(
                filters.ego(snapshot.seq), ties, snapshot.seq, asked["depth"], asked["limit"]
            )
            if isinstance(file := request.accepted_renderer, NetworkFile):
                self.headers["Muster-Truncated"] = str(found.truncated).lower()
                if asked["part"]:
                    self.headers["Muster-Count"] = str(len(getattr(found, asked["part"])))
                return file.write(found, asked, snapshot), None
            return documents.dump({"snapshot": str(snapshot)} | found._asdict()), None

        return self.answer(request, state, body, costly=True)

    def described(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        answer: dict[str, Any] = schema.resolve_serializer(NetworkSerializer, "response").ref
        return answer


class ResolveView(PublicView):
    """Which actors a name may mean, in any script or romanisation."""

    filterset_class = ResolveFilters

    def get(self, request: Request) -> Response:
        """Answer the actors that may be meant, the likeliest first, each with the name and why.

        Similar is not equal: look at the score and the reason, and let people choose.
        """
        filters = ResolveFilters(request)
        state = snapshots.resolve(filters.pin)
        asked = filters.asked

        def body() -> tuple[bytes, None]:
            names = ActorNameEntry.objects.at(state.snapshot.seq)
            if asked["kind"]:
                names = names.filter(actor_kind__in=asked["kind"])
            found = resolve(names, asked["name"], asked["min_score"])[: asked["limit"]]
            return documents.dump({"results": _told(found), "snapshot": str(state.snapshot)}), None

        return self.answer(request, state, body)

    def described(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        match = schema.resolve_serializer(NameMatchSerializer, "response")
        text = "The actors that a name may mean."
        return schema.listed("NameMatchList", text, match.ref, "The likeliest first.")


def _told(found: list[NameMatch]) -> list[dict[str, Any]]:
    """Return matches with the refs of their actors."""
    editions = Edition.objects.filter(seq__in=[match.name.seq for match in found])
    refs = dict(editions.values_list("seq", "reference"))
    return [
        {
            "actor": documents.load(refs[match.name.seq]),
            "score": match.score,
            "reason": match.reason,
            "name": {
                "text": match.name.text,
                "kind": match.name.kind or None,
                "language": match.name.language or None,
            },
        }
        for match in found
    ]
