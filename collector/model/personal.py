"""What must not be kept: numbers, addresses and names of private persons. Pure.

    national id (NIK, KK)      3201 0101 0190 0001        -> [NIK]
    telephone                  0812-3456-7890, (021) ...  -> [telepon]
    e-mail                     nama@contoh.id             -> [surel]
    account of a person        @nama, x.com/nama          -> [akun]

Accounts of institutions and newsrooms stay: those in KNOWN_ACCOUNTS and those that begin like an office
(``@humas...``, ``@polres...``, ``@kemen...``). Sums of money, dates, votes and the numbers inside addresses stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable

EXCERPT_CHARS = 500
ELLIPSIS = "…"
_LOOK_AHEAD = 200  # read beyond the limit before masking, so that a number at the cut is seen whole

_KNOWN = """
    afpfactcheck afpperiksafakta antaranews badangizinasional bankindonesia basarnas bgnri bpjskesehatanri bpomri
    ccicpolri cekfakta cnbcindonesia cnnindonesia danantaraindonesia detikcom detiknews divhumaspolri dprri
    idntimes indozone inewsdotid infobmkg istanakepresidenan jalahoaks jokowi jpnncom kawalpemilu klinikhoaks
    kompascom kompastv kontannews kpkri kumparan liputan6 liputan6dotcom listyosigitprabowo mafindo mafindoid
    mahkamahkonstitusi medcomid merdekadotcom metrotv metrotvnews mpr mprri narasinewsroom officialantaranews
    ojkindonesia okezonenews perludem ppatkindonesia prabowo presidenri puspentni republikaonline saberhoaksjabar
    setkabgoid setneg sindonews suaradotcom tempo tempocekfakta tempodotco tirtoid tribunnews turnbackhoax
    turnbackhoaxid tvonenews vivacoid wapresri whitehouse
"""
KNOWN_ACCOUNTS = frozenset(_KNOWN.split())
_OFFICES = """
    bawaslu bkn bmkg bnpb bpbd bpjs bpom bps dinas dinkes dinsos diskominfo ditjen divhumas dkpp dprd humas kanwil
    kejari kejati kemen kodam kodim komdigi kominfo kpu pemkab pemkot pemprov polda polres polri polsek puskesmas
    setda
"""
OFFICE_PREFIXES = tuple(_OFFICES.split())

_URL = r"(?P<url>(?:https?://|www\.)[^\s<>\"]+)"
_MAIL = r"(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})"
_ACCOUNT = r"(?P<account>(?<![\w./])@(?=[\w.]{0,29}[A-Za-z])\w[\w.]{0,28}\w(?:@[\w-]+(?:\.[\w-]+)+)?)"
_BEFORE, _AFTER = r"(?<![\w.,/-])", r"(?![\w]|[.,/-]\d)"
# The groups in which people write 16 digits; a run of thousands (1.000.000.000.000.000) is none of them.
_ID = (
    rf"(?P<id>{_BEFORE}(?:\d{{16}}|\d{{4}}(?:[ .-]\d{{4}}){{3}}|\d{{6}}[ .-]\d{{6}}[ .-]\d{{4}}|\d{{6}}[ .-]\d{{10}}"
    rf"|\d{{2}}[ .-]\d{{2}}[ .-]\d{{2}}[ .-]\d{{6}}[ .-]\d{{4}}|\d(?: \d){{15}}){_AFTER}"
    r"|(?<=nik |kk: )\d(?:[ .-]?\d){15}(?!\d)|(?<=NIK |nik:|NIK:|Nik:|nik=|NIK=)\s?\d(?:[ .-]?\d){15}(?!\d))"
)
_PHONE = (
    rf"(?P<phone>(?<![\w.,/-])(?:\(?\+?62\)?[ .-]?(?:\(0\))?|0)8\d{{1,2}}(?:[ .-]?\d){{6,10}}{_AFTER}"
    rf"|(?<!\w)\(0[2-9]\d{{1,2}}\)[ .-]?\d{{3,4}}[ .-]?\d{{3,5}}{_AFTER}"
    rf"|(?<![\w.,/-])0[2-79]\d{{1,2}}[ -]\d{{3,4}}[ -]?\d{{3,4}}{_AFTER}"
    rf"|(?<![\w.,/-])\+62[ .-]?\(?[2-79]\d{{1,2}}\)?[ .-]?\d{{3,4}}[ .-]?\d{{3,4}}{_AFTER})"
)
_PERSONAL = re.compile("|".join((_URL, _ACCOUNT, _MAIL, _ID, _PHONE)))
_DIGITS = bytes(ord("1") if chr(code).isdigit() and code < 128 else ord(" ") for code in range(256))
_BETWEEN_DIGITS = b" .()-"
_CHAT_NUMBER = re.compile(r"(?<=wa\.me/)\+?\d{9,15}|(?<=phone=)(?:%2B)?\d{9,15}")
_NUMBER_IN_LINK = re.compile(r"(?i)(\b(?:nik|no_?kk|ktp|telp|telepon|phone|hp|no_?hp|wa)(?:=|%3d))(?:\+|%2b)?\d{9,16}")
_PROFILE = re.compile(
    r"(?<=/)@[\w.]+"
    r"|(?<=twitter\.com/)\w+|(?<=//x\.com/)\w+|(?<=www\.x\.com/)\w+|(?<=instagram\.com/)[\w.]+"
    r"|(?<=facebook\.com/)[\w.]+|(?<=threads\.net/)[\w.]+|(?<=threads\.com/)[\w.]+"
)
_PAGES = """
    explore events groups hashtag home i intent media p permalink.php photo photo.php photos profile.php reel
    reels search share sharer story.php stories tv video videos watch
"""
_NO_PROFILES = frozenset(_PAGES.split())
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+\Z")
_YEARS = re.compile(r"(?:(?:19|20)\d\d[ .-]?){4}\Z")


def mask(text: str) -> str:
    """``text`` with personal data replaced by visible marks. Masking twice changes nothing."""
    return _PERSONAL.sub(_mark, text) if _worth_a_look(text) else text


def mask_numbers(text: str) -> str:
    """Only national ids and telephone numbers: for words in which an account or an address has to stay readable."""
    return _PERSONAL.sub(_number_mark, text) if _worth_a_look(text) else text


def names_a_person(address: str) -> bool:
    """Whether a link carries somebody's telephone number or national id (``wa.me/62812...``, ``?nik=...``)."""
    return _CHAT_NUMBER.search(address) is not None or _NUMBER_IN_LINK.search(address) is not None


def mask_link(address: str) -> str:
    """The link with such numbers replaced; it leads nowhere then."""
    return _NUMBER_IN_LINK.sub(r"\1[nomor]", _CHAT_NUMBER.sub("[telepon]", address))


def excerpt(text: str, limit: int = EXCERPT_CHARS) -> str:
    """The beginning of ``text``, masked, at most ``limit`` characters, cut at the end of a word."""
    masked = mask(" ".join(text[: limit + _LOOK_AHEAD].split()))
    if len(masked) <= limit:
        return masked
    cut = masked[: limit - len(ELLIPSIS)]
    if not masked[len(cut)].isspace():
        cut = cut.rpartition(" ")[0] or cut
    return cut.rstrip(" ,;:-") + ELLIPSIS


def _worth_a_look(text: str) -> bool:
    """Whether it holds an at sign, six digits in a row (whatever stands between them) or a link into a site."""
    digits = text.encode("ascii", "replace").translate(_DIGITS, _BETWEEN_DIGITS)
    return "@" in text or b"111111" in digits or ".com/" in text or ".net/" in text


def _mark(found: re.Match[str]) -> str:
    kind, text = found.lastgroup or "", found[0]
    return _MARKS[kind](text)


def _number_mark(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    return mask_link(found[0]) if kind == "url" else _MARKS[kind](found[0]) if kind in ("id", "phone") else found[0]


def _url(text: str) -> str:
    text = _CHAT_NUMBER.sub("[telepon]", text)
    return _PROFILE.sub(lambda profile: _account(profile[0]), text)


def _account(name: str) -> str:
    plain = re.sub(r"[._]", "", name.removeprefix("@").partition("@")[0]).lower()
    known = plain in KNOWN_ACCOUNTS or plain.startswith(OFFICE_PREFIXES)
    return name if known or name.rstrip("/").lower() in _NO_PROFILES else "[akun]"


def _national_id(text: str) -> str:
    return text if _THOUSANDS.match(text) or _YEARS.match(text) else "[NIK]"


def _phone(text: str) -> str:
    return text if _THOUSANDS.match(text) else "[telepon]"


_MARKS: dict[str, Callable[[str], str]] = {
    "url": _url,
    "account": _account,
    "mail": lambda text: "[surel]",
    "id": _national_id,
    "phone": _phone,
}
