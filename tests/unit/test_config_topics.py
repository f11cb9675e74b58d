"""The packaged topics say what the domain research says, and are served as complete nouns."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from collector.config.topics import foreign_context, leet_keep, shipped_topics


def test_every_packaged_topic_can_match_and_has_both_names() -> None:
    topics = shipped_topics()
    assert len(topics) == 17
    assert all(topic.id == key and topic.name.id and topic.name.en for key, topic in topics.items())


def test_a_pair_of_candidates_gives_both_names() -> None:
    persons = shipped_topics()["pilkada_2024"].persons
    assert {"Pramono Anung", "Rano Karno"} <= set(persons)
    assert not any(" - " in name for name in persons)


def test_aliases_stand_among_the_persons() -> None:
    assert {"Zulkifli Hasan", "Zulhas"} <= set(shipped_topics()["mbg"].persons)


def test_an_institution_with_its_short_name_gives_both() -> None:
    assert {"Badan Gizi Nasional", "BGN"} <= set(shipped_topics()["mbg"].institutions)
    assert {"Kantor Komunikasi Kepresidenan", "Bakom RI"} <= set(shipped_topics()["asta_cita"].institutions)


def test_numbers_that_are_words_stay_words() -> None:
    assert "2029" in {term.term for term in shipped_topics()["pemilu_2029"].ambiguous}


def test_the_file_is_read_once() -> None:
    assert shipped_topics() is shipped_topics()


@pytest.mark.shared
def test_no_word_of_the_domain_research_is_missing(shared: Path) -> None:
    research = yaml.safe_load((shared / "domain" / "topics.yaml").read_text(encoding="utf-8"))
    assert leet_keep() == frozenset(research["leet_keep"])
    assert foreign_context() == tuple(research["foreign_context"])
    topics = shipped_topics()
    assert list(topics) == [entry["id"] for entry in research["topics"]]
    for entry in research["topics"]:
        topic = topics[entry["id"]]
        assert (topic.name.id, topic.name.en, topic.group) == (entry["name_id"], entry["name_en"], entry["group"])
        for ours, theirs in [
            (topic.strong, "strong"),
            (topic.slang, "slang_obfuscation"),
            (topic.hashtags, "hashtags"),
            (topic.regex_names, "regex_names"),
            (topic.exclude, "exclude"),
            (topic.official_domains, "official_domains"),
        ]:
            assert ours == tuple(entry.get(theirs, ())), (topic.id, theirs)
        assert [(term.term, term.context_any, term.exclude) for term in topic.ambiguous] == [
            (term["term"], tuple(term["context_any"]), tuple(term.get("exclude", ()))) for term in entry["ambiguous"]
        ]
