"""A request and its answer, between nginx's side of the sandbox and PrestaShop's."""

from dataclasses import dataclass, field

from prestashop_client.sandbox.images import Upload
from prestashop_client.sandbox.php import Query, text_of


@dataclass(frozen=True)
class Request:
    """A request as PHP sees it. `path` is what follows `/api/`, decoded; `headers` have lower-case names."""

    method: str
    path: str
    query: Query
    headers: dict[str, str]
    body: bytes = b""
    upload: Upload | None = None
    host: str = "127.0.0.1"


@dataclass
class Answer:
    """What the dispatcher sends. An empty `content_type` is no header."""

    status: int
    body: bytes = b""
    content_type: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    entities: int = 0
    """Entities written, or objects shown by a read: what the request cost."""
    objects_loaded: int = 0
    resource: str = ""

    def write(self, text: str, content_type: str) -> None:
        """Set the body."""
        self.body, self.content_type = text.encode("utf-8", "replace"), content_type


def output_format(request: Request) -> str | None:
    """The format that a request asks for: a header wins over a parameter."""
    for name in ("io-format", "output-format"):
        if name in request.headers:
            return request.headers[name]
    for name in ("output_format", "io_format"):
        asked = text_of(request.query, name)
        if asked is not None:
            return asked
    return None
