"""The time a real PrestaShop takes, from measurements of a 9.1 with 12,000 products on 2 cores (keep-alive, median).

`cost = per request + per entity`. The figures in milliseconds: GET of a product 9.1, a list of 100 in full 177, ids
0.006 each; POST of a product 22 alone and 486 for 50; PATCH 19 and 477; stock rows 7.9 alone and 198 for 500; an image
89; DELETE 29 for a product and 22 for an image.
"""

from prestashop_client.sandbox.exchange import Answer

_BASE = 8.0
_READ_FULL = 1.75
_READ_SOME = 0.27
_READ_FOUND = 0.19
"""A few fields of products that a filter names: 100 references in 27 ms."""
_READ_ROW = 0.085
"""A stock row, a manufacturer and the like."""
_READ_ID = 0.006
_WRITE = {
    "POST": {"products": 9.7, "stock_availables": 0.4},
    "PATCH": {"products": 9.5, "stock_availables": 0.38},
    "PUT": {"products": 12.0, "stock_availables": 0.4},
    "DELETE": {"products": 20.0, "images": 14.0},
}
_WRITE_OTHER = 9.0
_ALONE = {"POST": 14.0, "PATCH": 11.0, "PUT": 17.0}
"""A single product: more than its share of a batch."""
_IMAGE = 80.0


def cost(method: str, answer: Answer, query: str) -> float:
    """The milliseconds that the shop would have spent on a request."""
    if answer.resource == "images" and method in ("POST", "PUT"):
        return _BASE + _IMAGE
    if method in ("GET", "HEAD"):
        return _BASE + _reading(answer, query)
    if answer.resource == "products" and answer.entities == 1 and method in _ALONE:
        return _BASE + _ALONE[method]
    return _BASE + answer.entities * _WRITE.get(method, {}).get(answer.resource, _WRITE_OTHER)


def _reading(answer: Answer, query: str) -> float:
    if not answer.objects_loaded:
        return answer.entities * _READ_ID
    if answer.objects_loaded == 1:
        return 1.0
    if answer.resource not in ("products", "categories"):
        return answer.objects_loaded * _READ_ROW
    if "display=full" in query:
        return answer.objects_loaded * _READ_FULL
    return answer.objects_loaded * (_READ_FOUND if "filter" in query else _READ_SOME)
