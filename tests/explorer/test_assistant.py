"""Assistants with a language model: each tool answers as the API does, and says how to read it."""

import asyncio
import builtins
import json
import os
import re
import sys
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import Actor
from api.releases import make_release
from editorial import merging, workflow
from editorial.models import User
from editorial.redaction.validation import check_note
from explorer.assistant import questions
from explorer.assistant.questions import QUESTIONS, Assistant, Refusal, ask
from incidents.models import Incident
from publishing.models import Edition
from tests.contract.client import ContractClient
from tests.explorer.conftest import Story
from tests.live import database_url

ORIGIN = "https://localhost"
REQUIRED: dict[str, dict[str, Any]] = {
    "search_names": {"name": "كتائب"},
    "get_record": {"type": "incident", "key": "irq-2019-aaaa"},
    "find_incidents": {},
    "count_incidents": {},
    "count_over_time": {},
    "show_network": {"actor": "kataib", "day": "2019-12-27"},
    "show_superiors": {"actor": "kataib"},
    "explain_roll_up": {"actor": "pmf"},
    "list_changes": {},
    "list_releases": {},
    "explain_words": {},
    "list_filters": {},
}
"""Each tool with only its required arguments."""
QUERIES = {
    "search_names": 12,
    "get_record": 5,
    "find_incidents": 8,
    "count_incidents": 11,
    "count_over_time": 6,
    "show_network": 10,
    "show_superiors": 10,
    "explain_roll_up": 21,
    "list_changes": 6,
    "list_releases": 8,
    "explain_words": 4,
    "list_filters": 4,
}
"""The number of queries of each tool."""
PARTS = {
    "search_names": ("results",),
    "find_incidents": ("results", "warnings"),
    "count_incidents": ("total", "killed", "injured", "groups", "warnings"),
    "count_over_time": ("interval", "incidents", "series"),
    "show_superiors": ("chains", "days", "actor"),
    "list_changes": ("results",),
}
"""What an answer has as the API has it."""


@pytest.fixture
def assistant(story: Story) -> Assistant:
    """An assistant that reads the story."""
    return Assistant(ORIGIN)


def read(api: ContractClient, answer: dict[str, Any]) -> Any:
    """Return what the API answers at the address that an answer cites."""
    return api.ask(answer["cite_as"].removeprefix(ORIGIN))


async def call_tools(base_url: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return the tools of a server on standard input and output, and their answers."""
    from mcp import Client, StdioServerParameters

    environ = os.environ | {"DATABASE_URL": database_url(), "DJANGO_ALLOW_ASYNC_UNSAFE": ""}
    server = StdioServerParameters(
        command=sys.executable,
        args=["manage.py", "mcp", "--base-url", base_url],
        cwd=str(configured.ROOT),
        env=environ,
    )
    answers = {}
    async with Client(server) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        for name, arguments in REQUIRED.items():
            result = await client.call_tool(name, arguments)
            (content,) = result.content
            assert not result.is_error, content.text
            answers[name] = json.loads(content.text)
        wrong = await client.call_tool("find_incidents", {"filters": {"yaer": "2020"}})
        assert wrong.is_error
        assert "There is no parameter “yaer”" in wrong.content[0].text
        assert "list_filters" in wrong.content[0].text
        untyped = await client.call_tool("get_record", {"type": "draft", "key": "kataib"})
        assert untyped.is_error
    return tools, answers


def test_a_client_of_the_sdk_gets_what_the_api_answers(
    transactional_db: None, story: Story, api: ContractClient
) -> None:
    make_release("first", "The first.", check_note)
    tools, answers = asyncio.run(call_tools(ORIGIN))
    assert list(tools) == list(REQUIRED) == [question.__name__ for question in QUESTIONS]
    snapshot = str(Edition.objects.newest_snapshot())
    for name, answer in answers.items():
        tool = tools[name]
        assert tool.input_schema.get("required", []) == list(REQUIRED[name]), name
        assert tool.annotations.read_only_hint
        assert tool.description
        assert answer["snapshot"] == snapshot, name
        assert answer["licence"] == "CC BY 4.0"
        assert "never zero" in answer["how_to_read"]
        said = read(api, answer)
        for part in PARTS.get(name, ()):
            assert answer[part] == said[part], (name, part)
    assert answers["get_record"]["record"] == read(api, answers["get_record"])
    assert answers["find_incidents"]["count"] == {"possible": 2, "certain": 2}
    assert answers["find_incidents"]["without_figure_of_killed"] == 1
    counted = answers["count_incidents"]
    assert counted["killed"]["unknown"] == 1
    assert counted["count"] == {"possible": counted["total"], "certain": counted["total"]}
    network = answers["show_network"]
    assert {row["id"] for row in network["affiliations"]} == {
        str(story.membership.public_id),
        str(story.backing.public_id),
    }
    words = {row["name"] for row in answers["explain_words"]["results"]}
    assert words == {row["name"] for row in api.ask("vocabularies")["results"]}
    (release,) = answers["list_releases"]["results"]
    assert release["citation"].startswith("Muster, release first, ")


def test_it_says_why_a_roll_up_counts(assistant: Assistant, story: Story) -> None:
    answer = assistant.explain_roll_up("pmf", incident="irq-2019-aaaa")
    assert answer["count"] == {"possible": 1, "certain": 0}
    (row,) = answer["incidents"]
    assert row["slug"] == "irq-2019-aaaa"
    (reason,) = row["explanation"]
    assert [link["affiliation"] for link in reason["path"]] == [str(story.membership.public_id)]
    (membership,) = answer["affiliations"]
    assert membership["kind"] == "member_of"
    assert membership["validity"]["start"] == "2014-06"


def test_counts_have_both_certainties(assistant: Assistant) -> None:
    days = {"occurred_from": "2019-12-01", "occurred_to": "2019-12-31"}
    for dates in ({}, {"dates": "possible"}, {"dates": "certain"}):
        found = assistant.find_incidents(days | dates)
        assert found["count"] == {"possible": 2, "certain": 1}, "one is dated 2019"
        assert assistant.count_incidents(filters=days | dates)["count"] == found["count"]
    with pytest.raises(Refusal, match="is no filter"):
        ask(assistant.find_incidents, {"dates": "certain", "format": "csv"})


def test_the_past_can_be_asked(assistant: Assistant, story: Story, publish: Any) -> None:
    old = Edition.objects.newest_snapshot()
    moment = Edition.objects.get(seq=old.seq).published_at.isoformat()
    story.kataib.summary = "A later summary."
    story.kataib.save()
    publish(story.kataib)
    assert assistant.get_record("actor", "kataib")["record"]["summary"] == "A later summary."
    for past in ({"snapshot": str(old)}, {"known_at": moment}, {"version": 1}):
        answer = assistant.get_record("actor", "kataib", **past)
        assert answer["record"]["summary"] != "A later summary.", past
    assert answer["cite_as"] == f"{ORIGIN}/api/v1/actors/kataib/editions/1"
    pinned = assistant.find_incidents(snapshot=str(old))
    assert pinned["snapshot"] == str(old)
    with pytest.raises(Refusal, match="`snapshot` or `known_at`, not both"):
        ask(assistant.find_incidents, snapshot=str(old), known_at=moment)
    with pytest.raises(Refusal, match="Snapshot lost"):
        ask(assistant.find_incidents, snapshot="9999-00000000")


def test_pages_are_all_of_one_snapshot(assistant: Assistant, story: Story, publish: Any) -> None:
    first = assistant.find_incidents(limit=1)
    story.kataib.summary = "A later summary."
    story.kataib.save()
    publish(story.kataib)
    second = assistant.find_incidents(limit=1, cursor=first["next_cursor"])
    assert second["snapshot"] == first["snapshot"]
    assert second["results"][0]["id"] != first["results"][0]["id"]
    assert second["next_cursor"] is None


def test_answers_are_short_enough(
    assistant: Assistant, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = assistant.get_record("incident", "irq-2019-aaaa")
    part = assistant.get_record("incident", "irq-2019-aaaa", ["casualties", "title"])
    assert set(part["record"]) == {"casualties", "title"}
    with pytest.raises(Refusal, match=r"no property sources. There are: .*statements"):
        ask(assistant.get_record, "incident", "irq-2019-aaaa", ["sources"])
    monkeypatch.setattr(questions, "MAX_LENGTH", 3000)
    outline = assistant.get_record("incident", "irq-2019-aaaa")
    assert outline["record"]["statements"] == {"rows": 4, "omitted": True}
    assert outline["record"]["killed"] == whole["record"]["killed"]
    assert "ask for some with `properties`" in outline["truncated"]
    listed = assistant.find_incidents()
    assert len(listed["results"]) == 1
    assert "Only the first 1 of 2 `results`" in listed["truncated"]
    assert listed["count"]["possible"] == 2, "the number is that of all"


def test_refusals_say_what_to_do(
    assistant: Assistant, story: Story, reviewer: User, publish: Any
) -> None:
    for limit in (0, 51):
        with pytest.raises(Refusal, match="from 1 to 50"):
            ask(assistant.find_incidents, limit=limit)
    with pytest.raises(Refusal, match=r"(?s)group_by.*year"):
        ask(assistant.count_incidents, ["yaer"])
    for key in ("nobody", "lookup", "documents", "a/editions", "a\nb", "../x", ""):
        with pytest.raises(Refusal, match=r"Not found|Invalid|Bad request"):
            ask(assistant.get_record, "actor", key)
    with pytest.raises(Refusal, match="Not found"):
        ask(assistant.explain_words, "nothing")
    workflow.withdraw(story.attack, reviewer, "It was another one.")
    with pytest.raises(Refusal, match="Withdrawn: It was another one"):
        ask(assistant.get_record, "incident", "irq-2019-aaaa")
    double = Actor.objects.create(name="Double", slug="double", kind="armed_organisation")
    publish(double)
    merging.merge(double, story.saraya, reviewer, "The same.")
    merged = assistant.get_record("actor", "double")
    assert merged["record"]["slug"] == "saraya", "the record that it was merged into"


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        *(
            ("find_incidents", {"filters": filters})
            for filters in (
                {"path": "actors"},
                {"self": "x"},
                {"snapshot": "1-00000000"},
                {"limit": "1000"},
                {"": "x"},
                {"participant\x00": "x"},
                {"participant": "\x00"},
                {"participant": "' OR 1=1--"},
                {"participant": [f"group-{number}" for number in range(200)]},
                {"q": "x" * 100_000},
                {"occurred_from": "2020-02-30"},
                {"occurred_from": -1},
                {"bbox": "0,0,nan,1"},
                {"statement_about": "🔥"},
            )
        ),
        ("find_incidents", {"cursor": "AAAAFsiMC0wMDAwMDAwMCIsW10sIiJd"}),
        ("find_incidents", {"snapshot": "999999-00000000"}),
        ("find_incidents", {"known_at": "2100-01-01T00:00:00Z"}),
        ("find_incidents", {"sort": "relevance"}),
        ("count_incidents", {"group_by": ["year"] * 4}),
        ("count_incidents", {"limit": 10**9}),
        ("count_over_time", {"by": "password"}),
        ("show_network", {"actor": "kataib", "day": "2020", "depth": 100}),
        ("get_record", {"type": "actor", "key": "kataib", "version": -1}),
        ("get_record", {"type": "actor", "key": "kataib?snapshot=1"}),
        ("get_record", {"type": "actor", "key": "kataib", "properties": ["internal_note"]}),
        ("explain_words", {"vocabulary": "../incidents"}),
        ("list_changes", {"after": "nothing"}),
    ],
)
def test_hostile_arguments_are_refused_in_words(
    assistant: Assistant, story: Story, question: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(Refusal) as refused:
        ask(getattr(assistant, question), **arguments)
    assert not re.search("Traceback|Error|SELECT|argument '", str(refused.value))


def test_no_draft_is_told(assistant: Assistant, story: Story, editor: User, reviewer: User) -> None:
    draft = Actor.objects.create(name="A secret draft", slug="draft", kind="unit")
    Incident.objects.create(title="A secret incident", date="2020").involvements.create(
        role="perpetrator", actor=story.kataib
    )
    workflow.submit(draft, editor)
    Actor.objects.filter(pk=story.kataib.pk).update(name="A secret name")
    for question in QUESTIONS:
        bound = question.__get__(assistant)
        assert "secret" not in ask(bound, **REQUIRED[question.__name__]).lower()
    for key in ("draft", str(draft.public_id)):
        with pytest.raises(Refusal, match="Not found"):
            ask(assistant.get_record, "actor", key)
    assert json.loads(ask(assistant.search_names, "secret"))["results"] == []


def test_a_notice_of_fictional_records_is_in_every_answer(
    assistant: Assistant, story: Story, publish: Any
) -> None:
    assert "notice" not in assistant.find_incidents()
    story.attack.tags = ["fictional"]
    story.attack.save()
    publish(story.attack)
    for question in QUESTIONS:
        answer = question(assistant, **REQUIRED[question.__name__])
        assert "fictional records" in answer["notice"], question


def test_questions_need_a_fixed_number_of_queries(assistant: Assistant) -> None:
    counted = {}
    for question in QUESTIONS:
        arguments = REQUIRED[question.__name__]
        question(assistant, **arguments)
        with CaptureQueriesContext(connection) as captured:
            question(assistant, **arguments)
        counted[question.__name__] = len(captured)
    assert counted == QUERIES, json.dumps(counted)


def test_the_document_lists_all_tools() -> None:
    text = (configured.ROOT / "docs" / "assistants.md").read_text()
    listed = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert listed == [question.__name__ for question in QUESTIONS]


def test_without_the_package_the_command_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.partition(".")[0] in ("mcp", "mcp_types"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return usual(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "explorer.assistant.server", raising=False)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(CommandError, match=r"requirements-mcp\.txt"):
        call_command("mcp")


def test_the_address_for_citations_must_be_of_this_server() -> None:
    with pytest.raises(CommandError, match=r"add other.example to MUSTER_HOSTS"):
        call_command("mcp", base_url="https://other.example")
    for wrong in ("localhost", "https://localhost/path", "ftp://localhost"):
        with pytest.raises(CommandError, match="write it as"):
            call_command("mcp", base_url=wrong)
