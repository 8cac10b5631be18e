"""The public endpoints of actors and affiliations."""

from datetime import date
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from actors.entries import ActorEntry, ActorNameEntry, AffiliationEntry
from actors.filters import (
    ActorFilterSet,
    AffiliationFilterSet,
    HierarchyFilterSet,
    NetworkFilterSet,
    ResolutionFilterSet,
)
from actors.hierarchy import describe_chains, find_chains
from actors.network import GraphMLFile, NetworkFile, TableFile, build_network
from actors.resolution import NameMatch, resolve
from actors.serializers import (
    ActorDocument,
    AffiliationDocument,
    ExplanationSerializer,
    HierarchySerializer,
    NameMatchSerializer,
    NetworkSerializer,
)
from api.formats import JSONRenderer
from api.schema import PublicSchema
from api.views import PublicView, RecordView, list_warnings, warning_headers
from publishing import documents
from publishing.models import Edition


class ActorView(RecordView):
    """Actors, from states to individuals."""

    type_name = "actor"
    entry = ActorEntry
    document = ActorDocument
    explanation = ExplanationSerializer
    filterset_class = ActorFilterSet


class AffiliationView(RecordView):
    """Affiliations: relations of one actor to another, with their dates."""

    type_name = "affiliation"
    entry = AffiliationEntry
    document = AffiliationDocument
    explanation = ExplanationSerializer
    filterset_class = AffiliationFilterSet


class NetworkView(PublicView):
    """Networks: the actors nearest to one, or all, and all affiliations between them."""

    filterset_class = NetworkFilterSet
    serializer_class = NetworkSerializer
    renderer_classes = (JSONRenderer, GraphMLFile, TableFile)

    def get(self, request: Request) -> Any:
        """Return the network around an actor, or without `actor` all affiliations.

        Affiliations count in both directions; rejected ones do not count. With `at`, only the
        affiliations count that were valid at that time while both actors existed. If there are more
        actors than `limit`, the network has the nearest ones, then the first by name, and
        `truncated` is true. If the actor is not public, or did not exist at that time, there are no
        nodes.
        """
        filters = NetworkFilterSet(request)
        state = self.resolve(filters.pin)
        params = filters.params

        def body() -> tuple[bytes, None]:
            filters.snapshot = snapshot = state.snapshot
            network = build_network(
                filters.find_centre(),
                filters.find_affiliations(),
                snapshot.seq,
                params["depth"],
                params["limit"],
            )
            if isinstance(file := request.accepted_renderer, NetworkFile):
                words = filters.find_classifications([n["actor"]["seq"] for n in network.nodes])
                for node in network.nodes:
                    node["actor"]["classification"] = words.get(
                        node["actor"]["seq"], node["actor"]["classification"]
                    )
                self.headers["Muster-Truncated"] = str(network.truncated).lower()
                if params["part"]:
                    self.headers["Muster-Count"] = str(len(getattr(network, params["part"])))
                self.headers |= warning_headers(filters.warnings)
                return file.write(network, params, snapshot), None
            answer = {"snapshot": str(snapshot)} | network._asdict()
            return documents.dump(answer | {"warnings": list_warnings(filters.warnings)}), None

        return self.answer(request, state, body, costly=True)


class HierarchyView(PublicView):
    """Hierarchies: who is above an actor, up to the actors that nobody is above."""

    filterset_class = HierarchyFilterSet
    serializer_class = HierarchySerializer

    def get(self, request: Request) -> Response:
        """Return all chains of affiliations from an actor up to its roots on a day.

        A chain holds if all its affiliations may be valid on the same day and all its actors may
        exist then. It has at most eight affiliations, and passes no individual. Rejected
        affiliations do not count. These are the rules of scopes: the actor counts for all actors of
        its chains. `explain=true` in lists of incidents says the same for each incident on its day.
        """
        filters = HierarchyFilterSet(request)
        state = self.resolve(filters.pin)

        def body() -> tuple[bytes, None]:
            filters.snapshot = state.snapshot
            seq, today = state.snapshot.seq, state.published_at and state.published_at.date()
            days = filters.params["at"] or (today or date.min, today or date.min)
            actor = filters.find_actor()
            chains, truncated = (
                find_chains(actor, filters.params["scope"], days, seq) if actor else ([], False)
            )
            answer = {
                "snapshot": str(state.snapshot),
                "days": {"first": days[0], "last": days[1]},
                **describe_chains(actor, chains, seq),
                "truncated": truncated,
                "warnings": list_warnings(filters.warnings),
            }
            return documents.dump(answer), None

        return self.answer(request, state, body, costly=True)


class ResolveView(PublicView):
    """Name resolution: the actors that a name may mean, in any script or romanisation."""

    filterset_class = ResolutionFilterSet

    def get(self, request: Request) -> Response:
        """Return the actors that a name may mean, the most likely first, with the matching names.

        A similar name is not the same name: check the score and the reason, and let people decide.
        """
        filters = ResolutionFilterSet(request)
        state = self.resolve(filters.pin)
        params = filters.params

        def body() -> tuple[bytes, None]:
            names = ActorNameEntry.objects.at(state.snapshot.seq)
            if params["kind"]:
                names = names.filter(actor_kind__in=params["kind"])
            matches = resolve(names, params["name"], params["min_score"])[: params["limit"]]
            answer = {"results": _to_json(matches), "snapshot": str(state.snapshot)}
            return documents.dump(answer), None

        return self.answer(request, state, body)

    def response_schema(self, schema: PublicSchema) -> dict[str, Any]:
        """Return the schema of the answer."""
        match = schema.resolve_serializer(NameMatchSerializer, "response")
        text = "The actors that a name may mean."
        return schema.list_of("NameMatchList", text, match.ref, "The matches, best first.")


def _to_json(matches: list[NameMatch]) -> list[dict[str, Any]]:
    """Return matches with the references of their actors."""
    references = Edition.objects.read_references([match.name.seq for match in matches])
    return [
        {
            "actor": references[match.name.seq],
            "score": match.score,
            "reason": match.reason,
            "name": {
                "text": match.name.text,
                "kind": match.name.kind or None,
                "language": match.name.language or None,
            },
        }
        for match in matches
    ]
