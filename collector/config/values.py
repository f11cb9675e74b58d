"""The types a value of sources.yaml may have: from text to meaning, with a fault that says what was expected.

A fault quotes the text it complains about only if that did not come from the environment; types for secrets never do.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Annotated, Any, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, WithJsonSchema

from collector.config import address
from collector.config.duration import EXPECTED, PATTERN, duration, spoken
from collector.config.problems import Fault, nearest, printable
from collector.config.secret import Secret
from collector.config.tree import Block, Listing, Scalar
from collector.model.plan import QuietHours

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})(?:[eE][+-]?[0-9]{1,3})?")
_BREAKING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKUP = frozenset('{}<>`"\\')
MAX_NAME_CHARS = 80
MAX_TEXT_CHARS = 2000
MIN_PASSWORD_CHARS = 12  # of what opens the page to other machines


def shown(value: Scalar) -> str:
    """How a fault speaks of the value it complains about."""
    return "the value from the environment" if value.from_environment else f'"{printable(value)}"'


def scalar(value: Any, expected: str) -> Scalar:
    """``value`` if it is a single value; Fault for lists, blocks and nothing."""
    if isinstance(value, Scalar):
        return value
    if value is None:
        raise Fault("has no value", expected=expected)
    raise Fault("is a list" if isinstance(value, Listing) else "is a block of keys", expected=expected)


def _text(value: Any, expected: str = "text", *, limit: int = MAX_TEXT_CHARS) -> Scalar:
    given = scalar(value, expected)
    if _BREAKING.search(given):
        raise Fault("holds a line break or control character", expected=f"{expected} in one line")
    if not given.strip():
        raise Fault("is empty", expected=expected)
    if len(given) > limit:
        raise Fault("is too long", expected=f"at most {limit} characters")
    return given


def _plain_text(value: Any) -> str:
    return str(_text(value)).strip()


def _name(value: Any) -> str:
    """Names go into subjects, pages and commands: one line, nothing that a template or page would take for itself."""
    given = _text(value, "a name", limit=MAX_NAME_CHARS)
    if _MARKUP & set(given):
        raise Fault(f"{shown(given)} is no name", expected='letters, digits and signs other than { } < > ` " \\')
    return str(given).strip()


def _topic_id(value: Any) -> str:
    given = _text(value, "an id", limit=64)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", given):
        raise Fault(f"{shown(given)} is no id", expected="small letters, digits, _ and -, such as sekolah_gratis")
    return str(given)


def _partner_name(value: Any) -> str:
    given = _text(value, "a name", limit=40)
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", given):
        raise Fault(
            f"{shown(given)} cannot stand in an address", expected="small letters, digits and -, such as kominfo"
        )
    return str(given)


def _yes_or_no(value: Any) -> bool:
    given = scalar(value, "true or false")
    if given.lower() not in {"true", "false"}:
        guess = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}
        hint = guess.get(given.lower()) or nearest(given, ["true", "false"])
        raise Fault(f"{shown(given)} is neither", expected="true or false", nearest=hint)
    return given.lower() == "true"


def _whole_number(low: int, high: int) -> Callable[[Any], int]:
    expected = f"a whole number from {low} to {high}"

    def check(value: Any) -> int:
        given = scalar(value, expected)
        if not _WHOLE_NUMBER.fullmatch(given) or not low <= int(given) <= high:
            raise Fault(f"{shown(given)} will not do", expected=expected)
        return int(given)

    return check


def _number(low: float, high: float) -> Callable[[Any], float]:
    expected = f"a number from {low:g} to {high:g}"

    def check(value: Any) -> float:
        given = scalar(value, expected)
        number = float(given) if _NUMBER.fullmatch(given) else math.nan
        if not low <= number <= high:
            raise Fault(f"{shown(given)} will not do", expected=expected)
        return number

    return check


def _length(low: timedelta, high: timedelta, *, whole_hours: bool = False) -> Callable[[Any], timedelta]:
    expected = f"{EXPECTED}, from {spoken(low)} to {spoken(high)}" + (", in whole hours" if whole_hours else "")

    def check(value: Any) -> timedelta:
        given = scalar(value, expected)
        try:
            length = duration(given)
        except ValueError:
            raise Fault(f"{shown(given)} is no length of time", expected=expected, nearest=_with_unit(given)) from None
        if not low <= length <= high or (whole_hours and length % timedelta(hours=1)):
            raise Fault(f"{shown(given)} will not do", expected=expected)
        return length

    return check


def _with_unit(given: Scalar) -> str | None:
    """``30`` was probably minutes; ``30 min`` and ``2 jam`` were surely meant as units of ours."""
    found = re.fullmatch(r"(\d{1,5})\s*([a-z]*)\.?", given.lower())
    if not found or given.from_environment:
        return None
    units = {
        "": "m",
        "sec": "s",
        "detik": "s",
        "min": "m",
        "menit": "m",
        "hour": "h",
        "jam": "h",
        "day": "d",
        "hari": "d",
    }
    unit = units.get(found[2]) or units.get(found[2].rstrip("s"))
    return found[1] + unit if unit and int(found[1]) else None


def one_of(*choices: str) -> Callable[[Any], str]:
    """A validator for a fixed set of words."""
    expected = " | ".join(choices)

    def check(value: Any) -> str:
        given = scalar(value, expected)
        if given not in choices:
            raise Fault(f"{shown(given)} is unknown", expected=expected, nearest=_near(given, choices))
        return str(given)

    return check


def plugin(group: str, *built_in: str) -> Callable[[Any], str]:
    """A built-in word, or a name that an installed package offers under the entry-point ``group``."""

    def check(value: Any) -> str:
        expected = " | ".join(built_in)
        given = scalar(value, expected)
        if given in built_in:
            return str(given)
        from importlib.metadata import entry_points

        offered = sorted({entry.name for entry in entry_points(group=group)})
        if given not in offered:
            near = _near(given, (*built_in, *offered))
            raise Fault(f"{shown(given)} is unknown", expected=" | ".join((*built_in, *offered)), nearest=near)
        return str(given)

    return check


def _near(given: Scalar, choices: tuple[str, ...]) -> str | None:
    return None if given.from_environment else nearest(given, choices)


def _url(value: Any) -> str:
    given = scalar(value, "an address that begins with https:// or http://")
    address.check_url(given)
    if address.has_credentials(given):
        raise Fault("holds a user name or password", expected="an address without them: it is shown in logs and pages")
    return str(given)


def _source_url(value: Any) -> str:
    """Which forms a kind takes is checked where the kind is known."""
    given = scalar(value, "an address that begins with https:// or http://")
    return str(given) if given.startswith("@") else _url(given)


def _secret_url(value: Any) -> Secret:
    given = scalar(value, "an address that begins with https:// or http://")
    address.check_url(given)
    return Secret(str(given))


def _secret(value: Any) -> Secret:
    given = scalar(value, "a secret, better as ${NAME}")
    if not given.strip():
        raise Fault("is empty", expected="a secret, better as ${NAME}")
    if _BREAKING.search(given):
        raise Fault("holds a line break or control character", expected="a secret in one line")
    return Secret(str(given))


def _signing_key(value: Any) -> Secret:
    """After the Standard Webhooks: any text, or base64 after ``whsec_``."""
    secret = _secret(value)
    key = secret.reveal()
    if key.startswith("whsec_"):
        try:
            base64.b64decode(key.removeprefix("whsec_"), validate=True)
        except ValueError:
            raise Fault("is no key", expected="base64 after whsec_, or any text without that") from None
    return secret


def _email(value: Any) -> str:
    given = _text(value, "a mail address such as desk@example.org")
    address.check_email(given)
    return str(given)


def _smarthost(value: Any) -> str:
    given = _text(value, 'a host and a port such as "smtp.example.org:587"')
    address.check_host_port(given)
    return str(given)


def _listen(value: Any) -> str:
    expected = 'an address of this machine and a port such as "127.0.0.1:8080" or "0.0.0.0:8080"'
    given = _text(value, expected)
    try:
        address.check_host_port(given)
    except Fault:
        raise Fault(f"{shown(given)} is no address and port", expected=expected) from None
    host = given.rpartition(":")[0].strip("[]")
    if host != "localhost" and address.literal(host) is None:
        raise Fault(f"{shown(given)} is no address of a machine", expected=expected)
    return str(given)


def _machine_address(value: Any) -> str:
    expected = "the address of one machine such as 127.0.0.1"
    given = _text(value, expected)
    found = address.literal(given.strip("[]"))
    if found is None:
        raise Fault(f"{shown(given)} is no address of a machine", expected=expected)
    return str(found)


def _base_url(value: Any) -> str:
    """Scheme and host, nothing after them: links are made by adding a path."""
    expected = "scheme and host such as https://siaga.example.org"
    given = scalar(value, expected)
    address.check_url(given)
    if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]_-]+/?", given):
        raise Fault("holds more than scheme and host", expected=expected)
    return str(given).rstrip("/").lower()


def _passphrase(value: Any) -> Secret:
    secret = _secret(value)
    if len(secret.reveal()) < MIN_PASSWORD_CHARS:
        raise Fault("is too short", expected=f"at least {MIN_PASSWORD_CHARS} characters, better as ${{NAME}}")
    return secret


def _allowance(value: Any) -> str:
    given = _text(value, 'host:port, an address or a network, such as "127.0.0.1:8801" or "10.0.0.0/8"')
    address.check_allowance(given)
    return str(given)


def _contact(value: Any) -> str:
    expected = "mailto:desk@example.org or an address that begins with https://"
    given = _text(value, expected, limit=200)
    try:
        if given.startswith("mailto:"):
            address.check_email(given.removeprefix("mailto:"))
        else:
            address.check_url(given)
    except Fault:
        raise Fault(f"{shown(given)} is no way to reach you", expected=expected) from None
    if not given.isascii():
        raise Fault("holds letters outside ASCII", expected=expected)
    return str(given)


def _zone(value: Any) -> ZoneInfo:
    expected = "a time zone such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura"
    given = _text(value, expected, limit=64)
    try:
        return ZoneInfo(given)
    except (KeyError, ValueError, OSError):
        from zoneinfo import available_timezones

        near = None if given.from_environment else _zone_near(given, available_timezones())
        raise Fault(f"{shown(given)} is no time zone", expected=expected, nearest=near) from None


def _zone_near(given: str, zones: set[str]) -> str | None:
    short = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
    return short.get(given.lower()) or nearest(given, sorted(zones))


def _database(value: Any) -> str:
    """A path beside or below the folder of sources.yaml, or one written out from the root; never up and away."""
    expected = "a file beside sources.yaml such as siaga.db, or a path that begins with /"
    given = _text(value, expected, limit=1000)
    parts = given.replace("\\", "/").split("/")
    if ".." in parts:
        raise Fault("climbs out of its folder (..)", expected=expected)
    if parts[-1] in {"", "."}:
        raise Fault("names a folder", expected=expected)
    return str(given)


def _file(value: Any) -> str:
    return str(_text(value, "a path", limit=1000))


def version(value: Any) -> int:
    """Of the file format; there is only one yet."""
    given = scalar(value, "1")
    if given != "1":
        raise Fault(f"{shown(given)} is not a version this Siaga reads", expected="1")
    return 1


def _lang(value: Any) -> str:
    given = scalar(value, "a language code such as id or en")
    if not re.fullmatch(r"[a-z]{2,3}", given):
        raise Fault(f"{shown(given)} is no language code", expected="a language code such as id or en")
    return str(given)


def _day(value: Any) -> date:
    given = scalar(value, "a day such as 2029-02-14")
    try:
        return date.fromisoformat(given.strip())
    except ValueError:
        raise Fault(f"{shown(given)} is no day", expected="year-month-day, such as 2029-02-14") from None


_CLOCK = re.compile(r"([01][0-9]|2[0-3])[:.]([0-5][0-9])")


def _clock(given: str) -> time | None:
    found = _CLOCK.fullmatch(given.strip())
    return time(int(found[1]), int(found[2])) if found else None


def _time_of_day(value: Any) -> time:
    given = scalar(value, "a time of day such as 07:00")
    at = _clock(given)
    if at is None:
        raise Fault(
            f"{shown(given)} is no time of day", expected="hours and minutes from 00:00 to 23:59, such as 07:00"
        )
    return at


def _quiet_hours(value: Any) -> QuietHours:
    expected = 'two times of day such as "22:00-06:00"'
    given = scalar(value, expected)
    start, _, end = given.replace("–", "-").partition("-")
    first, last = _clock(start), _clock(end)
    if first is None or last is None:
        raise Fault(f"{shown(given)} will not do", expected=expected)
    if first == last:
        raise Fault("begins and ends at the same time", expected=expected)
    return QuietHours(start=first, end=last)


def listing(value: Any) -> Any:
    """A list; nothing after the colon is an empty one."""
    if value is None:
        return []
    if isinstance(value, Listing):
        return list(value)
    if isinstance(value, Block):
        raise Fault("is a block of keys", expected='a list: lines that begin with "- "')
    raise Fault("is a single value", expected='a list: lines that begin with "- ", or [one, two]')


def block(value: Any) -> Any:
    """A block of keys; nothing after the colon is an empty one."""
    return {} if value is None else value


_TEXT = {"type": "string"}
_LENGTH = {"type": "string", "pattern": PATTERN}

Text: TypeAlias = Annotated[str, BeforeValidator(_plain_text), WithJsonSchema(_TEXT)]
Word: TypeAlias = Annotated[str, BeforeValidator(_plain_text), WithJsonSchema({"type": ["string", "number"]})]
Name: TypeAlias = Annotated[str, BeforeValidator(_name), WithJsonSchema({**_TEXT, "maxLength": MAX_NAME_CHARS})]
TopicId: TypeAlias = Annotated[
    str, BeforeValidator(_topic_id), WithJsonSchema({**_TEXT, "pattern": "^[a-z0-9][a-z0-9_-]*$"})
]
PartnerName: TypeAlias = Annotated[
    str, BeforeValidator(_partner_name), WithJsonSchema({**_TEXT, "pattern": "^[a-z0-9][a-z0-9-]*$", "maxLength": 40})
]
Flag: TypeAlias = Annotated[bool, BeforeValidator(_yes_or_no), WithJsonSchema({"type": "boolean"})]
Url: TypeAlias = Annotated[str, BeforeValidator(_url), WithJsonSchema(_TEXT)]
SourceUrl: TypeAlias = Annotated[str, BeforeValidator(_source_url), WithJsonSchema(_TEXT)]
SecretUrl: TypeAlias = Annotated[Secret, BeforeValidator(_secret_url), WithJsonSchema(_TEXT)]
SecretText: TypeAlias = Annotated[Secret, BeforeValidator(_secret), WithJsonSchema(_TEXT)]
SigningKey: TypeAlias = Annotated[Secret, BeforeValidator(_signing_key), WithJsonSchema(_TEXT)]
EmailAddress: TypeAlias = Annotated[str, BeforeValidator(_email), WithJsonSchema({**_TEXT, "format": "email"})]
Smarthost: TypeAlias = Annotated[str, BeforeValidator(_smarthost), WithJsonSchema({**_TEXT, "pattern": ":[0-9]+$"})]
Listen: TypeAlias = Annotated[str, BeforeValidator(_listen), WithJsonSchema({**_TEXT, "pattern": ":[0-9]+$"})]
MachineAddress: TypeAlias = Annotated[str, BeforeValidator(_machine_address), WithJsonSchema(_TEXT)]
BaseUrl: TypeAlias = Annotated[
    str, BeforeValidator(_base_url), WithJsonSchema({**_TEXT, "pattern": "^https?://[^/]+/?$"})
]
Passphrase: TypeAlias = Annotated[Secret, BeforeValidator(_passphrase), WithJsonSchema(_TEXT)]
Allowance: TypeAlias = Annotated[str, BeforeValidator(_allowance), WithJsonSchema(_TEXT)]
Contact: TypeAlias = Annotated[
    str, BeforeValidator(_contact), WithJsonSchema({**_TEXT, "pattern": "^(mailto:|https?://)"})
]
Zone: TypeAlias = Annotated[ZoneInfo, BeforeValidator(_zone), WithJsonSchema(_TEXT)]
DatabasePath: TypeAlias = Annotated[str, BeforeValidator(_database), WithJsonSchema(_TEXT)]
FilePath: TypeAlias = Annotated[str, BeforeValidator(_file), WithJsonSchema(_TEXT)]
LanguageCode: TypeAlias = Annotated[str, BeforeValidator(_lang), WithJsonSchema({**_TEXT, "pattern": "^[a-z]{2,3}$"})]

_SECOND, _MINUTE, _HOUR, _DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


TimeOfDay: TypeAlias = Annotated[
    time, BeforeValidator(_time_of_day), WithJsonSchema({**_TEXT, "pattern": "^([01][0-9]|2[0-3])[:.][0-5][0-9]$"})
]
QuietTimes: TypeAlias = Annotated[QuietHours, BeforeValidator(_quiet_hours), WithJsonSchema(_TEXT)]
Wait: TypeAlias = Annotated[timedelta, BeforeValidator(_length(0 * _SECOND, _HOUR)), WithJsonSchema(_LENGTH)]
Gap: TypeAlias = Annotated[timedelta, BeforeValidator(_length(0 * _SECOND, _HOUR)), WithJsonSchema(_LENGTH)]
Interval: TypeAlias = Annotated[timedelta, BeforeValidator(_length(_SECOND, 31 * _DAY)), WithJsonSchema(_LENGTH)]
Deadline: TypeAlias = Annotated[timedelta, BeforeValidator(_length(_SECOND, 10 * _MINUTE)), WithJsonSchema(_LENGTH)]
Quiet: TypeAlias = Annotated[timedelta, BeforeValidator(_length(_MINUTE, 366 * _DAY)), WithJsonSchema(_LENGTH)]
Repeat: TypeAlias = Annotated[timedelta, BeforeValidator(_length(_MINUTE, 366 * _DAY)), WithJsonSchema(_LENGTH)]
Window: TypeAlias = Annotated[
    timedelta, BeforeValidator(_length(_HOUR, 60 * _DAY, whole_hours=True)), WithJsonSchema(_LENGTH)
]
Keep: TypeAlias = Annotated[timedelta, BeforeValidator(_length(_DAY, 36_500 * _DAY)), WithJsonSchema(_LENGTH)]

Day: TypeAlias = Annotated[date, BeforeValidator(_day), WithJsonSchema({**_TEXT, "format": "date"})]

Count: TypeAlias = Annotated[
    int,
    BeforeValidator(_whole_number(1, 1_000_000)),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 1_000_000}),
]
Ratio: TypeAlias = Annotated[
    float, BeforeValidator(_number(0, 1)), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1})
]
Times: TypeAlias = Annotated[
    float, BeforeValidator(_number(1, 1000)), WithJsonSchema({"type": "number", "minimum": 1, "maximum": 1000})
]
Step: TypeAlias = Annotated[
    float, BeforeValidator(_number(1.1, 100)), WithJsonSchema({"type": "number", "minimum": 1.1, "maximum": 100})
]
Growth: TypeAlias = Annotated[
    float, BeforeValidator(_number(1, 10)), WithJsonSchema({"type": "number", "minimum": 1, "maximum": 10})
]
Share: TypeAlias = Annotated[
    float, BeforeValidator(_number(0.1, 1)), WithJsonSchema({"type": "number", "minimum": 0.1, "maximum": 1})
]
