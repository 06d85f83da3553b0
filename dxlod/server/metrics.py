"""Figures for Prometheus, in a registry of their own. The one place that knows prometheus_client.

No figure names a person, a query or a path: requests are counted by route, as the routes are written in the code.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30)


class Metrics:
    """What has happened in this process, and how it is now."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ours = self._registry
        self._requests = Counter("dxlod_requests", "Requests answered", ["route", "status"], registry=ours)
        self._seconds = Histogram(
            "dxlod_request_seconds",
            "Seconds until the last byte was sent",
            ["route"],
            buckets=_SECONDS,
            registry=ours,
        )
        self._bytes = Counter("dxlod_sent_bytes", "Bytes of bodies sent", registry=ours)
        self._queries = Counter(
            "dxlod_queries", "SPARQL queries by how they ended", ["outcome", "lane"], registry=ours
        )
        self._query_seconds = Histogram(
            "dxlod_query_seconds", "Seconds of SPARQL queries", ["lane"], buckets=_SECONDS, registry=ours
        )
        cached = Counter("dxlod_cache_requests", "Look-ups of whole answers", ["result"], registry=ours)
        self._hits, self._misses = cached.labels("hit"), cached.labels("miss")
        self._by_route: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        self._by_outcome: dict[tuple[str, str], tuple[Counter, Histogram]] = {}
        self._reloads = Counter(
            "dxlod_reloads", "New releases taken up, or refused", ["result"], registry=ours
        )
        self._under_way = Gauge("dxlod_requests_in_progress", "Requests under way", registry=ours)
        Gauge("dxlod_start_time_seconds", "When this process began", registry=ours).set(time.time())

    def request(self, route: str, status: int, seconds: float, sent: int) -> None:
        """One request has been answered."""
        known = self._by_route.get((route, status))
        if known is None:
            # Looking a label up takes longer than counting; there are as many as routes and statuses.
            known = self._requests.labels(route, str(status)), self._seconds.labels(route)
            self._by_route[route, status] = known
        known[0].inc()
        known[1].observe(seconds)
        self._bytes.inc(sent)

    def query(self, outcome: str, lane: str, seconds: float) -> None:
        """One query has ended."""
        known = self._by_outcome.get((outcome, lane))
        if known is None:
            known = self._queries.labels(outcome, lane), self._query_seconds.labels(lane)
            self._by_outcome[outcome, lane] = known
        known[0].inc()
        known[1].observe(seconds)

    def cache(self, *, hit: bool) -> None:
        """A whole answer was looked up."""
        (self._hits if hit else self._misses).inc()

    def reload(self, *, taken: bool) -> None:
        """`current` has changed."""
        self._reloads.labels("taken" if taken else "refused").inc()

    def under_way(self, count: Callable[[], int]) -> None:
        """Ask this for the number of requests under way whenever the figures are read."""
        self._under_way.set_function(count)

    def watch(self, now: Callable[[], tuple[str, Mapping[str, int]]]) -> None:
        """Ask this for the release being served and the numbers of its pool whenever the figures are read."""
        self._registry.register(_Now(now))

    def text(self) -> bytes:
        """All figures in the Prometheus text format."""
        return generate_latest(self._registry)


class _Now(Collector):
    def __init__(self, now: Callable[[], tuple[str, Mapping[str, int]]]) -> None:
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """See prometheus_client."""
        version, numbers = self._now()
        release = GaugeMetricFamily("dxlod_release", "The release being served", labels=["version"])
        release.add_metric([version], 1)
        yield release
        workers = GaugeMetricFamily("dxlod_query_workers", "Query workers", labels=["state"])
        for state in ("idle", "fast", "slow", "held"):
            workers.add_metric([state], numbers.get(state, 0))
        yield workers
        waiting = GaugeMetricFamily("dxlod_queries_waiting", "Queries that wait for a worker")
        waiting.add_metric([], numbers.get("waiting", 0))
        yield waiting
        memory = GaugeMetricFamily("dxlod_peak_memory_bytes", "Most memory the web process has held")
        memory.add_metric([], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
        yield memory
