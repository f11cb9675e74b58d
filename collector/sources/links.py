"""Links: the absolute address an entry is stored under, and the canonical one by which a story is recognised.

Parsing is WHATWG's (https://url.spec.whatwg.org/), by ada, so that we read an address as a browser would.
"""

from __future__ import annotations

import re
from hashlib import blake2b

import ada_url

MAX_URL = 4_096
MAX_KEY = 2_000

_WEB = ("http://", "https://")
_PARTS = re.compile(r"https?://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")

# Parameters that say how a reader came to a page, never which page it is.
TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "hsa_", "at_custom")
TRACKING = frozenset(
    {
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "li_fat_id",
        "igshid",
        "igsh",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "oly_enc_id",
        "oly_anon_id",
        "vero_id",
        "vero_conv",
        "rb_clickid",
        "s_cid",
        "s_kwcid",
        "ref_src",
        "ref_url",
        "__twitter_impression",
        "at_medium",
        "at_campaign",
        "at_link_origin",
        "xtor",
        "wt_mc",
        "cmpid",
        "ncid",
        "traffic_source",
        "sr_share",
        "share_source",
        "fb_action_ids",
        "fb_action_types",
        "fb_source",
        "ftag",
        "spm",
    }
)
# Parameters that are harmless only with these values: the feed as origin, the AMP page, "all pages on one".
TRACKING_VALUES = {
    "ref": frozenset({"rss", "feed", "rssfeed"}),
    "source": frozenset({"rss", "feed", "rssfeed"}),
    "from": frozenset({"rss", "feed", "rssfeed"}),
    "amp": frozenset({"", "1", "true"}),
    "outputtype": frozenset({"amp"}),
    "page": frozenset({"all"}),
    "single": frozenset({"1"}),
}
_AGGREGATOR_ONLY = {"news.google.com": frozenset({"oc", "hl", "gl", "ceid"})}


def absolute(url: str, base: str | None = None) -> str | None:
    """``url`` as an absolute http(s) address without credentials, fragment kept; None where it is none or too long.

    Credentials in a feed's link are somebody's secret or a disguise (``https://good.test@evil.test/``).
    """
    url = url.strip()
    if not url or len(url) > MAX_URL:
        return None
    try:
        href = ada_url.normalize_url(url) if base is None or url.startswith(_WEB) else ada_url.join_url(base, url)
    except (ValueError, UnicodeError):
        return None
    if not href.startswith(_WEB) or len(href) > MAX_URL:
        return None
    if "@" in href:
        href = _without_credentials(href)
    return href


def canonical(url: str, base: str | None = None) -> str | None:
    """The key by which two addresses are one story; None where ``url`` is no web address or names a whole site.

    Equal are: http and https, with and without ``www.``, default port, trailing slash, fragment (except ``#!``),
    parameters in :data:`TRACKING` and the AMP variant of a page. The order of parameters and the case of the path
    count. A bare home page is no story: feeds that link every entry to it would fold into one item. Keys longer than
    2,000 characters are cut and hashed.
    """
    href = absolute(url, base)
    return None if href is None else key_of(href)


def key_of(href: str) -> str | None:
    """:func:`canonical` of an address that :func:`absolute` returned."""
    parts = _PARTS.fullmatch(href)
    if parts is None:
        return None
    host, path, query, fragment = parts.groups()
    host = _bare_host(host)
    path = _bare_path(path)
    query = _bare_query(host, query) if query else ""
    key = f"https://{host}{path}"
    if query:
        key += "?" + query
    if fragment and fragment.startswith("!"):
        key += "#" + fragment
    elif not query and path == "":
        return None
    if "%" in key:
        key = _ESCAPE.sub(lambda escape: escape[0].upper(), key)
    return key if len(key) <= MAX_KEY else _cut(key)


def host_of(href: str) -> str:
    """The host of an absolute address, lower case, without port; empty where there is none."""
    parts = _PARTS.match(href)
    if parts is None:
        return ""
    host: str = parts[1].rpartition("@")[2]
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()


def _without_credentials(href: str) -> str:
    scheme, _, rest = href.partition("://")
    end = next((i for i, letter in enumerate(rest) if letter in "/?#"), len(rest))
    return f"{scheme}://{rest[:end].rpartition('@')[2]}{rest[end:]}"


def _bare_host(host: str) -> str:
    """ada drops a default port only for the scheme at hand; http and https are one here."""
    if host.endswith((":80", ":443")):
        host = host.rpartition(":")[0]
    return host[4:] if host.startswith("www.") and host.count(".") > 1 else host


def _bare_path(path: str) -> str:
    path = path.rstrip("/")
    while path.endswith("/amp") and path.count("/") > 1:
        path = path[:-4].rstrip("/")
    return path


def _bare_query(host: str, query: str) -> str:
    foreign = _AGGREGATOR_ONLY.get(host, frozenset())
    return "&".join(part for part in query.split("&") if part and not _is_tracking(part, foreign))


def _is_tracking(part: str, foreign: frozenset[str]) -> bool:
    name, _, value = part.partition("=")
    name = name.lower()
    if name in TRACKING or name in foreign or name.startswith(TRACKING_PREFIXES):
        return True
    return value.lower() in TRACKING_VALUES.get(name, frozenset())


def _cut(key: str) -> str:
    digest = blake2b(key.encode(), digest_size=16).hexdigest()
    return f"{key[:200]}#{digest}"
