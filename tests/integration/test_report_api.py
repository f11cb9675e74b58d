"""Partners' reports over a real socket: all requests of the hostile collection, and what honest ones lead to."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeClock
from standardwebhooks import Webhook

from alerts.channels.webhook import sign
from collector.app import App
from collector.config.secret import Secret
from collector.config.settings import Partner, PartnerReceive, Settings, Web
from collector.model.bucket import Measure
from collector.model.judgement import Verdict
from collector.model.phrase import Phrase
from collector.model.topic import Topic
from collector.store.base import MentionFilter
from collector.store.sqlite import SqliteStore
from collector.web import serving
from collector.web.desk import Desk
from collector.web.serving import PageServer
from collector.web.site import create

PEMILU = Topic(id="pemilu", name=Phrase(id="Pemilu", en="Election"), strong=("pemilu",))
NEW, OLD, OTHER = b"kunci-baru-milik-mitra", b"kunci-lama-milik-mitra", b"kunci-milik-mitra-lain"
PATH = "/api/partners/kominfo/reports"
BODY = json.dumps({"type": "report.created", "data": {"id": "7", "title": "Surat suara pemilu sudah tercoblos"}})


def partner(name: str, *keys: bytes, per_minute: int = 1000) -> Partner:
    secrets = tuple(Secret(key.decode()) for key in keys)
    return Partner(name=name, receive=PartnerReceive(secrets=secrets, per_minute=per_minute))


@dataclass
class Office:
    """A served report desk; ``clock`` stands still."""

    folder: Path
    clock: FakeClock
    listen: str
    canary: list[str] = field(default_factory=list)
    per_minute: int = 1000

    def start(self) -> None:
        self.store = SqliteStore(self.folder / "siaga.db")
        settings = Settings(
            path=self.folder / "sources.yaml",
            database=self.folder / "siaga.db",
            topics=(PEMILU,),
            partners=(partner("kominfo", NEW, OLD, per_minute=self.per_minute), partner("meja", OTHER)),
            web=Web(listen=self.listen),
        )
        self.app = App(settings, store=self.store, clock=self.clock)
        self.server = PageServer(create(Desk(lambda: self.app)), self.listen)
        self.server.start()

    def stop(self) -> None:
        self.server.stop()
        self.app.close()
        self.store.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    def stored(self) -> int:
        return len(self.store.partners.list(limit=10_000))

    def headers(self, body: bytes, key: bytes = NEW, message_id: str = "msg-1") -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(self.clock.now().timestamp())),
            "webhook-signature": sign(key, message_id, self.clock.now(), body),
        }

    def sends(self, body: bytes, headers: dict[str, str], method: str = "POST", path: str = PATH) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.listen, timeout=10)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def reports(self, body: str = BODY, message_id: str = "msg-1", key: bytes = NEW) -> tuple[int, dict[str, Any]]:
        status, content = self.sends(body.encode(), self.headers(body.encode(), key, message_id))
        return status, json.loads(content)

    def raw(self, head: str, body: Callable[[socket.socket], None]) -> int | None:
        """The status answered, None where the connection was closed without one."""
        host, _, port = self.listen.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=10) as line:
            try:
                line.sendall(head.encode("latin-1"))
                body(line)
                line.shutdown(socket.SHUT_WR)
                found = re.match(rb"HTTP/1\.[01] (\d{3})", line.recv(65536))
            except OSError:
                return None
            return int(found[1]) if found else None


@pytest.fixture
def office(tmp_path: Path, now: datetime, request: pytest.FixtureRequest) -> Iterator[Office]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{probe.getsockname()[1]}"
    made = Office(folder=tmp_path, clock=FakeClock(now), listen=listen, per_minute=getattr(request, "param", 1000))
    made.start()
    yield made
    made.stop()


# ---------------------------------------------------------------- the hostile collection


def made_body(text: str, canary: str) -> bytes:
    name, _, size = text.partition(":")
    if name == "@deep":
        return b'{"type":"report.created","data":' + b"[" * int(size) + b"]" * int(size) + b"}"
    fills = {"@fill": ("title", "x"), "@title": ("title", "x")}
    if name in fills:
        return json.dumps(
            {"type": "report.created", "data": {"url": "https://a.example", "title": "x" * int(size)}}
        ).encode()
    if name == "@key":
        return json.dumps({"type": "report.created", "data": {"title": "x", "k" * int(size): 1}}).encode()
    if name == "@keys":
        return json.dumps(
            {"type": "report.created", "data": {"title": "x"} | {f"k{n}": n for n in range(int(size))}}
        ).encode()
    return text.replace("@CANARY@", canary).encode()


def signed(case: dict[str, Any], body: bytes, now: datetime, message_id: str) -> dict[str, str]:
    """The headers of a case: signed as it says, then changed as it says."""
    seconds = int(now.timestamp())
    offset = case.get("ts", 0)
    if isinstance(offset, int):
        seconds += offset
    stamp = str(seconds * 1000) if offset == "ms" else offset if isinstance(offset, str) else str(seconds)
    at = datetime.fromtimestamp(seconds, UTC)
    right = sign(NEW, message_id, at, body)
    old = sign(OLD, message_id, at, body)
    how = case.get("sign", "right")
    signature = {
        "right": right,
        "rotated-both": f"{old} {right}",
        "old-secret": old,
        "none": None,
        "empty": "",
        "wrong-secret": sign(b"kunci-yang-salah-sekali", message_id, at, body),
        "other-partner": sign(OTHER, message_id, at, body),
        "truncate": right[:-8],
        "hex": "v1," + bytes(right[3:], "ascii").hex(),
        "v2": right.replace("v1,", "v2,"),
        "v1a-label": right.replace("v1,", "v1a,"),
        "bare": right.removeprefix("v1,"),
        "lowercase": right.lower(),
        "other-body": sign(NEW, message_id, at, b"{}"),
    }[how]
    headers = {"Content-Type": "application/json", "webhook-id": message_id, "webhook-timestamp": stamp}
    if signature is not None:
        headers["webhook-signature"] = signature
    if case.get("ts", 0) is None:
        del headers["webhook-timestamp"]
    if "id" in case and case["id"] is None:
        del headers["webhook-id"]
    return headers | case.get("headers", {})


def tampered(case: dict[str, Any], body: bytes, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    how = case.get("tamper")
    if how == "append-space":
        body += b" "
    elif how == "reserialise":
        body = json.dumps(json.loads(body)).encode()
    elif how == "timestamp":
        headers["webhook-timestamp"] = str(int(headers["webhook-timestamp"]) + 1)
    elif how == "id":
        headers["webhook-id"] += "x"
    else:
        assert how is None, how
    return body, headers


def raw_case(office: Office, how: str, body: bytes, headers: dict[str, str]) -> int | None:
    def whole(line: socket.socket) -> None:
        line.sendall(body)

    def endless(line: socket.socket) -> None:
        for _ in range(200):  # 20 MB: far above what is taken
            line.sendall(b"19000\r\n" + b"x" * 0x19000 + b"\r\n")

    def dripping(line: socket.socket) -> None:
        for byte in body[:40]:
            line.sendall(bytes([byte]))
            time.sleep(0.02)  # what dawdles is the test

    bomb = gzip.compress(b'{"type":"report.created","data":{"title":"' + b"x" * 20_000_000 + b'"}}')
    more: dict[str, str] = {}
    send = whole
    match how:
        case "content-length-short":
            more["Content-Length"] = str(len(body) - 10)
        case "content-length-long":
            more["Content-Length"] = str(len(body) + 10)
        case "chunked-endless":
            more["Transfer-Encoding"] = "chunked"
            send = endless
        case "drip":
            more["Content-Length"] = str(len(body))
            send = dripping
        case "gzip-bomb":
            body = bomb
            headers["webhook-signature"] = sign(NEW, headers["webhook-id"], office.clock.now(), bomb)
            more |= {"Content-Encoding": "gzip", "Content-Length": str(len(bomb))}
        case "two-content-lengths":
            headers["Content-Length"] = str(len(body))
            more["content-length"] = str(len(body) + 1)
        case "te-and-cl":
            more |= {"Content-Length": str(len(body)), "Transfer-Encoding": "chunked"}
            chunk = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"

            def send(line: socket.socket) -> None:
                line.sendall(chunk)

        case "many-headers":
            more |= {f"X-Tambahan-{n}": "1" for n in range(500)} | {"Content-Length": str(len(body))}
        case _:
            raise AssertionError(how)
    lines = [f"POST {PATH} HTTP/1.1", f"Host: {office.listen}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in {**headers, **more}.items()]
    return office.raw("\r\n".join(lines) + "\r\n\r\n", send)


def answers(office: Office, case: dict[str, Any], number: int, canary: str) -> list[int | None]:
    """The status of each time that the case is sent."""
    body = made_body(case["body"], canary)
    message_id = case["id"] if isinstance(case.get("id"), str) else f"msg-{number}"
    statuses: list[int | None] = []

    def once(body: bytes = body) -> None:
        headers = signed(case, body, office.clock.now(), message_id)
        sent, headers = tampered(case, body, headers)
        if "raw" in case:
            statuses.append(raw_case(office, case["raw"], sent, headers))
            return
        encoded = {name: value.encode("utf-8").decode("latin-1") for name, value in headers.items()}
        try:
            statuses.append(office.sends(sent, encoded, case.get("method", "POST"))[0])
        except OSError:  # closed while we were still sending
            statuses.append(None)

    if case.get("parallel"):
        threads = [threading.Thread(target=once) for _ in range(case["repeat"])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return statuses
    for turn in range(case.get("repeat", 1)):
        if turn and case.get("restart_between"):
            office.restart()
        once(body.replace(b"laporan", b"kabar baru") if turn and case.get("vary_body") else body)
    return statuses


@pytest.mark.shared
def test_every_hostile_request_ends_as_it_should(office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "SLOWEST_REQUEST_S", 0.5)
    lines = (shared / "data" / "hostile" / "report_api.jsonl").read_text(encoding="utf-8").splitlines()
    with socket.socket() as canary:
        canary.bind(("127.0.0.1", 0))
        canary.listen()
        canary.setblocking(False)
        address = f"http://127.0.0.1:{canary.getsockname()[1]}"
        wrong: list[str] = []
        for number, case in enumerate(map(json.loads, lines)):
            before = office.stored()
            statuses = answers(office, case, number, address)
            stored = office.stored() - before
            if not fits(case["expect"], statuses, stored):
                wrong.append(f"{case['name']}: {case['expect']}, but {statuses} and {stored} stored")
        with pytest.raises(BlockingIOError):
            canary.accept()
    assert wrong == []
    assert len(lines) >= 60
    assert office.sends(b"", {}, "GET", "/healthz")[0] == 200


def fits(expect: str, statuses: list[int | None], stored: int) -> bool:
    refused = all(status is None or 400 <= status < 500 for status in statuses)
    taken = all(status in (200, 201) for status in statuses)
    match expect:
        case "accept" | "accept-without-fetch":
            return taken and stored == 1
        case "reject":
            return refused and stored == 0
        case "once":
            return stored == 1 and all(status in (200, 201, 409) for status in statuses)
        case "reject-or-accept":
            return (taken and stored == 1) or (refused and stored == 0)
        case "health-stays-up":
            return all(status is None or status < 500 for status in statuses)
    return False


@pytest.mark.shared
def test_words_of_hostile_reports_come_out_harmless(office: Office, shared: Path) -> None:
    lines = (shared / "data" / "hostile" / "report_api.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [case for case in map(json.loads, lines) if "must_not" in case]
    assert cases
    for number, case in enumerate(cases):
        answers(office, case, number, "http://127.0.0.1:9")
    for issue in office.store.ledger.list(_every()):
        page = office.sends(b"", {}, "GET", f"/issue/{issue.id}")[1].decode()
        assert not [case["must_not"] for case in cases if case["must_not"] in page]


def _every() -> Any:
    from collector.store.ledger import IssueFilter

    return IssueFilter()


# ---------------------------------------------------------------- honest reports


def test_a_report_becomes_an_item_of_its_partner_in_an_issue(office: Office) -> None:
    status, answer = office.reports()
    assert status == 201
    (item,) = office.store.items.list(MentionFilter())
    assert item.item.source_id == "(partner) kominfo"
    assert item.item.issue_id == answer["issue"]
    issue = office.store.ledger.get(answer["issue"])
    assert (issue.origin.value, issue.topics) == ("partner", ("pemilu",))
    assert (answer["state"], answer["verdict"]) == ("new", None)


def test_the_published_library_signs_what_we_take(office: Office) -> None:
    secret = "whsec_" + "c2VidWFoLWt1bmNpLXlhbmctY3VrdXAtcGFuamFuZw=="
    office.app.settings = office.app.settings.__class__(
        **{name: getattr(office.app.settings, name) for name in office.app.settings.__slots__}
        | {"partners": (partner("kominfo", secret.encode()),)}
    )
    at = office.clock.now()
    headers = {
        "Content-Type": "application/json",
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", at, BODY),
    }
    assert office.sends(BODY.encode(), headers)[0] == 201


def test_the_sender_asks_by_number_what_became_of_it(office: Office) -> None:
    _, answer = office.reports()
    path = f"{PATH}/{answer['id']}"
    asked = office.sends(b"", office.headers(b""), "GET", path)
    assert json.loads(asked[1])["issue"] == answer["issue"]
    office.app.desk.verdict(answer["issue"], Verdict.FALSE, note="Diperiksa.", actor="ani", now=office.clock.now())
    told = json.loads(office.sends(b"", office.headers(b""), "GET", path)[1])
    assert (told["state"], told["verdict"], told["note"]) == ("checked", "false", "Diperiksa.")


def test_another_partner_learns_nothing_of_it(office: Office) -> None:
    _, answer = office.reports()
    theirs = f"/api/partners/meja/reports/{answer['id']}"
    assert office.sends(b"", office.headers(b"", OTHER), "GET", theirs)[0] == 404
    assert office.sends(b"", office.headers(b"", OTHER), "GET", f"{PATH}/{answer['id']}")[0] == 401


def test_an_update_joins_the_issue_of_the_first_report(office: Office) -> None:
    _, first = office.reports()
    words = {"id": "7", "title": "Kotak lain sama sekali: gudang pemilu kebanjiran", "verdict": "false"}
    body = json.dumps({"type": "report.updated", "data": words})
    status, second = office.reports(body, "msg-2")
    assert (status, second["issue"]) == (201, first["issue"])
    assert second["id"] != first["id"]


def test_a_partners_verdict_is_a_checked_claim_of_theirs_and_no_verdict_of_ours(office: Office) -> None:
    data = {
        "title": "Surat suara pemilu sudah tercoblos di gudang",
        "verdict": "false",
        "verdict_link": "https://k.example/1",
    }
    _, answer = office.reports(json.dumps({"type": "report.created", "data": data}))
    (claim,) = office.store.claims.list()
    assert (claim.publisher, claim.verdict, claim.url) == ("kominfo", Verdict.FALSE, "https://k.example/1")
    assert office.store.ledger.get(answer["issue"]).verdict is None


def test_what_a_partner_reports_counts_as_a_mention(office: Office) -> None:
    office.reports()
    (found,) = office.store.items.list(MentionFilter(measure=None, topic_id="pemilu"))
    assert found.mentions[0].topic_id == "pemilu"
    assert office.store.items.list(MentionFilter(measure=Measure.DEBUNKS)) == ()


@pytest.mark.parametrize("office", [2], indirect=True)
def test_too_many_reports_are_put_off_and_taken_a_minute_later(office: Office) -> None:
    titles = [json.dumps({"type": "report.created", "data": {"title": f"Kabar pemilu nomor {n}"}}) for n in range(3)]
    assert [office.reports(body, f"m{n}")[0] for n, body in enumerate(titles)] == [201, 201, 429]
    office.clock.moves(timedelta(seconds=61))
    assert office.reports(titles[2], "m2")[0] == 201


def test_without_a_report_desk_nothing_is_served_there(office: Office) -> None:
    body = BODY.encode()
    assert office.sends(body, office.headers(body), path="/api/partners/siapa/reports")[0] == 404
    assert office.stored() == 0


def test_personal_numbers_are_masked_before_they_are_stored(office: Office) -> None:
    data = {"title": "Pemilu: hubungi 0812-3456-7890", "text": "NIK 3201 0101 0190 0001"}
    office.reports(json.dumps({"type": "report.created", "data": data}))
    (item,) = office.store.items.list(MentionFilter())
    assert "3456" not in item.item.title
    assert "0190" not in item.item.excerpt
