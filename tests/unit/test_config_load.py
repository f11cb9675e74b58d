"""What a right file becomes: the contract's example, every default, the environment, durations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from collector.config.calendar import shipped_events
from collector.config.duration import duration, spoken
from collector.config.load import load, load_text
from collector.config.secret import Secret
from collector.config.settings import Console, Email, Network, Receiver, Retention, Settings, Webhook
from collector.config.topics import shipped_topics
from collector.model.bucket import Measure
from collector.model.errors import ConfigError
from collector.model.phrase import Phrase
from collector.model.rule import Rule, Sensitivity
from collector.model.source import Role, Source
from collector.model.topic import AmbiguousTerm, Topic

EXAMPLE = Path(__file__).resolve().parents[1] / "data" / "contract.yaml"


def settings_of(text: str, environ: Mapping[str, str] | None = None) -> Settings:
    return load_text(text, Path("/somewhere/sources.yaml"), environ=environ or {})


@pytest.fixture
def example() -> Settings:
    return load(EXAMPLE, environ={"SIAGA_WEBHOOK_SECRET": "RAHASIA"})


def test_the_contract_example_loads_as_written(example: Settings) -> None:
    assert example.timezone == ZoneInfo("Asia/Jakarta")
    assert example.language == "id"
    assert example.database == EXAMPLE.parent / "siaga.db"
    assert example.network == Network(
        contact="mailto:desk@example.org", host_gap=timedelta(seconds=1), allow_private=()
    )
    assert example.operator == ("meja",)
    assert example.retention == Retention(items=timedelta(days=400), polls=timedelta(days=90))


def test_the_sources_of_the_example_are_complete(example: Settings) -> None:
    factcheck, kpu = example.sources
    assert (factcheck.id, factcheck.kind, factcheck.role) == ("TurnBackHoax", "feed", Role.FACTCHECK)
    assert (factcheck.every, factcheck.timeout) == (timedelta(minutes=30), timedelta(seconds=45))
    assert factcheck.expect_every == timedelta(days=3)
    assert (kpu.kind, kpu.every, kpu.timeout, kpu.enabled) == (
        "page",
        timedelta(minutes=15),
        timedelta(seconds=30),
        False,
    )
    assert kpu.options == {"item": "div.card", "title": "h5 a", "link": "h5 a", "summary": "p", "date": ".date"}


def test_the_topics_of_the_example_are_shipped_ones_and_an_own_one(example: Settings) -> None:
    shipped = shipped_topics()
    assert example.topics == (
        shipped["pemilu_umum"],
        shipped["judi_online"],
        Topic(
            id="sekolah_gratis",
            name=Phrase(id="Sekolah gratis", en="Sekolah gratis"),
            strong=("sekolah gratis", "sekolah rakyat"),
            ambiguous=(AmbiguousTerm(term="spp", context_any=("gratis", "sekolah")),),
            exclude=("sekolah gratis bahasa inggris",),
        ),
    )


def test_the_rule_and_receivers_of_the_example_are_complete(example: Settings) -> None:
    assert example.rules == (
        Rule(
            name="lonjakan",
            topics=("pemilu_umum", "judi_online"),
            receivers=("meja", "sistem"),
            measure=Measure.SUSPICIOUS,
            method="threshold",
            window=timedelta(hours=6),
            at_least=5,
            min_sources=2,
            suspicion_at_least=0.5,
            repeat_interval=timedelta(hours=12),
        ),
    )
    meja, sistem = example.receivers
    assert meja.channel == Email(
        to=("desk@example.org",),
        sender="siaga@example.org",
        smarthost="smtp.example.org:587",
        tls="starttls",
        username="siaga",
        password_file=Path("/run/secrets/smtp"),
    )
    assert sistem.channel == Webhook(
        url=Secret("https://example.org/hook"), secret=Secret("RAHASIA"), receiver="sistem"
    )


def test_no_secret_shows_in_the_settings(example: Settings) -> None:
    assert "RAHASIA" not in repr(example)
    assert "example.org/hook" not in repr(example)


def test_every_key_that_is_left_out_has_its_default() -> None:
    settings = settings_of(
        "sources: [{name: A, url: 'https://a.test/'}]\nrules: [{name: r}]\nreceivers: [{name: m, console: {}}]\n"
    )
    assert settings == Settings(
        path=Path("/somewhere/sources.yaml"),
        database=Path("/somewhere/siaga.db"),
        timezone=ZoneInfo("Asia/Jakarta"),
        language="id",
        network=Network(contact=None, host_gap=timedelta(seconds=1), allow_private=()),
        sources=(
            Source(
                id="A",
                kind="feed",
                url="https://a.test/",
                role=Role.NEWS,
                every=timedelta(minutes=15),
                timeout=timedelta(seconds=30),
                expect_every=None,
                lang="id",
                enabled=True,
                options={},
            ),
        ),
        topics=tuple(shipped_topics().values()),
        calendar=tuple(shipped_events().values()),
        rules=(
            Rule(
                name="r",
                topics=tuple(shipped_topics()),
                receivers=("m",),
                measure=Measure.SUSPICIOUS,
                method="auto",
                window=timedelta(hours=6),
                at_least=5,
                min_sources=2,
                times=3.0,
                suspicion_at_least=0.5,
                repeat_interval=timedelta(hours=12),
                sensitivity=Sensitivity.BALANCED,
            ),
        ),
        receivers=(Receiver(name="m", channel=Console()),),
        operator=(),
        retention=Retention(items=timedelta(days=400), polls=timedelta(days=90)),
    )


def test_an_email_receiver_needs_no_more_than_three_keys() -> None:
    text = "receivers: [{name: m, email: {to: [a@b.test], from: c@d.test, smarthost: 'e.test:25'}}]"
    assert settings_of(text).receivers[0].channel == Email(
        to=("a@b.test",), sender="c@d.test", smarthost="e.test:25", tls="starttls", username=None, password=None
    )


@pytest.mark.parametrize("written", ["console: {}", "console: true", "console:"])
def test_a_console_receiver_may_be_written_in_three_ways(written: str) -> None:
    assert settings_of(f"receivers:\n  - name: m\n    {written}\n").receivers == (
        Receiver(name="m", channel=Console()),
    )


def test_defaults_hold_for_sources_that_say_nothing() -> None:
    text = "defaults: {every: 1h, timeout: 5s}\nsources: [{name: A, url: 'https://a.test'}]"
    (source,) = settings_of(text).sources
    assert (source.every, source.timeout) == (timedelta(hours=1), timedelta(seconds=5))


def test_a_rule_covers_all_topics_of_the_file() -> None:
    assert settings_of("topics: [mbg, bansos]\nrules: [{name: r}]").rules[0].topics == ("mbg", "bansos")


def test_an_own_topic_with_a_shipped_id_replaces_it() -> None:
    text = "topics: [{id: mbg, name: MBG, hashtags: ['#mbg'], strong: [2029]}]"
    (topic,) = settings_of(text).topics
    assert (topic.hashtags, topic.strong) == (("mbg",), ("2029",))


def test_everything_commented_out_is_an_empty_list() -> None:
    settings = settings_of("sources:\n  # - name: A\nrules:\nreceivers:\nnetwork:\noperator:\n")
    assert (settings.sources, settings.rules, settings.receivers) == ((), (), ())


def test_the_database_lies_beside_the_file_unless_said_otherwise(tmp_path: Path) -> None:
    assert settings_of("database: data/x.db").database == Path("/somewhere/data/x.db")
    assert settings_of("database: /var/lib/siaga/x.db").database == Path("/var/lib/siaga/x.db")
    file = tmp_path / "s.yaml"
    file.write_text("version: 1\n", encoding="utf-8-sig")
    assert load(file, environ={}).database == tmp_path / "siaga.db"
    assert load(file, database=Path("other.db"), environ={}).database == Path("other.db")


ENVIRONMENT: list[tuple[str, dict[str, str], str]] = [
    ("${A}", {"A": "x"}, "x"),
    ("a${A}b${B}c", {"A": "1", "B": "2"}, "a1b2c"),
    ("${A:-d}", {}, "d"),
    ("${A:-d}", {"A": ""}, "d"),  # as in a shell, set but empty is no value
    ("${A:-d}", {"A": "x"}, "x"),
    ("${A:-}x", {}, "x"),
    ("$$A", {"A": "x"}, "$A"),
    ("$${A}", {"A": "x"}, "${A}"),
    ("$A $ 5$", {"A": "x"}, "$A $ 5$"),  # a lone dollar sign is one
    ("${A}", {"A": "${B}"}, "${B}"),  # what comes from outside is not looked at again
]


@pytest.mark.parametrize(("written", "environ", "read"), ENVIRONMENT)
def test_the_environment_fills_values(written: str, environ: dict[str, str], read: str) -> None:
    text = f"receivers: [{{name: m, webhook: {{url: 'https://a.test/', secret: '{written}'}}}}]"
    channel = settings_of(text, environ).receivers[0].channel
    assert isinstance(channel, Webhook)
    assert channel.secret == Secret(read)


def test_any_value_may_come_from_the_environment() -> None:
    text = "language: ${L}\nnetwork: {host_gap: '${G}'}\nrules: [{name: r, at_least: '${N}'}]\ndatabase: ${D:-x.db}"
    settings = settings_of(text, {"L": "en", "G": "0s", "N": "7"})
    assert (settings.language, settings.network.host_gap, settings.rules[0].at_least) == ("en", timedelta(0), 7)
    assert settings.database.name == "x.db"


def test_what_the_environment_holds_cannot_add_keys() -> None:
    with pytest.raises(ConfigError):
        settings_of("language: ${L}", {"L": "en\ndatabase: /etc/x"})


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("6h", 21_600), ("3d", 259_200), ("2w", 1_209_600), ("1h30m", 5_400), ("0s", 0)],
)
def test_durations_are_read(text: str, seconds: int) -> None:
    assert duration(text) == timedelta(seconds=seconds)
    assert duration(spoken(duration(text))) == duration(text)


@pytest.mark.parametrize(
    "text", ["", "5", "m", "-5m", "1.5h", "5 m", "30m1h", "5M", "1h1h", "٣h", "1e3s", "99999999999s"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="length of time"):
        duration(text)


TELEGRAM = [
    "https://t.me/s/kanal",
    "https://t.me/kanal",
    "@kanal",
    "https://telegram.me/s/kanal",
    "http://127.0.0.1:8801/s/kanal",
]


@pytest.mark.parametrize("url", TELEGRAM)
def test_a_telegram_channel_may_be_named_in_several_ways(url: str) -> None:
    assert settings_of(f"sources: [{{name: T, kind: telegram, url: '{url}'}}]").sources[0].url == url


def test_a_metadata_address_passes_only_where_it_is_allowed() -> None:
    text = "sources: [{name: A, url: 'http://169.254.169.254/x'}]\nnetwork: {allow_private: [%s]}"
    assert settings_of(text % "'169.254.169.254:80'").sources
    assert settings_of(text % "169.254.0.0/16").sources
    for other in ("", "'169.254.169.254:81'", "10.0.0.0/8"):
        with pytest.raises(ConfigError):
            settings_of(text % other)


ALLOWED = ["127.0.0.1:8801", "10.0.0.0/8", "192.168.1.5", "[::1]:8801", "fd00::/8", "feeds.internal:8080"]


@pytest.mark.parametrize("entry", ALLOWED)
def test_private_addresses_are_allowed_by_machine_or_network(entry: str) -> None:
    assert settings_of(f"network: {{allow_private: ['{entry}']}}").network.allow_private == (entry,)


def test_a_kind_of_an_installed_package_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import metadata

    def installed(*, group: str) -> Any:
        return [metadata.EntryPoint(name="radio", value="x:Y", group=group)] if group.startswith("siaga.") else []

    monkeypatch.setattr(metadata, "entry_points", installed)
    assert settings_of("sources: [{name: A, kind: radio, url: 'https://a.test'}]").sources[0].kind == "radio"


def test_articles_are_read_only_where_the_file_says_so() -> None:
    text = """sources:
  - {name: A, url: "https://a.example/rss", article: true}
  - {name: B, url: "https://b.example/rss"}
"""
    assert [source.article for source in load_text(text, Path("sources.yaml")).sources] == [True, False]
