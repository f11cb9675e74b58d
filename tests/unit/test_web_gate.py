"""Who may ask what of the page, and what a browser is told it may do with the answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pageroom import PASSWORD, PageRoom, page_room

from collector.config.secret import Secret
from collector.config.settings import Web
from collector.model.heartbeat import BEAT
from collector.model.person import Role
from collector.store.memory import MemoryStore
from collector.web.asking import local_path
from collector.web.gate import hosts_of
from collector.web.password import NOBODY, fits, hashed

SHARED = Web(
    listen="0.0.0.0:8080",
    base_url="https://siaga.example",
    password=Secret("sandi bersama"),
    token=Secret("untuk-program-1"),
)


@pytest.fixture
def room(now: datetime) -> PageRoom:
    return page_room(MemoryStore(), now)


def test_a_page_on_this_machine_is_read_without_logging_in(room: PageRoom) -> None:
    answer = room.get("/")
    assert answer.status_code == 200
    assert "Peringatan aktif" in answer.get_data(as_text=True)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8081", "siaga.example", "127.0.0.1.evil.example:8080", ""])
def test_another_name_for_this_machine_is_refused(room: PageRoom, host: str) -> None:
    """DNS rebinding: a stranger's page points its own name at 127.0.0.1 and reads what is served there."""
    answer = room.client.get("/", headers={"Host": host})
    assert answer.status_code in (400, 421)
    assert b"Siaga" not in answer.data


def test_the_names_of_this_machine_are_known(room: PageRoom) -> None:
    for host in ("127.0.0.1:8080", "localhost:8080", "[::1]:8080", "LOCALHOST:8080"):
        assert room.client.get("/", headers={"Host": host}).status_code == 200


def test_behind_a_proxy_the_public_name_is_known() -> None:
    assert "siaga.example" in hosts_of(SHARED)
    assert "siaga.example:8080" not in hosts_of(SHARED)
    assert "192.0.2.7:80" in hosts_of(Web(listen="192.0.2.7:80", token=Secret("untuk-program-1")))


def test_a_probe_may_come_under_any_name_and_learns_only_up_or_down(room: PageRoom) -> None:
    for path, status in (("/healthz", 200), ("/readyz", 503)):
        answer = room.client.get(path, headers={"Host": "10.0.0.7:8080"})
        assert (answer.status_code, answer.data) == (status, b"up\n" if status == 200 else b"down\n")
    room.store.set_meta(BEAT, room.clock.now().isoformat())
    assert room.get("/readyz").data == b"up\n"


def test_every_answer_forbids_what_a_page_does_not_need(room: PageRoom) -> None:
    for path in ("/", "/login", "/nowhere", "/healthz", "/static/page.css"):
        headers = room.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
    assert room.get("/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../gate.py",
        "/static/..%2fgate.py",
        "/static/%2e%2e/%2e%2e/app.py",
        "/static/..%5cgate.py",
        "/static//etc/passwd",
        "/static/%00page.css",
        "/../../etc/passwd",
    ],
)
def test_no_path_leads_out_of_the_folder_of_files(room: PageRoom, path: str) -> None:
    answer = room.get(path)
    assert answer.status_code in (308, 400, 404)
    assert b"import" not in answer.data
    assert b"root:" not in answer.data


# ---------------------------------------------------------------- behind a password


def test_wider_than_this_machine_reading_needs_the_password(room: PageRoom) -> None:
    room.set_web(SHARED)
    answer = room.get("/?count=mentions")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login?next=/?count%3Dmentions")
    assert room.get("/login").status_code == 200
    assert room.get("/static/page.css").status_code == 200


def test_the_shared_password_opens_the_pages_for_reading(room: PageRoom) -> None:
    room.set_web(SHARED)
    assert room.post("/login", token=room.token(), name="", password="sandi bersama").status_code == 303
    assert "Hanya membaca" in room.get("/").get_data(as_text=True)


def test_a_program_shows_its_token(room: PageRoom) -> None:
    room.set_web(SHARED)
    assert room.get("/", Authorization="Bearer untuk-program-1").status_code == 200
    assert room.get("/", Authorization="Bearer untuk-program-2").status_code == 302
    assert room.get("/metrics").status_code == 401
    metrics = room.get("/metrics", Authorization="Bearer untuk-program-1")
    assert metrics.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "# TYPE siaga_sources gauge\n" in metrics.get_data(as_text=True)


def test_without_a_token_there_are_no_metrics(room: PageRoom) -> None:
    assert room.get("/metrics").status_code == 404


# ---------------------------------------------------------------- logging in


def test_who_logs_in_is_known_until_they_leave(room: PageRoom) -> None:
    room.adds("Sari")
    assert room.post("/login", token=room.token(), name="SARI", password=PASSWORD).status_code == 303
    assert "Sari" in room.get("/").get_data(as_text=True)
    assert room.post("/logout", token=room.token("/")).status_code == 303
    assert "Sari" not in room.get("/").get_data(as_text=True)


def test_the_cookie_of_a_log_in_is_out_of_reach_for_scripts_and_other_sites(room: PageRoom) -> None:
    room.adds("Sari")
    for web, name, secure in ((Web(), "siaga_session=", False), (SHARED, "__Host-siaga_session=", True)):
        room.set_web(web)
        answer = room.post("/login", token=room.token(), name="Sari", password=PASSWORD)
        cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith(name))
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert ("Secure" in cookie) == secure


def test_a_session_ends_by_itself(room: PageRoom) -> None:
    room.logs_in("Sari")
    room.clock.moves(timedelta(days=8))
    assert "Sari" not in room.get("/").get_data(as_text=True)


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(room: PageRoom) -> None:
    room.adds("Sari")
    answers = [room.post("/login", token=room.token(), name=name, password="salah sekali") for name in ("Sari", "Rina")]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert all("Nama atau kata sandi salah" in answer.get_data(as_text=True) for answer in answers)


def test_failures_slow_the_next_try_down_even_with_the_right_password(
    room: PageRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "collector.web.login.fits", lambda password, kept: password == PASSWORD
    )  # hashing takes its time
    room.adds("Sari")
    token = room.token()
    for _ in range(6):
        room.post("/login", token=token, name="sari", password="salah")
    answer = room.post("/login", token=token, name="Sari", password=PASSWORD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
    room.clock.moves(timedelta(seconds=3))
    assert room.post("/login", token=token, name="Sari", password=PASSWORD).status_code == 303


def test_another_site_cannot_be_the_next_page(room: PageRoom) -> None:
    room.adds("Sari")
    for given in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\tx", ""):
        with room.client.application.test_request_context():
            assert local_path(given) == "/"
    with room.client.application.test_request_context():
        assert local_path("/alert/1?lang=en") == "/alert/1?lang=en"


def test_a_password_is_kept_as_what_it_cannot_be_read_from() -> None:
    kept = hashed("kata sandi meja")
    assert kept.startswith("scrypt$32768$8$3$")
    assert "meja" not in kept
    assert fits("kata sandi meja", kept)
    assert not fits("kata sandi meja ", kept)
    assert not fits("", NOBODY)
    assert not fits("x", "md5$1$2")


def test_a_password_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="10 to 1000"):
        hashed("pendek")


# ---------------------------------------------------------------- forms of other sites


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
    ],
)
def test_a_form_of_another_site_changes_nothing(room: PageRoom, headers: dict[str, str]) -> None:
    room.logs_in("Sari", Role.EDITOR)
    answer = room.post("/logout", token=room.token("/"), headers=headers)
    assert answer.status_code == 403
    assert "Sari" in room.get("/").get_data(as_text=True)


def test_a_form_without_its_token_changes_nothing(room: PageRoom) -> None:
    room.logs_in("Sari")
    for token in (None, "", "0" * 64, "é"):
        assert room.post("/logout", token=token).status_code == 403
    assert "Sari" in room.get("/").get_data(as_text=True)


def test_a_token_is_good_for_one_visitor_only(room: PageRoom) -> None:
    stranger = room.token()
    room.client.delete_cookie("siaga_form", domain="127.0.0.1")
    room.logs_in("Sari")
    assert room.post("/logout", token=stranger).status_code == 403


def test_the_language_is_the_files_until_somebody_chooses(room: PageRoom) -> None:
    assert '<html lang="id">' in room.get("/").get_data(as_text=True)
    assert '<html lang="en">' in room.get("/?lang=en").get_data(as_text=True)
    assert '<html lang="en">' in room.get("/").get_data(as_text=True)
    assert '<html lang="en">' in room.get("/?lang=xx").get_data(as_text=True)
