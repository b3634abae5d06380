"""Faults on demand: which requests are spoiled, and by which kind of fault.

A plan is a list of (operation, kind, how often, with what); chaos draws kinds at random from a seed, so that
a run of faults can be repeated. Both are set from outside while the simulator runs.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

from simulator.operations import Platform
from simulator.spoilers import PASSING, SPOILERS, Params, fits
from simulator.wire import Answer, Request

ANY = "*"


@dataclass
class Fault:
    """One entry of a plan: after `skip` matching requests, spoil the next `times` (-1: for ever)."""

    kind: str
    on: str = ANY
    times: int = 1
    skip: int = 0
    params: Params = field(default_factory=dict)

    def due(self, request: Request) -> bool:
        """Whether this request is spoiled; counts it."""
        if (
            self.times == 0
            or self.on not in (ANY, request.operation)
            or not fits(self.kind, request.operation)
        ):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1 if self.times > 0 else 0
        return True


@dataclass(frozen=True)
class Chaos:
    """Faults at random: the request's number and the seed alone decide which request suffers what."""

    seed: int
    rate: float
    kinds: tuple[str, ...] = ()

    def draw(self, request: Request) -> Fault | None:
        """No fault, or one that fits the operation."""
        dice = random.Random(f"{self.seed}/{request.number}")  # noqa: S311 - a schedule, not a secret
        fitting = [kind for kind in self.kinds or PASSING if fits(kind, request.operation)]
        return Fault(dice.choice(fitting)) if fitting and dice.random() < self.rate else None


class Faults:
    """The plan in force, and the handler that applies it in front of the platform."""

    def __init__(self, platform: Platform) -> None:
        self.platform, self.lock = platform, Lock()
        self.plan: list[Fault] = []
        self.chaos: Chaos | None = None

    def set(self, plan: Iterable[Fault] = (), chaos: Chaos | None = None) -> None:
        """Replace the plan.

        Raises:
            ValueError: a kind is unknown, or does not fit the operation it is set on.
        """
        wanted = list(plan)
        for fault in wanted:
            if fault.kind not in SPOILERS or (fault.on != ANY and not fits(fault.kind, fault.on)):
                raise ValueError(f"no fault {fault.kind} on {fault.on}")
        if chaos and not set(chaos.kinds) <= set(SPOILERS):
            raise ValueError("unknown kind in chaos")
        with self.lock:
            self.plan, self.chaos = wanted, chaos

    def handle(self, request: Request) -> Answer:
        """Answer through the first fault of the plan that is due, else one that chaos draws, else none."""
        with self.lock:
            fault = next((each for each in self.plan if each.due(request)), None)
            if fault is None and self.chaos:
                fault = self.chaos.draw(request)
        if fault is None:
            return self.platform.handle(request)
        return SPOILERS[fault.kind](self.platform, request, self.platform.handle, fault.params)
