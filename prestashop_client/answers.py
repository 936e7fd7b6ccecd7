"""What an answer means: the XML of a success, or the error of the tree that fits.

The list of codes counts, not the HTTP status: 16 and above are the web service's own refusals, 2 to 15 are PHP's
warnings, which come with status 500 and say nothing about whether it was saved.
"""

from __future__ import annotations

import re
from typing import TypeVar

from lxml import etree

from prestashop_client.errors import (
    AuthenticationRefused,
    BadAnswer,
    EntityRefused,
    MethodRefused,
    NotFound,
    PermissionRefused,
    PrestaShopError,
    RateLimited,
    RedirectRefused,
    RequestRefused,
    ShopUnavailable,
    TimedOut,
    TooLarge,
    WebserviceOff,
)
from prestashop_client.headers import retry_after
from prestashop_client.secret import Secret
from prestashop_client.wire import Answer, Request
from prestashop_client.xml import Unreadable, parse

Error = TypeVar("Error", bound=PrestaShopError)

OWN_CODE = 16  # the web service's own codes start here
BY_CODE: dict[int, type[PrestaShopError]] = {
    **dict.fromkeys((17, 18, 20, 21, 132), AuthenticationRefused),
    **dict.fromkeys((25, 26), PermissionRefused),
    **dict.fromkeys((23, 101), MethodRefused),
    **dict.fromkeys((24, 27, 31, 32, 33, 34, 35, 36, 37, 38, 39, 80, 81, 127, 999), RequestRefused),
    **dict.fromkeys((57, 61, 87, 92, 131), NotFound),
    22: WebserviceOff,
}
BY_STATUS: dict[int, type[PrestaShopError]] = {
    401: AuthenticationRefused,
    403: AuthenticationRefused,
    413: TooLarge,
    414: TooLarge,
    429: RateLimited,
    502: ShopUnavailable,
    503: ShopUnavailable,
    504: TimedOut,
}
# 86 came with the product created (measured); 46 means that a statement half-way failed: no transaction.
SAVED_DESPITE = {46, 86}
HALF_SAVED = "Error occurred while setting"
FIELD = (
    re.compile(r"Property \w+->(\w+)"),
    re.compile(r"property \w+->(\w+)"),
    re.compile(r'[Pp]arameter "(\w+)"'),
    re.compile(r"while setting the (\w+) value"),
    re.compile(r"^(id) is "),
)
WRAPPING = re.compile(r'^Validation error: "(.*)"$', re.DOTALL)
TITLE = re.compile(r"<title>\s*(.*?)\s*</title>", re.IGNORECASE | re.DOTALL)


def entities_of(request: Request, answer: Answer, key: Secret) -> etree._Element:
    """The `<prestashop>` element of a success. Raises the error that the answer means."""
    failure: PrestaShopError
    try:
        if answer.status < 300:
            root = parse(answer.content)
            if root.find("errors") is None:
                return root
        failure = error_of(request, answer, key)
    except Unreadable as problem:
        failure = _bad(request, answer, key, f"no web service XML in the answer ({problem})")
    raise failure


def check_status(request: Request, answer: Answer, key: Secret) -> None:
    """Nothing for a success whose body does not matter (DELETE, images). Raises the error otherwise."""
    if answer.status >= 300:
        raise error_of(request, answer, key)


def error_of(request: Request, answer: Answer, key: Secret) -> PrestaShopError:
    """The error that an answer means."""
    if 300 <= answer.status < 400:
        return _redirect(request, answer, key)
    codes, messages = _codes(answer.content)
    if any(code >= OWN_CODE for code in codes):
        return _own_refusal(request, answer, key, codes, messages)
    if kind := BY_STATUS.get(answer.status):
        return _by_status(request, answer, key, kind)
    if answer.status == 404 and not answer.content.strip():
        return _make(NotFound, request, answer, key, "no such entity in this shop")
    if codes:
        return _bad(request, answer, key, f"PHP says: {messages[0]}", codes=codes, messages=messages)
    return _not_xml(request, answer, key)


def _codes(content: bytes) -> tuple[tuple[int, ...], tuple[str, ...]]:
    if b"<errors" not in content:
        return (), ()
    try:
        root = parse(content)
    except Unreadable:
        return (), ()
    found = [
        (int(error.findtext("code") or 0), (error.findtext("message") or "").strip())
        for error in root.iterfind("errors/error")
        if (error.findtext("code") or "0").strip().lstrip("-").isdecimal()
    ]
    return tuple(code for code, _ in found), tuple(message for _, message in found)


def _own_refusal(
    request: Request, answer: Answer, key: Secret, codes: tuple[int, ...], messages: tuple[str, ...]
) -> PrestaShopError:
    position = next(index for index, code in enumerate(codes) if code >= OWN_CODE)
    code = codes[position]
    message = WRAPPING.sub(r"\1", key.redact(messages[position])).rstrip(".")
    kind = BY_CODE.get(code, EntityRefused)
    half_saved = code in SAVED_DESPITE or HALF_SAVED in message
    # 500 with an own code came with nothing created for bad queries and bodies; a later entity's
    # warning (code 3) before the refusal may stand for one that was saved.
    warned = kind is EntityRefused and answer.status >= 500
    return _make(
        kind,
        request,
        answer,
        key,
        message,
        codes=codes,
        messages=messages,
        field=_field(message),
        retryable=True if code == 46 or HALF_SAVED in message else None,
        maybe_written=request.writes and (half_saved or warned or request.entities > 1),
    )


def _by_status(request: Request, answer: Answer, key: Secret, kind: type[PrestaShopError]) -> PrestaShopError:
    text = answer.content[:400].decode("utf-8", "replace").strip()
    maybe_written = request.writes and answer.status >= 500
    error = _make(kind, request, answer, key, _summary(answer), maybe_written=maybe_written)
    if isinstance(error, AuthenticationRefused):
        # A key that arrives and is wrong gets XML with codes; plain text means that no key arrived.
        error.stripped = text == "401 Unauthorized"
    return error


def _not_xml(request: Request, answer: Answer, key: Secret) -> PrestaShopError:
    title = _title(answer)
    if answer.status == 500 and "500 Server Error" in title:
        message = f"the shop shows its error page: {title}"
        return _make(ShopUnavailable, request, answer, key, message, maybe_written=request.writes)
    return _bad(request, answer, key, _summary(answer))


def _redirect(request: Request, answer: Answer, key: Secret) -> PrestaShopError:
    target = key.redact(answer.headers.get("Location", ""))
    error = _make(RedirectRefused, request, answer, key, f"to {target or 'nowhere'}")
    error.target = target
    return error


def _bad(
    request: Request,
    answer: Answer,
    key: Secret,
    message: str,
    *,
    codes: tuple[int, ...] = (),
    messages: tuple[str, ...] = (),
) -> PrestaShopError:
    return _make(BadAnswer, request, answer, key, message, codes=codes, messages=messages, maybe_written=request.writes)


def _make(
    kind: type[Error],
    request: Request,
    answer: Answer,
    key: Secret,
    message: str,
    *,
    codes: tuple[int, ...] = (),
    messages: tuple[str, ...] = (),
    field: str | None = None,
    retryable: bool | None = None,
    maybe_written: bool = False,
) -> Error:
    return kind(
        key.redact(message),
        method=request.method,
        resource=request.resource,
        ids=request.ids,
        status=answer.status,
        codes=codes,
        messages=tuple(key.redact(text) for text in messages),
        field=field,
        excerpt=key.redact(answer.content[:600].decode("utf-8", "replace")),
        retryable=retryable,
        retry_after=retry_after(answer),
        maybe_written=maybe_written,
    )


def _summary(answer: Answer) -> str:
    if not answer.content.strip():
        return "an empty answer"
    kind = answer.headers.get("Content-Type", "").split(";")[0] or "no content type"
    title = _title(answer)
    return f"{kind} instead of XML" + (f": {title}" if title else "")


def _title(answer: Answer) -> str:
    found = TITLE.search(answer.content[:4000].decode("utf-8", "replace"))
    return found.group(1)[:200] if found else ""


def _field(message: str) -> str | None:
    for pattern in FIELD:
        if found := pattern.search(message):
            return found.group(1)
    return None
