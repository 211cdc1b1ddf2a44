"""Get a trace from a running server's net/http/pprof: one request to the address that was named, and to no other."""

from __future__ import annotations

import http.client
import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import SplitResult, urlsplit

from arenalab.errors import RecordingError, ScenarioError, TraceError, cut
from arenalab.intake.batches import HEADER, TraceFile
from arenalab.oracle.capture.program import DEFAULT_BYTES, give_name, no_room
from arenalab.oracle.own.process import working_folder

PPROF, TRACE = "/debug/pprof", "/trace"
PATIENCE = (
    20.0  #: seconds in which a server that traces must say something, beyond those that were asked for.
)
HOST = re.compile(r"[\w.:%-]+")
PIECE = 65536
EXPECTED = "expected a server that imports net/http/pprof"
SILENT = (
    "traces without allocations: GODEBUG=traceallocfree=1 must be in its environment when it is started; end it, start "
    "it so, and ask again (it needs Go 1.23 or newer)"
)


@dataclass(frozen=True)
class Served:
    """A trace that came from a server: how many bytes, in how many seconds, why it is cut off ("" when whole)."""

    bytes: int
    seconds: float
    cut_off: str


@dataclass(frozen=True)
class Address:
    """Where a server serves its traces.

    Raises:
        ScenarioError: not HOST:PORT and no http or https URL.
    """

    scheme: str
    host: str
    port: int | None
    path: str

    @classmethod
    def of(cls, named: str) -> Address:
        """Read HOST:PORT or a URL; one that ends in /trace is taken as it is, else pprof's usual path is added."""
        try:
            parts = urlsplit(named if "://" in named else f"http://{named}")
            port, host = parts.port, parts.hostname
        except ValueError:
            parts, port, host = SplitResult("", "", "", "", ""), None, None
        fits = parts.scheme in ("http", "https") and host and HOST.fullmatch(host)
        if host is None or not fits or parts.query or parts.username:
            raise ScenarioError(
                f"--url {named!r}: expected HOST:PORT, or http://... or https://... without ?query"
            )
        path = parts.path.rstrip("/")
        if not path.endswith(TRACE):
            path += TRACE if path.endswith(PPROF) else PPROF + TRACE
        return cls(parts.scheme, host, port, path)

    def __str__(self) -> str:
        """Write it as a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{f':{self.port}' if self.port else ''}{self.path}"

    def connected(self, patience: float) -> http.client.HTTPConnection:
        """Return a connection that waits so many seconds for each answer; no proxy is asked."""
        if self.scheme == "https":
            trusted = ssl.create_default_context()
            return http.client.HTTPSConnection(self.host, self.port, timeout=patience, context=trusted)
        return http.client.HTTPConnection(self.host, self.port, timeout=patience)


def capture_served(
    named: str,
    seconds: float,
    out: Path,
    limit: int = DEFAULT_BYTES,
    watch: Callable[[int, float], None] = lambda *_: None,
) -> Served:
    """Ask a server to trace for so many seconds, and write its trace to `out`.

    Args:
        named: HOST:PORT or a URL; see `Address.of`.
        seconds: how long.
        out: the trace; it appears once all of it is there.
        limit: bytes after which no more is taken: the trace is cut off there.
        watch: receives the bytes and seconds until now.

    Raises:
        ScenarioError: no such address.
        RecordingError: the server can't be reached, serves no trace or one without allocations, or the disk is full.
    """
    address, started = Address.of(named), time.monotonic()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with working_folder(
            None if out.exists() and not out.is_file() else out.parent, ".arenalab-"
        ) as folder:
            part = folder / "trace"
            with part.open("wb") as file:
                why = _fetched(
                    address, seconds, file, limit, lambda size: watch(size, time.monotonic() - started)
                )
            _refuse_without_allocations(part, address)
            size = part.stat().st_size
            give_name(part, out)
    except OSError as trouble:
        raise RecordingError(no_room(trouble.errno, out, trouble.strerror or str(trouble))) from trouble
    return Served(size, time.monotonic() - started, why)


def _fetched(
    address: Address, seconds: float, file: IO[bytes], limit: int, watch: Callable[[int], None]
) -> str:
    """Write what a server answers to a file; return why not all of it, "" for all."""
    connection = address.connected(seconds + PATIENCE)
    try:
        answer = _asked(connection, address, seconds)
        size = 0
        while piece := _piece(answer, address, size):
            if isinstance(piece, str):
                return piece
            file.write(piece)
            size += len(piece)
            watch(size)
            if size >= limit:
                return f"at the limit of {limit / 1e6:g} MB; ask for fewer --seconds, or raise --limit MB"
        return f"the server broke off, {answer.length:,} bytes before the end" if answer.length else ""
    finally:
        connection.close()


def _asked(
    connection: http.client.HTTPConnection, address: Address, seconds: float
) -> http.client.HTTPResponse:
    """Send the request; return the answer that is a trace, as far as its first bytes can tell."""
    try:
        connection.request("GET", f"{address.path}?seconds={seconds:g}")
        answer = connection.getresponse()
        head = answer.peek(16)[:16] if answer.status == http.HTTPStatus.OK else answer.read(300)
    except ssl.SSLCertVerificationError as trouble:
        why = f"its certificate is not trusted ({trouble.verify_message}); SSL_CERT_FILE=FILE.pem names one to trust"
        raise RecordingError(f"{address}: {why}") from trouble
    except (OSError, http.client.HTTPException) as trouble:
        raise RecordingError(f"{address}: no answer ({_said(trouble)}); {EXPECTED}") from trouble
    if answer.status != http.HTTPStatus.OK:
        told = cut(head.decode("utf-8", "replace"), 200)
        raise RecordingError(
            f"{address}: the server says {answer.status} {answer.reason}: {told}; {EXPECTED}"
        )
    if not head.startswith(b"go 1."):
        kind = cut(answer.headers.get("Content-Type", "nothing that says what"), 80)
        raise RecordingError(f"{address}: answers with {kind}, not with an execution trace; {EXPECTED}")
    if not (found := HEADER.match(head)) or int(found[1]) < 23:
        raise RecordingError(f"{address}: a trace of {cut(head.decode('latin-1').strip(chr(0)))}; {SILENT}")
    return answer


def _piece(answer: http.client.HTTPResponse, address: Address, size: int) -> bytes | str:
    """Return the next bytes, none at the end; or why there are no more."""
    try:
        return answer.read1(PIECE)
    except (OSError, http.client.HTTPException) as trouble:
        if not size:
            raise RecordingError(f"{address}: no trace came ({_said(trouble)})") from trouble
        return f"the server broke off ({_said(trouble)})"


def _said(trouble: Exception) -> str:
    return str(trouble) or type(trouble).__name__


def _refuse_without_allocations(part: Path, address: Address) -> None:
    try:
        if any(batch.experiment for batch in TraceFile(part).batches()):
            return
    except TraceError:  # cut off before its end: as far as it goes there is none
        pass
    raise RecordingError(f"{address}: {SILENT}")
