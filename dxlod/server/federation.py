"""SERVICE: our own search, and the endpoints that the operator lists (SPARQL 1.1 Federated Query, 2 and 4), none at first.

The search is answered from the index of the release (matching.py), in this process and from no network.

Query workers have no way to the network and get none. The web process asks the listed endpoint for the group as it
stands, and the worker joins what came back as inline data, which is what the specification says SERVICE means. Names
are resolved once and connected to at that address, so that no answer of a name server leads inside: an address that is
not public is asked only where the list itself names it. Redirects are not followed, answers are bounded.
"""

from __future__ import annotations

import asyncio
import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlencode, urlsplit

from dxlod.errors import EndpointError, QueryRefusedError
from dxlod.server.inline import values_block
from dxlod.server.matching import search_blocks
from dxlod.settings import Settings
from dxlod.site.reader import SiteReader
from dxlod.store import SEARCH, Call, Checked

__all__ = ["Federation", "is_public"]

_MOST_BYTES = 8 << 20
_MOST_AT_ONCE = 4
_PIECE = 64 << 10
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_MEDIA_TYPE = "application/sparql-results+json"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Federation:
    """Searches, and asks the endpoints that the settings list."""

    def __init__(self, settings: Settings, reader: SiteReader) -> None:
        self._reader = reader
        self._most_rows = settings.search_rows
        self._endpoints = settings.endpoints
        self._timeout = settings.query_timeout
        self._room = asyncio.Semaphore(_MOST_AT_ONCE)
        # Of their own, so that a search does not wait for a slow endpoint.
        self._searches = asyncio.Semaphore(_MOST_AT_ONCE)

    async def fetch(self, checked: Checked) -> tuple[str, ...]:
        """For each SERVICE clause its solutions as a group with VALUES.

        QueryRefusedError for an endpoint that is not listed, EndpointError for one that does not answer as it should,
        unless the clause says SILENT: then one empty solution. A search can always be asked, so what `search_blocks` finds
        wrong with one is an error, SILENT or not.
        """
        for call in checked.calls:
            if call.endpoint not in (SEARCH, *self._endpoints) and not call.silent:
                raise _not_listed(call.endpoint, self._endpoints)
        found = await self._search(checked)
        return tuple(
            await asyncio.gather(
                *(self._one(checked, call, found.get(nth)) for nth, call in enumerate(checked.calls))
            )
        )

    async def _search(self, checked: Checked) -> Mapping[int, str]:
        if all(call.endpoint != SEARCH for call in checked.calls):
            return {}
        async with self._searches:
            return await asyncio.to_thread(search_blocks, self._reader, checked, self._most_rows)

    async def _one(self, checked: Checked, call: Call, found: str | None) -> str:
        if found is not None:
            return found
        if call.endpoint not in self._endpoints:
            return "{}"
        query = f"{checked.prologue}\nSELECT * WHERE {call.group}"
        try:
            async with self._room:
                body = await asyncio.to_thread(_ask, call.endpoint, query, time.monotonic() + self._timeout)
                return await asyncio.to_thread(values_block, call.endpoint, body)
        except EndpointError:
            if call.silent:
                return "{}"
            raise


def is_public(address: Address) -> bool:
    """Whether an address is one of the internet, also where an IPv4 address stands within an IPv6 one."""
    return all(item.is_global and not item.is_multicast for item in _unwrapped(address))


def _unwrapped(address: Address) -> Iterator[Address]:
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        # ::a.b.c.d, as old as it is, still reaches the IPv4 address on some systems.
        if int(address) >> 32 == 0:
            inner.append(ipaddress.IPv4Address(int(address)))
        yield from (item for item in inner if item is not None)


@dataclass(frozen=True)
class _Target:
    """Where to connect, and what to ask for there."""

    host: str
    address: str
    port: int
    path: str
    secure: bool


def _ask(endpoint: str, query: str, deadline: float) -> bytes:
    """The bytes that an endpoint answers a query with, by POST."""
    try:
        return _post(_target(endpoint), query, deadline)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise EndpointError(
            f"{endpoint} に問い合わせられません。", f"{endpoint} cannot be asked: {type(error).__name__}."
        ) from error


def _target(endpoint: str) -> _Target:
    parts = urlsplit(endpoint)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Target(host, _address(endpoint, parts, host, port), port, path, secure)


def _address(endpoint: str, parts: SplitResult, host: str, port: int) -> str:
    try:
        # The list names the address itself: the operator means it, wherever it leads.
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    found = [str(item[4][0]) for item in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(is_public(ipaddress.ip_address(item.partition("%")[0])) for item in found):
        raise EndpointError(
            f"{endpoint} は公開されたアドレスではありません。",
            f"{parts.netloc} is no public address; list it by address if it is meant.",
        )
    return found[0]


class _Connection(http.client.HTTPConnection):
    """A connection to the address that was looked at, whatever the name leads to by now."""

    def __init__(self, target: _Target, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self._target = target

    def connect(self) -> None:
        plain = socket.create_connection((self._target.address, self._target.port), self.timeout)
        if not self._target.secure:
            self.sock = plain
            return
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._target.host)


def _post(target: _Target, query: str, deadline: float) -> bytes:
    connection = _Connection(target, max(0.1, deadline - time.monotonic()))
    try:
        connection.request(
            "POST",
            target.path,
            urlencode({"query": query}),
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": _MEDIA_TYPE,
                "User-Agent": "dxlod",
                "Host": _host_header(target),
            },
        )
        with connection.getresponse() as response:
            if response.status != 200:
                raise EndpointError(
                    f"{target.host} が {response.status} を返しました。",
                    f"{target.host} answered {response.status}.",
                )
            return _read(response, connection, target, deadline)
    finally:
        connection.close()


def _host_header(target: _Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == (443 if target.secure else 80) else f"{host}:{target.port}"


def _read(
    response: http.client.HTTPResponse, connection: _Connection, target: _Target, deadline: float
) -> bytes:
    received = bytearray()
    while piece := response.read1(_PIECE):
        received += piece
        if len(received) > _MOST_BYTES:
            raise EndpointError(
                f"{target.host} の答えが {_MOST_BYTES} バイトを超えます。SERVICE の中で絞ってください。",
                f"{target.host} answers more than {_MOST_BYTES} bytes; narrow it within SERVICE.",
            )
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
    return bytes(received)


def _not_listed(endpoint: str, endpoints: tuple[str, ...]) -> QueryRefusedError:
    return QueryRefusedError(
        f"SERVICE <{endpoint}> は使えません。使えるのは {'、'.join(endpoints)} です。",
        f"SERVICE <{endpoint}> is not available here, only {', '.join(endpoints)}.",
    )
