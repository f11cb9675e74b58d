"""The kind ``telegram``: the public preview page of a channel, ``https://t.me/s/NAME``. No account, no API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from collector.model.errors import ParseError
from collector.model.source import Fetched, Source
from collector.sources.base import Parsed
from collector.sources.charset import text_of
from collector.sources.htmltree import tree_of
from collector.sources.rough import Document, Reading, Rough, parsed

_NAME = re.compile(r"(?:(?:https?://)?(?:www\.)?(?:t|telegram)\.me/(?:s/)?|@)?([A-Za-z]\w{3,31})/?", re.ASCII)
_POST = re.compile(r"\w+/\d+", re.ASCII)
_MESSAGE = "tgme_widget_message"


class TelegramKind:
    """A public channel's latest messages (about twenty)."""

    name = "telegram"
    needs_robots = True

    def address(self, source: Source) -> str:
        """``@NAME``, ``NAME`` and ``t.me/NAME`` become the preview page; another address stays as it is."""
        match = _NAME.fullmatch(source.url.strip())
        return f"https://t.me/s/{match[1]}" if match else source.url

    def accept(self) -> str:
        return "text/html, */*;q=0.1"

    def parse(self, source: Source, fetched: Fetched) -> Parsed:
        """Messages without words (a picture alone) are left out. Raises ParseError where there is no preview."""
        page = tree_of(text_of(fetched.body, fetched.headers.get("content-type", "")), "a Telegram page")
        if not any(_has(page, name) for name in ("tgme_channel_history", "tgme_channel_info", _MESSAGE)):
            raise ParseError(_reason(page))
        title = _markup(page, "tgme_channel_info_header_title")
        return parsed(
            Document(entries=tuple(_messages(page)), title=title),
            Reading(base=fetched.final_url, now=fetched.fetched_at, thorough_dates=True),
        )


def _messages(page: Any) -> Iterator[Rough]:
    for message in _all(page, _MESSAGE):
        post = message.get("data-post", "")
        if "service_message" in message.get("class", "").split() or not _POST.fullmatch(post):
            continue
        text = _markup(message, "tgme_widget_message_text", "js-message_text")
        preview = _markup(message, "link_preview_title")
        if not (text or preview):
            continue
        yield Rough(
            title=None if text else preview,
            content=text or _markup(message, "link_preview_description"),
            link=f"https://t.me/{post}",
            guid=post,
            date=_moment(message),
            author=_markup(message, "tgme_widget_message_forwarded_from_name")
            or _markup(message, "tgme_widget_message_owner_name"),
        )


def _moment(message: Any) -> str | None:
    for link in _all(message, "tgme_widget_message_date"):
        for clock in link.iter("time"):
            if moment := clock.get("datetime"):
                return str(moment)
    return None


def _reason(page: Any) -> str:
    if _has(page, "tgme_page"):
        return "a Telegram page without public preview: a person, a private channel, or one that hides it"
    return "not a Telegram preview"


def _all(holder: Any, name: str) -> list[Any]:
    """Elements of that class under ``holder``, in document order."""
    path = ".//*[contains(concat(' ', normalize-space(@class), ' '), concat(' ', $name, ' '))]"
    found: list[Any] = holder.xpath(path, name=name)
    return found


def _has(holder: Any, name: str) -> bool:
    return bool(_all(holder, name))


def _markup(holder: Any, *names: str) -> str | None:
    """The inner HTML of the last element of one of the classes: of nested ones (a quoted reply, then the text) the
    message's own comes last."""
    from lxml import etree

    for name in names:
        if found := _all(holder, name):
            markup: str = etree.tostring(found[-1], encoding="unicode", method="html", with_tail=False)
            return markup
    return None
