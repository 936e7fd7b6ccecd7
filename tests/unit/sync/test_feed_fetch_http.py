"""Fetching over HTTP from a server on loopback: what is unchanged, limits, redirects, secrets, forbidden addresses."""

import gzip
import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sync.suppliers.feed_errors import (
    FeedError,
    FeedRefused,
    FeedSignInRefused,
    FeedTooLarge,
    FeedUnreachable,
    FeedUnreadable,
)
from sync.suppliers.fetch import Auth, Conditions, Fetched, Source, addresses, download
from sync.suppliers.fetch.redact import shown
from sync.suppliers.limits import FeedLimits

BODY = b"Kod;Stan\nA-1;5\n"
PRIVATE = FeedLimits(allow_private=True, connect_seconds=5, read_seconds=5)
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Supplier:
    """A supplier's server: answers by path, remembers what it was asked."""

    answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    def url(self, path: str = "/feed.csv", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@pytest.fixture
def supplier() -> Iterator[Supplier]:
    with served() as made:
        yield made


class served:  # noqa: N801 - used as a function
    """A Supplier that listens on loopback."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.supplier = supplier = Supplier({"/feed.csv": (200, {}, BODY)})

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                supplier.asked.append((self.path, headers))
                found = supplier.answers.get(self.path.partition("?")[0], (404, {}, b""))
                status, given, body = found(headers) if callable(found) else found
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **given}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        supplier.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Supplier:
        self.thread.start()
        return self.supplier

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def get(
    folder: Path,
    address: str,
    limits: FeedLimits = PRIVATE,
    auth: Auth | None = None,
    known: Conditions | None = None,
) -> Fetched:
    return download(Source("url", address, auth or Auth()), folder, limits, known)


def test_a_file_is_fetched_with_all_that_tells_it_apart(tmp_path: Path, supplier: Supplier) -> None:
    supplier.answers["/feed.csv"] = (200, {"ETag": '"a"', "Last-Modified": "Sat, 01 Mar 2025 10:00:00 GMT"}, BODY)
    fetched = get(tmp_path, supplier.url())
    assert fetched.path is not None
    assert fetched.path.read_bytes() == BODY
    assert (fetched.sha256, fetched.size, fetched.unchanged) == (sha256(BODY).hexdigest(), len(BODY), False)
    assert (fetched.etag, fetched.last_modified) == ('"a"', "Sat, 01 Mar 2025 10:00:00 GMT")


def test_unchanged_by_etag_by_time_and_by_hash(tmp_path: Path, supplier: Supplier) -> None:
    def conditional(headers: dict[str, str]) -> Answer:
        same = headers.get("if-none-match") == '"a"' or headers.get("if-modified-since") == "then"
        return (304, {}, b"") if same else (200, {"ETag": '"a"'}, BODY)

    supplier.answers["/feed.csv"] = conditional
    for known in (
        Conditions(etag='"a"'),
        Conditions(last_modified="then"),
        Conditions(sha256=sha256(BODY).hexdigest()),
    ):
        fetched = get(tmp_path, supplier.url(), known=known)
        assert (fetched.unchanged, fetched.path) == (True, None)
    assert list(tmp_path.iterdir()) == []
    assert not get(tmp_path, supplier.url(), known=Conditions(etag='"old"')).unchanged


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        (Auth("basic", user="żuk", secret="s:1"), "authorization", "Basic xbx1azpzOjE="),
        (Auth("bearer", secret="tok"), "authorization", "Bearer tok"),
        (Auth("header", header="X-Api-Key", secret="tok"), "x-api-key", "tok"),
    ],
)
def test_sign_in_goes_to_its_own_host_only(
    tmp_path: Path, supplier: Supplier, auth: Auth, header: str, value: str
) -> None:
    with served() as other:
        supplier.answers["/own"] = (302, {"Location": "/feed.csv"}, b"")
        supplier.answers["/other"] = (302, {"Location": other.url()}, b"")
        get(tmp_path, supplier.url("/own"), auth=auth)
        get(tmp_path, supplier.url("/other"), auth=auth)
        assert [headers.get(header) for _, headers in supplier.asked] == [value, value, value]
        assert [headers.get(header) for _, headers in other.asked] == [None]


def test_a_token_that_no_header_can_hold_is_refused(tmp_path: Path, supplier: Supplier) -> None:
    for auth in (
        Auth("bearer", secret="a\r\nX: b"),
        Auth("header", header="Host", secret="x"),
        Auth("header", header="a b"),
    ):
        with pytest.raises(FeedRefused):
            get(tmp_path, supplier.url(), auth=auth)
    assert supplier.asked == []


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [(401, FeedSignInRefused, False), (403, FeedSignInRefused, False), (404, FeedUnreachable, True),
     (500, FeedUnreachable, True), (304, FeedUnreachable, True), (206, FeedUnreachable, True)],
)  # fmt: skip
def test_refusals_are_told_apart(
    tmp_path: Path, supplier: Supplier, status: int, kind: type[FeedError], retryable: bool
) -> None:
    supplier.answers["/feed.csv"] = (status, {}, b"")
    with pytest.raises(kind, match=str(status)) as refused:
        get(tmp_path, supplier.url())
    assert refused.value.retryable is retryable
    assert list(tmp_path.iterdir()) == []


def test_limits_of_size_time_and_redirects(tmp_path: Path, supplier: Supplier) -> None:
    supplier.answers["/long"] = (200, {}, b"x" * 2000)
    supplier.answers["/packed"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 5_000_000))
    supplier.answers["/round"] = (302, {"Location": "/round"}, b"")
    small = FeedLimits(allow_private=True, max_bytes=1000)
    with pytest.raises(FeedTooLarge, match="has 2,000 bytes, the limit is 1,000"):
        get(tmp_path, supplier.url("/long"), small)
    with pytest.raises(FeedTooLarge, match="more than 1,000 bytes"):
        get(tmp_path, supplier.url("/packed"), small)
    with pytest.raises(FeedTooLarge, match="redirected more than 5 times"):
        get(tmp_path, supplier.url("/round"))
    with pytest.raises(FeedTooLarge, match="took more than"):
        get(tmp_path, supplier.url(), FeedLimits(allow_private=True, max_seconds=-1))
    assert len(supplier.asked) == 2 + 6 + 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_server_that_drips_is_left_when_the_time_is_up(tmp_path: Path, start: bytes) -> None:
    """Each byte comes within the time to read, in the body or already in the headers."""
    stop = threading.Event()

    def drip() -> None:
        sock, _ = listener.accept()
        with sock, suppress(OSError):
            sock.recv(10_000)
            sock.sendall(start)
            while not stop.wait(0.02):
                sock.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip)
        thread.start()
        try:
            with pytest.raises(FeedTooLarge, match=r"took more than 0\.3 s"):
                get(
                    tmp_path,
                    f"http://127.0.0.1:{listener.getsockname()[1]}/feed.csv",
                    FeedLimits(allow_private=True, max_seconds=0.3, read_seconds=5),
                )
        finally:
            stop.set()
            thread.join()
    assert list(tmp_path.iterdir()) == []


def test_packed_by_the_server_is_unpacked(tmp_path: Path, supplier: Supplier) -> None:
    supplier.answers["/feed.csv"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(BODY))
    fetched = get(tmp_path, supplier.url())
    assert fetched.path is not None
    assert fetched.path.read_bytes() == BODY


def test_what_breaks_off_or_is_empty_is_no_feed(tmp_path: Path, supplier: Supplier) -> None:
    supplier.answers["/short"] = (200, {"Content-Length": "500"}, BODY)
    supplier.answers["/empty"] = (200, {}, b"")
    with pytest.raises(FeedUnreachable, match="broke off"):
        get(tmp_path, supplier.url("/short"))
    with pytest.raises(FeedUnreadable, match="empty"):
        get(tmp_path, supplier.url("/empty"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "fe80::1%eth0",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_internet(address: str) -> None:
    assert not addresses.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_addresses_of_the_internet(address: str) -> None:
    assert addresses.is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "0"])
def test_loopback_is_refused_however_it_is_written(tmp_path: Path, supplier: Supplier, host: str) -> None:
    with pytest.raises((FeedRefused, FeedUnreachable)) as refused:
        get(tmp_path, supplier.url(host=host), FeedLimits())
    assert supplier.asked == []
    if host != "[::ffff:127.0.0.1]":
        assert "SHOPFERRY_FEED_ALLOW_PRIVATE" in str(refused.value)


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Lets the name feeds.example have these addresses in turn; the list tells who was asked for."""
    left, asked, real = list(answers), [], socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *args: object, **kwargs: object) -> object:
        asked.append(host)
        if host != "feeds.example":
            return real(host, port, *args, **kwargs)  # type: ignore[arg-type]
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_redirect_into_the_private_network_is_refused(
    tmp_path: Path, supplier: Supplier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
    for inner in (
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:1/",
        "http://10.0.0.1/",
        "file:///etc/passwd",
    ):
        supplier.answers["/out"] = (302, {"Location": inner}, b"")
        with pytest.raises(FeedRefused):
            get(tmp_path, supplier.url("/out"), FeedLimits())
    assert len(supplier.asked) == 4


def test_a_name_that_changes_its_address_gains_nothing(
    tmp_path: Path, supplier: Supplier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is public at first, and loopback from then on: it is asked once, and what it said is connected to."""
    asked = resolving(monkeypatch, "192.0.2.1", "127.0.0.1")
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "192.0.2.1")
    connected: list[str] = []

    def create_connection(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address[0])
        raise OSError("no way there")

    monkeypatch.setattr(socket, "create_connection", create_connection)
    with pytest.raises(FeedUnreachable):
        get(tmp_path, supplier.url(host="feeds.example"), FeedLimits())
    assert (asked, connected) == (["feeds.example"], ["192.0.2.1"])


def certificate(folder: Path, name: str) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return context


def test_tls_is_verified_for_the_name_though_an_address_is_connected_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, "127.0.0.1")
    trusting = FeedLimits(allow_private=True, ca_file=tmp_path / "ca.pem")
    with served(certificate(tmp_path, "feeds.example")) as supplier:
        assert get(tmp_path / "in", supplier.url(host="feeds.example", scheme="https"), trusting).size == len(BODY)
        assert supplier.asked[0][1]["host"] == f"feeds.example:{supplier.port}"
        with pytest.raises(FeedUnreachable, match="no valid certificate"):
            get(tmp_path / "in", supplier.url(scheme="https"), trusting)
        with pytest.raises(FeedUnreachable, match="no valid certificate"):
            get(tmp_path / "in", supplier.url(host="feeds.example", scheme="https"))


@pytest.mark.parametrize(
    "address",
    ["ftp://host/x", "file:///etc/passwd", "gopher://host/", "http://", "https://user:hush@host/x", "http://ho st/",
     "x", "http://host:port/", "http://[::1/"],
)  # fmt: skip
def test_addresses_that_make_no_sense_are_refused_without_their_secrets(tmp_path: Path, address: str) -> None:
    with pytest.raises(FeedRefused) as refused:
        get(tmp_path, address)
    assert "hush" not in str(refused.value)


def test_no_secret_is_in_any_error(tmp_path: Path, supplier: Supplier) -> None:
    supplier.answers["/short"] = (200, {"Content-Length": "500"}, BODY)
    supplier.answers["/no"] = (401, {}, b"")
    closed = "http://127.0.0.1:1/x?token=hush"
    for address in (supplier.url("/short?token=hush"), supplier.url("/no?token=hush"), closed):
        with pytest.raises(FeedError) as failed:
            get(tmp_path, address, auth=Auth("bearer", secret="hush"))
        error: BaseException | None = failed.value
        while error is not None:
            assert "hush" not in str(error) + repr(error)
            error = error.__cause__ or error.__context__
    assert "hush" not in repr(Source("url", "http://x", Auth("bearer", secret="hush")))


def test_an_address_is_shown_without_what_is_secret() -> None:
    assert shown("https://u:p@host:8443/a/b.csv?key=1&t=2#x") == "https://host:8443/a/b.csv?key=***&t=***"
    assert shown("https://host/a?plain") == "https://host/a?plain=***"
    assert shown("http://[::1]:80/a") == "http://[::1]:80/a"
    assert shown("http://[bad") == "***"
