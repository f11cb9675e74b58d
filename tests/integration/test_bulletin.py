"""The bulletin over a real store: what is in it, what is kept out of it, and what stands first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import feedparser
import html5lib
import pytest
from click.testing import CliRunner
from records import NOW, draft, judgement, record, source
from traps import traps

from collector.bulletin.entries import Bulletin, Period, gather, tellings
from collector.bulletin.feed import atom
from collector.bulletin.page import html
from collector.bulletin.views import view
from collector.cli.bulletin import bulletin as bulletin_verb
from collector.cli.context import Context
from collector.model.issue import Membership
from collector.model.judgement import Signal, Stance, Verdict
from collector.model.phrase import Language, Phrase
from collector.store.base import Draft
from collector.store.ledger import IssueChange
from collector.store.sqlite import SqliteStore

ZONE = ZoneInfo("Asia/Jakarta")
TODAY = NOW.astimezone(ZONE).date()
PERIOD = Period(first=TODAY - timedelta(days=6), last=TODAY, zone=ZONE)
TOPICS = {"bansos": Phrase(id="Bantuan sosial", en="Social aid")}
CLAIM = "Bansos dihapus mulai besok, sebarkan!"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(tmp_path / "siaga.db")
    made.sources.register((source(),), NOW)
    yield made
    made.close()


def rumour(name: str = "a", **words: object) -> Draft:
    return draft(name, **({"title": CLAIM, "publisher": "desas.example"} | words))  # type: ignore[arg-type]


def debunk(name: str = "cek", verdict: Verdict | None = Verdict.FALSE, **words: object) -> Draft:
    said = {"title": "[SALAH] Bansos dihapus mulai besok", "publisher": "cekfakta.example"} | words
    made = draft(name, suspicion=0.0, stance=Stance.DEBUNK, **said)  # type: ignore[arg-type]
    return replace(made, judgement=replace(judgement(0.0, Stance.DEBUNK), verdict=verdict))


def circulates(store: SqliteStore, *drafts: Draft, issue: int = 1) -> None:
    store.items.record_poll(record(*drafts))
    found = [known.item.id for one in drafts if (known := store.items.find(one.identity)) is not None]
    store.issues.save(
        [
            Membership(
                item_id=item, issue_id=issue, voice=n, title=drafts[0].title, claim_key=None, seen_at=one.seen_at
            )
            for n, (item, one) in enumerate(zip(found, drafts, strict=True), 1)
        ]
    )


def decides(store: SqliteStore, verdict: Verdict, why: str = "", issue: int = 1) -> None:
    store.ledger.change(IssueChange(issue_id=issue, at=NOW, actor="ani", why=why, verdict=verdict))


def made(store: SqliteStore, period: Period = PERIOD) -> Bulletin:
    return gather(store, period, NOW)


def page(store: SqliteStore, language: Language = "id") -> str:
    return html(view(made(store), language, TOPICS), title="Buletin")


def feed(store: SqliteStore, site: str = "https://meja.example/b/") -> bytes:
    found = made(store)
    words = view(found, "id", TOPICS)
    return atom(found, words, title="Buletin", author="Meja", page=f"{site}hari.html", feed=f"{site}bulletin.id.atom")


def test_an_issue_nobody_has_answered_is_counted_and_not_quoted(store: SqliteStore) -> None:
    circulates(store, rumour())
    found = made(store)
    assert (found.entries, found.unanswered) == ((), 1)
    assert CLAIM not in page(store)
    assert "1 isu lain" in page(store)


def test_a_fact_check_in_the_issue_answers_it(store: SqliteStore) -> None:
    circulates(store, rumour("a"), rumour("b", publisher="lain.example"), debunk())
    (entry,) = made(store).entries
    assert (entry.verdict, entry.own, entry.items, entry.publishers) == (Verdict.FALSE, False, 2, 2)
    assert [check.publisher for check in entry.checks] == ["cekfakta.example"]


def test_a_fact_check_without_a_label_is_linked_without_a_verdict(store: SqliteStore) -> None:
    circulates(store, rumour(), debunk(verdict=None))
    (entry,) = made(store).entries
    assert entry.verdict is None
    assert "Baca hasilnya sebelum" in page(store)


STATEMENT = "Klarifikasi: surat suara Kabupaten Seroja utuh dan tersegel"


def test_a_clarification_alone_is_no_claim_that_went_round(store: SqliteStore) -> None:
    circulates(store, debunk(verdict=None, title=STATEMENT))
    assert (made(store).entries, made(store).unanswered) == ((), 0)


def test_a_clarification_of_a_claim_is_linked_and_gives_no_verdict(store: SqliteStore) -> None:
    circulates(store, rumour(), debunk(verdict=None, title=STATEMENT))
    (entry,) = made(store).entries
    assert (entry.verdict, [check.title for check in entry.checks]) == (None, [STATEMENT])
    assert "Klaim ini benar" not in page(store)


def test_the_word_clarification_is_not_quoted_as_part_of_the_claim(store: SqliteStore) -> None:
    circulates(store, debunk(verdict=None, title="[KLARIFIKASI] Surat Suara Tercoblos"), rumour())
    (entry,) = made(store).entries
    assert entry.claim == "Surat Suara Tercoblos"


def test_a_story_that_only_mentions_a_hoax_answers_nothing(store: SqliteStore) -> None:
    """Such as "police look for who spread a false link"; the judge counts it as a debunk."""
    made_so = Signal(name="debunk_phrase", points=0, reason=Phrase(id="Judul menyatakan palsu", en="Calls it false"))
    story = debunk("polisi", verdict=None)
    story = replace(story, judgement=replace(story.judgement, signals=(made_so,)))
    circulates(store, rumour(), story)
    assert made(store).entries == ()


def test_the_desks_own_title_goes_before_a_fact_checkers_words(store: SqliteStore) -> None:
    circulates(store, rumour(), debunk())
    store.ledger.change(IssueChange(issue_id=1, at=NOW, actor="ani", why="", title="Bansos dihapus"))
    [entry] = made(store).entries
    assert entry.claim == "Bansos dihapus"


def test_the_desks_own_verdict_goes_before_the_fact_checkers(store: SqliteStore) -> None:
    circulates(store, rumour(), debunk())
    decides(store, Verdict.MISLEADING, "Hanya di satu kabupaten.")
    (entry,) = made(store).entries
    assert (entry.verdict, entry.own, entry.note) == (Verdict.MISLEADING, True, "Hanya di satu kabupaten.")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_answer_and_who_checked_stand_before_the_claim(store: SqliteStore, language: Language) -> None:
    circulates(store, rumour(), debunk())
    words = page(store, language)
    answer = {"id": "Tidak benar.", "en": "Not true."}[language]
    assert words.index(answer) < words.index("cekfakta.example") < words.index(CLAIM)


def test_in_the_feed_the_answer_stands_before_the_claim_in_title_and_content(store: SqliteStore) -> None:
    circulates(store, rumour(), debunk())
    (entry,) = feedparser.parse(feed(store)).entries
    assert entry.title.startswith("Salah — ")
    assert entry.content[0].value.index("Tidak benar.") < entry.content[0].value.index(CLAIM)


def test_nothing_leads_to_the_claim_itself(store: SqliteStore) -> None:
    circulates(store, rumour("jahat"), debunk("cek"))
    for words in (page(store), feed(store).decode()):
        assert "tempo.example/cek" in words
        assert "tempo.example/jahat" not in words
        assert "desas.example" not in words


def test_the_feed_is_atom_as_the_standard_wants_it(store: SqliteStore) -> None:
    circulates(store, rumour(), debunk())
    parsed = feedparser.parse(feed(store))
    assert not parsed.bozo
    assert parsed.version == "atom10"
    (entry,) = parsed.entries
    assert parsed.feed.id.startswith("urn:uuid:")
    assert parsed.feed.author == "Meja"
    assert all(entry.get(name) for name in ("id", "title", "updated", "link"))
    assert entry.link == "https://meja.example/b/hari.html#isu-1"


def test_an_entry_keeps_its_id_in_the_next_bulletin(store: SqliteStore) -> None:
    circulates(store, rumour(), debunk())
    before = feedparser.parse(feed(store)).entries[0].id
    decides(store, Verdict.MISLEADING)
    assert feedparser.parse(feed(store)).entries[0].id == before


def test_a_changed_verdict_leads_the_next_bulletin_as_a_correction(store: SqliteStore) -> None:
    circulates(store, rumour())
    decides(store, Verdict.FALSE)
    store.ledger.tell(tellings(made(store), "buletin"))
    decides(store, Verdict.TRUE, "KPU mengumumkannya sendiri.")
    later = Period(first=TODAY + timedelta(days=30), last=TODAY + timedelta(days=36), zone=ZONE)
    (entry,) = made(store, later).corrections
    assert (entry.before, entry.verdict) == (Verdict.FALSE, Verdict.TRUE)
    words = html(view(made(store, later), "id", TOPICS), title="Buletin")
    assert words.index("Ralat") < words.index("Sebelumnya kami menulis: salah.") < words.index(CLAIM)


def test_a_correction_is_made_once(store: SqliteStore) -> None:
    circulates(store, rumour())
    decides(store, Verdict.FALSE)
    store.ledger.tell(tellings(made(store), "buletin"))
    decides(store, Verdict.TRUE)
    store.ledger.tell(tellings(made(store), "buletin"))
    again = made(store)
    assert again.corrections == ()
    assert [entry.before for entry in again.entries] == [None]


def test_the_same_answer_by_a_fact_check_is_no_correction(store: SqliteStore) -> None:
    circulates(store, rumour(), debunk())  # the desk itself says nothing
    store.ledger.tell(tellings(made(store), "buletin"))
    assert made(store).corrections == ()


def test_what_was_not_seen_in_the_period_is_left_out(store: SqliteStore) -> None:
    circulates(store, rumour(), debunk())
    earlier = Period(first=date(2020, 1, 1), last=date(2020, 1, 7), zone=ZONE)
    later = Period(first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=2), zone=ZONE)
    assert made(store, earlier).entries == made(store, later).entries == ()


def test_days_are_those_of_the_desks_zone(store: SqliteStore) -> None:
    assert PERIOD.end_at - PERIOD.start_at == timedelta(days=7)
    assert PERIOD.end_at.isoformat().endswith("17:00:00+00:00")


@pytest.mark.shared
def test_hostile_words_stay_words(store: SqliteStore, shared: Path) -> None:
    for number, trap in enumerate(traps(shared), 1):
        title = trap.body.decode("utf-8", "replace")[:2000]
        circulates(store, rumour(f"x{number}", title=title), debunk(f"y{number}"), issue=number)
        decides(store, Verdict.FALSE, title[:300], issue=number)
    document = html5lib.parse(page(store), namespaceHTMLElements=False)
    names = {element.tag for element in document.iter() if isinstance(element.tag, str)}
    assert not names & {"script", "iframe", "img", "object", "embed", "form", "svg"}
    for element in document.iter():
        assert not [name for name in element.attrib if name.lower().startswith("on")]
        assert element.attrib.get("href", "#").startswith(("https://tempo.example/y", "#", "http"))
    assert not feedparser.parse(feed(store)).bozo


def config(folder: Path) -> Path:
    file = folder / "sources.yaml"
    file.write_text(
        "version: 1\ndatabase: siaga.db\nsources: [{name: Tempo, url: 'https://tempo.example/rss'}]\n"
        "topics: [{id: bansos, name: Bantuan sosial, strong: [bansos]}]\n"
    )
    return file


def run(folder: Path, *options: str) -> tuple[int, str]:
    context = Context(config=str(config(folder)))
    done = CliRunner().invoke(bulletin_verb, ["--out", str(folder / "out"), *options], obj=context)
    return done.exit_code, done.output


def test_the_verb_writes_pages_and_feeds_and_notes_who_was_told(store: SqliteStore, tmp_path: Path) -> None:
    circulates(store, rumour(), debunk())
    code, printed = run(
        tmp_path, "--from", str(PERIOD.first), "--to", str(PERIOD.last), "--site", "https://meja.example"
    )
    assert code == 0, printed
    assert "1 issues with an answer" in printed
    assert {file.name for file in (tmp_path / "out").iterdir()} >= {"bulletin.id.html", "bulletin.en.atom"}
    (told,) = [telling for telling in store.ledger.told(1) if telling.channel == "bulletin"]
    assert (told.recipient, told.verdict) == ("public", Verdict.FALSE)


def test_a_preview_tells_nobody(store: SqliteStore, tmp_path: Path) -> None:
    circulates(store, rumour(), debunk())
    assert run(tmp_path, "--from", str(PERIOD.first), "--to", str(PERIOD.last), "--preview")[0] == 0
    assert store.ledger.told(1) == ()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--from", "kemarin"), "kemarin is no date"),
        (("--from", "2026-11-26", "--to", "2026-11-25"), "is after"),
        (("--topic", "bansoss"), "no topic bansoss"),
        (("--site", "meja.example"), "must begin with http"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(
    store: SqliteStore, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    code, printed = run(tmp_path, *options)
    assert code == 2
    assert said in printed
