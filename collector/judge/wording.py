"""Words that carry grammar, not matter, and what their use says of a sentence's form. Pure.

No such word is ever given points of its own: an editor would not accept that "pada" makes a sentence suspicious. What
is seen is how a sentence is built: newspapers spell little out ("usai" for "setelah", no "telah", no "oleh") and write
small words small.
"""

from __future__ import annotations

from collections.abc import Mapping

GROUPS: Mapping[str, frozenset[bytes]] = {
    name: frozenset(word.encode() for word in words.split())
    for name, words in {
        "spelled_out": "oleh telah adalah ialah merupakan seorang sebuah suatu bahwa pada setelah sedang tersebut"
        " melalui tentang yaitu yakni kepada terhadap sehingga secara agar",
        "cause": "karena akibat sebab lantaran gegara imbas buntut",
        "headline_link": "soal usai jelang terkait lewat pasca kala demi",
        "first_person": "kami kita saya aku",
        "third_person": "dia ia mereka",
        "teaser": "ini begini berikut inilah itu",
        "question_word": "apa apakah siapa kapan mana bagaimana mengapa kenapa berapa gimana",
        "adverb": "masih harus paling meski meskipun lagi juga tetap",
        "negation": "tidak tak bukan belum jangan tanpa",
    }.items()
}
"""What is seen of a sentence by its small words. ``spelled_out``: what headlines leave out or shorten."""

KINDS: Mapping[str, frozenset[bytes]] = {
    name: frozenset(word.encode() for word in words.split())
    for name, words in {
        "future": "akan bakal",
        "past": "sudah telah pernah",
        "able": "bisa dapat",
        "being": "ada jadi menjadi",
        "clause": "yang bahwa",
        "purpose": "untuk guna agar supaya bagi demi utk",
        "place": "di ke dari",
        "within": "dalam pada antara",
        "joined": "dan serta atau maupun",
        "contrast": "tapi tetapi namun sedangkan sementara walau walaupun meski meskipun",
        "manner": "dengan secara",
        "degree": "lebih sangat amat sekali paling",
        "condition": "jika kalau bila apabila",
        "when": "saat ketika sesudah sebelum sejak hingga sampai selama setelah kemudian lalu",
        "you": "anda kamu kalian",
        "only": "hanya saja",
        "each": "tiap setiap para",
        "likeness": "sebagai seperti",
        "one": "seorang sebuah suatu",
        "about": "tentang mengenai",
        "english": "the of in to and an on for is at by with from",
        "equation": "adalah ialah merupakan yaitu yakni",
    }.items()
}
"""What a small word does in its sentence, whichever it is; a word may be in one of :data:`GROUPS` as well."""

_OTHERS = """
    yang di ke dari dan atau dengan untuk dalam akan sudah jika kalau bila apabila ketika saat sesudah sebelum
    hingga sampai sejak antara sebagai seperti bagi para pun serta maupun namun tetapi tapi sedangkan sementara
    sambil seraya lalu kemudian maka pula hanya saja lebih sangat amat sekali ada dapat bisa atas bawah daripada
    guna per tiap setiap si sang se anda kamu kalian nya dimana begitu demikian sini situ sana oke nah kok sih
    dong deh kan tuh nih ya yg dgn utk dlm dr pd krn jd the of in to and an on for is at by with from selama
    supaya mengenai menurut sekitar walau walaupun bakal pernah jadi menjadi lah kah ku mu
"""
FUNCTION_WORDS = frozenset(word.encode() for word in _OTHERS.split()).union(*GROUPS.values())
ENGLISH = frozenset(b"the of and is by with from was were are have been this that they his you".split())
"""A sentence that holds one of them is English."""

_USES = (*((name, words) for name, words in GROUPS.items() if name != "spelled_out"), *KINDS.items())
_FORMS_OF: Mapping[bytes, tuple[str, ...]] = {
    word: tuple(f"uses_{name}" for name, words in _USES if word in words) for word in FUNCTION_WORDS
}
WRITTEN_SMALL = frozenset(b"yang di ke dari dan untuk pada dengan oleh dalam atau karena agar".split())
"""What newspapers write small within a headline of capitalised words."""

INFORMAL = frozenset(
    b"gak ga nggak ngga enggak yg dgn utk krn tdk jd sdh udah udh bgt banget aja klo kalo gue gw lu loe ente sy org "
    b"skrg dr dlm pd tp jgn bkn nih dong deh sih kok tuh bikin biar".split()
)
"""Spellings of talk and of short messages."""


def uses_of(word: bytes) -> tuple[str, ...]:
    """The forms that a function word gives by being there; none for some. ``spelled_out`` is counted instead."""
    return _FORMS_OF.get(word, ())
