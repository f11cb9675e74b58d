#!/usr/bin/env python3
"""Print what the matcher and the judge make of recorded feeds, for a person to read over.

    python tools/read_over.py --role factcheck ../shared/data/feeds/tempo-cekfakta
    python tools/read_over.py --role social --only-matched some-feed.xml

Takes files and folders of feeds. Every distinct link once, in its last wording; stores and sends nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from collector.app.sources import kind_of
from collector.config.topics import foreign_context, leet_keep, shipped_topics
from collector.judge.lexicon import LexiconJudge
from collector.match.topics import TopicMatcher
from collector.model.item import Entry
from collector.model.judgement import Context, Judgement
from collector.model.source import Fetched, Role, Source
from collector.model.topic import Match
from collector.sources.identity import identity_of


def main() -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("feeds", nargs="+", type=Path)
    asked.add_argument("--role", type=Role, default=Role.NEWS, choices=list(Role))
    asked.add_argument("--only-matched", action="store_true", help="leave out entries on none of the topics")
    wanted = asked.parse_args()
    matcher = TopicMatcher(tuple(shipped_topics().values()), leet_keep=leet_keep(), foreign_context=foreign_context())
    judge = LexiconJudge.shipped()
    seen: Counter[str] = Counter()
    for source, entry in _last_wordings(wanted.feeds, wanted.role):
        matches = matcher.matches(entry.title, entry.text)
        if wanted.only_matched and not matches:
            continue
        judgement = judge.judge(entry, Context(source=source, matches=matches, now=datetime.now(UTC)))
        seen.update((f"stance {judgement.stance}", f"verdict {judgement.verdict}", *(m.topic_id for m in matches)))
        _show(entry, matches, judgement)
    for name, count in sorted(seen.items()):
        print(f"{count:>6}  {name}")
    return 0


def _last_wordings(feeds: list[Path], role: Role) -> Iterator[tuple[Source, Entry]]:
    found: dict[str, tuple[Source, Entry]] = {}
    for path in feeds:
        for file in sorted(path.glob("*.xml")) if path.is_dir() else [path]:
            source = Source(id=path.stem, kind="feed", url=f"https://satu.tempo.co/{path.stem}", role=role)
            for entry in kind_of("feed").parse(source, _fetched(source, file)).entries:
                found[identity_of(entry)] = (source, entry)
    yield from found.values()


def _fetched(source: Source, file: Path) -> Fetched:
    return Fetched(
        url=source.url,
        final_url=source.url,
        status=200,
        body=file.read_bytes(),
        headers={"content-type": "application/rss+xml"},
        fetched_at=datetime.now(UTC),
        duration=timedelta(0),
    )


def _show(entry: Entry, matches: tuple[Match, ...], judgement: Judgement) -> None:
    verdict = f" {judgement.verdict}" if judgement.verdict else ""
    print(f"{judgement.stance}{verdict} {judgement.suspicion:.2f} ({judgement.points:g} points)  {entry.title}")
    for match in matches:
        words = ", ".join(dict.fromkeys(f"{span.surface!r} in {span.field}" for span in match.spans))
        print(f"    {match.topic_id}: {words}")
    for signal in judgement.signals:
        print(f"    {signal.points:+g} {signal.name}: {signal.reason.en}")


if __name__ == "__main__":
    raise SystemExit(main())
