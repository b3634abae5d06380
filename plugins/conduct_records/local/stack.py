"""The whole of one machine: server, simulator, Airflow's components; started in order, ended together."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from conduct_records.local import environment as env
from conduct_records.local.airflow_api import AirflowApi
from conduct_records.local.ports import free_port, is_free
from conduct_records.local.processes import Component, end, kill, recall, remember
from conduct_records.local.readiness import StackFault, wait_until
from conduct_records.local.samples import SAMPLES
from conduct_records.local.schemas import bring_up, program
from conduct_records.local.secrets import private_folder
from conduct_records.local.server import Server
from conduct_records.warehouse.arrivals import INGESTION

FLOWS = (*INGESTION, "build_records", "publish_marts", "share_records")
EXCHANGE_SLOTS = 2
PRELOADED = (sys.executable, "-m", "conduct_records.local.preloaded")

Say = Callable[[str], None]


@dataclass
class Stack:
    """One machine's processes under one state folder. `say` gets one line per step."""

    state: Path
    say: Say
    extra: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = private_folder(self.state.resolve())
        self.logs = private_folder(self.state / "logs")
        self._file = self.state / "stack.json"
        self._ports = self.state / "stack-addresses.json"
        self._running = self.components
        self._airflow: dict[str, str] = {}

    @property
    def components(self) -> list[Component]:
        """What runs of this state folder now, whoever started it."""
        return recall(self._file)

    def is_up(self) -> bool:
        """Whether all three of Airflow's components run."""
        names = {component.name for component in self.components}
        return {"api-server", "scheduler", "dag-processor"} <= names

    def start(self, *, tcp: bool = False) -> AirflowApi:
        """Start what does not run and wait until Airflow takes work.

        Raises:
            ServerFault, ComponentDied, StackFault: a part can't start.
        """
        if self.is_up():
            return self._sign_in()
        end(self.components)  # what is left of a stack that was killed
        started = datetime.now(UTC)
        self.server = Server(self.state, port=0 if tcp else None).start()
        self.say("warehouse server ready")
        self._running = self._start_platform()
        bring_up(self.server, self.logs, self.say)
        api_port = _preferred_port(8080) if tcp else free_port()
        self._airflow = env.airflow_environment(self.server, api_port) | self.extra
        self._ports.write_text(json.dumps({"api": self._airflow["AIRFLOW__API__BASE_URL"]}))
        for name, command in _airflow_commands().items():
            self.add(name, command)
        api = self._sign_in()
        self._wait_parsed(api, started)
        self.say("Airflow ready")
        return api

    def add(self, name: str, command: Sequence[str], extra: Mapping[str, str] | None = None) -> Component:
        """One more of Airflow's processes in a stack that we started, such as a Celery worker."""
        component = self._component(name, command, self._airflow | dict(extra or {}))
        self._running.append(component)
        remember(self._file, self._running)
        return component

    def drop(self, component: Component) -> None:
        """Kill one of them as a power cut would, and watch it no longer."""
        self._running.remove(component)
        kill(component)

    def stop(self) -> None:
        """End everything that belongs to this state folder, the server last."""
        end(self.components)
        self._file.unlink(missing_ok=True)
        Server(self.state).stop()

    def check(self) -> None:
        """Raise ComponentDied where a component that we started, or found running, has ended by itself."""
        for component in self._running:
            component.check()

    def _component(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> Component:
        return Component.start(name, command, environment, self.logs)

    def _start_platform(self) -> list[Component]:
        """The simulator, unless EXCHANGE_URL names a platform."""
        if os.environ.get("EXCHANGE_URL"):
            return []
        received, told = str(self.state / "platform" / "received.sqlite"), str(SAMPLES / "platform")
        place = ["--port", "0", "--state", received, "--data", told]
        command = [sys.executable, "-m", "simulator", *place]
        (self.logs / "simulator.log").unlink(missing_ok=True)
        component = self._component("simulator", command, env.warehouse_environment(self.server))
        remember(self._file, [component])
        self.extra["EXCHANGE_URL"] = _announced_address(component)
        self.say(f"platform simulator at {self.extra['EXCHANGE_URL']}")
        return [component]

    def _sign_in(self) -> AirflowApi:
        address = json.loads(self._ports.read_text())["api"]
        api = AirflowApi(address, env.ADMIN, env.admin_password(self.state))
        wait_until(api.is_ready, self.check, "Airflow's pages answer")
        api.sign_in()
        api.warm()
        return api

    def _wait_parsed(self, api: AirflowApi, since: datetime) -> None:
        def parsed() -> bool:
            if errors := api.import_errors():
                raise StackFault("; ".join(errors))
            return set(FLOWS) <= api.parsed_since(since)

        wait_until(parsed, self.check, "all flows are parsed")
        api.ensure_pool("exchange", EXCHANGE_SLOTS)


def _airflow_commands() -> dict[str, list[str]]:
    return {
        "api-server": [program("airflow"), "api-server"],
        # Its log server listens on every interface and can't be told otherwise; the pages read the files.
        "scheduler": [*PRELOADED, "scheduler", "--skip-serve-logs"],
        "dag-processor": [program("airflow"), "dag-processor"],
    }


def _preferred_port(port: int) -> int:
    return port if is_free(port) else free_port()


def _announced_address(component: Component) -> str:
    """The address that a component prints once it listens."""
    pattern = re.compile(r"^listening on (\S+)$", re.MULTILINE)
    found: list[str] = []

    def listens() -> bool:
        found.extend(pattern.findall(component.log.read_text(errors="replace")))
        return bool(found)

    wait_until(listens, component.check, f"{component.name} listens")
    return found[0]
