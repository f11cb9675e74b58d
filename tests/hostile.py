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
    "pemilu " + "0123456789" * 1000,  # 10 kB
    "pemilu " + "\u202e" * 200 + "a",
    "e" + "\u0301" * 500 + " pemilu",  # a tower of accents
    "=?utf-8?q?pe?= =?utf-8?q?milu=0D=0ABcc:_korban@evil.test?=",  # two encoded words
    "=?utf-8?Q?=00=E2=80=A8Bcc:_korban@evil.test?=",
    "=?utf-7?q?+AA0ACg-Bcc:_korban@evil.test?=",
    "\r\n\r\n--=_\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>",  # a part of its own
    "pemilu\ufffe\uffff\U0001fffe",  # no characters
    "pemilu\ufff9tersembunyi\ufffa\ufffb",  # annotations
    "pemilu\U000e0001\U000e0041\U000e0042",  # tags that nobody sees
    "pemilu\udc80\udc0a\udc0d",  # bytes that were no UTF-8
    "</title><svg/onload=alert(1)><style>@import url(https://evil.test/x.css)</style>",
    "<img src=https://evil.test/pixel.gif><a href=javascript:alert(1)>klik</a>",
    "{{ 7 * 7 }}{% raw %}${x}<%= y %>#{z}",
    "pemilu, korban@evil.test; <korban@evil.test>, semua",
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
