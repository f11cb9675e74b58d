"""A mail server of its own process that misbehaves as a test wants it to: raw sockets, one thread per connection.

    with BadMail(hang="data").running(folder) as server: ...       # takes DATA and says nothing more
    with BadMail(say={"dot": "451 later"}).running(folder) as server: ...

Stages: connect, ehlo, starttls, auth, mail, rcpt, data (the command), dot (the mail itself). A mail counts as taken
when its final dot has come and the answer to it is not a refusal; what the client said is kept, line by line.
"""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

LINES = {
    "connect": "220 mail.example ESMTP",
    "starttls": "220 go ahead",
    "auth": "235 welcome",
    "mail": "250 ok",
    "rcpt": "250 ok",
    "data": "354 go on",
    "dot": "250 queued as A1B2",
}


@dataclass(frozen=True)
class Taken:
    """A mail that was taken."""

    to: tuple[str, ...]
    id: str
    subject: str
    tls: bool


@dataclass
class BadMail:
    """``hang``: say nothing from that stage on (in the first ``hang_times`` conversations). ``say``: another answer at
    a stage. ``refuse``: answers by recipient, one after the other, the last one stays. ``drip``: seconds between two
    bytes of an answer. ``tls``: offers STARTTLS with this certificate and key. ``auth``: offers AUTH PLAIN."""

    hang: str = ""
    hang_times: int = 1_000_000
    say: dict[str, str] = field(default_factory=dict)
    refuse: dict[str, list[str]] = field(default_factory=dict)
    drip: float = 0.0
    tls: str = ""
    auth: bool = False
    port: int = 0
    log: Path = field(default=Path(), repr=False)

    @contextmanager
    def running(self, folder: Path, *, port: int = 0) -> Iterator[BadMail]:
        self.log = folder / "mail.log"
        self.log.touch()
        asked = json.dumps(asdict(self) | {"port": port, "log": str(self.log)})
        process = subprocess.Popen([sys.executable, __file__, asked], stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            self.port = int(process.stdout.readline())
            yield self
        finally:
            process.kill()
            process.wait(5)
            if process.stdout is not None:
                process.stdout.close()

    def entries(self, kind: str) -> list[Any]:
        lines = (json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines())
        return [value for name, value in lines if name == kind]

    @property
    def mails(self) -> list[Taken]:
        return [Taken(to=tuple(to), id=key, subject=subject, tls=tls) for to, key, subject, tls in self.entries("mail")]

    @property
    def conversations(self) -> int:
        return len(self.entries("begun"))

    @property
    def in_clear(self) -> str:
        """Everything a listener on the line could have read."""
        return "\n".join(self.entries("clear"))


class Conversation:
    """One connection, in the server's process."""

    def __init__(self, connection: socket.socket, asked: dict[str, Any], server: Server, number: int) -> None:
        self._connection = connection
        self._asked = asked
        self._server = server
        self._hangs = asked["hang"] if number < asked["hang_times"] else ""
        self._tls = False
        self._rest = b""

    def run(self) -> None:
        with suppress(OSError, EOFError):
            self._answer("connect")
            to: list[str] = []
            while True:
                line = self._line()
                verb = line.split(" ")[0].upper()
                if verb in ("EHLO", "HELO"):
                    self._greet()
                elif verb == "STARTTLS":
                    self._start_tls()
                elif verb == "AUTH":
                    self._answer("auth")
                elif verb == "MAIL":
                    to.clear()
                    self._answer("mail")
                elif verb == "RCPT":
                    address = line.partition("<")[2].partition(">")[0]
                    answer = self._server.refusal(address)
                    if answer is None and self._answer("rcpt").startswith("2"):
                        to.append(address)
                    elif answer is not None:
                        self._say(answer)
                        to += [address] if answer.startswith("2") else []
                elif verb == "DATA":
                    if self._answer("data").startswith("354"):
                        self._take(to)
                elif verb == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok")

    def _greet(self) -> None:
        offers = ["mail.example"]
        offers += ["STARTTLS"] if self._asked["tls"] and not self._tls else []
        offers += ["AUTH PLAIN"] if self._asked["auth"] else []
        lines = [f"250{'-' if i < len(offers) - 1 else ' '}{offer}" for i, offer in enumerate(offers)]
        self._answer("ehlo", "\r\n".join(lines))

    def _start_tls(self) -> None:
        if self._answer("starttls").startswith("220"):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._asked["tls"])
            self._connection = context.wrap_socket(self._connection, server_side=True)
            self._tls = True

    def _take(self, to: list[str]) -> None:
        lines = []
        while (line := self._line()) != ".":
            lines.append(line)
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers.setdefault(name.lower(), value.strip())
        if not self._asked["say"].get("dot", "250").startswith(("4", "5")):
            self._server.note("mail", [to, headers.get("message-id", ""), headers.get("subject", ""), self._tls])
        self._answer("dot")

    def _line(self) -> str:
        while b"\n" not in self._rest:
            more = self._connection.recv(65536)
            if not more:
                raise EOFError
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        text = line.rstrip(b"\r").decode("utf-8", "replace")
        if not self._tls:
            self._server.note("clear", text)
        return text

    def _answer(self, stage: str, line: str = "") -> str:
        if self._hangs == stage:
            self._server.note("hangs", stage)
            time.sleep(3600)
        answer = str(self._asked["say"].get(stage) or line or LINES[stage])
        self._say(answer)
        return answer

    def _say(self, line: str) -> None:
        content = f"{line}\r\n".encode()
        if not self._asked["drip"]:
            self._connection.sendall(content)
            return
        for byte in content:
            self._connection.sendall(bytes([byte]))
            time.sleep(self._asked["drip"])


class Server:
    def __init__(self, asked: dict[str, Any]) -> None:
        self._asked = asked
        self._refusals = {address: list(answers) for address, answers in asked["refuse"].items()}
        self._lock = threading.Lock()
        self._log = Path(asked["log"])

    def note(self, kind: str, value: object) -> None:
        with self._lock, self._log.open("a", encoding="utf-8") as log:
            log.write(json.dumps([kind, value]) + "\n")

    def refusal(self, address: str) -> str | None:
        with self._lock:
            answers = self._refusals.get(address)
            if not answers:
                return None
            return answers.pop(0) if len(answers) > 1 else answers[0]

    def serve(self) -> None:
        listener = socket.create_server(("127.0.0.1", self._asked["port"]), backlog=64)
        print(listener.getsockname()[1], flush=True)
        number = 0
        while True:
            connection, _ = listener.accept()
            self.note("begun", number)
            threading.Thread(target=Conversation(connection, self._asked, self, number).run, daemon=True).start()
            number += 1


if __name__ == "__main__":
    Server(json.loads(sys.argv[1])).serve()
