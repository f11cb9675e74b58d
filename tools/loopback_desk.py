"""A desk on loopback for trying receivers by hand: a mail server on port 8025 and a webhook receiver on port 8026.

    .venv/bin/python tools/loopback_desk.py [SECRET]

Prints each mail and each webhook call as it arrives, and whether the call's signature is good. Ctrl-C ends it.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from collector.demo.desk import signature_fault

MAIL = ("127.0.0.1", 8025)
HOOK = ("127.0.0.1", 8026)
EXAMPLE_SECRET = "whsec_c2lhZ2EtY29udG9oLXNhamEtamFuZ2FuLWRpcGFrYWk="  # noqa: S105 - printed in the tutorial


class MailDesk:
    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content or b""
        message = message_from_bytes(content if isinstance(content, bytes) else content.encode(), policy=policy.default)
        text = message.get_body(("plain",))
        say(f"mail to {message['To']}: {message['Subject']}")
        say("" if text is None else text.get_content())
        return "250 Message accepted for delivery"


class HookDesk(BaseHTTPRequestHandler):
    secret = EXAMPLE_SECRET

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        fault = signature_fault(self.secret, headers, body, datetime.now(UTC))
        say(f"webhook {headers.get('webhook-id')}: {fault or 'the signature is good'}")
        say(json.dumps(json.loads(body), ensure_ascii=False, indent=2))
        self.send_response(401 if fault else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent: each call is printed above."""


def say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    if len(sys.argv) > 1:
        HookDesk.secret = sys.argv[1]
    mail = Controller(MailDesk(), hostname=MAIL[0], port=MAIL[1])
    mail.start()
    say(f"mail: smarthost 127.0.0.1:{MAIL[1]}, tls none")
    say(f"webhook: http://127.0.0.1:{HOOK[1]}/ with secret {HookDesk.secret}\n")
    try:
        ThreadingHTTPServer(HOOK, HookDesk).serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        mail.stop()


if __name__ == "__main__":
    main()
