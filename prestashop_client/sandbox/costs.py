"""The time a real PrestaShop takes, from measurements of a 9.1 with 12,000 products on 2 cores (keep-alive, median).

`cost = per request + per entity`. The figures in milliseconds: GET of a product 9.1, a list of 100 in full 177, ids
0.006 each; POST of a product 22 alone and 486 for 50; PATCH 19 and 477; stock rows 7.9 alone and 198 for 500; an image
89; DELETE 29 for a product and 22 for an image.
"""

from prestashop_client.sandbox.routing import Answer

_BASE = 8.0
_READ_FULL = 1.75
_READ_SOME = 0.27
_READ_ID = 0.006
_FILTER = 0.19
_WRITE = {
    "POST": {"products": 9.7, "stock_availables": 0.4},
    "PATCH": {"products": 9.5, "stock_availables": 0.38},
    "PUT": {"products": 12.0, "stock_availables": 0.4},
    "DELETE": {"products": 20.0, "images": 14.0},
}
_WRITE_OTHER = 9.0
_IMAGE = 80.0
_POSITION = 0.075
"""PUT with position_in_category: one UPDATE per product of the category."""


def cost(method: str, answer: Answer, query: str) -> float:
    """The milliseconds that the shop would have spent on a request."""
    if answer.resource == "images" and method in ("POST", "PUT"):
        return _BASE + _IMAGE
    if method in ("GET", "HEAD"):
        return _read(answer, query)
    first = {"POST": 12.0, "PATCH": 9.0, "PUT": 12.0}.get(method, 0.0) if answer.resource == "products" else 0.0
    each = _WRITE.get(method, {}).get(answer.resource, _WRITE_OTHER)
    return _BASE + max(0, answer.entities) * each + (first - each if answer.entities == 1 and first > each else 0.0)


def _read(answer: Answer, query: str) -> float:
    wanted = query.count("|") + query.lower().count("%7c")
    if not answer.objects_loaded:
        return _BASE + answer.entities * _READ_ID + wanted * _FILTER
    single = answer.objects_loaded == 1
    each = _READ_FULL if "display=full" in query and not single else _READ_SOME
    if answer.resource not in ("products", "categories"):
        each = min(each, 0.085)
    return _BASE + 1.0 * single + answer.objects_loaded * each + wanted * 0.03
