"""How far a request gets: address, TLS, redirects, the key, rights, what stands in front of the shop."""

from __future__ import annotations

from prestashop_client.doctor import Check, Patient, bad, good, inside, warning
from prestashop_client.errors import (
    AuthenticationRefused,
    InsecureConnection,
    PermissionRefused,
    PrestaShopError,
    RedirectRefused,
    RequestRefused,
    TimedOut,
    TooLarge,
    Unreachable,
    WebserviceOff,
)
from prestashop_client.wire import Request
from prestashop_client.xml import serialise

HTACCESS = 'add "SetEnvIf Authorization (.*) HTTP_AUTHORIZATION=$1" or "CGIPassAuth On" to the .htaccess'
LONG_ADDRESS = 7_900  # bytes of a request line; nginx and Apache take a little over 8,000


def reachable(patient: Patient) -> Check:
    error = patient.root_error
    if isinstance(error, Unreachable):
        return bad("reachable", error.message, "check the address, and the firewall between here and the shop")
    if isinstance(error, TimedOut):
        return bad("reachable", error.message, "ask the hosting why the shop does not answer in time")
    if isinstance(error, InsecureConnection):
        return good("reachable", "something answers")
    if patient.root is None:
        raise error or PrestaShopError("no answer")
    return good("reachable", f"{patient.exchange.transport.base} answers with status {patient.root.status}")


def encrypted(patient: Patient) -> Check:
    if isinstance(patient.root_error, InsecureConnection):
        return bad("encrypted", patient.root_error.message, "install a valid certificate with its whole chain")
    base = patient.exchange.transport.base
    if base.startswith("https://"):
        return good("encrypted", "the certificate is valid")
    return warning("encrypted", f"{base} is not https", "use https: the key travels with every request")


def direct(patient: Patient) -> Check:
    error = patient.probe_error
    if isinstance(error, RedirectRefused):
        return bad("direct", error.message, f"{error.reason[:1].upper()}{error.reason[1:]}")
    inside(patient)
    return good("direct", "no redirect")


def service_on(patient: Patient) -> Check:
    if isinstance(patient.door, WebserviceOff):
        remedy = "switch it on in Advanced Parameters > Webservice"
        return bad("web service on", patient.door.message, remedy)
    inside(patient)
    return good("web service on", "it answers")


def is_web_service(patient: Patient) -> Check:
    error = patient.door
    if error is not None and error.status == 404:
        return bad("is the web service", str(error), "check the path, and that URL rewriting (mod_rewrite) is on")
    inside(patient)
    return good("is the web service", "GET /api lists the resources")


def key_format(patient: Patient) -> Check:
    length = len(patient.exchange.transport.key.reveal())
    if length != 32:
        return bad("key format", f"the key has {length} characters", "copy the whole key: it has 32")
    return good("key format", "32 characters")


def key_accepted(patient: Patient) -> Check:
    error = patient.door
    if isinstance(error, AuthenticationRefused) and error.status != 403:
        return bad(
            "key accepted", str(error), "check that the key exists and is enabled in Advanced Parameters > Webservice"
        )
    inside(patient)
    return good("key accepted", "the shop knows the key")


def key_of_this_shop(patient: Patient) -> Check:
    error = patient.door
    if isinstance(error, AuthenticationRefused) and (132 in error.codes or error.status == 403):
        return bad("key of this shop", str(error), "associate the key with this shop in its settings")
    inside(patient)
    return good("key of this shop", f"id_shop {patient.exchange.transport.id_shop or 'not given'}")


def header_arrives(patient: Patient) -> Check:
    error = patient.root_error
    if isinstance(error, AuthenticationRefused) and error.stripped:
        return warning("key header arrives", "401 in plain text: the Authorization header is lost", HTACCESS)
    if patient.exchange.transport.key_in_query:
        return warning("key header arrives", "the key travels in the address as ws_key", HTACCESS)
    inside(patient)
    return good("key header arrives", "Basic authorization is understood")


def query_key(patient: Patient) -> Check:
    transport = patient.exchange.transport
    if transport.key_in_query:
        return warning("ws_key", "the fall-back is in use", "the key lands in the server's access logs: " + HTACCESS)
    inside(patient)
    return good("ws_key", "the fall-back is not needed")


def rights(patient: Patient) -> Check:
    found = inside(patient)
    lacking = {}
    for name, methods in patient.needs.items():
        wanted = methods if found.patch else {"PUT" if method == "PATCH" else method for method in methods}
        if missing := wanted - found.rights.get(name, set()):
            lacking[name] = sorted(missing)
    if lacking:
        evidence = "; ".join(f"{name}: {', '.join(methods)}" for name, methods in sorted(lacking.items()))
        return bad("rights", f"missing: {evidence}", "tick these rights of the key in Advanced Parameters > Webservice")
    return good("rights", f"all rights on {len(patient.needs)} resources")


def clean_answers(patient: Patient) -> Check:
    if patient.root is None:
        raise patient.root_error or PrestaShopError("no answer")
    content = patient.root.content.strip()
    if patient.root.status == 200 and not (content.startswith(b"<?xml") and content.endswith(b"</prestashop>")):
        seen = content[:80].decode("utf-8", "replace")
        return warning("clean answers", f"something is written around the XML: {seen!r}",
                       "switch off display_errors and find the module that prints into the web service")  # fmt: skip
    inside(patient)
    return good("clean answers", "nothing is written around the XML")


def warnings_mode(patient: Patient) -> Check:
    mode = inside(patient).display_errors
    evidence = inside(patient).evidence.get("display_errors", "not seen")
    if mode == "on":
        return warning("PHP warnings", evidence + ": warnings are swallowed, incomplete products pass",
                       "set display_errors to off for this shop")  # fmt: skip
    return good("PHP warnings", evidence)


def long_addresses(patient: Patient) -> Check:
    """A proxy that takes less than PrestaShop makes every look-up by reference fail."""
    inside(patient)
    value = "x" * LONG_ADDRESS
    request = Request("GET", "products", "products", params=[("filter[reference]", value[: _room(patient)])])
    try:
        patient.exchange.xml(request)
    except TooLarge as error:
        return bad(
            "long addresses", str(error), "raise large_client_header_buffers (nginx) or LimitRequestLine (Apache)"
        )
    except PermissionRefused:
        return Check("long addresses", "unknown", "the key may not read products")
    return good("long addresses", f"a request line of {LONG_ADDRESS} bytes passes")


def methods_pass(patient: Patient) -> Check:
    """An empty PATCH (or PUT) writes nothing and shows whether a proxy lets the method through."""
    method = "PATCH" if inside(patient).patch else "PUT"
    request = Request(method, "products", "products", body=serialise("product", []))
    try:
        patient.exchange.xml(request)
    except PermissionRefused:
        return Check("methods pass", "unknown", f"the key has no right to {method}")
    except RequestRefused as error:
        return good("methods pass", f"{method} reaches the shop ({error.status})")
    except PrestaShopError as error:
        if error.codes:
            return good("methods pass", f"{method} reaches the shop ({error.status})")
        return bad(
            "methods pass", str(error), f"let the proxy pass {method} for /api, or set tunnel in the capabilities"
        )
    return good("methods pass", f"{method} reaches the shop")


def _room(patient: Patient) -> int:
    return LONG_ADDRESS - len(patient.exchange.transport.base) - 100


ACCESS = (
    ("reachable", reachable),
    ("encrypted", encrypted),
    ("direct", direct),
    ("web service on", service_on),
    ("is the web service", is_web_service),
    ("key format", key_format),
    ("key accepted", key_accepted),
    ("key of this shop", key_of_this_shop),
    ("key header arrives", header_arrives),
    ("ws_key", query_key),
    ("rights", rights),
    ("clean answers", clean_answers),
    ("PHP warnings", warnings_mode),
    ("long addresses", long_addresses),
    ("methods pass", methods_pass),
)
