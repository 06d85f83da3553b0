"""rdflib's own engine behind the least HTTP there is: python rdflib_server.py PORT FILE.nq, over all graphs as one."""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from rdflib import Dataset

__all__ = ["main"]


def main(port: int, file: str) -> None:
    """Serve for ever."""
    data = Dataset(default_union=True)
    data.parse(file, format="nquads")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)["query"][0]
            found = data.query(query)
            kind = "nt" if found.type == "CONSTRUCT" else "json"
            body = found.serialize(format=kind) or b""
            self.send_response(200)
            self.send_header(
                "Content-Type", "application/n-triples" if kind == "nt" else "application/sparql-results+json"
            )
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged."""

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
