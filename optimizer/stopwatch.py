"""Stopwatch: where the seconds of a solve went, phase after phase, with nothing left out between them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass
class Stopwatch:
    """Seconds by phase, in the order of the first lap of each; a phase may come again."""

    phases: dict[str, float] = field(default_factory=dict)
    last: float = field(default_factory=time.perf_counter)

    def lap(self, phase: str) -> None:
        """All seconds since the lap before belong to this phase."""
        now = time.perf_counter()
        self.phases[phase] = self.phases.get(phase, 0.0) + now - self.last
        self.last = now

    def seconds(self) -> dict[str, float]:
        """Seconds by phase, and `solve`: the sum of all of them but `build`."""
        return {**self.phases, "solve": sum(spent for phase, spent in self.phases.items() if phase != "build")}
