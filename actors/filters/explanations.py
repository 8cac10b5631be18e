"""The parameter `explain`: by which path of affiliations a scope has found each result."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from actors import explanations
from actors.explanations import Key, Match, ScopeQuestion
from actors.filters.scopes import ScopeFilters
from api.filters import ListFilterSet
from api.filtersets import FilterGroup
from api.formats import Format
from api.parameters import BooleanParameter
from api.problems import Fault
from publishing import documents


class ExplanationFilters(FilterGroup):
    """Whether a page explains its results."""

    explain = BooleanParameter(
        "Whether `explanation` in each result of a page says which actors a scope has found there, "
        "by which path of affiliations, on which days it holds, and whether it is possible or "
        "certain on those of the result. Use it together with a scope, such as `members`.",
        default=False,
    )

    def check(self) -> Iterator[Fault]:
        if not self.params["explain"]:
            return
        if self.filterset.request.accepted_renderer.format != Format.JSON:
            detail = "Use `explain` only with pages of JSON: other formats have no explanations."
            yield Fault("contradiction", "explain", detail)
        if not any(self.filterset.group(ScopeFilters).list_below()):
            detail = (
                "Use `explain` only together with a scope other than `self`, such as "
                f"`{self.filterset.group(ScopeFilters).scoped_names()[0]}_scope=members`."
            )
            yield Fault("contradiction", "explain", detail)


class ExplainedFilterSet(ListFilterSet):
    """The parameters of a list whose results can be explained."""

    @abstractmethod
    def find_matches(self, key: Key, seqs: list[int]) -> Iterator[Match]:
        """Yield the actors of some results that a parameter, or one value of it, has found."""

    def complete(self, texts: list[bytes]) -> list[bytes]:
        """Return results with the properties that depend on the request."""
        texts = super().complete(texts)
        if not self.params["explain"]:
            return [documents.append_properties(text, {"explanation": None}) for text in texts]
        seqs = [documents.load(text)["seq"] for text in texts]
        answers = self._explain(seqs)
        return [
            documents.append_properties(text, {"explanation": answers.get(seq, [])})
            for text, seq in zip(texts, seqs, strict=True)
        ]

    def _explain(self, seqs: list[int]) -> dict[int, list[dict[str, Any]]]:
        """Return the explanations of the results of a page, by edition.

        The number of queries grows with the number of parameters, never with that of results.
        """
        scopes = self.group(ScopeFilters)
        questions: dict[Key, ScopeQuestion] = {}
        for key in scopes.list_below():
            members = scopes.find_members(*key)
            questions[key] = ScopeQuestion(
                frozenset(scopes.find_roots(*key)),
                self.params[f"{key[0]}_scope"],
                frozenset(member.actor for member in members),
            )
        paths = explanations.find_paths(
            questions, self.snapshot.seq, self.params["sponsor_support_type"]
        )
        matches = [match for key in questions for match in self.find_matches(key, seqs)]
        return explanations.describe(matches, paths, self.snapshot.seq)
