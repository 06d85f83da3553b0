"""HTTP requests to a store elsewhere: names and passwords when they are asked for, and patience when it is busy."""

from __future__ import annotations

import base64
import http.client
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import (
    AbstractDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
)
from urllib.request import parse_keqv_list as parse_pairs

from dxlod.errors import RemoteStoreError

__all__ = ["Reply", "Web", "authorization"]

_BUSY = frozenset((408, 425, 429, 500, 502, 503, 504))
_LONGEST_WAIT = 60.0


class Reply(NamedTuple):
    """Status, header fields by lower-case name, and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def fine(self) -> bool:
        """Whether the status says success."""
        return 200 <= self.status < 300

    @property
    def said(self) -> str:
        """The first line of the body, for people."""
        text = self.body[:2_000].decode("utf-8", "replace")
        return next((line.strip() for line in text.splitlines() if line.strip()), "")[:200]


def authorization(challenge: str, method: str, url: str, user: str, password: str) -> str:
    """The answer to a WWW-Authenticate field, Basic or Digest (RFC 7617, RFC 7616); RemoteStoreError for others."""
    kind, _, rest = challenge.partition(" ")
    if kind.lower() == "basic":
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    passwords = HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, url, user, password)
    answer = None
    if kind.lower() == "digest":
        answer = AbstractDigestAuthHandler(passwords).get_authorization(
            Request(url, method=method), parse_pairs(parse_http_list(rest))
        )
    if answer is None:
        raise RemoteStoreError(
            "データストアの認証の方法には対応していません。",
            f"The store's way to authenticate is not supported: {kind}",
        )
    return f"Digest {answer}"


@dataclass
class Web:
    """A client with one name and password, which it sends only to a server that asks for them.

    `tries` is how often a request is made before a failure counts; `wait` is called with the seconds between.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 60.0
    tries: int = 5
    wait: Callable[[float], None] = time.sleep
    _challenges: dict[str, str] = field(default_factory=dict, repr=False)

    def send(
        self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Reply:
        """The reply, whatever its status; RemoteStoreError when there is none after all tries.

        A request may be made twice, so it must be one that does the same when it is.
        """
        pause = 0.5
        for left in range(self.tries - 1, -1, -1):
            try:
                reply = self._with_entry(method, url, body, dict(headers or {}))
            except (OSError, http.client.HTTPException) as error:
                if not left:
                    raise RemoteStoreError(
                        f"{url} に接続できません。",
                        f"{url} cannot be reached: {error or type(error).__name__}",
                    ) from error
            else:
                if reply.status not in _BUSY or not left:
                    return reply
                asked = reply.headers.get("retry-after", "")
                pause = max(pause, float(asked) if asked.isdigit() else 0.0)
            self.wait(min(pause, _LONGEST_WAIT))
            pause *= 2
        raise AssertionError("tries must be greater than 0")

    def once(self) -> Web:
        """The same without patience."""
        return Web(self.user, self.password, self.timeout, 1, self.wait, self._challenges)

    def _with_entry(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Reply:
        place = _place(url)
        if place in self._challenges:
            headers["Authorization"] = self._entry(self._challenges[place], method, url)
        reply = self._exchange(method, url, body, headers)
        challenge = reply.headers.get("www-authenticate", "")
        if reply.status != 401 or not self.user or not challenge:
            return reply
        # Once more: the first time, or because its nonce has grown old.
        headers["Authorization"] = self._entry(challenge, method, url)
        reply = self._exchange(method, url, body, headers)
        if reply.status != 401:
            self._challenges[place] = challenge
        return reply

    def _entry(self, challenge: str, method: str, url: str) -> str:
        return authorization(challenge, method, url, self.user, self.password)

    def _exchange(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        parts = urlsplit(url)
        make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = make(parts.hostname or "", parts.port, timeout=self.timeout)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body or None, {"User-Agent": "dxlod", **headers})
            with connection.getresponse() as response:
                fields = {name.lower(): value for name, value in response.getheaders()}
                return Reply(response.status, fields, response.read())
        finally:
            connection.close()


def _place(url: str) -> str:
    """Server and path: some servers ask for other proofs at other paths."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
