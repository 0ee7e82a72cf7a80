"""Tasks: work done side by side through any `concurrent.futures.Executor`, or one after the other in this process."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

from masterplan.data.pause import hear_later, holding_interrupts, unheard

Task = TypeVar("Task")
Result = TypeVar("Result")

LISTENING = 0.2  # seconds between two looks whether Ctrl-C was pressed, while workers work
ATTEMPTS = 3  # a worker that dies takes the runs in flight with it: they are tried again in new workers


@contextmanager
def workers(jobs: int) -> Iterator[Executor]:
    """Processes of this machine, started anew so that no thread of the solver is copied. On Ctrl-C they end what they are at."""
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=hear_later)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def each(
    work: Callable[[Task], Result], tasks: Mapping[str, Task], jobs: int = 1, executor: Executor | None = None
) -> Iterator[tuple[str, Result]]:
    """(name, result) of every task, as they are done; on Ctrl-C those that were done, and what workers have by then.

    `work` is importable and takes and gives plain data. One job without an executor runs in this process; more jobs are that many
    processes; an executor of the caller (a cluster) is used as it is. Raises what `work` raises, RuntimeError for a task whose worker
    died every time, and ValueError for threads: Pyomo replaces `sum` in the whole process while it builds a model.
    """
    if isinstance(executor, ThreadPoolExecutor):
        raise ValueError("executor: found threads, allowed are processes or a cluster: models cannot be built side by side in threads")
    if executor is None and jobs == 1:
        for name, task in tasks.items():
            try:
                result = work(task)
            except KeyboardInterrupt:
                return
            yield name, result
        return
    left = dict(tasks)
    for _ in range(ATTEMPTS):
        try:
            if executor is not None:
                yield from _through(executor, work, left)
            else:
                with workers(jobs) as pool:
                    yield from _through(pool, work, left, is_own=True)
        except BrokenExecutor:
            continue
        break
    if left:
        raise RuntimeError(f"The workers died {ATTEMPTS} times; not done: {', '.join(left)}. Use fewer jobs if memory is short.")


def _through(
    executor: Executor, work: Callable[[Task], Result], left: dict[str, Task], is_own: bool = False
) -> Iterator[tuple[str, Result]]:
    """Submit what is left; take from it what is done. After a Ctrl-C nothing is left, and what workers are at is waited for."""
    with holding_interrupts() as held:
        with unheard():
            futures: dict[Future[Result], str] = {executor.submit(work, task): name for name, task in left.items()}
        waited: set[Future[Result]] = set(futures)
        while waited:
            done, waited = wait(waited, timeout=LISTENING, return_when=FIRST_COMPLETED)
            if held.pressed and left:
                left.clear()
                waited = {future for future in waited if not future.cancel()}
                for worker in multiprocessing.active_children() if is_own else ():
                    if worker.pid is not None:
                        os.kill(worker.pid, signal.SIGINT)  # not all of them hear it from the terminal
            for future in (future for future in futures if future in done and not future.cancelled()):
                try:
                    result = future.result()
                except KeyboardInterrupt:
                    left.clear()
                    continue
                left.pop(futures[future], None)
                yield futures[future], result
