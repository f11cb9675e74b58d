"""What a text does with a claim that it speaks of: it tells it again, or says that it is wrong. Pure.

Words of fact-checkers and of officials that set something right, wherever the claim itself has none of them; else a
denial of what the claim says ("DKPP belum memecat Ketua KPU").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from collector.claims.features import Features
from collector.claims.statement import Statement
from collector.model.judgement import Stance

DENIED_FROM = 0.4
SPEAKS_OF_IT = 0.55  # coverage from which a denial is one of this claim
_MARKS = re.compile(
    r"\b(?:hoaks|cek fakta|fact ?check|fakta ?nya|turnbackhoax|disinformasi|misinformasi|menyesatkan|keliru"
    r"|(?:tidak|bukan(?:lah)?) (?:benar|betul|asli|fakta)|tidak terbukti|tidak berdasar|tidak sesuai fakta"
    r"|(?:tidak|belum) pernah (?:ada|terjadi|mengeluarkan|menyatakan)"
    r"|kabar bohong|berita bohong|informasi palsu|pesan palsu|palsu|bohong|fitnah|ngawur|mengada ?ada"
    r"|salah konteks|konteks yang salah|konteks keliru"
    r"|jangan (?:\w+ )?(?:percaya|termakan|kemakan|terkecoh|tertipu|sebar(?:kan)?|disebar(?:kan)?|mudah|klik)"
    r"|klarifikasi|membantah|bantah|dibantah|menepis|tepis|menyangkal|meluruskan|diluruskan|luruskan"
    r"|(?:hasil )?(?:suntingan|editan|rekayasa|manipulasi|deepfake|sunting|edit)|diedit|disunting|direkayasa"
    r"|dimanipulasi|dipelintir|pelintiran|dicatut|mencatut|catut|kecerdasan buatan|buatan ai|phishing|penipuan"
    r"|modus tipu|video lama|foto lama|kejadian lama|peristiwa lama|bukan (?:karena|dari|dana|video|foto)"
    r"|setop sebar|stop (?:sebar|forward|bagikan)"
    r"|not true|false claim|fake|debunked|hoax|fabricated|artificial intelligence)\b"
)


def marks(text: Statement) -> tuple[str, ...]:
    """The words by which a text sets something right. Costs more than all the rest, so a text is asked once."""
    return tuple(found[0] for found in _MARKS.finditer(text.plain))


def attitude(marked: Sequence[str], claim: Statement, features: Features) -> Stance:
    """SPREAD or DEBUNK. ``marked`` are the :func:`marks` of the text."""
    if any(mark not in claim.plain for mark in marked):
        return Stance.DEBUNK
    if features.coverage >= SPEAKS_OF_IT and features.denied >= DENIED_FROM and features.extra_negations:
        return Stance.DEBUNK
    return Stance.SPREAD
