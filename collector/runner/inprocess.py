"""The runner in one process: APScheduler for the ticks, a pool of threads for the work.

The scheduler holds a handful of interval ticks and never one job per source: who is due is a stored fact. Work waits in
a queue that knows hosts (:class:`collector.net.turns.HostQueue`), so a thread is taken only when a request may really
start, and a host that hangs holds nobody else up.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, timedelta

import structlog

from collector.net.turns import HostQueue
from collector.runner.base import Task, Tick

log = structlog.get_logger()


class Pool:
    """Threads that take tasks as their hosts' turns come. ``args['host']`` of a task names its host."""

    def __init__(self, handlers: Mapping[str, Callable[[Task], None]], *, threads: int, host_gap: timedelta) -> None:
        self._handlers = handlers
        self._queue = HostQueue(gap=host_gap)
        self._tasks: dict[str, Task] = {}
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._work, name=f"worker-{n}", daemon=True) for n in range(threads)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def submit(self, task: Task) -> bool:
        """Queue it; a smaller ``args['priority']`` starts first. False where its key already waits or runs."""
        with self._lock:  # a worker may take the key at once: it then waits for its task
            taken = self._queue.put(task.args.get("host", task.key), task.key, float(task.args.get("priority", 0)))
            if taken:
                self._tasks[task.key] = task
        return taken

    def host_gap(self, gap: timedelta) -> None:
        self._queue.set_gap(gap)

    def wait(self, within: timedelta | None = None) -> bool:
        """Until nothing waits and nothing runs; False where something still did after so long."""
        return self._queue.join(None if within is None else within.total_seconds())

    def stop(self, within: timedelta) -> bool:
        """End the threads after the task each is on. False if some did not end in time; they die with the process."""
        self._queue.close()
        deadline = time.monotonic() + within.total_seconds()
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while (key := self._queue.take()) is not None:
            with self._lock:
                task = self._tasks[key]
            try:
                self._handlers[task.name](task)
            except Exception:  # the top of a task: log it and let the next one run
                log.exception("task failed", task=task.name, key=key)
            finally:
                self._queue.done(key)


class InProcessRunner:
    """Implements :class:`collector.runner.base.Runner`."""

    def __init__(self, *, threads: int, host_gap: timedelta) -> None:
        self._threads = threads
        self._host_gap = host_gap
        self._pool: Pool | None = None
        self._scheduler: object | None = None
        self._ticking = Ticking()

    def submit(self, task: Task) -> bool:
        return self._pool is not None and self._pool.submit(task)

    def run(self, ticks: Sequence[Tick], handlers: Mapping[str, Callable[[Task], None]]) -> None:
        from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        # A tick that is still running when its next turn comes is skipped on purpose (max_instances=1): no warning.
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        self._pool = Pool(handlers, threads=self._threads, host_gap=self._host_gap)
        self._pool.start()
        scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(len(ticks))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for tick in ticks:
            scheduler.add_job(self._ticking.guarded(tick), "interval", seconds=tick.every.total_seconds(), id=tick.name)

        def report(event: JobExecutionEvent) -> None:
            log.warning("tick missed or failed", tick=event.job_id, error=str(event.exception or "missed"))

        scheduler.add_listener(report, EVENT_JOB_MISSED | EVENT_JOB_ERROR)
        scheduler.start()
        self._scheduler = scheduler

    def host_gap(self, gap: timedelta) -> None:
        """Change the time between two requests to one host, from the next request on."""
        self._host_gap = gap
        if self._pool is not None:
            self._pool.host_gap(gap)

    def stop(self, within: timedelta) -> bool:
        """No tick and no task begins any more; those under way have so long to end. False if one did not."""
        deadline = time.monotonic() + within.total_seconds()
        self._ticking.close()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)  # type: ignore[attr-defined]  # apscheduler has no types
        polls_ended = self._pool is None or self._pool.stop(within)
        return self._ticking.ended_by(deadline) and polls_ended


class Ticking:
    """Counts the ticks under way: the scheduler itself waits for them for ever or not at all."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._under_way = 0
        self._closed = False

    def guarded(self, tick: Tick) -> Callable[[], None]:
        """The top of a tick: a fault is logged and the next tick runs."""

        def act() -> None:
            if not self._begin():
                return
            try:
                tick.action()
            except Exception:  # see above
                log.exception("tick failed", tick=tick.name)
            finally:
                self._end()

        return act

    def close(self) -> None:
        with self._changed:
            self._closed = True

    def ended_by(self, deadline: float) -> bool:
        """Wait for those under way, until ``deadline`` (monotonic seconds) at most."""
        with self._changed:
            left = deadline - time.monotonic()
            return self._changed.wait_for(lambda: self._under_way == 0, timeout=max(0.0, left))

    def _begin(self) -> bool:
        with self._changed:
            self._under_way += not self._closed
            return not self._closed

    def _end(self) -> None:
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()
