"""What is allowed in sources.yaml but hardly meant: warnings for ``siaga check``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from collector.config import address
from collector.config.settings import Apprise, Email, Settings, Webhook

USUAL_NEEDS = timedelta(days=15)


def advice(settings: Settings) -> tuple[str, ...]:
    """One sentence per oddity, in the order of the file."""
    return tuple(
        sentence
        for check in (_network, _sources, _rules, _receivers, _operator, _retention)
        for sentence in check(settings)
    )


def _network(settings: Settings) -> Iterator[str]:
    if settings.network.contact is None:
        yield "network.contact is not set: sites cannot tell who is asking"
    for entry in settings.network.allow_private:
        if entry.endswith("/0"):
            yield f'network.allow_private: "{entry}" allows every address'


def _sources(settings: Settings) -> Iterator[str]:
    watched = [source for source in settings.sources if source.enabled]
    if not watched:
        yield "no source is enabled: nothing will be collected"
    for url, count in Counter(source.url for source in watched).items():
        if count > 1:
            yield f"{count} enabled sources have the address {url}"
    for source in watched:
        if not source.url.startswith("@") and _is_private(source.url, settings.network.allow_private):
            yield f'source "{source.id}" has a private address and will be refused: name it in network.allow_private'
        if source.expect_every is not None and source.expect_every < source.every:
            yield f'source "{source.id}": expect_every is shorter than every, so it will always seem quiet'
    yield from _articles([source.id for source in watched if source.article])


def _articles(names: list[str]) -> Iterator[str]:
    if names and find_spec("trafilatura") is None:
        listed = f'"{names[0]}"' + (f" and {len(names) - 1} more" if len(names) > 1 else "")
        yield (
            f"article: true for {listed}: trafilatura is not installed, so their pages are read in a plainer way that "
            'finds less; install it with: pip install "siaga[article]"'
        )


def _is_private(url: str, allowed: tuple[str, ...]) -> bool:
    host, port = address.host_and_port(url)
    machine = address.literal(host)
    private = host == "localhost" or (machine is not None and not machine.is_global)
    return private and not address.is_allowed(host, port, allowed)


def _rules(settings: Settings) -> Iterator[str]:
    if not settings.rules:
        yield "no rules: there will never be an alert"
    if not settings.topics:
        yield "no topics: nothing will be found"
    for rule in settings.rules:
        if not rule.receivers:
            yield f'rule "{rule.name}" has no receiver: its alerts are stored and sent to nobody'
    heard = {name for rule in settings.rules for name in rule.receivers}
    if heard and all(_is_console(settings, name) for name in heard):
        yield "alerts go to the console only: nobody is told who does not look there"


def _is_console(settings: Settings, name: str) -> bool:
    receiver = settings.receiver(name)
    return receiver is not None and receiver.kind == "console"


def _receivers(settings: Settings) -> Iterator[str]:
    used = {name for rule in settings.rules for name in rule.receivers} | set(settings.operator)
    for receiver in settings.receivers:
        channel = receiver.channel
        if receiver.name not in used:
            yield f'receiver "{receiver.name}" is used by no rule'
        if isinstance(channel, Email):
            yield from _email(receiver.name, channel)
        if isinstance(channel, Webhook) and channel.secret is None:
            yield f'receiver "{receiver.name}": without a secret nobody can tell whether a message is ours'
        if isinstance(channel, Apprise) and find_spec("apprise") is None:
            yield f'receiver "{receiver.name}": apprise is not installed; install it with: pip install "siaga[chat]"'


def _email(name: str, channel: Email) -> Iterator[str]:
    if channel.tls == "none" and (channel.password or channel.password_file):
        yield f'receiver "{name}": with tls: none the password travels unencrypted'
    if channel.password_file is not None and not _is_readable(channel.password_file):
        yield f'receiver "{name}": {channel.password_file} cannot be read now'


def _is_readable(path: Path) -> bool:
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False


def _operator(settings: Settings) -> Iterator[str]:
    if not settings.operator:
        yield "operator.receivers is empty: failing sources and undeliverable alerts are told to nobody"


def _retention(settings: Settings) -> Iterator[str]:
    longest = max((rule.window for rule in settings.rules), default=timedelta(0))
    if any(rule.method == "ratio" for rule in settings.rules):
        longest += USUAL_NEEDS
    if min(settings.retention.items, settings.retention.polls) < longest:
        yield "retention is shorter than what the rules look back: they will miss the beginning"
