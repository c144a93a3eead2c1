"""A PostgreSQL database of a test's own, in the server of test/servers/postgres."""
import contextlib
import os
import pathlib
import signal
import subprocess
import time
import urllib.parse
import uuid

import libpq
from report import Mismatch
from tables import Unavailable

SERVER = pathlib.Path(__file__).resolve().parents[2] / "servers" / "postgres"
USER = PASSWORD = "leat"


def _server(verb, *name):
    done = subprocess.run([SERVER, verb, *name], capture_output=True, text=True, timeout=180)
    if done.returncode != 0:
        raise Unavailable(done.stderr.strip() or "no PostgreSQL server can be had")
    return done.stdout.strip()


def stop(server):
    """Ends a server that a test had of its own; no error when there is none."""
    subprocess.run([SERVER, "stop", server], capture_output=True, timeout=60)


def _new_name():
    return "leat_" + uuid.uuid4().hex[:16]


class Database:
    """Calls `create`, then anything, then `drop` or `end`."""

    def __init__(self, host, port, name, server, certificates):
        self.host, self.port, self.name, self.server = host, port, name, server
        self.certificates = certificates

    @classmethod
    def create(cls, server=""):
        """`server`: of a test that breaks it, which has one of its own."""
        own = [server] if server else []
        parts = urllib.parse.urlsplit(_server("start", *own))
        database = cls(parts.hostname, str(parts.port), _new_name(), server,
                       _server("folder", *own) + "/ca.crt")
        database.say(f"CREATE DATABASE {database.name}", database="postgres")
        return database

    @classmethod
    def of(cls, environment):
        """The one that `environment` has told."""
        return cls(environment["PGHOST"], environment["PGPORT"], environment["PGDATABASE"],
                   environment["LEAT_TEST_SERVER"], environment["PGROOTCERT"])

    def copy(self):
        """Another one that holds the same."""
        made = Database(self.host, self.port, _new_name(), self.server, self.certificates)
        made.say(f"CREATE DATABASE {made.name} TEMPLATE {self.name}", database="postgres")
        return made

    def wait(self, seconds=60):
        """Until the server answers again."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self._run("SELECT 1")
            except libpq.Refused as refused:
                if time.monotonic() > end:
                    raise Mismatch("the PostgreSQL server does not come back") from refused
            time.sleep(0.01)

    def kill_backend(self):
        """kill -9 of the process that serves this database, or of any where there is none."""
        pids = self.query("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
                          "AND pid <> pg_backend_pid() ORDER BY datname <> current_database() LIMIT 1")
        for (pid,) in pids:
            with contextlib.suppress(ProcessLookupError):   # One that has ended is killed already.
                os.kill(int(pid), signal.SIGKILL)

    def drop(self):
        self.say(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)", database="postgres")

    def end(self):
        """Removes it, and the server where that is its own."""
        if self.server:
            stop(self.server)
        else:
            self.drop()

    def environment(self):
        """What libpq reads, and what pipelines may put into their options."""
        return {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": USER,
                "PGPASSWORD": PASSWORD, "PGDATABASE": self.name,
                "PGPASSFILE": "/nonexistent", "LEAT_SECRET_PG": PASSWORD,
                "PGROOTCERT": self.certificates, "LEAT_TEST_SERVER": self.server,
                "LEAT_CACHE": os.environ.get("LEAT_CACHE", str(pathlib.Path.home() / ".cache/leat"))}

    def _run(self, sql, database=None):
        return libpq.run(sql, host=self.host, port=self.port, user=USER, password=PASSWORD,
                         dbname=database or self.name, sslmode="disable", client_encoding="UTF8",
                         connect_timeout="60",
                         options="-c client_min_messages=error -c statement_timeout=120s")

    def say(self, sql, database=None):
        try:
            self._run(sql, database)
        except libpq.Refused as refused:
            raise Mismatch(f"PostgreSQL: {refused}") from refused

    def query(self, sql):
        """Rows of texts; None is null."""
        try:
            return self._run(sql)
        except libpq.Refused as refused:
            raise Mismatch(f"PostgreSQL: {refused}") from refused
