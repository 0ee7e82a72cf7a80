"""Pause: what waits while work is done that it would spoil: the search for garbage, and Ctrl-C."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_garbage() -> Iterator[None]:
    """Python's search for cycles that nobody holds waits until the end; what it had is put back."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


class Held:
    """Whether Ctrl-C was pressed while it waits; it is the handler of the signal itself."""

    def __init__(self, pressed: bool = False) -> None:
        self.pressed = pressed

    def __call__(self, *_: object) -> None:
        self.pressed = True


@contextmanager
def holding_interrupts() -> Iterator[Held]:
    """Ctrl-C waits: who holds it asks `pressed` and sees to it.

    What an inner block saw, the outer one sees too, and the other way round. Outside the main thread, where Python allows no handler, and
    where Ctrl-C is ignored anyway (a job in the background), nothing is held.
    """
    held, before = Held(is_interrupted()), signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before in (signal.SIG_IGN, None):
        yield held
        return
    signal.signal(signal.SIGINT, held)
    try:
        yield held
    finally:
        signal.signal(signal.SIGINT, before)
        if held.pressed and isinstance(before, Held):
            before.pressed = True


def is_interrupted() -> bool:
    """Was Ctrl-C pressed in the block around, and is waiting?"""
    around = signal.getsignal(signal.SIGINT)
    return isinstance(around, Held) and around.pressed


def hear_later() -> None:
    """In a worker process: Ctrl-C waits for ever, and what is asked of it next ends at once."""
    signal.signal(signal.SIGINT, Held())
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextmanager
def unheard() -> Iterator[None]:
    """A process that is begun here does not hear Ctrl-C until it says so (`hear_later`); this one hears it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C waits until the end of the block, and is raised then; within another block that holds it, it goes on waiting."""
    with holding_interrupts() as held:
        yield
    if held.pressed and not isinstance(signal.getsignal(signal.SIGINT), Held):
        raise KeyboardInterrupt
