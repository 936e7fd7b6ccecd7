"""Fetches over SFTP. The server's key must be the one whose fingerprint the feed names."""

import base64
import hashlib
import hmac
import io
from urllib.parse import unquote

import paramiko

from sync.suppliers.feed_errors import FeedError, FeedRefused, FeedSignInRefused, FeedUnreachable
from sync.suppliers.fetch.addresses import connect
from sync.suppliers.fetch.redact import parsed, shown
from sync.suppliers.fetch.sink import Sink
from sync.suppliers.fetch.source import Answer, Auth, Conditions, Source
from sync.suppliers.limits import FeedLimits

_BLOCK = 1 << 15
_AHEAD = 64
"""Blocks that are asked for before they are needed."""
_KEYS = (paramiko.Ed25519Key, paramiko.RSAKey, paramiko.ECDSAKey)


def fetch(source: Source, sink: Sink, limits: FeedLimits, conditions: Conditions) -> Answer:
    """Into the sink, unless the file has the time and size that it had. Raises FeedError."""
    parts = parsed(source.address, ("sftp",))
    failure: FeedError | None = None
    with connect(parts.hostname or "", parts.port or 22, limits) as sock:
        sock.settimeout(limits.read_seconds)
        transport = paramiko.Transport(sock)
        try:
            _sign_in(transport, source.auth, limits)
            return _read(transport, unquote(parts.path), source, sink, limits, conditions)
        except FeedError:
            raise
        except paramiko.AuthenticationException:
            failure = FeedSignInRefused(
                f"{shown(source.address)} refuses the user, password or key", "check the sign-in"
            )
        except FileNotFoundError:
            failure = FeedUnreachable(f"{shown(source.address)}: there is no such file", "check the address")
        except (paramiko.SSHException, OSError, EOFError) as error:
            failure = FeedUnreachable(
                f"{shown(source.address)}: the connection broke off ({type(error).__name__})", "try again later"
            )
        finally:
            transport.close()
    raise failure


def fingerprint(key: paramiko.PKey) -> str:
    """As ssh-keygen -l shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")


def _sign_in(transport: paramiko.Transport, auth: Auth, limits: FeedLimits) -> None:
    transport.banner_timeout = transport.auth_timeout = limits.connect_seconds
    transport.start_client(timeout=limits.connect_seconds)
    seen = fingerprint(transport.get_remote_server_key())
    if not hmac.compare_digest(seen, auth.fingerprint.strip().rstrip("=")):
        known = f"not {auth.fingerprint}" if auth.fingerprint else "and the feed names none"
        raise FeedRefused(
            f"the server's key has the fingerprint {seen}, {known}",
            "ask the supplier whether it is theirs, and enter it in the feed's sign-in",
        )
    if auth.kind == "key":
        transport.auth_publickey(auth.user, _key(auth.secret))
    else:
        transport.auth_password(auth.user, auth.secret)


def _key(text: str) -> paramiko.PKey:
    for kind in _KEYS:
        try:
            return kind.from_private_key(io.StringIO(text.strip() + "\n"))
        except (paramiko.SSHException, ValueError, IndexError, TypeError):
            continue
    raise FeedSignInRefused("the private key cannot be read", "give an Ed25519, RSA or ECDSA key without a passphrase")


def _read(
    transport: paramiko.Transport, path: str, source: Source, sink: Sink, limits: FeedLimits, conditions: Conditions
) -> Answer:
    client = paramiko.SFTPClient.from_transport(transport)
    if client is None:
        raise FeedUnreachable(f"{shown(source.address)} offers no SFTP", "ask the supplier")
    with client, client.open(path, "rb") as file:
        file.settimeout(limits.read_seconds)
        status = file.stat()
        mark = f"{status.st_mtime or 0:x}-{status.st_size or 0:x}"
        if mark == conditions.etag:
            return Answer(mark, unchanged=True)
        sink.expect(status.st_size)
        file.prefetch(status.st_size, _AHEAD)
        while block := file.read(_BLOCK):
            sink.write(block)
    if sink.size != status.st_size:
        raise FeedUnreachable(f"{shown(source.address)} broke off after {sink.size:,} bytes", "try again later")
    return Answer(mark)
