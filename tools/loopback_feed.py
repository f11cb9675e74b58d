"""A news feed on loopback for trying an installed Siaga: prints its port, then each request as it is answered.

    python3 tools/loopback_feed.py [PORT]

Answers /feed with five items about an election, with an ETag and 304; everything else is 404. Standard library only.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TITLES = (
    "KPU tetapkan daftar pemilih tetap pemilu",
    "VIRALKAN!!! SURAT SUARA PEMILU SUDAH DICOBLOS SEMUA DI GUDANG!! Sebarkan sebelum dihapus 😱",
    "Bawaslu terima laporan politik uang jelang pemilu",
    "[SALAH] Surat suara pemilu sudah tercoblos di gudang KPU",
    "Harga cabai turun di pasar induk",
)
ETAG = '"five-items"'


def feed(now: datetime) -> bytes:
    """RSS 2.0; item n is n minutes old."""
    items = "".join(
        f"<item><title>{title}</title><link>http://127.0.0.1/berita/{n}</link>"
        f"<pubDate>{format_datetime(now - timedelta(minutes=n))}</pubDate></item>"
        for n, title in enumerate(TITLES, start=1)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Loopback</title>{items}</channel></rss>'.encode()


class Feed(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = self.headers.get("If-None-Match") == ETAG
        status = 404 if self.path != "/feed" else 304 if known else 200
        body = feed(datetime.now(UTC)) if status == 200 else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", ETAG)
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        status = int(code)
        print(f"feed server: {self.command} {self.path} -> {status}", flush=True)


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Feed)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
