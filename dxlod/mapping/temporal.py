"""Canonical lexical forms of dates, times and durations (XML Schema 1.1 part 2), the same that the triple
store gives back.

Zero offsets become `Z`, fractions lose their last zeros, 24:00:00 becomes midnight, durations are carried
over (`PT3600S` → `PT1H`). What is no value of its datatype, or lies beyond the store's range, stays as it
is. Where the store's reading differs from the specification (`--02-29` with an offset, `P1DT`), the store
is followed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["CANONICALISERS"]

_PLACES: Final = 18
_LAST_YEAR: Final = 5 * 10**12  # the store counts seconds in 128 bits, 18 places of them a fraction
_ZONE: Final = r"(?P<zone>Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_YEAR: Final = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH: Final = r"(?P<month>0[1-9]|1[0-2])"
_DAY: Final = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_CLOCK: Final = (
    r"(?P<clock>(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9])"
    r"(?:\.(?P<fraction>[0-9]+))?|24:00:00(?:\.0+)?)"
)
_DURATION: Final = re.compile(
    r"(?P<minus>-)?P(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?"
    r"(?:(?P<seconds>[0-9]+)(?:\.(?P<fraction>[0-9]*))?S)?)?"
)


def _calendar(pattern: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern + _ZONE)

    def canonicalise(text: str) -> str | None:
        match = compiled.fullmatch(text)
        if match is None:
            return None
        parts = match.groupdict()
        if not _within_range(parts) or not _day_exists(parts):
            return None
        return _with_zone(_moment(text, parts), parts["zone"])

    return canonicalise


def _within_range(parts: Mapping[str, str | None]) -> bool:
    places = (parts.get("fraction") or "").rstrip("0")
    return len(places) <= _PLACES and abs(int(parts.get("year") or 0)) <= _LAST_YEAR


def _day_exists(parts: Mapping[str, str | None]) -> bool:
    day, month = parts.get("day"), parts.get("month")
    if day is None or month is None:
        return True
    year = parts.get("year")
    return int(day) <= _days_of(int(month), None if year is None else int(year))


def _days_of(month: int, year: int | None) -> int:
    if month != 2:
        return 30 if month in (4, 6, 9, 11) else 31
    leap = year is not None and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap else 28


def _moment(text: str, parts: Mapping[str, str | None]) -> str:
    """`text` without its zone, its time of day in canonical form."""
    zone = parts["zone"]
    bare = text[: len(text) - len(zone)] if zone else text
    if bare.startswith("-0000"):
        bare = bare[1:]
    clock = parts.get("clock")
    if clock is None:
        return bare
    before = bare[: len(bare) - len(clock)]
    if clock.startswith("24"):
        return _midnight_after(before, parts)
    fraction = (parts["fraction"] or "").rstrip("0")
    seconds = clock[:8]
    return f"{before}{seconds}.{fraction}" if fraction else before + seconds


def _midnight_after(before: str, parts: Mapping[str, str | None]) -> str:
    if not before:
        return "00:00:00"
    year, month, day = (int(parts[name] or 0) for name in ("year", "month", "day"))
    day += 1
    if day > _days_of(month, year):
        day, month = 1, month + 1
    if month > 12:
        month, year = 1, year + 1
    sign = "-" if year < 0 else ""
    return f"{sign}{abs(year):04d}-{month:02d}-{day:02d}T00:00:00"


def _with_zone(moment: str, zone: str | None) -> str:
    return moment + ("Z" if zone in ("+00:00", "-00:00") else zone or "")


def _duration(allow_months: bool, allow_seconds: bool) -> Callable[[str], str | None]:
    def canonicalise(text: str) -> str | None:
        match = _DURATION.fullmatch(text)
        if match is None or text.strip("-") in ("P", "PT"):
            return None
        parts = match.groupdict()
        in_months = parts["years"] is not None or parts["months"] is not None
        in_seconds = any(parts[name] is not None for name in ("days", "hours", "minutes", "seconds"))
        if (in_months and not allow_months) or (in_seconds and not allow_seconds):
            return None
        return _carried(parts, zero="PT0S" if allow_seconds else "P0M")

    return canonicalise


def _carried(parts: Mapping[str, str | None], zero: str) -> str | None:
    number = {
        name: int(parts[name] or 0) for name in ("years", "months", "days", "hours", "minutes", "seconds")
    }
    fraction = (parts["fraction"] or "").rstrip("0")
    months = number["years"] * 12 + number["months"]
    total = ((number["days"] * 24 + number["hours"]) * 60 + number["minutes"]) * 60 + number["seconds"]
    if len(fraction) > _PLACES or months >= 2**63 or int(f"{total}{fraction:0<{_PLACES}}") >= 2**127:
        return None
    body = _date_units(months, total // 86400) + _clock_units(total % 86400, fraction)
    return (parts["minus"] or "") + "P" + body if body else zero


def _date_units(months: int, days: int) -> str:
    units = ((months // 12, "Y"), (months % 12, "M"), (days, "D"))
    return "".join(f"{count}{unit}" for count, unit in units if count)


def _clock_units(seconds: int, fraction: str) -> str:
    units = ((seconds // 3600, "H"), (seconds // 60 % 60, "M"))
    text = "".join(f"{count}{unit}" for count, unit in units if count)
    if fraction:
        text += f"{seconds % 60}.{fraction}S"
    elif seconds % 60:
        text += f"{seconds % 60}S"
    return "T" + text if text else ""


_DATE_TIME: Final = f"{_YEAR}-{_MONTH}-{_DAY}T{_CLOCK}"

CANONICALISERS: Final[Mapping[str, Callable[[str], str | None]]] = MappingProxyType(
    {
        "dateTime": _calendar(_DATE_TIME),
        "dateTimeStamp": _calendar(_DATE_TIME),
        "date": _calendar(f"{_YEAR}-{_MONTH}-{_DAY}"),
        "time": _calendar(_CLOCK),
        "gYear": _calendar(_YEAR),
        "gYearMonth": _calendar(f"{_YEAR}-{_MONTH}"),
        "gMonth": _calendar(f"--{_MONTH}"),
        "gDay": _calendar(f"---{_DAY}"),
        "gMonthDay": _calendar(f"--{_MONTH}-{_DAY}"),
        "duration": _duration(allow_months=True, allow_seconds=True),
        "yearMonthDuration": _duration(allow_months=True, allow_seconds=False),
        "dayTimeDuration": _duration(allow_months=False, allow_seconds=True),
    }
)
