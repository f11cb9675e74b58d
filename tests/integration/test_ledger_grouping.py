"""People work on issues while a grouping runs in memory, and verdicts reach a matcher that runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from records import NOW, draft, record, source

from collector.claims.grouper import Grouper
from collector.claims.known import KnownClaims
from collector.ledger.desk import Desk
from collector.model.judgement import Verdict
from collector.model.ledger import IssueOrigin, Precision
from collector.store.ledger import IssueDraft, IssueFilter
from collector.store.sqlite import SqliteStore

BALLOTS = "Surat suara pemilu sudah dicoblos semua di gudang Seroja, kata seorang saksi"
RICE = "Beras bansos berisi plastik dibagikan kepada warga Kabupaten Melati kemarin"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(tmp_path / "siaga.db") as made:
        made.sources.register([source()], NOW)
        yield made


@pytest.fixture
def desk(store: SqliteStore) -> Desk:
    return Desk(store, name="Meja Kami", receivers=())


class Story:
    """Publishes titles and groups them at once, with one grouping that stays in memory."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._grouper = Grouper(store)
        self._count = 0

    def tells(self, title: str) -> tuple[int, int | None]:
        """The number of the item and that of its issue."""
        self._count += 1
        post = draft(f"p{self._count}", title=title, excerpt="", seen_at=NOW + timedelta(minutes=self._count))
        self._store.items.record_poll(record(post))
        self._grouper.tick(NOW)
        found = self._store.items.find(post.identity)
        assert found is not None
        return found.item.id, found.item.issue_id


def test_what_people_merged_stays_one_issue_for_the_grouping(store: SqliteStore, desk: Desk) -> None:
    story = Story(store)
    (_, ballots), (_, rice) = story.tells(BALLOTS), story.tells(RICE)
    assert (ballots, rice) == (1, 2)
    desk.merge(2, 1, why="satu sumber", actor="ani", now=NOW)
    assert story.tells(f"{RICE} sore")[1] == 1
    assert store.ledger.get(1).items == 3


def test_what_people_split_stays_apart_for_the_grouping(store: SqliteStore, desk: Desk) -> None:
    story = Story(store)
    story.tells(BALLOTS)
    item, issue = story.tells(f"{BALLOTS} mata")
    assert issue == 1
    new = desk.split(1, [item], "Saksi mata", why="lain", actor="ani", now=NOW)
    assert story.tells(f"{BALLOTS} mata")[1] == new.id


def test_people_and_the_grouping_never_take_the_same_number(store: SqliteStore) -> None:
    story = Story(store)
    _, first = story.tells(BALLOTS)
    made = IssueDraft(title="Isu meja", opened_at=NOW, opened_precision=Precision.DAY, origin=IssueOrigin.IMPORT)
    own = store.ledger.open(made, at=NOW, actor="ani")
    _, second = story.tells(RICE)
    assert len({first, own, second}) == 3
    assert store.ledger.get(own).items == 0


def test_a_desks_verdict_is_known_to_a_running_matcher_and_so_is_its_change(store: SqliteStore, desk: Desk) -> None:
    known = KnownClaims(store)
    assert known.match(BALLOTS, "", NOW) is None
    story = Story(store)
    story.tells(BALLOTS)
    desk.verdict(1, Verdict.FALSE, note="KPU membantah", actor="ani", now=NOW, link="https://cek.example/1")
    found = known.match(BALLOTS, "", NOW + timedelta(seconds=2))
    assert found is not None
    assert (found.claim.verdict, found.claim.publisher, found.claim.url) == (
        Verdict.FALSE,
        "Meja Kami",
        "https://cek.example/1",
    )
    desk.verdict(1, Verdict.TRUE, note="ternyata benar", actor="ani", now=NOW)
    again = known.match(BALLOTS, "", NOW + timedelta(seconds=4))
    assert again is not None
    assert again.claim.verdict is Verdict.TRUE


def test_a_claim_that_returns_after_a_verdict_joins_its_issue_from_any_time(store: SqliteStore, desk: Desk) -> None:
    made = IssueDraft(
        title=BALLOTS, opened_at=NOW - timedelta(days=400), opened_precision=Precision.MONTH, origin=IssueOrigin.IMPORT
    )
    number = store.ledger.open(made, at=NOW, actor="ani")
    desk.verdict(number, Verdict.FALSE, note="2025", actor="ani", now=NOW)
    match = KnownClaims(store).match(BALLOTS, "", NOW)
    assert match is not None
    from collector.pipeline import Verdicts, link_of

    post = draft("lagi", title=BALLOTS, excerpt="", seen_at=NOW)
    store.items.record_poll(record(post))
    link = link_of(post.identity, Verdicts(matches=post.matches, judgement=post.judgement, known=match), NOW)
    assert link is not None
    store.claims.link((link,))
    Grouper(store).tick(NOW)
    found = store.items.find(post.identity)
    assert found is not None
    assert found.item.issue_id == number
    assert [issue.id for issue in store.ledger.list(IssueFilter())] == [number]


def test_a_message_names_the_desks_verdict_beside_items_that_only_the_grouping_joined(
    store: SqliteStore, desk: Desk
) -> None:
    from alerts.dossier import Archive
    from collector.model.bucket import Measure, Subject
    from collector.model.clock import hour_of
    from collector.model.rule import Rule

    item, issue = Story(store).tells(BALLOTS)
    assert issue is not None
    desk.verdict(issue, Verdict.FALSE, note="KPU membantah", actor="ani", now=NOW)
    rule = Rule(name="r", topics=("bansos",), receivers=(), measure=Measure.SUSPICIOUS)
    start = hour_of(NOW)
    archive = Archive(store, UTC)
    dossier = archive.gather(rule, Subject(kind="topic", id="bansos"), start, start + timedelta(hours=1), NOW)
    (exhibit,) = [one for one in dossier.exhibits if one.item_id == item]
    assert exhibit.checked is not None
    assert (exhibit.checked.verdict, exhibit.checked.publisher) == (Verdict.FALSE, "Meja Kami")
