"""What people write around a claim so that it is passed on. Pure.

"INFO A1!! … VIRALKAN sebelum dihapus, tolong share ke semua grup" says nothing of the claim, and in a short post it is
half of the words: two claims passed on in the same manner would look alike, and two copies of one claim would not.
"""

from __future__ import annotations

import re

FEWEST_WORDS = 4  # that must be left; else the text stays as it is

_SEND = r"(?:di)?(?:viral|sebar|sebarluas|bagi|terus|share|forward)(?:kan|in)?"
_WHOM = r"(?:semua|seluruh|sebanyak|banyak|keluarga|grup|group|wag|teman|kontak|orang|saudara|sahabat|kerabat|tetangga)"
_PLEASE = r"(?:(?:tolong|mohon|ayo|mari|bantu|yuk|silakan|segera|cepat|harap)\s+)*"
_MARKS = r"[\s!:.,;…‼️🚨👇⚠️❗\-]*"
_BEFORE = re.compile(
    rf"\A(?:{_MARKS}(?:info(?:rmasi)?\s+a1|breaking\s?news|geger|heboh|gempar|astaga(?:firullah)?|penting"
    r"|viral(?:kan)?|sebarkan|waspada|awas"
    r"|(?:tolong\s+|mohon\s+)?(?:di)?(?:baca|simak)(?:\s+ini|\s+dulu)?(?=\s*[!:])"
    r"|(?:dapat\s+|info\s+|kabar\s+|copas\s+)*dari\s+(?:grup|group|wag)\s+sebelah|copas|forwarded)"
    rf"(?=[\s!:.,;…‼️🚨]|\Z){_MARKS})+",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"{_PLEASE}\b{_SEND}\b(?:\s+(?:ini|ke|kepada|pada|di|dan)?\s*{_WHOM}\w*)+"
    rf"|{_PLEASE}\b(?:viralkan|sebarkan|share|bagikan|sebarluaskan|forward)\b\s*(?=[!.,…]|\Z|sebelum|sekarang)"
    r"|\bsebelum\s+(?:di)?hapus\b|\bsebelum\s+terlambat\b|\bjangan\s+sampai\s+(?:ter)?putus\b|\bsekarang\s+juga\b",
    re.IGNORECASE,
)


def bare(text: str) -> str:
    """The text without the words that only pass it on; the text itself where hardly any others are left."""
    left = _AFTER.sub(" ", _BEFORE.sub("", text))
    return left.strip() if len(left.split()) >= FEWEST_WORDS else text
