"""The story as its outlets show it at a given moment: feeds, pages, a sitemap, a channel's preview. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from html import escape

from collector.demo.cast import ARCHIVE, CAST, CHANNEL, Form, Outlet
from collector.demo.story import DAY_NAMES, ZONE, Post, Story

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
LOGIN_PAGE = b"<!doctype html><title>Masuk</title><h1>Silakan masuk</h1><form><input name=sandi></form>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server sends."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """An outlet's body and its validators, kept until the outlet publishes or retitles again."""

    posts: tuple[str, ...]
    body: bytes
    etag: str
    last_modified: str


class Site:
    """All outlets behind one address. Keeps each outlet's last body: it is asked far more often than it changes."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._outlets = {outlet.path: outlet for outlet in (*CAST, ARCHIVE)}
        self._kept: dict[str, _Shown] = {}

    def answer(self, path: str, headers: Mapping[str, str], now: datetime) -> Answer:
        """``headers`` of the request, names in lower case."""
        if path == "/robots.txt":
            return Answer(status=200, body=b"User-agent: *\nAllow: /\n", headers={"Content-Type": "text/plain"})
        outlet = self._outlets.get(path)
        if outlet is None:
            return Answer(status=404, body=b"not here", headers={"Content-Type": "text/plain"})
        bad = self._fault(outlet, now)
        if bad is not None:
            return bad
        shown = self._shown(outlet, now)
        validators = {"ETag": shown.etag, "Last-Modified": shown.last_modified}
        if _known(headers, shown):
            return Answer(status=304, headers=validators)
        return Answer(status=200, body=shown.body, headers={"Content-Type": _MEDIA[outlet.form], **validators})

    def _fault(self, outlet: Outlet, now: datetime) -> Answer | None:
        fault = outlet.fault
        if fault is None or not fault.from_hour <= self._story.hours_at(now) < fault.until_hour:
            return None
        if fault.status == 200:
            return Answer(status=200, body=LOGIN_PAGE, headers={"Content-Type": "text/html; charset=utf-8"})
        return Answer(status=fault.status, body=b"sedang gangguan", headers={"Content-Type": "text/plain"})

    def _shown(self, outlet: Outlet, now: datetime) -> _Shown:
        posts = self._story.shown(outlet.key, now)
        wording = tuple(post.link + post.title_at(now) for post in posts)
        kept = self._kept.get(outlet.key)
        if kept is None or kept.posts != wording:
            body = _RENDER[outlet.form](outlet, posts, now).encode()
            newest = format_datetime(posts[0].at, usegmt=True) if posts else format_datetime(now, usegmt=True)
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            kept = self._kept[outlet.key] = _Shown(posts=wording, body=body, etag=etag, last_modified=newest)
        return kept


def _known(headers: Mapping[str, str], shown: _Shown) -> bool:
    # RFC 9110 13.2.2: If-Modified-Since is looked at only where there is no If-None-Match.
    if "if-none-match" in headers:
        return shown.etag in headers["if-none-match"]
    return headers.get("if-modified-since") == shown.last_modified


def local_date(moment: datetime) -> str:
    """As an Indonesian page writes it: ``Rabu, 27 November 2024 | 14:05 WIB``."""
    local = moment.astimezone(ZONE)
    return f"{DAY_NAMES[local.weekday()]}, {local.day} {MONTHS[local.month - 1]} {local.year} | {local:%H:%M} WIB"


def _rss(outlet: Outlet, posts: Sequence[Post], now: datetime) -> str:
    items = "".join(
        f"<item><title>{escape(post.title_at(now))}</title><link>{escape(post.link)}</link>"
        f'<guid isPermaLink="false">{outlet.key}-{escape(post.link)}</guid>'
        f"<pubDate>{format_datetime(post.at.astimezone(ZONE))}</pubDate>"
        f"<description>{escape(post.text)}</description></item>\n"
        for post in posts
    )
    return _rss_frame(outlet, items)


def _timeline(outlet: Outlet, posts: Sequence[Post], now: datetime) -> str:
    items = "".join(
        f'<item><guid isPermaLink="true">{escape(post.link)}</guid><link>{escape(post.link)}</link>'
        f"<pubDate>{format_datetime(post.at)}</pubDate>"
        f"<description>{escape('<p>' + escape(post.text) + '</p>')}</description></item>\n"
        for post in posts
    )
    return _rss_frame(outlet, items)


def _aggregate(outlet: Outlet, posts: Sequence[Post], now: datetime) -> str:
    items = "".join(
        f"<item><title>{escape(post.title)} - {escape(post.outlet.name)}</title>"
        f"<link>{escape(post.link)}?utm_source=sorotan&amp;utm_medium=rss</link>"
        f"<pubDate>{format_datetime(post.at, usegmt=True)}</pubDate>"
        f'<source url="https://{post.outlet.host}">{escape(post.outlet.name)}</source></item>\n'
        for post in posts
    )
    return _rss_frame(outlet, items)


def _rss_frame(outlet: Outlet, items: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(outlet.name)}</title><link>https://{outlet.host}/</link><description/>"
        f"<language>id</language>\n{items}</channel></rss>\n"
    )


def _atom(outlet: Outlet, posts: Sequence[Post], now: datetime) -> str:
    entries = "".join(
        f"<entry><id>tag:{outlet.host},2020:{escape(post.link)}</id><title>{escape(post.title_at(now))}</title>"
        f'<link rel="alternate" href="{escape(post.link)}"/>'
        f"<published>{post.at.isoformat()}</published><updated>{post.at.isoformat()}</updated>"
        f"<summary>{escape(post.text)}</summary></entry>\n"
        for post in posts
    )
    updated = posts[0].at.isoformat() if posts else now.isoformat()
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id">'
        f"<id>https://{outlet.host}/</id><title>{escape(outlet.name)}</title><updated>{updated}</updated>\n"
        f"{entries}</feed>\n"
    )


def _rdf(outlet: Outlet, posts: Sequence[Post], now: datetime) -> str:
    items = "".join(
        f'<item rdf:about="{escape(post.link)}"><title>{escape(post.title_at(now))}</title>'
        f"<link>{escape(post.link)}</link><dc:date>{post.at.isoformat()}</dc:date>"
        f"<description>{escape(post.text)}</description></item>\n"
        for post in posts
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="https://{outlet.host}/"><title>{escape(outlet.name)}</title>'
        f"<link>https://{outlet.host}/</link><description/></channel>\n{items}</rdf:RDF>\n"
    )


def _json(outlet: Outlet, posts: Sequence[Post], now: datetime) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"https://{outlet.host}/",
        "language": "id",
        "items": [
            {
                "id": post.link,
                "url": post.link,
                "title": post.title_at(now),
                "content_text": post.text,
                "date_published": post.at.isoformat(),
            }
            for post in posts
        ],
    }
    return json.dumps(feed, ensure_ascii=False)


def _sitemap(outlet: Outlet, posts: Sequence[Post], now: datetime) -> str:
    urls = "".join(
        f"<url><loc>{escape(post.link)}</loc><news:news><news:publication><news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>id</news:language></news:publication>"
        f"<news:publication_date>{post.at.isoformat()}</news:publication_date>"
        f"<news:title>{escape(post.title_at(now))}</news:title></news:news></url>\n"
        for post in posts
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{urls}</urlset>\n'
    )


def _page(outlet: Outlet, posts: Sequence[Post], now: datetime) -> str:
    cards = "".join(
        f'<article class="berita"><h3><a href="{escape(post.link)}">{escape(post.title_at(now))}</a></h3>'
        f'<span class="tanggal">{local_date(post.at)}</span><p>{escape(post.text)}</p></article>\n'
        for post in posts
    )
    return (
        f'<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{escape(outlet.name)}</title></head>'
        f"<body><nav><a href='/'>Beranda</a></nav><main>\n{cards}</main></body></html>\n"
    )


def _telegram(outlet: Outlet, posts: Sequence[Post], now: datetime) -> str:
    messages = "".join(
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message text_not_supported_wrap js-widget_message" data-post="{_telegram_id(post)}">'
        '<div class="tgme_widget_message_bubble">'
        f'<div class="tgme_widget_message_text js-message_text" dir="auto">{escape(post.text)}</div>'
        '<div class="tgme_widget_message_footer compact js-message_footer"><span class="tgme_widget_message_meta">'
        f'<a class="tgme_widget_message_date" href="{post.link}"><time datetime="{post.at.isoformat()}" class="time">'
        f"{post.at.astimezone(ZONE):%H:%M}</time></a></span></div></div></div></div>\n"
        for post in reversed(posts)  # a channel reads downwards
    )
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(outlet.name)} – Telegram</title></head><body>'
        '<div class="tgme_channel_info"><div class="tgme_channel_info_header_title">'
        f"<span>{escape(outlet.name)}</span></div></div>"
        f'<section class="tgme_channel_history js-message_history">\n{messages}</section></body></html>\n'
    )


def _telegram_id(post: Post) -> str:
    return f"{CHANNEL}/{post.link.rpartition('/')[2]}"


_RENDER: Mapping[Form, Callable[[Outlet, Sequence[Post], datetime], str]] = {
    Form.RSS: _rss,
    Form.ATOM: _atom,
    Form.RDF: _rdf,
    Form.JSON: _json,
    Form.TIMELINE: _timeline,
    Form.AGGREGATE: _aggregate,
    Form.PAGE: _page,
    Form.SITEMAP: _sitemap,
    Form.TELEGRAM: _telegram,
}
_MEDIA: Mapping[Form, str] = {
    Form.RSS: "application/rss+xml; charset=utf-8",
    Form.ATOM: "application/atom+xml; charset=utf-8",
    Form.RDF: "application/rdf+xml; charset=utf-8",
    Form.JSON: "application/feed+json; charset=utf-8",
    Form.TIMELINE: "application/rss+xml; charset=utf-8",
    Form.AGGREGATE: "application/rss+xml; charset=utf-8",
    Form.PAGE: "text/html; charset=utf-8",
    Form.SITEMAP: "application/xml; charset=utf-8",
    Form.TELEGRAM: "text/html; charset=utf-8",
}
