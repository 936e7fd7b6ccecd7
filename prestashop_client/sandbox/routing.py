"""WebserviceRequest::fetch: from a request's path, parameters and key to an answer."""

import hashlib
import time
from collections.abc import Callable, Sequence

from prestashop_client.sandbox import json_output, xml_output
from prestashop_client.sandbox.auth import REALM, Key, authenticate, sent_key
from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.deleting import delete
from prestashop_client.sandbox.display import FULL
from prestashop_client.sandbox.errors import Crash, Errors, Refused
from prestashop_client.sandbox.exchange import Answer, Request, output_format
from prestashop_client.sandbox.faults import Fault
from prestashop_client.sandbox.fields import Resource
from prestashop_client.sandbox.images import serve_images
from prestashop_client.sandbox.incoming import read
from prestashop_client.sandbox.languages import languages_asked
from prestashop_client.sandbox.php import nearest, text_of, to_int
from prestashop_client.sandbox.profile import FORBIDDEN, Profile
from prestashop_client.sandbox.reading import Reader
from prestashop_client.sandbox.root import resource_list
from prestashop_client.sandbox.shops import choose_shops, unknown_shop
from prestashop_client.sandbox.store import Store
from prestashop_client.sandbox.writing import save

_METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD")


class Dispatcher:
    """webservice/dispatcher.php over a store."""

    def __init__(self, store: Store, profile: Profile, now: Callable[[], str]) -> None:
        self.store = store
        self.profile = profile
        self._now = now

    def answer(self, request: Request, faults: Sequence[Fault] = ()) -> Answer:
        """The answer to a request, whatever happens in it. `faults`: those that strike single entities."""
        key = sent_key(request.headers.get("authorization"), text_of(request.query, "ws_key"))
        if request.method == "OPTIONS" and key is None:
            return Answer(200, b"200 OK", "text/html; charset=utf-8")
        if key is None:
            return Answer(401, b"401 Unauthorized", "text/html; charset=utf-8", [("WWW-Authenticate", REALM)])
        with self.store.request():
            return _Fetch(self.store, self.profile, self._now, request, faults).answer(key)


class _Fetch:
    def __init__(
        self, store: Store, profile: Profile, now: Callable[[], str], request: Request, faults: Sequence[Fault]
    ) -> None:
        self._request = request
        self._method = text_of(request.query, "ps_method") or request.method
        self._segments = request.path.split("/")
        self._json = output_format(request) == "JSON"
        self._errors = Errors(profile.warnings_are_errors)
        address = f"http://{request.host}/api/"
        self._context = Context(store, profile, self._errors, now, address, faults)
        self._key: Key | None = None
        self._answer = Answer(200)
        self._reader = Reader(self._context, request.query, self._answer, as_json=self._json)

    def answer(self, key: str) -> Answer:
        resource = self._segments[0]
        self._answer.resource = resource
        try:
            self._serve(key)
        except Refused:
            pass
        except Crash:
            crash = Answer(500, b"", "text/html; charset=utf-8", resource=resource)
            crash.entities = self._answer.entities
            return crash
        return self._finish()

    def _serve(self, key: str) -> None:
        context, errors = self._context, self._errors
        redirect = unknown_shop(context, self._request.query)
        if redirect:
            self._answer = Answer(302, b"", "text/html; charset=utf-8", [("Location", redirect)])
            return
        if context.store.setting("PS_WEBSERVICE") == "0":
            raise errors.refuse(
                503, "The PrestaShop webservice is disabled. Please activate it in the PrestaShop Back Office", 22
            )
        self._key = authenticate(context.store, errors, key)
        choose_shops(context, self._request.query, self._key)
        context.default_language = to_int(context.store.setting("PS_LANG_DEFAULT")) or 1
        context.all_languages = context.store.languages()
        context.languages = languages_asked(context, text_of(self._request.query, "language"))
        if not context.languages:
            raise errors.refuse(400, "language is not available", 81)
        self._check_resource(self._key)
        self._check_method(self._key)
        self._act()

    def _check_resource(self, key: Key) -> None:
        name, names = self._segments[0], list(self._context.profile.names)
        if name == "" or (name in names and name in key.rights):
            return
        if name in names:
            raise self._errors.refuse(401, f'Resource of type "{name}" is not allowed with this authentication key', 26)
        full = '", "'.join(names)
        raise self._errors.refuse(
            400,
            f'Resource of type "{name}" does not exists. Did you mean: '
            f'"{nearest(name, names)}"? The full list is: "{full}"',
            27,
        )

    def _check_method(self, key: Key) -> None:
        name, method = self._segments[0], self._method
        if method not in _METHODS or method not in self._context.profile.methods:
            raise self._errors.refuse(405, f"Method {method} is not valid", 23)
        if method in FORBIDDEN.get(name, ()):
            raise self._errors.refuse(405, f"Method {method} is not allowed for the resource {name}", 101)
        if name and method not in key.rights[name]:
            raise self._errors.refuse(
                405, f"Method {method} is not allowed for the resource {name} with this authentication key", 25
            )

    def _act(self) -> None:
        name = self._segments[0]
        resource = self._context.profile.resources.get(name)
        if name == "":
            self._show_root()
        elif name == "images":
            self._show_images()
        elif resource is None:
            self._show_nothing(name)
        elif self._method in ("GET", "HEAD"):
            self._reader.read(resource, self._key_segment())
        elif self._method == "DELETE":
            self._answer.entities = delete(self._context, resource, self._key_segment(), self._request.query)
        else:
            self._write(resource)

    def _key_segment(self) -> str:
        return next((part for part in self._segments[1:] if part), "") if len(self._segments) > 1 else ""

    def _show_root(self) -> None:
        if self._json:
            raise Crash("the JSON renderer cannot show the list of resources")
        if self._key is not None:
            self._answer.write(resource_list(self._context, self._key), xml_output.CONTENT_TYPE)

    def _show_images(self) -> None:
        served = serve_images(self._context, self._method, self._segments[1:], self._request.upload, self._json)
        self._answer.status, self._answer.body, self._answer.content_type = served
        self._answer.entities = int(self._method not in ("GET", "HEAD"))

    def _show_nothing(self, name: str) -> None:
        """A resource that the sandbox knows by name only: it has no objects."""
        if self._method not in ("GET", "HEAD"):
            raise self._errors.refuse(501, f"The sandbox has no {name} to write", 124)
        if self._key_segment():
            self._answer.status = 404
        elif self._json:
            self._answer.write("[]", json_output.CONTENT_TYPE)
        else:
            self._answer.write(xml_output.envelope(f"<{name}>\n</{name}>\n"), xml_output.CONTENT_TYPE)

    # Writing.

    def _write(self, resource: Resource) -> None:
        sent = read(self._request.body, self._errors)
        self._answer.entities = len(sent)
        saved = save(self._context, resource, self._method, sent)
        if self._errors:
            raise Refused("not saved")
        self._answer.status = 201 if self._method == "POST" else 200
        self._reader.show(resource, iter(saved), FULL, as_list=False)

    # Ending.

    def _finish(self) -> Answer:
        answer = self._answer
        if self._errors:
            answer.status = self._errors.status
            if self._json:
                self._answer.write(json_output.errors(self._errors.noted), json_output.CONTENT_TYPE)
            else:
                self._answer.write(xml_output.errors(self._errors.noted), xml_output.CONTENT_TYPE)
        elif answer.status in (200, 201) and answer.body:
            sha1 = hashlib.sha1(answer.body, usedforsecurity=False).hexdigest()
            answer.headers.append(("Content-Sha1", sha1))
            if self._request.headers.get("local-content-sha1") == sha1:
                answer.status, answer.body, answer.content_type = 304, b"", ""
        if not answer.body:
            answer.content_type = answer.content_type if answer.status == 302 else ""
        if answer.status == 401 and self._key is None:
            answer.headers.append(("WWW-Authenticate", REALM))
        answer.headers += [
            ("Access-Time", str(int(time.time()))),
            ("X-Powered-By", "PrestaShop Webservice"),
            ("PSWS-Version", self._context.profile.full_version if self._key else "0"),
        ]
        return answer
