"""FastAPI with asyncpg: the stored documents, with as little as possible between them and HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import asyncpg
from fastapi import FastAPI, Response

from benchmarks.peers import stored


@asynccontextmanager
async def connect(app: FastAPI) -> AsyncIterator[None]:
    """Keep a pool of connections while the server runs."""
    async with asyncpg.create_pool(min_size=4, max_size=4) as pool:  # from PGHOST and so on
        app.state.pool = pool
        yield


app = FastAPI(lifespan=connect, docs_url=None)


@app.get("/incidents")
async def list_incidents(country: str, event_type: str, occurred_from: date) -> Response:
    """Return a page."""
    async with app.state.pool.acquire() as connection:
        query = stored.make_query(await connection.fetchval(stored.SNAPSHOT), "$1", "$2", "$3")
        rows = await connection.fetch(query, country, event_type, occurred_from)
    return Response(stored.join([row[0] for row in rows]), media_type="application/json")
