"""The embedded PostgreSQL server: made, started, checked and stopped under one state folder."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlencode

import psycopg
from filelock import FileLock

from conduct_records.local.account import Account, server_account
from conduct_records.local.cluster import OWNER, clear_stale_pid, initialise
from conduct_records.local.databases import DATABASES, admit, create_databases
from conduct_records.local.ports import free_port, is_free
from conduct_records.local.programs import Programs, ServerFault, last_line
from conduct_records.local.secrets import private_folder, secret

SETTINGS = {
    "max_connections": "150",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_min_error_statement": "panic",  # a failing statement may carry what a row holds
    "log_parameter_max_length_on_error": "0",
}
START_SECONDS = 60.0


@dataclass
class Server:
    """One embedded server.

    `state` is the project's state folder; `port` is a loopback TCP port beside the Unix socket, 0 for any
    free one, None for the socket alone; `settings` override the server's own. Source: requirement J2.
    """

    state: Path
    port: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    users: IO[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.state = self.state.resolve()
        self.account: Account = server_account()
        digest = hashlib.sha256(str(self.state).encode()).hexdigest()[:12]
        # A socket's path has a limit of 107 bytes, so it can't lie under a deep checkout.
        self.sockets = Path("/tmp") / f"records-{os.geteuid()}-{digest}"  # noqa: S108
        # `nobody` may be unable to enter the checkout: its server then lives in a folder of its own.
        own_root = Path("/var/tmp") / self.sockets.name  # noqa: S108
        self.root = self.state / "postgres" if self.account.user is None else own_root
        self.data = self.root / "data"
        self.programs = Programs(self.account, self.root / "program")

    def url(self, database: str = "warehouse", *, scheme: str = "postgresql") -> str:
        """The address of one database over the Unix socket, password included: never print it."""
        role = DATABASES.get(database, OWNER)
        place = urlencode({"host": str(self.sockets), "port": str(self.socket_port)}, safe="/")
        return f"{scheme}://{role}:{quote(self._password(role))}@/{database}?{place}"

    def tcp_port(self) -> int | None:
        """The loopback port that the server was last started with, None for the socket alone."""
        path = self.state / "postgres.port"
        return int(path.read_text()) if path.exists() else None

    @property
    def socket_port(self) -> int:
        """The number in the socket's name."""
        return self.tcp_port() or 5432

    def start(self) -> Server:
        """Make the server where there is none, start it where it is not running, and check that it is ours.

        Raises:
            ServerFault: it can't be made or started, or another server answers in its place.
        """
        private_folder(self.state)
        with FileLock(self.state / "postgres.lock"):
            self._use()
            self._prepare()
            if self.is_running() and self.port is not None and self.tcp_port() is None:
                self._stop()
            if not self.is_running():
                self._launch()
            self._check_ours()
            with self.connect("postgres") as connection:
                create_databases(connection, self._password)
        return self

    def stop(self) -> None:
        """Stop the server and wait until it is down; nothing happens where none runs."""
        private_folder(self.state)
        with FileLock(self.state / "postgres.lock"):
            self._stop_all()

    def release(self) -> None:
        """Stop the server unless another command uses it or somebody is connected."""
        query = (
            "select count(*) from pg_stat_activity where client_port is not null and pid <> pg_backend_pid()"
        )
        with FileLock(self.state / "postgres.lock"), self.users:
            if self._is_used_elsewhere():
                return
            with self.connect("postgres") as connection:
                row = connection.execute(query).fetchone()
            if row == (0,):
                self._stop_all()

    def is_running(self) -> bool:
        """Whether a server holds this data folder."""
        return self.data.exists() and self._control("status", check=False).returncode == 0

    def connect(self, database: str = "warehouse") -> psycopg.Connection:
        """A connection with autocommit, for administration."""
        return psycopg.connect(self.url(database), autocommit=True, connect_timeout=5)

    def admit(self, role: str) -> None:
        """Let an existing role log in to the warehouse, with a password made for this state folder."""
        with self.connect() as connection:
            admit(connection, role, self._password(role))

    def _password(self, role: str) -> str:
        return secret(self.state, f"postgres-{role}")

    def _control(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return self.programs.run("pg_ctl", "-D", str(self.data), *arguments, check=check)

    def _prepare(self) -> None:
        for folder in (self.root, self.sockets):
            private_folder(folder)
            if folder.stat().st_uid not in {os.geteuid(), self.account.user}:
                raise ServerFault(f"{folder} belongs to another user")
            self.account.own(folder)
        if not (self.data / "PG_VERSION").exists():
            initialise(self.data, self.programs, self._password(OWNER))

    def _launch(self) -> None:
        clear_stale_pid(self.data)
        self._choose_port()
        log = self.root / "server.log"
        wait = ["-w", "-t", f"{START_SECONDS:.0f}"]
        started = self._control("start", *wait, "-l", str(log), "-o", self._options(), check=False)
        if started.returncode != 0:
            tail = log.read_text(errors="replace") if log.exists() else started.stderr
            raise ServerFault(f"PostgreSQL did not start: {last_line(tail)} (all of it in {log})")
        self._wait_ready()

    def _options(self) -> str:
        port = self.tcp_port()
        place = {
            "listen_addresses": "" if port is None else "127.0.0.1",
            "port": str(self.socket_port),
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
        }
        values = SETTINGS | dict(self.settings) | place
        return " ".join(f"-c {name}='{value}'" for name, value in values.items())

    def _choose_port(self) -> None:
        """Keep the port of last time while it is free, so a BI tool's connection goes on working."""
        path = self.state / "postgres.port"
        if self.port is None:
            path.unlink(missing_ok=True)
        elif not path.exists() or self.port not in {0, self.tcp_port()} or not is_free(self.tcp_port() or 0):
            path.write_text(str(self.port or free_port()))

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        probe = ["-q", "-h", str(self.sockets), "-p", str(self.socket_port)]
        while self.programs.run("pg_isready", *probe, check=False).returncode != 0:
            if time.monotonic() > deadline:
                raise ServerFault(f"PostgreSQL is not ready after {START_SECONDS:.0f} s")
            time.sleep(0.05)

    def _use(self) -> None:
        """Share a lock for as long as the server is used: between two connections as well."""
        self.users = (self.state / "postgres.users").open("w")
        fcntl.flock(self.users, fcntl.LOCK_SH)

    def _is_used_elsewhere(self) -> bool:
        try:
            fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False

    def _stop_all(self) -> None:
        self._stop()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _stop(self) -> None:
        if not self.is_running():
            return
        if self._control("stop", "-w", "-m", "fast", "-t", "30", check=False).returncode != 0:
            self._control("stop", "-w", "-m", "immediate", "-t", "30")

    def _check_ours(self) -> None:
        with self.connect("postgres") as connection:
            found = Path(str(connection.execute("show data_directory").fetchone()[0]))  # type: ignore[index]
        if found.resolve() != self.data.resolve():
            raise ServerFault(f"the server that answers holds {found}, not {self.data}")
