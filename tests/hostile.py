"""Texts that strangers might publish to break a mail, a page or a terminal."""

from __future__ import annotations

SUBJECTS: tuple[str, ...] = (
    "pemilu\r\nBcc: korban@evil.test",
    "pemilu\nBcc: korban@evil.test",
    "pemilu\rBcc: korban@evil.test",
    "pemilu\r\n\r\n<script>isi palsu</script>",
    "pemilu\n\nisi palsu",
    "pemilu\r\n Bcc: korban@evil.test",  # folded
    "pemilu\r\n\tBcc: korban@evil.test",
    "pemilu\x0bBcc: korban@evil.test",  # vertical tab
    "pemilu\x0cBcc: korban@evil.test",  # form feed
    "pemilu\x1cBcc: korban@evil.test",  # str.splitlines breaks here
    "pemilu\x1dBcc: korban@evil.test",
    "pemilu\x1eBcc: korban@evil.test",
    "pemilu\x85Bcc: korban@evil.test",  # NEL, C1
    "pemilu\u2028Bcc: korban@evil.test",  # line separator
    "pemilu\u2029Bcc: korban@evil.test",  # paragraph separator
    "pemilu\x00Bcc: korban@evil.test",
    "=?utf-8?q?pemilu=0D=0ABcc:_korban@evil.test?=",  # an encoded word
    "=?utf-8?b?cGVtaWx1DQpCY2M6IGtvcmJhbkBldmlsLnRlc3Q=?=",
    "=?utf-8?q?=0D=0A.=0D=0A?= =?utf-8?q?MAIL?=",
    "\r\n.\r\nMAIL FROM:<x@evil.test>\r\n",
    "..\r\n.",
    "pemilu \ud83d",  # half a character
    "\udcff\udcfe pemilu",
    "pemilu \u202egnp.exe",  # reversed reading
    "\u2066\u2067pemilu\u2069\u200f",
    "\x1b[2J\x1b]0;judul\x07pemilu",  # terminal control
    "pemilu " + 900 * "x ",  # very long
    "pemilu" + 2000 * "a",  # long without a space
    "\ufeff\u200bpemilu\u00ad",
    "To: semua@evil.test",
    "",
    " \t ",
    "🗳️ pemilu ‼️ 𝗩𝗜𝗥𝗔𝗟",
    '"<b onmouseover=alert(1)>pemilu</b>"',
)

URLS: tuple[str, ...] = (
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.test/x",
    'https://evil.test/"onmouseover="alert(1)',
    "https://user:pass@evil.test/",
    "https://evil.test/\r\nSet-Cookie: x",
    "https://[::1",
    "https://",
    "\x01https://evil.test",
)
