"""What a researcher would write with the generated Python client; prints what it found."""

import json
import sys
from urllib.parse import parse_qs, urlsplit

from muster_client import Client
from muster_client.api.actors import actors_documents, actors_get, actors_list
from muster_client.api.changes import changes
from muster_client.models import (
    Actor,
    ActorChange,
    ActorDocumentPage,
    ActorPage,
    ChangePage,
    Moved,
    Problem,
)


def parameter(address: str, name: str) -> str:
    """Return a parameter of an address: of `next`, what says where to go on."""
    return parse_qs(urlsplit(address).query)[name][0]


def page(answer: object) -> ActorPage:
    """Return a page, which everything else is not."""
    assert isinstance(answer, ActorPage), answer
    return answer


def walk(client: Client) -> list[str]:
    """Return the names of all actors, three at a time."""
    batch = page(actors_list.sync(client=client, limit=3))
    names = [actor.name for actor in batch.results]
    while batch.next_ is not None:
        cursor = parameter(batch.next_, "cursor")
        batch = page(actors_list.sync(client=client, limit=3, cursor=cursor))
        names += [actor.name for actor in batch.results]
    return names


def mirror(client: Client) -> dict[str, str]:
    """Return the names of the documents that the feed leaves standing."""
    standing: dict[str, str] = {}
    after = None
    while True:
        batch = (
            changes.sync(client=client, documents=True, limit=2, after=after)
            if after
            else changes.sync(client=client, documents=True, limit=2)
        )
        assert isinstance(batch, ChangePage), batch
        for change in batch.results:
            if isinstance(change, ActorChange) and change.document:
                standing[str(change.id)] = change.document.name
            else:
                standing.pop(str(change.id), None)
            after = change.snapshot
        if batch.next_ is None:
            assert after == batch.snapshot
            return standing


def main(url: str) -> None:
    """Do it all."""
    client, straight = Client(url, follow_redirects=True), Client(url)
    filtered = page(actors_list.sync(client=client, kind=["unit", "coalition"], count=True))
    whole = actors_documents.sync(client=client)
    assert isinstance(whole, ActorDocumentPage), whole
    survivor = actors_get.sync(key="twin", client=client)
    assert isinstance(survivor, Actor), survivor
    moved = actors_get.sync_detailed(key="twin", client=straight)
    assert isinstance(moved.parsed, Moved), moved
    gone = actors_get.sync_detailed(key="gone", client=client)
    assert isinstance(gone.parsed, Problem), gone
    refused = actors_list.sync(client=client, at="2020-13", cursor="forged")
    assert isinstance(refused, Problem), refused
    summary = {
        "walked": walk(client),
        "filtered": [actor.name for actor in filtered.results],
        "count": filtered.count,
        "documents": [name.text for actor in whole.results for name in actor.names],
        "survivor": survivor.name,
        "moved": [moved.status_code.value, moved.headers["Location"]],
        "gone": [gone.status_code.value, gone.parsed.detail],
        "refused": sorted(str(fault.parameter) for fault in refused.errors),
        "mirrored": sorted(mirror(client).values()),
    }
    print(json.dumps(summary))


if __name__ == "__main__":
    main(sys.argv[1])
