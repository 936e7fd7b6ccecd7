"""Fetches over FTP, and FTPS (explicit TLS; implicit on port 990)."""

import ftplib
import socket
import ssl
from typing import Any
from urllib.parse import SplitResult, unquote

from sync.suppliers.feed_errors import FeedError, FeedRefused, FeedSignInRefused, FeedUnreachable
from sync.suppliers.fetch.addresses import connect
from sync.suppliers.fetch.redact import parsed, shown
from sync.suppliers.fetch.sink import Sink
from sync.suppliers.fetch.source import Answer, Conditions, Source
from sync.suppliers.limits import FeedLimits

_BLOCK = 1 << 16
_IMPLICIT = 990


class _Ftp(ftplib.FTP):
    """Connects to the checked address; passive data connections go to that same address, whatever the server says."""

    def open(self, parts: SplitResult, limits: FeedLimits) -> None:
        self.host, self.port = parts.hostname or "", parts.port or ftplib.FTP_PORT
        self.timeout = limits.read_seconds
        self.sock = self._wrapped(connect(self.host, self.port, limits))
        self.sock.settimeout(limits.read_seconds)
        self.af = self.sock.family
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()

    def _wrapped(self, sock: socket.socket) -> socket.socket:
        return sock


class _Ftps(ftplib.FTP_TLS, _Ftp):
    """The same with TLS, verified for the host's name; the data connection takes the control connection's session."""

    def _wrapped(self, sock: socket.socket) -> socket.socket:
        return self.context.wrap_socket(sock, server_hostname=self.host) if self.port == _IMPLICIT else sock

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[Any, int | None]:
        conn, size = super(ftplib.FTP_TLS, self).ntransfercmd(cmd, rest)
        control: Any = self.sock
        wrapped = self.context.wrap_socket(conn, server_hostname=self.host, session=control.session)
        return wrapped, size


def fetch(source: Source, sink: Sink, limits: FeedLimits, conditions: Conditions) -> Answer:
    """Into the sink, unless the file has the time and size that it had. Raises FeedError."""
    parts = parsed(source.address, ("ftp", "ftps"))
    path = unquote(parts.path).removeprefix("/")
    if not path or any(ord(letter) < 32 for letter in path):
        raise FeedRefused("the address names no file", "it looks like ftp://host/folder/file.csv")
    client = _Ftps(context=_tls(limits)) if parts.scheme == "ftps" else _Ftp()
    failure: FeedError | None = None
    try:
        return _fetch(client, parts, path, source, sink, limits, conditions)
    except FeedError:
        raise
    except (ftplib.Error, OSError, EOFError, ValueError) as error:
        failure = _explained(error, source)
    finally:
        client.close()
    raise failure


def _tls(limits: FeedLimits) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(limits.ca_file) if limits.ca_file else None)


def _fetch(
    client: _Ftp, parts: SplitResult, path: str, source: Source, sink: Sink, limits: FeedLimits, conditions: Conditions
) -> Answer:
    client.open(parts, limits)
    user = source.auth.user if source.auth.kind != "none" else "anonymous"
    client.login(user, source.auth.secret)
    if isinstance(client, _Ftps):
        client.prot_p()
    client.voidcmd("TYPE I")
    size, modified = _told(client, path)
    mark = f"{modified}-{size}" if modified and size is not None else None
    if mark and mark == conditions.etag:
        return Answer(mark, unchanged=True)
    sink.expect(size)
    with client.transfercmd(f"RETR {path}") as data:
        data.settimeout(limits.read_seconds)
        while block := data.recv(_BLOCK):
            sink.write(block)
    client.voidresp()
    if size is not None and sink.size != size:
        raise FeedUnreachable(f"{shown(source.address)} broke off after {sink.size:,} of {size:,} bytes", "try again")
    return Answer(mark)


def _told(client: _Ftp, path: str) -> tuple[int | None, str | None]:
    """Size and time of the file, where the server tells them."""
    try:
        size = client.size(path)
        modified = client.sendcmd(f"MDTM {path}").partition(" ")[2].strip()
    except ftplib.error_perm as error:
        if str(error).startswith("550"):
            raise
        return None, None
    return size, modified or None


def _explained(error: BaseException, source: Source) -> FeedError:
    where, code = shown(source.address), str(error)[:3]
    if isinstance(error, ssl.SSLError):
        return FeedUnreachable(f"{where} has no valid certificate", "ask the supplier to renew it")
    if code == "530":
        return FeedSignInRefused(f"{where} refuses the user or password", "check the feed's sign-in")
    if code == "550":
        return FeedUnreachable(f"{where}: there is no such file, or it may not be read", "check the address")
    if isinstance(error, ftplib.Error) and code.isdigit():
        return FeedUnreachable(f"{where} answers with {code}", "try again later, or ask the supplier")
    return FeedUnreachable(f"{where}: the connection broke off ({type(error).__name__})", "try again later")
