"""Which item an entry is."""

from __future__ import annotations

from collector.model.item import Entry
from collector.sources.identity import Sorted, content_hash, identity_of, is_unique, sort_out
from collector.store.base import Known, KnownItem

LINK = "https://contoh.id/berita/1"
UUID = "urn:uuid:7f0e4a52-2f6b-4f4e-9a0c-0d8f5f1c9a11"


def entry(title: str = "KPU tetapkan jadwal", url: str | None = LINK, guid: str | None = None, text: str = "") -> Entry:
    return Entry(title=title, url=url, guid=guid, text=text)


def stored(of: Entry, *, item_id: int = 7, here: bool = True, first_here: bool = True) -> KnownItem:
    return KnownItem(
        item_id=item_id,
        identity=identity_of(of),
        title=of.title,
        content_hash=content_hash(of),
        here=here,
        guid=of.guid,
        first_here=first_here,
    )


def knowing(*items: KnownItem) -> Known:
    return Known(
        by_identity={item.identity: item for item in items},
        by_guid={item.guid: item for item in items if item.guid and item.here},
    )


def sort(*entries: Entry, known: Known | None = None) -> Sorted:
    return sort_out(entries, known or Known())


def test_an_unknown_link_is_a_new_item() -> None:
    assert sort(entry()).new == ((LINK, entry()),)


def test_a_known_item_shown_again_with_the_same_words_is_nothing_to_do() -> None:
    assert sort(entry(), known=knowing(stored(entry()))) == Sorted()


def test_an_item_known_from_another_source_is_a_resighting() -> None:
    result = sort(entry(), known=knowing(stored(entry(), here=False, first_here=False)))
    assert result.resightings == ((7, entry()),)
    assert not result.new
    assert not result.changes


def test_a_changed_title_is_a_change_not_a_new_item() -> None:
    result = sort(entry("KPU ubah jadwal"), known=knowing(stored(entry())))
    assert result.changes == ((7, entry("KPU ubah jadwal")),)
    assert not result.new


def test_another_outlet_s_headline_for_the_same_link_does_not_overwrite_the_first() -> None:
    seen_elsewhere_first = stored(entry(), here=True, first_here=False)
    assert sort(entry("Jadwal KPU - Contoh"), known=knowing(seen_elsewhere_first)) == Sorted()


def test_a_changed_text_alone_is_nothing_to_do() -> None:
    assert sort(entry(text="baru"), known=knowing(stored(entry(text="lama")))) == Sorted()


def test_spacing_and_composed_letters_are_no_change() -> None:
    assert sort(entry("Cafe\u0301  pemilu "), known=knowing(stored(entry("Caf\u00e9 pemilu")))) == Sorted()


def test_duplicates_within_a_document_collapse_and_the_first_one_wins() -> None:
    result = sort(entry("satu"), entry("dua", url=LINK + "?utm_source=rss"))
    assert [entry.title for _, entry in result.new] == ["satu"]


def test_of_two_entries_with_one_link_an_unchanged_one_keeps_the_title() -> None:
    assert sort(entry("dua"), entry(), known=knowing(stored(entry()))) == Sorted()


def test_positions_as_guids_never_hide_a_new_link() -> None:
    """The recorded Tempo feeds number their entries 1, 2, 3 ... anew every day, also for the same title."""
    yesterday = stored(entry(guid="1"))
    today = entry(url="https://contoh.id/berita/2", guid="1")
    assert len(sort(today, known=knowing(yesterday)).new) == 1


def test_a_link_that_moved_under_a_unique_guid_is_the_same_item_while_the_title_agrees() -> None:
    moved = entry(url="https://baru.contoh.id/berita/1", guid=UUID)
    assert sort(moved, known=knowing(stored(entry(guid=UUID)))) == Sorted()


def test_a_unique_guid_with_another_link_and_another_title_is_another_item() -> None:
    other = entry("Bansos cair", url="https://contoh.id/berita/2", guid=UUID)
    assert len(sort(other, known=knowing(stored(entry(guid=UUID)))).new) == 1


def test_a_guid_shared_by_two_entries_of_a_document_is_not_trusted() -> None:
    moved = [entry(url=f"https://contoh.id/baru/{n}", guid=UUID) for n in (1, 2)]
    assert len(sort(*moved, known=knowing(stored(entry(guid=UUID)))).new) == 2


def test_without_a_link_a_known_guid_with_the_same_title_is_the_same_item() -> None:
    known = knowing(stored(entry(url=None, guid="12", text="lama")))
    assert sort(entry(url=None, guid="12", text="baru"), known=known) == Sorted()


def test_without_a_link_a_unique_guid_with_another_title_is_a_change() -> None:
    known = knowing(stored(entry(url=None, guid=UUID)))
    assert len(sort(entry("judul baru", url=None, guid=UUID), known=known).changes) == 1


def test_without_link_and_guid_title_and_text_are_the_identity() -> None:
    result = sort(*(entry("tanpa id", url=None, text=text) for text in ("satu", "dua", "satu")))
    assert len(result.new) == 2
    assert all(identity.startswith("hash:") for identity, _ in result.new)


def test_without_a_link_equal_words_under_two_guids_are_two_items_once() -> None:
    twins = entry("pemilu", url=None, guid="1"), entry("pemilu", url=None, guid="2")
    new = sort(*twins).new
    assert len({identity for identity, _ in new}) == 2
    assert sort(*twins, known=knowing(stored(twins[0]))) == Sorted()


def test_a_feed_that_links_every_entry_to_its_home_page_does_not_fold_into_one_item() -> None:
    assert len(sort(entry("satu", url="https://contoh.id/"), entry("dua", url="https://www.contoh.id")).new) == 2


def test_lone_surrogates_have_an_identity_too() -> None:
    assert identity_of(entry("a\ud800", url=None)).startswith("hash:")


def test_numbers_and_short_words_are_no_unique_guids() -> None:
    assert not any(map(is_unique, ("1", "4559522", "sama", "berita-12")))
    assert all(map(is_unique, (UUID, "tag:contoh.id,2026:1", "https://contoh.id/?p=12")))
