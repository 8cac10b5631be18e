"""The pages about the API: all operations and parameters, by topic and subject, and the search."""

import re

import pytest

from config.api_docs import SUBJECTS, list_operations, search_parameters
from explorer import guides
from tests.contract.client import API, ContractClient, description

pytestmark = pytest.mark.django_db


def read(api: ContractClient, path: str, status: int = 200) -> str:
    """Return the text of a page below the documentation."""
    answer = api.get(f"{API}docs{path}", secure=True)
    assert answer.status_code == status
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    return answer.content.decode()


def test_every_operation_is_listed_once(api: ContractClient) -> None:
    page = read(api, "")
    ids = [op["operationId"] for path in description()["paths"].values() for op in path.values()]
    listed = re.findall(r'href="/api/v1/docs/operations/(\w+)"', page)
    assert sorted(listed) == sorted(ids)
    assert len(page) < 25_000, "it is short"


def test_every_parameter_has_a_subject(api: ContractClient) -> None:
    questions = {
        parameter.name
        for operation in list_operations().values()
        for parameter in dict(operation.subjects).get("Question", ())
    }
    assert {"group_by", "name", "depth"} <= questions
    assert not questions & {"snapshot", "country", "dates"}
    subjects = dict(list_operations()["incidents_list"].subjects)
    assert list(subjects) == [name for name in SUBJECTS if name in subjects], "in order"
    casualties = [parameter.name for parameter in subjects["Casualties"]]
    assert casualties[:3] == ["killed", "killed_min", "killed_max"]


def test_an_operation_says_all_about_its_parameters(api: ContractClient) -> None:
    page = read(api, "/operations/incidents_list")
    described = description()["paths"]["/api/v1/incidents"]["get"]["parameters"]
    for parameter in described:
        assert f'id="p-{parameter["name"]}"' in page
    assert "whole number from 1 to 1000; default <code>100</code>" in page
    assert "<code>strategic_development</code>" in page
    lookup = read(api, "/operations/actors_lookup")
    assert "<textarea" in lookup
    assert "&quot;ids&quot;" in lookup
    assert 'required value="kataib-hezbollah"' in read(api, "/operations/actors_get")
    assert "Operation not found" in read(api, "/operations/nothing", 404)


def test_parameters_are_searched(api: ContractClient) -> None:
    assert [parameter.name for parameter, _ in search_parameters("calibre")] == ["calibre_mm"]
    names = [parameter.name for parameter, _ in search_parameters("killed")]
    assert names[:3] == ["killed", "killed_min", "killed_max"]
    assert "sort" in [parameter.name for parameter, _ in search_parameters("number of deaths")]
    page = read(api, "?q=calibre")
    assert "1 parameter with “calibre”" in page
    assert 'href="/api/v1/docs/operations/incidents_list#p-calibre_mm"' in page
    assert "No parameter has all of these words." in read(api, "?q=%3Cb%3Enothing")
    assert "<b>nothing" not in read(api, "?q=%3Cb%3Enothing")


def test_links_lead_to_documents(api: ContractClient) -> None:
    for name, anchor in re.findall(r'href="/docs/([\w-]+)#([\w-]+)"', read(api, "")):
        assert anchor in [heading.anchor for heading in guides.read(name).headings], anchor
