"""A page over a small world: the application as the daemon makes it, asked by a client instead of a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from fakes import FakeClock
from flask.testing import FlaskClient
from newsroom import JUDOL, Newsroom
from werkzeug.test import TestResponse

from collector.app import App
from collector.config.settings import Settings, Web
from collector.model.person import Person, Role
from collector.store.base import Storage
from collector.web.desk import Desk
from collector.web.login import LASTS, hash_of
from collector.web.password import hashed
from collector.web.site import create

PASSWORD = "kata sandi meja"


@cache
def kept() -> str:
    """Hashed once: it takes its time on purpose."""
    return hashed(PASSWORD)


@dataclass
class PageRoom:
    """``store`` is real, ``clock`` stands still; ``client`` is a browser without eyes."""

    app: App
    clock: FakeClock
    newsroom: Newsroom
    client: FlaskClient
    host: str = "127.0.0.1:8080"

    @property
    def store(self) -> Storage:
        return self.app.store

    def set_web(self, web: Web) -> None:
        self.app.settings = replace(self.app.settings, web=web)
        self.host = web.address.partition("://")[2]

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, base_url=self._base, headers=_named(headers), buffered=True)

    def post(
        self, path: str, *, token: str | None = None, headers: dict[str, str] | None = None, **form: str
    ) -> TestResponse:
        """Send a form as a page of ours would: with the token that the page held."""
        data = form if token is None else form | {"form_token": token}
        return self.client.post(path, base_url=self._base, data=data, headers=headers or {}, buffered=True)

    @property
    def _base(self) -> str:
        return f"{self.app.settings.web.address.partition('://')[0] if self.app.settings.web else 'http'}://{self.host}"

    def token(self, path: str = "/login") -> str:
        found = re.search(r'name="form_token" value="([0-9a-f]{64})"', self.get(path).get_data(as_text=True))
        assert found is not None, path
        return found[1]

    def adds(self, name: str, role: Role = Role.EDITOR) -> None:
        self.store.people.add(Person(name=name, role=role, added_at=self.clock.now()), kept())

    def logs_in(self, name: str = "Sari", role: Role = Role.EDITOR) -> None:
        """As if they had given their password a moment ago."""
        now = self.clock.now()
        self.store.people.add(Person(name=name, role=role, added_at=now), "never asked for")
        self.store.people.open(hash_of(name), name, now, now + LASTS)
        self.client.set_cookie("siaga_session", name, domain="127.0.0.1")


def page_room(store: Storage, now: datetime, *, web: Web | None = None) -> PageRoom:
    clock = FakeClock(now)
    settings = Settings(path=Path("sources.yaml"), database=Path("none"), topics=(JUDOL,), web=web or Web())
    newsroom = Newsroom(store, now)
    app = App(settings, store=store, clock=clock)
    return PageRoom(app=app, clock=clock, newsroom=newsroom, client=create(Desk(lambda: app)).test_client())


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
