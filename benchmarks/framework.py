"""The web framework alone, as a yardstick for the machine: one fixed answer of a look-up's size, whatever is asked.

python benchmarks/framework.py PORT
"""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI, Response

__all__ = ["main"]

SIZE = 2_500


def main(port: int) -> None:
    """Serve for ever, as the service itself is served: one process, uvloop and httptools, no log."""
    app = FastAPI(openapi_url=None)
    body = b'{"head":{"vars":[]},"results":{"bindings":[]}}'.ljust(SIZE)

    @app.get("/")
    async def answer(query: str = "") -> Response:
        return Response(body, media_type="application/sparql-results+json")

    uvicorn.run(app, port=port, loop="uvloop", http="httptools", log_level="error", access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
