"""The pages over a small world: what they show, who may act, and that collected text stays text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import html5lib
import pytest
from hostile import SUBJECTS, URLS
from pageroom import PageRoom, page_room
from records import alert, draft, record, source, state
from traps import traps

from collector.model.bucket import Subject
from collector.model.issue import Membership
from collector.model.judgement import Verdict
from collector.model.person import Role
from collector.model.source import Fetched, Source
from collector.registry import SOURCE_KINDS, implementation
from collector.reports.gather import report
from collector.reports.page import as_html
from collector.reports.window import window_of
from collector.store.base import Draft
from collector.store.sqlite import SqliteStore

ALERT, ISSUE = 7, 3
ACTS = (
    f"/issue/{ISSUE}/verdict",
    f"/issue/{ISSUE}/title",
    f"/issue/{ISSUE}/action",
    f"/alert/{ALERT}/ack",
    f"/alert/{ALERT}/silence",
    "/issues/merge",
    "/tip",
)


@pytest.fixture
def room(tmp_path: Path, now: datetime) -> Iterator[PageRoom]:
    with SqliteStore(tmp_path / "siaga.db") as store:
        room = page_room(store, now)
        watched = (source(), source("Antara"))
        room.app.settings = replace(room.app.settings, sources=watched)
        store.sources.register(watched, now)
        yield room


def fill(room: PageRoom, *drafts: Draft) -> list[int]:
    """Items of one issue that stand behind an open alert; their numbers."""
    room.store.items.record_poll(record(*drafts, at=room.clock.now()))
    ids = [found.item.id for one in drafts if (found := room.store.items.find(one.identity))]
    room.store.issues.save(
        [
            Membership(
                item_id=number, issue_id=ISSUE, voice=place, title=one.title, claim_key=None, seen_at=one.seen_at
            )
            for place, (number, one) in enumerate(zip(ids, drafts, strict=True), 1)
        ]
    )
    subject = Subject(kind="issue", id=str(ISSUE))
    room.store.alerts.save(replace(alert(ALERT), subject=subject, title=drafts[0].title), evidence=ids)
    room.store.items.index_pending(1000)
    return ids


def text(room: PageRoom, path: str) -> str:
    answer = room.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


# ---------------------------------------------------------------- what is shown


def test_an_open_alert_leads_to_its_evidence_and_to_the_item(room: PageRoom) -> None:
    (item,) = fill(room, draft("a", title="Bansos dihapus, sebarkan!"))
    assert f'href="/alert/{ALERT}"' in text(room, "/")
    page = text(room, f"/alert/{ALERT}")
    assert f'href="/item/{item}"' in page
    assert "Meminta pembaca menyebarkan pesan" in page
    assert '<mark class="topic" title="bansos">Bansos</mark>' in text(room, f"/item/{item}")


def test_the_reason_of_a_score_is_marked_where_it_stands(room: PageRoom) -> None:
    (item,) = fill(room, draft("a", title="Bansos dihapus, sebarkan!"))
    assert '<mark class="reason" title="Meminta pembaca menyebarkan pesan">sebarkan</mark>!' in text(
        room, f"/item/{item}"
    )


def test_a_source_that_fails_stands_first_with_its_reason(room: PageRoom) -> None:
    failing = state("Tempo", at=room.clock.now(), failures=3)
    room.store.items.record_poll(replace(record(), state=failing))
    page = text(room, "/sources")
    assert page.index("<h2>Tempo</h2>") < page.index("<h2>Antara</h2>")
    assert "timed out" in page


def test_issues_are_found_by_words_and_by_verdict(room: PageRoom) -> None:
    fill(room, draft("a", title="Bansos dihapus, sebarkan!"))
    assert f'href="/issue/{ISSUE}"' in text(room, "/issues")
    assert f'href="/issue/{ISSUE}"' in text(room, "/issues?q=dihapus")
    assert f'href="/issue/{ISSUE}"' not in text(room, "/issues?q=gempa")
    assert f'href="/issue/{ISSUE}"' not in text(room, "/issues?verdict=false")


@pytest.mark.parametrize("path", ["/alert/99", "/item/99", "/issue/99", "/item/x", f"/item/{10**30}", "/item/-1", "/x"])
def test_what_is_not_stored_is_not_found(room: PageRoom, path: str) -> None:
    answer = room.get(path)
    assert answer.status_code == 404
    assert "tidak ada" in answer.get_data(as_text=True)


def test_every_page_is_complete_in_both_languages(room: PageRoom) -> None:
    (item,) = fill(room, draft("a"))
    for language, word in (("id", "Sekarang"), ("en", "Now")):
        for path in (
            "/",
            "/issues",
            "/sources",
            "/reports",
            "/partners",
            "/bulletin",
            "/tip",
            f"/alert/{ALERT}",
            f"/item/{item}",
            f"/issue/{ISSUE}",
            "/login",
        ):
            page = text(room, f"{path}?lang={language}")
            assert word in page
            assert f'<html lang="{language}">' in page


def test_days_before_anything_was_watched_are_no_zeros(room: PageRoom) -> None:
    fill(room, draft("a"))
    for path, pictures in (("/", 1), (f"/alert/{ALERT}", 2)):
        page = text(room, path)
        assert page.count('class="gap"') >= 13 * pictures
        assert "Hari yang diarsir tidak terpantau: bukan nol." in page
    assert text(room, f"/alert/{ALERT}").count("<td>tidak terpantau</td>") == 13


# ---------------------------------------------------------------- who acts


def test_a_verdict_is_written_into_the_ledger_with_the_name(room: PageRoom) -> None:
    fill(room, draft("a"))
    room.logs_in("Sari")
    token = room.token(f"/issue/{ISSUE}")
    form = {"verdict": "false", "note": "Kemensos membantah", "link": "https://cekfakta.example/1"}
    assert room.post(f"/issue/{ISSUE}/verdict", token=token, **form).status_code == 303
    issue = room.store.ledger.get(ISSUE)
    assert (issue.verdict, issue.verdict_by, issue.verdict_link) == (
        Verdict.FALSE,
        "Sari",
        "https://cekfakta.example/1",
    )
    page = text(room, f"/issue/{ISSUE}")
    assert "Kemensos membantah" in page
    assert "cekfakta.example" in page


def test_a_link_that_is_none_is_not_stored_with_a_verdict(room: PageRoom) -> None:
    fill(room, draft("a"))
    room.logs_in("Sari")
    answer = room.post(
        f"/issue/{ISSUE}/verdict", token=room.token(f"/issue/{ISSUE}"), verdict="false", link="javascript:alert(1)"
    )
    assert answer.headers["Location"].endswith("missing=link#verdict")
    assert room.store.ledger.get(ISSUE).verdict is None


@pytest.mark.parametrize("role", [Role.READER, None])
def test_who_is_no_editor_changes_nothing(room: PageRoom, role: Role | None) -> None:
    fill(room, draft("a"))
    if role is not None:
        room.logs_in("Budi", role)
    token = room.token("/login")
    for path in ACTS:
        answer = room.post(path, token=token, verdict="false", note="x", title="x", kind="reported", into="3")
        assert answer.status_code == (403 if role else 303), path
        assert role or answer.headers["Location"].startswith("/login")
    assert room.store.audit.list() == ()
    assert room.store.reactions.acknowledged() == {}


def test_an_editor_acknowledges_silences_and_ends_the_silence(room: PageRoom) -> None:
    fill(room, draft("a"))
    room.logs_in("Sari")
    token = room.token(f"/alert/{ALERT}")
    room.post(f"/alert/{ALERT}/ack", token=token, note="saya pegang")
    room.post(f"/alert/{ALERT}/silence", token=token, note="sudah dibahas", hours="24")
    page = text(room, f"/alert/{ALERT}")
    assert "ditangani Sari" in page
    assert "sudah dibahas" in page
    (silence,) = room.store.reactions.silences(holding_at=room.clock.now())
    room.post(f"/alert/{ALERT}/unsilence/{silence.id}", token=token)
    assert room.store.reactions.silences(holding_at=room.clock.now()) == ()
    assert [entry.action for entry in room.store.audit.list()] == ["silence expire", "silence", "ack"]


def test_merging_asks_first_and_then_makes_one_issue(room: PageRoom) -> None:
    fill(room, draft("a"))
    room.store.items.record_poll(record(draft("b", title="Bansos dihapus")))
    other = room.store.items.find("https://tempo.example/b")
    assert other is not None
    room.store.issues.save(
        [Membership(item_id=other.item.id, issue_id=9, voice=1, title="Lain", claim_key=None, seen_at=room.clock.now())]
    )
    room.logs_in("Sari")
    asked = f"/issues/merge?id={ISSUE}&id=9"
    assert room.store.ledger.get(9).merged_into is None
    answer = room.client.post(
        "/issues/merge",
        base_url="http://127.0.0.1:8080",
        data={"id": [str(ISSUE), "9"], "into": str(ISSUE), "form_token": room.token(asked)},
    )
    assert answer.status_code == 303
    assert room.store.ledger.get(9).merged_into == ISSUE
    assert room.get("/issue/9").headers["Location"] == f"/issue/{ISSUE}"


def test_a_report_looks_the_same_on_the_page_and_in_its_file(room: PageRoom) -> None:
    sheet = text(room, "/static/report.css")
    assert '<link rel="stylesheet" href="/static/report.css?v=' in text(room, "/reports")
    window = window_of("2026-11-01", "2026-11-25")
    assert sheet in as_html(report(room.store, window, zone=UTC), "id")


def test_a_report_shows_both_windows_their_change_and_a_picture(room: PageRoom) -> None:
    fill(room, draft("a"))
    page = text(room, "/reports?from=2026-11-01&to=2026-11-25&vs_from=2026-10-01&vs_to=2026-10-31&by=week")
    assert '<svg class="bars large wide"' in page
    assert "2026-11-01" in page
    assert "Perubahan" in page


@pytest.mark.parametrize(
    "query", ["from=x&to=y", "from=2026-11-25&to=2026-11-01", "from=2026-11-01", "from=0001-01-01&to=9999-12-31"]
)
def test_days_that_are_none_are_told(room: PageRoom, query: str) -> None:
    assert "Periksa tanggalnya" in text(room, f"/reports?{query}")


def test_the_bulletin_shows_what_is_answered_and_tells_nobody(room: PageRoom) -> None:
    fill(room, draft("a", title="Bansos dihapus, sebarkan!"))
    room.app.desk.verdict(ISSUE, Verdict.FALSE, note="Kemensos membantah", actor="Sari", now=room.clock.now())
    page = text(room, "/bulletin")
    assert page.index("Kemensos membantah") < page.index("“Bansos dihapus, sebarkan!”")
    assert [one for one in room.store.ledger.told(ISSUE) if one.channel == "bulletin"] == []


def test_a_pasted_claim_is_answered_and_joins_its_issue(room: PageRoom) -> None:
    room.logs_in("Sari")
    claim = "VIRALKAN! Judi online resmi dari kementerian, daftar sebelum dihapus"
    answer = room.post("/tip", token=room.token("/tip"), text=claim, sender="grup WA")
    assert answer.status_code == 200
    assert "belum diperiksa; dicatat sebagai konten 1" in answer.get_data(as_text=True)
    assert room.store.items.get(1).item.title == claim
    assert [(entry.actor, entry.action) for entry in room.store.audit.list()] == [("Sari", "tip")]


@pytest.mark.parametrize(("form", "told"), [({"text": " "}, "Isi teks"), ({"link": "javascript:x"}, "bukan alamat")])
def test_a_tip_without_words_is_told(room: PageRoom, form: dict[str, str], told: str) -> None:
    room.logs_in("Sari")
    answer = room.post("/tip", token=room.token("/tip"), **form)
    assert answer.status_code == 400
    assert told in answer.get_data(as_text=True)


# ---------------------------------------------------------------- collected text stays text

LOADS = frozenset({"iframe", "object", "embed", "base", "style", "img", "svg:script", "meta:refresh"})
SCHEMES = ("javascript:", "data:", "vbscript:", "file:", "//")


def faults(page: str) -> list[str]:
    """What a browser would run, load or follow although a stranger wrote it."""
    found = []
    for element in html5lib.parse(page, namespaceHTMLElements=False).iter():
        name = str(element.tag)
        attributes = {str(key).lower(): value for key, value in element.attrib.items()}
        ours = name == "script" and attributes.get("src", "").startswith("/static/page.js?")
        if (name == "script" and not ours) or name in LOADS or "http-equiv" in attributes:
            found.append(f"<{name} {attributes}>")
        found += [f"{name} {key}" for key in attributes if key.startswith("on") or key == "style"]
        found += [
            f"{name} {key}={attributes[key]}"
            for key in ("href", "src", "action")
            if attributes.get(key, "").strip().lower().startswith(SCHEMES)
        ]
    return found


def pages_with(room: PageRoom, title: str, url: str) -> list[tuple[str, str]]:
    made = replace(
        draft("x", title=title, excerpt=title), url=url, publisher=title[:200], identity=f"{title!r} {url!r}"
    )
    (item,) = fill(room, made)
    return [
        (path, text(room, path)) for path in ("/", "/issues", f"/alert/{ALERT}", f"/item/{item}", f"/issue/{ISSUE}")
    ]


def test_hostile_titles_stay_text_on_every_page(room: PageRoom) -> None:
    for title in SUBJECTS:
        for path, page in pages_with(room, title, "https://contoh.example/1"):
            assert faults(page) == [], (title, path)
            assert not set("\u202e\u2066\x1b\x00") & set(page), (title, path)


def test_hostile_addresses_are_no_links(room: PageRoom) -> None:
    for url in URLS:
        for path, page in pages_with(room, "Bansos", url):
            assert faults(page) == [], (url, path)


@pytest.mark.shared
def test_the_titles_of_the_traps_stay_text_on_every_page(room: PageRoom, shared: Path, now: datetime) -> None:
    titles: set[str] = set()
    for trap in traps(shared):
        titles |= set(titles_of(trap.body, trap.content_type, now))
    assert len(titles) > 100
    drafts = [
        replace(draft(f"t{place}", title=title, excerpt=title), publisher=title[:100])
        for place, title in enumerate(sorted(titles))
    ]
    ids = fill(room, *drafts)
    room.store.alerts.save(alert(ALERT), evidence=ids)
    paths = ["/", "/issues", f"/alert/{ALERT}?all=1", f"/issue/{ISSUE}?all=1", *(f"/item/{item}" for item in ids[::7])]
    for path in paths:
        assert faults(text(room, path)) == [], path


def titles_of(body: bytes, content_type: str, now: datetime) -> list[str]:
    """What our reader makes of a trap; an unreadable one has no titles."""
    from collector.model.errors import ParseError

    kind = implementation(SOURCE_KINDS, "siaga.sources", "feed")()  # type: ignore[operator]
    asked = Source(id="t", kind="feed", url="https://t.example/")
    answer = Fetched(
        url=asked.url,
        final_url=asked.url,
        status=200,
        body=body,
        headers={"content-type": content_type},
        fetched_at=now,
        duration=timedelta(0),
    )
    try:
        return [entry.title for entry in kind.parse(asked, answer).entries]
    except ParseError:
        return []
