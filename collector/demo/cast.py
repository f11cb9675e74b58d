"""The outlets of the demo's province: who publishes, in which form, and on which days they fail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from collector.model.source import Role


class Form(StrEnum):
    """What an outlet's address answers with."""

    RSS = "rss"
    ATOM = "atom"
    RDF = "rdf"
    JSON = "json"
    TIMELINE = "timeline"  # RSS as Mastodon writes it: posts without titles
    AGGREGATE = "aggregate"  # RSS with a <source> per item
    PAGE = "page"
    SITEMAP = "sitemap"
    TELEGRAM = "telegram"

    @property
    def kind(self) -> str:
        """The name of the source kind that reads it."""
        return self.value if self in {Form.PAGE, Form.SITEMAP, Form.TELEGRAM} else "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An outlet's bad hours, counted from the story's start: it answers ``status``, or a log-in page if that is 200."""

    from_hour: int
    until_hour: int
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One publisher. ``host`` is where its links point; ``per_day`` how many ordinary posts it makes up a day."""

    key: str
    name: str
    host: str
    form: Form
    role: Role = Role.NEWS
    per_day: int = 0
    every_hours: int = 1
    fault: Fault | None = None

    @property
    def path(self) -> str:
        """Where the demo's server shows it."""
        if self.form is Form.TELEGRAM:
            return f"/s/{CHANNEL}"
        return f"/{self.key}/{_PAGE_NAMES.get(self.form, 'feed')}"


_PAGE_NAMES = {Form.PAGE: "berita", Form.SITEMAP: "news-sitemap.xml", Form.JSON: "feed.json"}
CHANNEL = "siaga_contoh_teratai"

SEROJA_DOWN = Fault(from_hour=24, until_hour=45, status=503)
WARTA_GARBAGE = Fault(from_hour=61, until_hour=64, status=200)

CAST: tuple[Outlet, ...] = (
    Outlet(key="kabar", name="Kabar Teratai", host="kabar-teratai.example", form=Form.RSS, per_day=14),
    Outlet(key="harian", name="Harian Nusa", host="hariannusa.example", form=Form.ATOM, per_day=13),
    Outlet(key="pesisir", name="Suara Pesisir", host="suarapesisir.example", form=Form.RSS, per_day=11),
    Outlet(key="pos", name="Teratai Pos", host="terataipos.example", form=Form.JSON, per_day=10),
    Outlet(key="gema", name="Radio Gema Laut", host="gemalaut.example", form=Form.RDF, per_day=8),
    Outlet(key="seroja", name="Metro Seroja", host="metroseroja.example", form=Form.RSS, per_day=10, fault=SEROJA_DOWN),
    Outlet(
        key="warta",
        name="Warta Kepulauan",
        host="wartakepulauan.example",
        form=Form.RSS,
        per_day=9,
        fault=WARTA_GARBAGE,
    ),
    Outlet(key="kanal", name="Kanal Delapan", host="kanaldelapan.example", form=Form.SITEMAP, per_day=12),
    Outlet(key="sorotan", name="Sorotan (agregator)", host="sorotan.example", form=Form.AGGREGATE, every_hours=2),
    Outlet(
        key="kpu",
        name="KPU Nusa Teratai",
        host="kpu-nusateratai.example",
        form=Form.PAGE,
        role=Role.OFFICIAL,
        every_hours=3,
    ),
    Outlet(
        key="periksafakta",
        name="Periksa Fakta Teratai",
        host="periksafakta-teratai.example",
        form=Form.RSS,
        role=Role.FACTCHECK,
        every_hours=2,
    ),
    Outlet(key="ceknusa", name="Cek Nusa", host="ceknusa.example", form=Form.ATOM, role=Role.FACTCHECK, every_hours=2),
    Outlet(
        key="jagat",
        name="Jagat Warga #nusateratai",
        host="jagatwarga.example",
        form=Form.TIMELINE,
        role=Role.SOCIAL,
        per_day=12,
    ),
    Outlet(
        key="dermaga", name="Forum Dermaga", host="forumdermaga.example", form=Form.ATOM, role=Role.SOCIAL, per_day=10
    ),
    Outlet(key="kanaltg", name="Info Teratai (Telegram)", host="t.me", form=Form.TELEGRAM, role=Role.SOCIAL, per_day=6),
)

ARCHIVE = Outlet(
    key="arsip", name="Arsip Obrolan", host="arsipobrolan.example", form=Form.RSS, role=Role.SOCIAL, every_hours=6
)
SOCIAL = tuple(outlet for outlet in CAST if outlet.role is Role.SOCIAL)
