"""The page in a real browser: a person follows a mail's link, reads, decides, acknowledges, and sees what fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from collector.model.judgement import Verdict

if TYPE_CHECKING:
    from conftest import Served

pytestmark = pytest.mark.browser
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
GRAVE = ("serious", "critical")
PASSWORD = "kata sandi meja"
OpenPage = Callable[..., Any]


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return SIZES[request.param]


@pytest.fixture
def open_page(browser: Any, served: Served, size: tuple[int, int]) -> Iterator[OpenPage]:
    """Opens a path of the page. What the console said must be nothing, whatever the test did."""
    said: list[str] = []
    contexts = []

    def begin(path: str, **options: Any) -> Any:
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path if "://" in path else served.base + path)
        return page

    yield begin
    for context in contexts:
        context.close()
    assert said == []


def log_in(page: Any) -> None:
    page.get_by_label("Nama").fill("Sari")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()


def fits(page: Any) -> bool:
    """Whether nothing sticks out to the right."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide <= 0


def test_a_person_follows_an_alert_up_to_the_verdict(open_page: OpenPage, served: Served) -> None:
    page = open_page(served.alert)
    assert page.get_by_role("heading", level=1).inner_text() == "Judi online"
    page.get_by_role("link", name="VIRALKAN!").last.click()  # the evidence
    assert page.locator("mark.topic").first.inner_text() != ""
    page.get_by_role("link", name="VIRALKAN!").first.click()  # its issue
    page.get_by_role("link", name="Masuk untuk bertindak").click()
    log_in(page)
    page.locator("#verdict-choice").select_option("scam")
    page.locator("#verdict-note").fill("Kementerian tidak pernah mengumumkannya.")
    page.get_by_role("button", name="Simpan putusan").click()
    assert "Penipuan" in page.locator("section[aria-labelledby=verdict]").inner_text()
    page.goto(served.base + served.alert)
    page.locator("#ack-note").fill("saya periksa")
    page.get_by_role("button", name="Tangani").click()
    assert "ditangani Sari" in page.inner_text("main")
    assert served.store.ledger.get(1).verdict is Verdict.SCAM
    assert served.store.reactions.acknowledged()[1].made_by == "Sari"


def test_a_mails_link_asks_before_it_acts(open_page: OpenPage, served: Served) -> None:
    page = open_page(served.ack_link)
    assert served.store.reactions.acknowledged() == {}
    page.get_by_label("Nama Anda").fill("Sari")
    page.get_by_role("button", name="Tangani").click()
    assert page.get_by_role("status").inner_text() == "Peringatan ini sekarang ditangani."
    assert served.store.reactions.acknowledged()[1].made_by == "Sari"


def test_the_source_that_fails_is_seen_from_the_first_page(open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_role("link", name="2 dari 3 sumber terbaca; 1 gagal.").click()
    assert "HTTP 503: Service Unavailable" in page.locator(".source.failing").inner_text()


def test_everything_works_without_javascript(open_page: OpenPage, served: Served) -> None:
    page = open_page("/login", java_script_enabled=False)
    log_in(page)
    page.goto(served.base + served.alert)
    page.locator("#silence-note").fill("sudah dibahas")
    page.get_by_role("button", name="Senyapkan").click()
    assert "sudah dibahas" in page.inner_text("main")


def test_a_keyboard_reaches_the_content_first_and_the_first_alert_next(open_page: OpenPage) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/alert/1"


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desk", "light")], indirect=["size"])
def test_every_page_fits_and_axe_finds_nothing_grave(open_page: OpenPage, served: Served, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe, page = Axe(), open_page("/login", color_scheme=scheme)
    paths = ["/login", served.ack_link, served.silence_link, "/", served.alert, "/issues", served.issue, served.item]
    log_in(page)
    for path in [
        *paths,
        "/sources",
        "/reports?by=week",
        "/partners",
        "/bulletin",
        "/tip",
        "/issues?q=tidak+ada",
        "/?lang=en",
    ]:
        page.goto(path if "://" in path else served.base + path)
        assert fits(page), path
        violations = axe.run(page).response["violations"]
        found = [(v["id"], node["html"]) for v in violations if v["impact"] in GRAVE for node in v["nodes"]]
        assert found == [], path
