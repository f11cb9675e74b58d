"""Among very many texts those that share the rarest features with one are found, and what is old is forgotten."""

from __future__ import annotations

import random

from collector.claims.nearby import Nearby

STORIES = [f"{word}-{number}" for number in range(300) for word in ("who", "where", "what")]


def filled(count: int = 300) -> Nearby:
    """Each place has three features of its own, and one that all share."""
    nearby = Nearby()
    for number in range(count):
        nearby.add([*STORIES[3 * number : 3 * number + 3], "everywhere"])
    return nearby


def test_the_same_features_are_nearest() -> None:
    best = filled().nearest(["who-7", "where-7", "what-7", "everywhere"], 3, 0.45)
    assert [one.place for one in best] == [7]
    assert best[0].share > 0.99


def test_what_everybody_has_brings_nobody_near() -> None:
    assert filled().nearest(["everywhere", "unheard-of"], 3, 0.45) == []


def test_an_empty_store_has_no_neighbours() -> None:
    assert Nearby().nearest(["who-1"], 3, 0.0) == []


def test_features_that_nobody_has_make_a_text_stranger() -> None:
    nearby = filled()
    known = nearby.nearest(["who-7", "where-7"], 1, 0.0)[0]
    strange = nearby.nearest(["who-7", "where-7", *(f"new-{n}" for n in range(9))], 1, 0.0)[0]
    assert strange.share < known.share


def test_of_equals_the_earliest_comes_first() -> None:
    nearby = Nearby()
    for _ in range(4):
        nearby.add(["a", "b"])
    nearby.add(["c"])
    assert [one.place for one in nearby.nearest(["a", "b"], 3, 0.0)] == [0, 1, 2]


def test_a_rare_feature_is_rarer_than_a_common_one() -> None:
    nearby = filled()
    assert nearby.rarity("unheard-of") > nearby.rarity("who-1") > nearby.rarity("everywhere") >= 0


def test_after_forgetting_the_rest_is_found_as_if_it_had_been_alone() -> None:
    rng, whole, alone = random.Random(3), Nearby(), Nearby()
    texts = [rng.sample(STORIES, 6) for _ in range(200)]
    for number, text in enumerate(texts):
        whole.add(text)
        if number >= 120:
            alone.add(text)
    whole.forget(120)
    assert len(whole) == len(alone) == 80
    for text in texts[:40]:
        assert rounded(whole, text) == rounded(alone, text)


def rounded(nearby: Nearby, text: list[str]) -> list[tuple[int, float]]:
    """All that are near; the order of adding up moves the last digits of a share, and so the order of equals."""
    return sorted((one.place, round(one.share, 9)) for one in nearby.nearest(text, 100, 0.0))


def test_a_store_that_forgot_goes_on_growing() -> None:
    nearby = filled(50)
    nearby.forget(49)
    place = nearby.add(["who-7", "where-7"])
    assert place == 1
    assert [one.place for one in nearby.nearest(["who-7", "where-7"], 3, 0.45)] == [1]
