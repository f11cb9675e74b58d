"""The demo: its story, its outlets, its desk, and the whole rehearsal with the real daemon."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.client import HTTPConnection
from pathlib import Path

import pytest

from collector.claims.grouper import text_of
from collector.claims.grouping import IssueBook
from collector.cli.demo import called_as
from collector.config.load import load
from collector.demo.caller import links_to, visit
from collector.demo.cast import ARCHIVE, CAST, SOCIAL, Outlet
from collector.demo.desk import HookDesk, MailDesk, signature_fault
from collector.demo.folder import Addresses, configuration, fresh, page_address, write
from collector.demo.screen import Arrivals, Screen
from collector.demo.server import Newsstand
from collector.demo.site import Site, local_date
from collector.demo.story import Post, Story, last_midnight, tell
from collector.demo.tally import Tally
from collector.model.errors import SiagaError
from collector.model.source import Role

START = datetime(2026, 11, 17, 17, tzinfo=UTC)  # midnight in Jakarta
SECRET = "whsec_" + base64.b64encode(b"a secret of the demo's desk").decode()
ADDRESSES = Addresses(
    newsstand="127.0.0.1:8001",
    mail="127.0.0.1:8002",
    webhook="127.0.0.1:8003",
    partner="127.0.0.1:8004",
    page="127.0.0.1:8005",
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class StoppedClock:
    """A clock that is set by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@pytest.fixture(scope="module")
def story() -> Story:
    return tell(START)


# ---------------------------------------------------------------- the story


def test_the_same_start_and_seed_tell_the_same_story(story: Story) -> None:
    assert tell(START).posts == story.posts
    assert tell(START, seed=2).posts != story.posts


def test_the_story_begins_at_a_midnight_of_the_province() -> None:
    assert last_midnight(datetime(2026, 11, 25, 16, 59, tzinfo=UTC)) == datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert last_midnight(datetime(2026, 11, 25, 17, 0, tzinfo=UTC)) == datetime(2026, 11, 25, 17, tzinfo=UTC)


def test_each_newsroom_publishes_eight_to_fifteen_articles_a_day(story: Story) -> None:
    newsrooms = [outlet for outlet in CAST if outlet.role is Role.NEWS and outlet.key != "sorotan"]
    assert len(newsrooms) == 8
    for outlet in newsrooms:
        in_the_week = [post for post in story.posts[outlet.key] if post.at >= START]
        assert 8 <= len(in_the_week) / 7 <= 15, outlet.key


def test_every_link_is_told_once_and_points_to_nobody(story: Story) -> None:
    own = [post for key, posts in story.posts.items() if key != "sorotan" for post in posts]
    assert len({post.link for post in own}) == len(own)
    assert all(".example/" in post.link or post.link.startswith("https://t.me/siaga_contoh_") for post in own)


def test_no_slot_is_left_unfilled(story: Story) -> None:
    assert not [post for posts in story.posts.values() for post in posts if "{" in post.title + post.text]


def test_the_rumour_reaches_every_social_channel_within_six_hours(story: Story) -> None:
    rumour = [post for outlet in SOCIAL for post in story.posts[outlet.key] if post.thread == "rumour"]
    first = min(post.at for post in rumour)
    early = [post for post in rumour if post.at < first + timedelta(hours=6)]
    assert len(early) >= 10
    assert {post.outlet.key for post in early} == {outlet.key for outlet in SOCIAL}


def test_the_debunk_comes_two_days_after_the_rumour(story: Story) -> None:
    rumour = min(post.at for outlet in SOCIAL for post in story.posts[outlet.key] if post.thread == "rumour")
    debunk = next(post.at for post in story.posts["periksafakta"] if "Surat Suara" in post.title)
    assert timedelta(hours=44) < debunk - rumour < timedelta(hours=52)


@pytest.fixture(scope="module")
def issues(story: Story) -> list[list[Post]]:
    """The week's posts about the vote, as the grouping brings them together."""
    posts = sorted((post for key, some in story.posts.items() if key != "sorotan" for post in some), key=lambda p: p.at)
    asked = [post for post in posts if re.search("suara|pilkada|bansos|bawaslu", f"{post.title} {post.text}".lower())]
    book = IssueBook()
    for post in asked:
        book.join(book.read(text_of(post.title, post.text)), at=post.at)
    found: dict[str, list[Post]] = {}
    for place, post in enumerate(asked):
        found.setdefault(book.issue_of(place), []).append(post)
    return list(found.values())


def test_the_rumour_becomes_fewer_issues_than_it_has_wordings_and_meets_only_its_answers(
    issues: list[list[Post]],
) -> None:
    threads = [{post.thread for post in members} for members in issues]
    rumour = [told for told in threads if "rumour" in told]
    assert 0 < len(rumour) < 10
    assert all(told <= {"rumour", "planned"} for told in rumour)


def test_news_of_two_districts_is_never_one_issue(issues: list[list[Post]]) -> None:
    districts = ("Seroja", "Karangbayu", "Tanjung Melur", "Pulau Kenanga", "Lembah Pandan", "Muara Teduh")
    for members in issues:
        news = [post.title for post in members if post.thread == "ordinary" and post.title]
        assert len({named for title in news if (named := next((d for d in districts if d in title), ""))}) <= 1, news


def test_the_archive_is_years_old(story: Story) -> None:
    assert max(post.at for post in story.posts[ARCHIVE.key]) < START - timedelta(days=800)


# ---------------------------------------------------------------- the outlets


@pytest.mark.parametrize("outlet", CAST, ids=lambda outlet: outlet.key)
def test_an_outlet_that_is_asked_again_with_its_validators_answers_304(story: Story, outlet: Outlet) -> None:
    site, now = Site(story), START + timedelta(hours=12)
    first = site.answer(outlet.path, {}, now)
    again = site.answer(outlet.path, {"if-none-match": first.headers["ETag"]}, now)
    assert (first.status, again.status, again.body) == (200, 304, b"")


def test_a_new_article_changes_the_validators(story: Story) -> None:
    site = Site(story)
    before = site.answer("/kabar/feed", {}, START + timedelta(hours=8))
    after = site.answer("/kabar/feed", {"if-none-match": before.headers["ETag"]}, START + timedelta(hours=20))
    assert after.status == 200
    assert after.headers["ETag"] != before.headers["ETag"]


def test_a_retitled_article_keeps_its_address(story: Story) -> None:
    site = Site(story)
    morning = site.answer("/seroja/feed", {}, START + timedelta(days=3, hours=9)).body.decode()
    evening = site.answer("/seroja/feed", {}, START + timedelta(days=3, hours=14)).body.decode()
    assert "polisi minta tenang" in morning
    assert "segel dinyatakan utuh" in evening
    assert "polisi-minta-tenang" in evening


def test_one_newsroom_is_down_for_most_of_a_day_and_one_answers_a_login_page(story: Story) -> None:
    site = Site(story)
    assert site.answer("/seroja/feed", {}, START + timedelta(hours=30)).status == 503
    assert site.answer("/seroja/feed", {}, START + timedelta(hours=50)).status == 200
    assert b"<form>" in site.answer("/warta/feed", {}, START + timedelta(hours=62)).body


def test_the_official_page_writes_dates_as_indonesian_pages_do() -> None:
    assert local_date(datetime(2024, 11, 27, 7, 5, tzinfo=UTC)) == "Rabu, 27 November 2024 | 14:05 WIB"


def test_the_newsstand_shows_what_is_published_by_the_clock(story: Story) -> None:
    clock = StoppedClock(START + timedelta(hours=8))
    with Newsstand(Site(story), clock).running() as stand:
        connection = HTTPConnection(stand.address, timeout=5)
        connection.request("GET", "/kpu/berita")
        early = connection.getresponse().read()
        clock.at = START + timedelta(hours=9)
        connection.request("GET", "/kpu/berita")
        later = connection.getresponse().read()
        connection.close()
    assert b"Jadwal distribusi" not in early
    assert b"Jadwal distribusi" in later
    assert stand.answered[200] == 2


# ---------------------------------------------------------------- the desk


def test_a_mail_is_kept_with_its_html_part_beside_it(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "[Siaga] coba", "siaga@desa.example", "meja@desa.example"
    message.set_content("isi surat")
    message.add_alternative("<p>isi surat</p>", subtype="html")
    with MailDesk(tmp_path / "mail").running() as desk, smtplib.SMTP("127.0.0.1", desk.port, timeout=5) as client:
        client.send_message(message)
    [mail] = desk.mails
    assert (mail.subject, mail.to, mail.text.strip()) == ("[Siaga] coba", "meja@desa.example", "isi surat")
    assert mail.eml.is_file()
    assert mail.html is not None
    assert "<p>isi surat</p>" in mail.html.read_text()


def test_the_mail_desk_leaves_no_thread_behind(tmp_path: Path) -> None:
    before = threading.active_count()
    with MailDesk(tmp_path).running() as desk, smtplib.SMTP("127.0.0.1", desk.port, timeout=5):
        pass
    assert threading.active_count() == before


def signed(body: bytes, at: datetime, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, b".".join((b"msg_1", stamp.encode(), body)), hashlib.sha256).digest()
    signature = "v1," + base64.b64encode(digest).decode()
    return {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": signature}


def test_a_well_signed_call_has_no_fault() -> None:
    assert signature_fault(SECRET, signed(b"{}", START), b"{}", START) is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"webhook-signature": "v1,AAAA"}, "does not match"),
        ({"webhook-timestamp": "soon"}, "not a number"),
        ({"webhook-timestamp": "1000"}, "not now"),
    ],
)
def test_a_call_that_was_tampered_with_is_refused_with_a_reason(change: dict[str, str], fault: str) -> None:
    assert fault in (signature_fault(SECRET, signed(b"{}", START) | change, b"{}", START) or "")


def test_a_call_without_a_signature_is_refused() -> None:
    assert "webhook-signature" in (signature_fault(SECRET, {}, b"{}", START) or "")


def test_the_hook_desk_keeps_good_calls_readable_and_answers_401_to_others(tmp_path: Path) -> None:
    desk = HookDesk(tmp_path, SECRET, StoppedClock(START))
    body = json.dumps({"type": "alert.firing", "timestamp": "…", "data": {}}).encode()
    with desk.running():
        connection = HTTPConnection(desk.address, timeout=5)
        statuses = []
        for headers in (signed(body, START), signed(b"other", START)):
            connection.request("POST", "/hook", body, headers)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.close()
    assert statuses == [204, 401]
    assert desk.calls[0].type == "alert.firing"
    assert json.loads(desk.calls[0].path.read_text())["type"] == "alert.firing"


# ---------------------------------------------------------------- the folder


def test_an_earlier_demo_is_put_aside_and_named(tmp_path: Path) -> None:
    folder, kept = fresh(tmp_path / "demo-output")
    assert kept is None
    write(folder.config, configuration(ADDRESSES, SECRET, SECRET))
    again, kept = fresh(tmp_path / "demo-output")
    assert kept is not None
    assert (kept / "sources.yaml").is_file()
    assert not again.config.exists()


def test_two_demos_in_one_second_do_not_overwrite_each_other(tmp_path: Path) -> None:
    kept = set()
    for _ in range(3):
        folder, aside = fresh(tmp_path / "demo-output")
        kept.add(aside)
        write(folder.config, configuration(ADDRESSES, SECRET, SECRET))
        os.utime(folder.config, (0, 0))
    assert len(list(tmp_path.iterdir())) == 3
    assert len(kept) == 3


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(SiagaError, match="--out"):
        fresh(tmp_path)
    assert (tmp_path / "thesis.txt").is_file()


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SiagaError, match="cannot be used"):
        fresh(tmp_path / "file" / "demo-output")


def test_the_configuration_is_one_that_siaga_accepts(tmp_path: Path) -> None:
    folder, _ = fresh(tmp_path / "demo-output")
    write(folder.config, configuration(ADDRESSES, SECRET, SECRET, with_archive=True))
    settings = load(folder.config)
    assert len(settings.sources) == len(CAST) + 1
    assert {source.kind for source in settings.sources} == {"feed", "page", "sitemap", "telegram"}
    assert settings.network.allow_private == ("127.0.0.1:8001", "127.0.0.1:8003", "127.0.0.1:8004")
    assert settings.web is not None
    assert settings.web.address == "http://127.0.0.1:8005"


def test_when_the_week_is_over_the_file_asks_and_tells_nobody(tmp_path: Path) -> None:
    """Its servers are gone: a daemon on it shall show the page, and not complain of sources."""
    folder, _ = fresh(tmp_path / "demo-output")
    write(folder.config, configuration(ADDRESSES, SECRET, SECRET, with_archive=True, over=True))
    settings = load(folder.config)
    assert not [source for source in settings.sources if source.enabled]
    assert {receiver.kind for receiver in settings.receivers} == {"console"}
    assert [partner.send for partner in settings.partners] == [None]
    assert settings.web is not None


def test_a_link_in_a_mail_is_opened_once_and_without_its_fragment() -> None:
    text = "Buka: http://127.0.0.1:8005/alert/1#x\n<http://127.0.0.1:8005/alert/1>\nhttps://kabar.example/alert/2"
    assert links_to("127.0.0.1:8005", text) == ("/alert/1",)


def test_a_page_that_nobody_serves_is_a_visit_that_failed() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        assert visit(f"127.0.0.1:{unheard.getsockname()[1]}", "/").status == 0


def test_the_page_goes_to_another_port_where_the_usual_one_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert page_address(range(port, port + 1)) != f"127.0.0.1:{port}"


# ---------------------------------------------------------------- the screen


def test_without_a_terminal_progress_comes_twice_a_simulated_day() -> None:
    out = io.StringIO()
    screen = Screen(out, START)
    for hour in range(7 * 24):
        screen.progress(START + timedelta(hours=hour), Tally(polls=hour), Arrivals(mails=0, calls=0))
    lines = out.getvalue().splitlines()
    assert len(lines) == 14
    assert lines[0].startswith("  D-7 Wed 00:00")
    assert "\r" not in out.getvalue()


def test_on_a_terminal_an_event_does_not_tear_the_moving_line() -> None:
    out = Terminal()
    screen = Screen(out, START)
    screen.progress(START, Tally(), Arrivals(mails=0, calls=0))
    screen.event(START + timedelta(hours=30), "ALERT")
    screen.finish()
    assert "\r\x1b[2K  D-6 Thu 06:00  ALERT\n" in out.getvalue()
    assert out.getvalue().endswith("\n")


def test_the_next_steps_name_the_program_as_it_was_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / ".venv" / "bin" / "siaga"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(program), "demo"])
    assert called_as() == ".venv/bin/siaga"
    monkeypatch.setenv("PATH", str(program.parent))
    assert called_as() == "siaga"


# ---------------------------------------------------------------- the whole


@pytest.mark.slow
def test_the_rehearsal_raises_the_alert_and_everything_arrives(tmp_path: Path) -> None:
    """By the real daemon, a good deal faster than people watch it."""
    done = run_demo(tmp_path, "--speed", "25000")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[MISSING]" not in done.stdout
    assert "Subject: [Siaga]" in done.stdout
    assert "Traceback" not in done.stderr + (tmp_path / "demo-output" / "daemon.log").read_text()
    for line in next_steps(done.stdout):
        tried = siaga(tmp_path, *line)
        assert (tried.returncode, tried.stderr) == (0, ""), line
        assert tried.stdout


@pytest.mark.slow
def test_ctrl_c_ends_the_demo_cleanly(tmp_path: Path) -> None:
    command = [*PROGRAM, "demo"]
    with subprocess.Popen(command, cwd=tmp_path, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while "D-7" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped before the end" in rest


PROGRAM = (sys.executable, "-c", "from collector.cli import main; main()")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent)}


def siaga(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *words], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=150, check=False
    )


def run_demo(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return siaga(folder, "demo", *words)


def next_steps(told: str) -> list[list[str]]:
    """The commands that the demo says to try, without the program's name and the shell's redirection."""
    lines = told.partition("Try next:")[2].splitlines()
    steps = [line.split() for line in lines if line.startswith("  siaga ")]
    assert len(steps) == 7
    return [step[1 : step.index(">")] if ">" in step else step[1:] for step in steps]
