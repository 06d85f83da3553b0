"""Asking a query that pages and saved queries have, with its searches answered."""

from __future__ import annotations

import asyncio

from dxlod.server.matching import answered
from dxlod.server.service import Service
from dxlod.store import Answer, Dataset

__all__ = ["ask"]


async def ask(service: Service, query: str, media_type: str = "") -> Answer:
    """The whole answer, as `QueryPool.query` gives it. Of SERVICE only the search is asked; QueryError for others."""
    dataset = Dataset()
    if "SERVICE" in query.upper():
        dataset = await asyncio.to_thread(answered, service.reader, service.settings, query)
    return await service.pool.query(query, media_type, dataset)
