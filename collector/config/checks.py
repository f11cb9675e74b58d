"""What must hold between keys: names that are unique, names that exist, keys that need or exclude one another.

Works on the tree, not on the finished document, so that these problems are told together with all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeAlias

from collector.config import address
from collector.config.calendar import shipped_events
from collector.config.document import CHANNELS, SELECTORS, SOURCE_KINDS, TOPIC_WORDS
from collector.config.problems import Fault, Path, nearest, printable
from collector.config.topics import shipped_topics
from collector.config.tree import Block, Listing, Node, Scalar

Finding: TypeAlias = tuple[Path, Fault]


def findings(root: Block) -> Iterator[Finding]:
    """Every broken relation, with the path of the value (or missing key) it is told at."""
    for check in (_names_are_unique, _sources, _topics, _calendar, _rules, _receivers, _operator, _partners, _web):
        yield from check(root)


def _blocks(root: Block, key: str) -> Iterator[tuple[tuple[str, int], Block]]:
    listing = root.get(key)
    if isinstance(listing, Listing):
        for index, node in enumerate(listing):
            if isinstance(node, Block):
                yield (key, index), node


def _words(block: Block, key: str) -> Iterator[tuple[int, Scalar]]:
    listing = block.get(key)
    if isinstance(listing, Listing):
        for index, node in enumerate(listing):
            if isinstance(node, Scalar):
                yield index, node


def _names(root: Block, key: str, field: str = "name") -> list[str]:
    named = (block.get(field) for _, block in _blocks(root, key))
    return [name.strip() for name in named if isinstance(name, Scalar)]


def _names_are_unique(root: Block) -> Iterator[Finding]:
    for key, field in (("sources", "name"), ("rules", "name"), ("receivers", "name"), ("partners", "name")):
        nodes = (((*path, field), block.get(field)) for path, block in _blocks(root, key))
        yield from _repeated(nodes, f"another of the {key} has this name")
    topics = root.get("topics")
    if isinstance(topics, Listing):
        yield from _repeated(
            (
                (("topics", i, "id"), node.get("id")) if isinstance(node, Block) else (("topics", i), node)
                for i, node in enumerate(topics)
            ),
            "this topic is listed already",
        )


def _repeated(nodes: Iterator[tuple[Path, Node]], fault: str, expected: str = "a name of its own") -> Iterator[Finding]:
    first: dict[str, Scalar] = {}
    for path, node in nodes:
        if isinstance(node, Scalar) and (same := first.setdefault(node.strip(), node)) is not node:
            yield path, Fault(f"{fault} (line {same.mark.line})", expected=expected)


def _sources(root: Block) -> Iterator[Finding]:
    allowed = _allowances(root)
    for path, source in _blocks(root, "sources"):
        kind = source.get("kind")
        yield from _selectors(path, source, kind)
        yield from _article(path, source, kind)
        url = source.get("url")
        if isinstance(url, Scalar):
            at = (*path, "url")
            yield from _form(at, url, kind)
            yield from _link_local(at, url, allowed)


def _allowances(root: Block) -> tuple[str, ...]:
    network = root.get("network")
    return tuple(str(word) for _, word in _words(network, "allow_private")) if isinstance(network, Block) else ()


def _selectors(path: Path, source: Block, kind: Node) -> Iterator[Finding]:
    if kind == "page":
        if source.get("item") is None:
            yield (*path, "item"), Fault("is missing", expected="a CSS selector of one story: a page needs it")
        for key in SELECTORS:
            selector = source.get(key)
            if isinstance(selector, Scalar):
                yield from _css((*path, key), selector)
    elif kind is None or kind in SOURCE_KINDS:
        for key in SELECTORS:
            if key in source:
                yield (*path, key), Fault("is for pages", expected="kind: page beside it, or not this key")


def _article(path: Path, source: Block, kind: Node) -> Iterator[Finding]:
    """A channel's posts come whole."""
    switch = source.get("article")
    if kind == "telegram" and isinstance(switch, Scalar) and switch.lower() == "true":
        yield (*path, "article"), Fault("is not for telegram", expected="another kind beside it, or not this key")


def _css(path: Path, selector: Scalar) -> Iterator[Finding]:
    import soupsieve  # only those pay who watch pages

    try:
        soupsieve.compile(selector)
    except (soupsieve.SelectorSyntaxError, NotImplementedError, ValueError, RecursionError) as error:
        reason = "" if selector.from_environment else f" ({printable(str(error).splitlines()[0])})"
        yield path, Fault(f"is no CSS selector{reason}", expected='a selector such as "div.card h5 a"')


def _form(path: Path, url: Scalar, kind: Node) -> Iterator[Finding]:
    """What only some kinds take: channels for telegram, plain addresses for the rest."""
    if kind == "telegram":
        if not address.telegram_channel(url) and not _is_preview(url):
            yield path, Fault("names no public channel", expected="https://t.me/s/NAME, https://t.me/NAME or @NAME")
    elif url.startswith("@"):
        yield path, Fault("is no address", expected="an address that begins with https://, or kind: telegram")


def _is_preview(url: str) -> bool:
    """A preview page of another host: a mirror, or a rehearsal on one's own machine."""
    return url.startswith(("http://", "https://")) and "/s/" in url


def _link_local(path: Path, url: Scalar, allowed: tuple[str, ...]) -> Iterator[Finding]:
    """169.254.169.254 gives away a cloud machine's keys. Other private addresses are refused when fetched."""
    try:
        address.check_url(url)
    except Fault:
        return
    host, port = address.host_and_port(url)
    machine = address.literal(host)
    if machine is not None and machine.is_link_local and not address.is_allowed(host, port, allowed):
        yield (
            path,
            Fault("is an address inside a machine's own network", expected="a public one, or network.allow_private"),
        )


def _topics(root: Block) -> Iterator[Finding]:
    for index, topic in _words(root, "topics"):
        if topic not in shipped_topics():
            yield ("topics", index), _unknown(topic, "topic", shipped_topics())
    for path, own in _blocks(root, "topics"):
        if not any(own.get(key) for key in TOPIC_WORDS):
            yield path, Fault("has no word that could match", expected=f"one of {', '.join(TOPIC_WORDS)}")


def _unknown(word: Scalar, what: str, known: Iterable[str]) -> Fault:
    names = tuple(known)
    if word in shipped_topics():
        return Fault(f'"{word}" is no {what}', expected="it in the list topics, or another topic of this file")
    told = "the name from the environment" if word.from_environment else f'"{printable(word)}"'
    some = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
    near = None if word.from_environment else nearest(word, names)
    return Fault(f"{told} is no {what}", expected=f"one of {some}" if names else f"a {what} of this file", nearest=near)


def _topic_ids(root: Block) -> tuple[str, ...]:
    """What rules may name. A file that lists no topics has all shipped ones."""
    if not isinstance(root.get("topics"), Listing):
        return tuple(shipped_topics())
    return (*(str(word).strip() for _, word in _words(root, "topics")), *_names(root, "topics", "id"))


def _calendar(root: Block) -> Iterator[Finding]:
    for index, event in _words(root, "calendar"):
        if event not in shipped_events():
            yield ("calendar", index), _unknown(event, "event", shipped_events())
    topics = _topic_ids(root)
    for path, own in _blocks(root, "calendar"):
        yield from _known(path, own, "topics", "topic of this file", topics)
        first, last = own.get("from"), own.get("to")
        if isinstance(first, Scalar) and isinstance(last, Scalar) and _comes_before(last, first):
            yield (*path, "to"), Fault("comes before from", expected="a day on or after it")


def _comes_before(day: Scalar, other: Scalar) -> bool:
    try:
        return date.fromisoformat(day.strip()) < date.fromisoformat(other.strip())
    except ValueError:  # told as what it is elsewhere
        return False


def _rules(root: Block) -> Iterator[Finding]:
    topics, receivers = _topic_ids(root), _names(root, "receivers")
    for path, rule in _blocks(root, "rules"):
        yield from _known(path, rule, "topics", "topic of this file", topics)
        yield from _known(path, rule, "receivers", "receiver", receivers)


def unused(root: Block) -> Iterator[str]:
    """Keys that are right and change nothing beside the others: told as a warning, for they are often left over."""
    for (_, index), rule in _blocks(root, "rules"):
        method, count = rule.get("method") or "auto", rule.get("count") or "suspicious"
        if "times" in rule and method in ("auto", "threshold"):
            yield f"rules[{index}].times is not used: it belongs to method: ratio"
        if "sensitivity" in rule and method in ("threshold", "ratio"):
            yield f"rules[{index}].sensitivity is not used: it belongs to method: auto"
        if "suspicion_at_least" in rule and count != "suspicious":
            yield f"rules[{index}].suspicion_at_least is not used: it belongs to count: suspicious"
        if count == "issues" and rule.get("per") == "issue":
            yield f"rules[{index}]: an issue is one issue, so count: issues never grows with per: issue"
    for (_, index), receiver in _blocks(root, "receivers"):
        yield from _unused_times(f"receivers[{index}]", receiver)


def _unused_times(place: str, receiver: Block) -> Iterator[str]:
    digests = receiver.get("mode") == "digest"
    if "digest_at" in receiver and not digests:
        yield f"{place}.digest_at is not used: it belongs to mode: digest"
    if "quiet_hours" in receiver and digests:
        yield f"{place}.quiet_hours is not used: digests come at digest_at, urgent alerts at any time"
    if "urgent_from" in receiver and not digests and "quiet_hours" not in receiver:
        yield f"{place}.urgent_from is not used: it belongs to mode: digest or quiet_hours"


def _known(path: Path, block: Block, key: str, what: str, known: Iterable[str]) -> Iterator[Finding]:
    names = dict.fromkeys(known)
    for index, word in _words(block, key):
        if word.strip() not in names:
            yield (*path, key, index), _unknown(word, what, names)


def _operator(root: Block) -> Iterator[Finding]:
    operator = root.get("operator")
    if isinstance(operator, Block):
        yield from _known(("operator",), operator, "receivers", "receiver", _names(root, "receivers"))


def _partners(root: Block) -> Iterator[Finding]:
    """A report desk needs the page to stand on."""
    allowed, topics = _allowances(root), _topic_ids(root)
    for path, partner in _blocks(root, "partners"):
        yield from _known(path, partner, "topics", "topic of this file", topics)
        for side in ("send", "receive"):
            if side in partner and partner[side] is None:
                yield (*path, side), Fault("has no value", expected="a block of keys")
        send = partner.get("send")
        if isinstance(send, Block) and isinstance(send.get("url"), Scalar):
            yield from _link_local((*path, "send", "url"), send["url"], allowed)  # type: ignore[arg-type]
        if partner.get("receive") is not None and root.get("web") is None:
            yield (*path, "receive"), Fault("has no page to arrive at", expected="web: in this file")


def _web(root: Block) -> Iterator[Finding]:
    """The page tells what a desk is looking at: other machines see it only behind a password."""
    web = root.get("web")
    if isinstance(web, Block) and web.get("trusted_proxy") is not None and not _is_closed(web):
        yield (
            ("web", "trusted_proxy"),
            Fault("lets whoever asks the proxy in without a password", expected="password or token beside it"),
        )
    listen = web.get("listen") if isinstance(web, Block) else None
    if not isinstance(web, Block) or not isinstance(listen, Scalar):
        return
    host = listen.strip().rpartition(":")[0].strip("[]")
    machine = address.literal(host)
    if machine is None or machine.is_loopback:
        return
    if not _is_closed(web):
        yield (
            ("web", "listen"),
            Fault("lets other machines in without a password", expected="127.0.0.1:8080, or password beside it"),
        )
    if machine.is_unspecified and web.get("base_url") is None:
        yield (
            ("web", "listen"),
            Fault("is every address of this machine", expected="base_url beside it: the one that people type"),
        )


def _is_closed(web: Block) -> bool:
    return web.get("password") is not None or web.get("token") is not None


def _receivers(root: Block) -> Iterator[Finding]:
    allowed = _allowances(root)
    for path, receiver in _blocks(root, "receivers"):
        given = [channel for channel in CHANNELS if channel in receiver]
        if len(given) != 1:
            many = f"has {' and '.join(given)}" if given else "says not where to"
            yield path, Fault(many, expected="exactly one of email, webhook, apprise and console")
        yield from _digest(path, receiver)
        for channel in ("email", "webhook"):
            if channel in receiver and receiver[channel] is None:
                yield (*path, channel), Fault("has no value", expected="a block of keys")
        if "apprise" in receiver and receiver["apprise"] is None:
            yield (*path, "apprise"), Fault("has no value", expected="an address for apprise, better as ${NAME}")
        email, webhook = receiver.get("email"), receiver.get("webhook")
        if isinstance(email, Block):
            yield from _log_in((*path, "email"), email)
        if isinstance(webhook, Block) and isinstance(webhook.get("url"), Scalar):
            yield from _link_local((*path, "webhook", "url"), webhook["url"], allowed)  # type: ignore[arg-type]


def _digest(path: Path, receiver: Block) -> Iterator[Finding]:
    if receiver.get("mode") == "digest" and not receiver.get("digest_at"):
        yield (*path, "digest_at"), Fault("is missing", expected='times of day such as ["07:00", "15:00"]')
    times = (((*path, "digest_at", index), word) for index, word in _words(receiver, "digest_at"))
    yield from _repeated(times, "this time is listed already", "each time once")


def _log_in(path: Path, email: Block) -> Iterator[Finding]:
    secrets = [key for key in ("password", "password_file") if email.get(key) is not None]
    if len(secrets) == 2:
        yield (
            (*path, "password_file"),
            Fault("stands beside password", expected="at most one of password and password_file"),
        )
    if secrets and email.get("username") is None:
        yield (*path, secrets[0]), Fault("stands without username", expected="username beside it")
