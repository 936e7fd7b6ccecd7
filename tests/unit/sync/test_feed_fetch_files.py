"""Fetching from folders, over FTP and over SFTP."""

import os
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import paramiko
import pytest
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_SUCCEEDED

from sync.suppliers.feed_errors import FeedError, FeedRefused, FeedSignInRefused, FeedTooLarge, FeedUnreachable
from sync.suppliers.fetch import Auth, Conditions, Fetched, Source, download
from sync.suppliers.fetch.sftp import fingerprint
from sync.suppliers.limits import FeedLimits
from tests.unit.sync.test_feed_fetch_http import certificate, resolving

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.11 is the last that has asyncore itself
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
    from pyftpdlib.ioloop import IOLoop
    from pyftpdlib.servers import FTPServer

BODY = b"Kod;Stan\nA-1;5\n"
USER = Auth("password", user="gawra", secret="hush")
PRIVATE = FeedLimits(allow_private=True, connect_seconds=5, read_seconds=5)


def local(root: Path, address: str, conditions: Conditions | None = None, kind: str = "path") -> Fetched:
    limits = FeedLimits(feed_dir=root / "feeds", upload_dir=root / "uploads")
    return download(Source(kind, address), root / "work", limits, conditions)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("feeds/in", "uploads", "feeds-not"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "feeds/in/a.csv").write_bytes(BODY)
    (tmp_path / "uploads/b.csv").write_bytes(BODY)
    (tmp_path / "feeds-not/secret.csv").write_bytes(b"secret")
    (tmp_path / "secret.csv").write_bytes(b"secret")
    return tmp_path


def test_a_file_in_the_folder_is_copied_and_known_again(root: Path) -> None:
    fetched = local(root, "in/a.csv")
    assert fetched.path is not None
    assert fetched.path.read_bytes() == BODY
    assert local(root, "in/a.csv", Conditions(etag=fetched.etag)).unchanged
    os.utime(root / "feeds/in/a.csv", (1, 1))
    assert not local(root, "in/a.csv", Conditions(etag=fetched.etag)).unchanged
    assert local(root, "in/a.csv", Conditions(etag=fetched.etag, sha256=fetched.sha256)).unchanged
    assert local(root, "b.csv", kind="upload").size == len(BODY)
    assert local(root, str(root / "feeds/in/a.csv")).size == len(BODY)


@pytest.mark.parametrize(
    "address",
    ["../secret.csv", "in/../../secret.csv", "/etc/passwd", "link.csv", "folder/secret.csv", "../feeds-not/secret.csv",
     "in", "", ".", "pipe", "a\x00b", "../uploads/b.csv"],
)  # fmt: skip
def test_nothing_outside_of_the_folder_is_read(root: Path, address: str) -> None:
    (root / "feeds/link.csv").symlink_to(root / "secret.csv")
    (root / "feeds/folder").symlink_to(root)
    os.mkfifo(root / "feeds/pipe")
    with pytest.raises(FeedRefused):
        local(root, address)
    assert not list((root / "work").glob("*"))


def test_a_file_that_is_not_there_and_a_folder_that_is_not_set(root: Path) -> None:
    with pytest.raises(FeedUnreachable, match=r"no file gone\.csv"):
        local(root, "gone.csv")
    with pytest.raises(FeedRefused, match="SHOPFERRY_FEED_DIR"):
        download(Source("path", "a.csv"), root / "work", FeedLimits())
    with pytest.raises(FeedRefused, match="no source 'gopher'"):
        download(Source("gopher", "a.csv"), root / "work", FeedLimits())


@contextmanager
def ftp_server(folder: Path, certificates: Path | None = None) -> Iterator[int]:
    class Handler(TLS_FTPHandler if certificates else FTPHandler):  # type: ignore[misc]
        authorizer = DummyAuthorizer()
        auth_failed_timeout = 0

    if certificates:
        Handler.certfile, Handler.keyfile = str(certificates / "ca.pem"), str(certificates / "key.pem")
        Handler.tls_control_required = Handler.tls_data_required = True
    Handler.authorizer.add_user(USER.user, USER.secret, str(folder), perm="elr")
    Handler.log = Handler.logline = Handler.logerror = lambda *_, **__: None
    loop = IOLoop()
    server = FTPServer(("127.0.0.1", 0), Handler, ioloop=loop)
    running = threading.Event()
    running.set()

    def serve() -> None:
        while running.is_set():
            loop.loop(timeout=0.01, blocking=False)
        server.close_all()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server.socket.getsockname()[1]
    finally:
        running.clear()
        thread.join()


def over(folder: Path, address: str, auth: Auth = USER, limits: FeedLimits = PRIVATE, **known: str) -> Fetched:
    kind = "sftp" if address.startswith("sftp") else "ftp"
    return download(Source(kind, address, auth), folder, limits, Conditions(**known))


def test_ftp_fetches_and_knows_the_file_again(root: Path) -> None:
    with ftp_server(root / "feeds") as port:
        address = f"ftp://127.0.0.1:{port}/in/a.csv"
        fetched = over(root / "work", address)
        assert fetched.path is not None
        assert fetched.path.read_bytes() == BODY
        assert over(root / "work", address, etag=fetched.etag or "").unchanged
        with pytest.raises(FeedSignInRefused):
            over(root / "work", address, Auth("password", user="gawra", secret="wrong"))
        with pytest.raises(FeedUnreachable, match="no such file"):
            over(root / "work", f"ftp://127.0.0.1:{port}/gone.csv")
        with pytest.raises(FeedTooLarge):
            over(root / "work", address, limits=FeedLimits(allow_private=True, max_bytes=5))
        with pytest.raises(FeedRefused, match="no public address"):
            over(root / "work", address, limits=FeedLimits())
        with pytest.raises(FeedRefused, match="names no file"):
            over(root / "work", f"ftp://127.0.0.1:{port}/%0d%0aDELE%20a.csv")


def test_ftps_is_verified_for_its_name(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "127.0.0.1")
    certificate(root, "feeds.example")
    limits = FeedLimits(allow_private=True, ca_file=root / "ca.pem", read_seconds=5)
    with ftp_server(root / "feeds", root) as port:
        assert over(root / "work", f"ftps://feeds.example:{port}/in/a.csv", limits=limits).size == len(BODY)
        with pytest.raises(FeedUnreachable, match="no valid certificate"):
            over(root / "work", f"ftps://127.0.0.1:{port}/in/a.csv", limits=limits)


class SftpHost(paramiko.ServerInterface):
    """Lets gawra in, with a password or one key."""

    def __init__(self, key: paramiko.PKey) -> None:
        self.key = key

    def check_auth_password(self, username: str, password: str) -> int:
        return AUTH_SUCCESSFUL if (username, password) == ("gawra", "hush") else AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return AUTH_SUCCESSFUL if key == self.key else AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return OPEN_SUCCEEDED


def sftp_files(folder: Path) -> type[paramiko.SFTPServerInterface]:
    class Files(paramiko.SFTPServerInterface):
        def stat(self, path: str) -> Any:
            try:
                return paramiko.SFTPAttributes.from_stat((folder / path.lstrip("/")).stat())
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno or 0)

        def open(self, path: str, flags: int, attr: object) -> Any:
            try:
                file = (folder / path.lstrip("/")).open("rb")
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno or 0)
            handle = paramiko.SFTPHandle(flags)
            handle.readfile = file  # type: ignore[attr-defined]
            handle.stat = lambda: paramiko.SFTPAttributes.from_stat(os.fstat(file.fileno()))  # type: ignore[method-assign]
            return handle

    return Files


@contextmanager
def sftp_server(folder: Path, client_key: paramiko.PKey) -> Iterator[tuple[int, str]]:
    host_key = paramiko.ECDSAKey.generate()
    listener = socket.create_server(("127.0.0.1", 0))
    transports: list[paramiko.Transport] = []

    def serve() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(sock)
            transports.append(transport)
            transport.add_server_key(host_key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, sftp_files(folder))
            try:
                transport.start_server(server=SftpHost(client_key))
            except (paramiko.SSHException, EOFError, OSError):
                continue

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], fingerprint(host_key)
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for transport in transports:
            transport.close()


def test_sftp_fetches_by_password_and_key_from_the_one_server_that_is_known(root: Path) -> None:
    (root / "feeds/long.csv").write_bytes(BODY * 20_000)
    client_key = paramiko.ECDSAKey.generate()
    text = StringIO()
    client_key.write_private_key(text)
    with sftp_server(root / "feeds", client_key) as (port, known):
        address = f"sftp://127.0.0.1:{port}/long.csv"
        mine = Auth("password", user="gawra", secret="hush", fingerprint=known)
        fetched = over(root / "work", address, mine)
        assert fetched.path is not None
        assert fetched.path.read_bytes() == BODY * 20_000
        assert over(root / "work", address, mine, etag=fetched.etag or "").unchanged
        by_key = Auth("key", user="gawra", secret=text.getvalue(), fingerprint=known)
        assert over(root / "work", address, by_key).size == fetched.size
        with pytest.raises(FeedUnreachable, match="no such file"):
            over(root / "work", f"sftp://127.0.0.1:{port}/gone.csv", mine)
        with pytest.raises(FeedSignInRefused):
            over(root / "work", address, Auth("password", user="gawra", secret="no", fingerprint=known))
        with pytest.raises(FeedSignInRefused, match="private key cannot be read"):
            over(root / "work", address, Auth("key", user="gawra", secret="no key", fingerprint=known))
        with pytest.raises(FeedTooLarge):
            over(root / "work", address, mine, FeedLimits(allow_private=True, max_bytes=5))
        with pytest.raises(FeedRefused, match="no public address"):
            over(root / "work", address, mine, FeedLimits())
        for wrong in ("", "SHA256:" + "A" * 43):
            with pytest.raises(FeedRefused) as refused:
                over(root / "work", address, Auth("password", user="gawra", secret="hush", fingerprint=wrong))
            assert known in str(refused.value)


def test_what_does_not_answer_is_named(root: Path) -> None:
    for address in ("ftp://127.0.0.1:1/a", "sftp://127.0.0.1:1/a"):
        with pytest.raises(FeedError, match=r"127\.0\.0\.1:1 cannot be connected to"):
            over(root / "work", address)
