"""From the outbox to a receiver: leases, repeats, give-ups, and who is told of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from notices import notice

from alerts import deliver
from alerts.announcement import pending
from alerts.backoff import SCHEDULE
from alerts.channels.base import Message, Receipt
from alerts.deliver import LEASE, Deliver, DeliverResult
from alerts.notice import to_json
from alerts.render import Renderer
from collector.model.alert import DeliveryState, Notice
from collector.model.errors import ChannelError
from collector.store.base import Storage

RENDERER = Renderer("id", ZoneInfo("Asia/Jakarta"))


class FakeChannel:
    """Takes everything until told otherwise; remembers keys and subjects."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.subjects: list[str] = []
        self._answer: Callable[[], Receipt] = lambda: Receipt(answer="ok")

    def refuses(self, *, permanently: bool, retry_after: timedelta | None = None) -> None:
        def refuse() -> Receipt:
            raise ChannelError("tidak mau", permanent=permanently, retry_after=retry_after)

        self._answer = refuse

    def has_a_bug(self) -> None:
        def stumble() -> Receipt:
            raise RuntimeError("bug")

        self._answer = stumble

    def takes_everything(self) -> None:
        self._answer = lambda: Receipt(answer="ok")

    def waits_for(self, event: threading.Event) -> None:
        def wait() -> Receipt:
            assert event.wait(5)
            return Receipt(answer="ok")

        self._answer = wait

    def tells(self, event: threading.Event) -> None:
        def tell() -> Receipt:
            event.set()
            return Receipt(answer="ok")

        self._answer = tell

    def send(self, message: Message, key: str, *, now: datetime) -> Receipt:
        self.keys.append(key)
        self.subjects.append(message.subject)
        return self._answer()


@pytest.fixture
def store(empty: Storage) -> Storage:
    return empty


class Post:
    """An outbox with its deliverers."""

    def __init__(self, store: Storage, now: datetime) -> None:
        self.store = store
        self.now = now
        self.desk = FakeChannel()
        self.system = FakeChannel()
        self.boss = FakeChannel()

    def posts(self, *receivers: str, text: str | None = None) -> None:
        notes = text if text is not None else to_json(notice())
        self.store.outbox.add(
            [
                pending(receiver, notes, reason="first", key=f"kunci-{receiver}-{i}", at=self.now)
                for i, receiver in enumerate(receivers)
            ]
        )

    def worker(self, name: str = "w1", renderer: object = RENDERER) -> Deliver:
        channels = {"meja": self.desk, "sistem": self.system, "pengelola": self.boss}
        return Deliver(
            self.store,
            channels,
            renderer,  # type: ignore[arg-type]
            name,
            operator=("pengelola",),
            jitter=lambda: 0.0,
        )

    def tick(self, after: timedelta = timedelta(0)) -> DeliverResult:
        return self.worker().tick(self.now + after)

    def states(self) -> dict[str, DeliveryState]:
        return {delivery.dedup_key: delivery.state for delivery in self.store.outbox.list(limit=1000)}


@pytest.fixture
def post(store: Storage, now: datetime) -> Post:
    return Post(store, now)


def test_what_is_due_is_sent_once(post: Post) -> None:
    post.posts("meja", "sistem")
    assert post.tick() == DeliverResult(sent=2)
    assert post.tick() == DeliverResult()
    assert (post.desk.keys, post.system.keys) == (["kunci-meja-0"], ["kunci-sistem-1"])


def test_more_than_a_handful_are_sent_in_one_tick(post: Post) -> None:
    post.posts(*["meja"] * 11)
    assert post.tick() == DeliverResult(sent=11)


def test_a_temporary_refusal_is_tried_again_with_the_same_key_on_the_schedule(post: Post) -> None:
    post.posts("meja")
    post.desk.refuses(permanently=False)
    at = timedelta(0)
    for wait in SCHEDULE[1:]:
        assert post.tick(at) == DeliverResult(retried=1)
        assert post.tick(at + wait - timedelta(seconds=1)) == DeliverResult()
        at += wait
    assert post.tick(at).dead == 1
    assert post.desk.keys == ["kunci-meja-0"] * 10


def test_retry_after_is_waited_for(post: Post) -> None:
    post.posts("meja")
    post.desk.refuses(permanently=False, retry_after=timedelta(minutes=3))
    post.tick()
    post.desk.takes_everything()
    assert post.tick(timedelta(minutes=2)) == DeliverResult()
    assert post.tick(timedelta(minutes=3)) == DeliverResult(sent=1)


def test_a_permanent_refusal_is_given_up_and_the_operator_is_told_once(post: Post) -> None:
    post.posts("meja")
    post.desk.refuses(permanently=True)
    assert post.tick() == DeliverResult(dead=1)
    assert post.states()["kunci-meja-0"] is DeliveryState.DEAD
    for minute in range(3):
        post.tick(timedelta(minutes=minute))
    assert len(post.boss.subjects) == 1
    assert post.boss.subjects[0].startswith("[Siaga] SISTEM: Pesan tidak terkirim")


def test_a_dead_letter_can_be_sent_again(post: Post) -> None:
    post.posts("meja")
    post.desk.refuses(permanently=True)
    post.tick()
    (dead,) = post.store.outbox.list(dead_only=True)
    post.desk.takes_everything()
    post.store.outbox.resend(dead.id, post.now)
    post.tick()
    assert post.desk.keys == ["kunci-meja-0"] * 2
    assert post.store.outbox.list(dead_only=True) == ()


def test_an_undeliverable_message_to_the_operator_makes_no_other(post: Post) -> None:
    post.posts("meja")
    post.desk.refuses(permanently=True)
    post.boss.refuses(permanently=True)
    post.tick()
    for minute in range(3):
        post.tick(timedelta(minutes=minute))
    assert len(post.boss.keys) == 1


def test_a_receiver_that_is_no_longer_configured_is_given_up(post: Post) -> None:
    post.posts("hilang")
    post.tick()
    (dead,) = post.store.outbox.list(dead_only=True)
    assert dead.last_error == "no receiver hilang in sources.yaml"


def test_a_fault_in_one_channel_does_not_stop_the_others(post: Post) -> None:
    post.posts("meja", "sistem")
    post.desk.has_a_bug()
    assert post.tick() == DeliverResult(sent=1, retried=1)


def test_a_slow_receiver_does_not_hold_up_the_others(post: Post) -> None:
    go = threading.Event()
    post.desk.waits_for(go)
    post.posts("meja", "sistem")
    ticking = threading.Thread(target=post.tick)
    ticking.start()
    for _ in range(200):
        if post.states()["kunci-sistem-1"] is DeliveryState.SENT:
            break
        threading.Event().wait(0.01)
    assert post.states() == {"kunci-meja-0": DeliveryState.PENDING, "kunci-sistem-1": DeliveryState.SENT}
    go.set()
    ticking.join(5)


def begun(post: Post, many: int) -> None:
    """Wait until so many were begun for the desk."""
    for _ in range(500):
        if len(post.desk.keys) >= many:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"{len(post.desk.keys)} of {many} begun")


def test_a_receiver_that_hangs_has_one_message_under_way_and_the_others_go_past(post: Post) -> None:
    go = threading.Event()
    post.desk.waits_for(go)
    post.posts(*["meja"] * 6, *["sistem"] * 20)  # those of the one that hangs came first
    ticking = threading.Thread(target=post.tick)
    ticking.start()
    for _ in range(500):
        if len(post.system.keys) == 20:
            break
        threading.Event().wait(0.01)
    assert (len(post.desk.keys), len(post.system.keys)) == (1, 20)
    go.set()
    ticking.join(10)
    assert sorted(post.desk.keys) == [f"kunci-meja-{i}" for i in range(6)]
    assert set(post.states().values()) == {DeliveryState.SENT}


def test_what_comes_while_a_receiver_hangs_is_sent_meanwhile(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    half_seconds = count()
    monkeypatch.setattr(deliver, "time", SimpleNamespace(monotonic=lambda: next(half_seconds) / 2))
    go, came = threading.Event(), threading.Event()
    post.desk.waits_for(go)
    post.system.tells(came)
    post.posts("meja")
    ticking = threading.Thread(target=post.tick)
    ticking.start()
    begun(post, 1)
    post.now += timedelta(seconds=5)
    post.posts("sistem")
    sent_meanwhile = came.wait(3)
    go.set()
    ticking.join(10)
    assert sent_meanwhile


def test_a_receiver_that_answers_has_several_under_way(post: Post) -> None:
    post.posts(*["meja"] * 5)
    go, first = threading.Event(), threading.Event()

    def answer() -> Receipt:
        if not first.is_set():
            first.set()
        else:
            assert go.wait(5)
        return Receipt(answer="ok")

    post.desk._answer = answer
    ticking = threading.Thread(target=post.tick)
    ticking.start()
    begun(post, 1 + deliver.OF_ONE)
    assert len(post.desk.keys) == 1 + deliver.OF_ONE
    go.set()
    ticking.join(10)
    assert sorted(post.desk.keys) == [f"kunci-meja-{i}" for i in range(5)]


def test_stopping_leaves_a_hanging_receiver_for_the_next_start(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "GRACE_SECONDS", 0.1)
    hanging = threading.Event()
    post.desk.waits_for(hanging)
    post.posts(*["meja"] * 5)
    worker = post.worker()
    ticking = threading.Thread(target=worker.tick, args=(post.now,))
    ticking.start()
    begun(post, 1)
    worker.stop()
    ticking.join(3)
    assert not ticking.is_alive()
    hanging.set()
    assert set(post.states().values()) == {DeliveryState.PENDING}
    assert len(post.desk.keys) == 1  # the others were not begun


class BrokenRenderer:
    def render(self, shown: Notice) -> Message:
        raise KeyError("template")


def test_a_broken_layout_does_not_lose_the_alert(post: Post) -> None:
    post.posts("meja")
    assert post.worker(renderer=BrokenRenderer()).tick(post.now) == DeliverResult(sent=1)
    assert post.desk.subjects == ["[Siaga] Judi online, 34 sebutan mencurigakan (biasa 6), 9 sumber"]


@pytest.mark.parametrize("text", ["", "bukan json", "{}", "[]", '{"type": "lain"}', "null"])
def test_a_damaged_notice_still_says_that_there_was_one(post: Post, text: str) -> None:
    post.posts("meja", text=text)
    assert post.tick() == DeliverResult(sent=1)
    assert "tidak dapat dibaca" in post.desk.subjects[0]


def test_two_workers_send_one_delivery_once(post: Post) -> None:
    post.posts(*["meja"] * 6)
    start = threading.Barrier(2)

    def work(name: str) -> None:
        start.wait()
        post.worker(name).tick(post.now)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("w1", "w2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(post.desk.keys) == [f"kunci-meja-{i}" for i in range(6)]


def test_a_crash_between_sending_and_recording_repeats_with_the_same_key(post: Post) -> None:
    post.posts("meja")
    (claimed,) = post.store.outbox.claim("crashed", post.now, LEASE, 1)
    post.desk.send(RENDERER.render(notice()), claimed.dedup_key, now=post.now)  # and then the process died
    assert post.tick(LEASE - timedelta(seconds=1)) == DeliverResult()  # the lease holds
    assert post.tick(LEASE) == DeliverResult(sent=1)
    assert post.tick(LEASE * 2) == DeliverResult()
    assert post.desk.keys == ["kunci-meja-0"] * 2


def test_a_worker_that_lost_its_lease_does_not_overwrite_the_other(post: Post) -> None:
    post.posts("meja")
    go = threading.Event()
    post.desk.waits_for(go)
    slow = threading.Thread(target=post.worker("slow").tick, args=(post.now,))
    slow.start()
    while not post.desk.keys:
        threading.Event().wait(0.01)
    (taken,) = post.store.outbox.claim("fast", post.now + LEASE, LEASE, 1)
    go.set()
    slow.join(5)
    assert post.store.outbox.sent(taken.id, "fast", post.now + LEASE)
