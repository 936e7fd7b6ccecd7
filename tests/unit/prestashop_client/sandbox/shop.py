"""A shop to ask: requests to a sandbox without a server, and answers that are easy to look into."""

from __future__ import annotations

import base64
import json
from typing import Any
from xml.etree import ElementTree as ET

from werkzeug.test import Client, TestResponse

from prestashop_client.sandbox import Sandbox

NAME = '<name><language id="1">Mug</language><language id="2">Kubek</language></name>'
PRODUCT = f"<price>10</price>{NAME}"


def basic(key: str, password: str = "") -> str:
    return "Basic " + base64.b64encode(f"{key}:{password}".encode()).decode()


def xml(*entities: str, node: str = "product") -> str:
    inside = "".join(f"<{node}>{entity}</{node}>" for entity in entities)
    return f'<?xml version="1.0" encoding="UTF-8"?><prestashop>{inside}</prestashop>'


def texts(name: str, one: str, two: str) -> str:
    return (
        f'<{name}><language id="1"><![CDATA[{one}]]></language><language id="2"><![CDATA[{two}]]></language></{name}>'
    )


class Reply:
    """An answer of the shop."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.body = response.get_data()
        self.text = self.body.decode("utf-8", "replace")

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")

    @property
    def root(self) -> ET.Element:
        return ET.fromstring(self.text)

    @property
    def errors(self) -> list[tuple[int, str]]:
        return [(int(e.findtext("code") or 0), e.findtext("message") or "") for e in self.root.iter("error")]

    @property
    def codes(self) -> list[int]:
        return [code for code, _ in self.errors]

    def value(self, path: str) -> str | None:
        """The text at a path below the first object, or below the first of a list."""
        return self.root.findtext(f"*/{path}")

    def languages(self, name: str) -> dict[str, str]:
        found = self.root.find(f"*/{name}")
        assert found is not None, self.text
        return {str(language.get("id")): language.text or "" for language in found}

    def ids(self) -> list[int]:
        """The ids of a list, shown or not."""
        return [int(item.get("id") or item.findtext("id") or 0) for item in self.root[0]]

    def json(self) -> Any:
        return json.loads(self.text)


class Shop:
    """A sandbox and its key."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.client = Client(sandbox.app)
        self.key = sandbox.key

    def ask(
        self,
        method: str,
        path: str,
        body: str | bytes | None = None,
        *,
        headers: dict[str, str] | None = None,
        key: str | None = None,
        **query: object,
    ) -> Reply:
        asked = {name.replace("__", "_"): str(value) for name, value in query.items()}
        sent = {"Authorization": basic(key or self.key), **(headers or {})}
        response = self.client.open(f"/api/{path}", method=method, data=body, headers=sent, query_string=asked or None)
        reply = Reply(response)
        response.close()
        return reply

    def get(self, path: str, **query: object) -> Reply:
        return self.ask("GET", path, **query)

    def list(self, resource: str, **query: object) -> Reply:
        """A list; `filter_reference="x"` is filter[reference]=x."""
        asked = {
            f"filter[{name.removeprefix('filter_')}]" if name.startswith("filter_") else name: value
            for name, value in query.items()
        }
        response = self.client.get(
            f"/api/{resource}",
            headers={"Authorization": basic(self.key)},
            query_string={name: str(value) for name, value in asked.items()},
        )
        reply = Reply(response)
        response.close()
        return reply

    def post(self, path: str, body: str) -> Reply:
        return self.ask("POST", path, body)

    def put(self, path: str, body: str) -> Reply:
        return self.ask("PUT", path, body)

    def patch(self, path: str, body: str) -> Reply:
        return self.ask("PATCH", path, body)

    def delete(self, path: str, **query: object) -> Reply:
        return self.ask("DELETE", path, **query)

    def create(self, resource: str = "products", entity: str = PRODUCT, node: str = "") -> int:
        """Create an object; its id."""
        node = node or {"categories": "category", "taxes": "tax"}.get(resource, resource.removesuffix("s"))
        reply = self.post(resource, xml(entity, node=node))
        assert reply.status == 201, reply.text
        return int(reply.value("id") or 0)

    def category(self, name: str = "Cups", parent: int = 2) -> int:
        return self.create(
            "categories",
            f"<id_parent>{parent}</id_parent><active>1</active>"
            f"{texts('name', name, name)}{texts('link_rewrite', 'cups', 'cups')}",
        )

    def upload(
        self,
        path: str,
        content: bytes,
        filename: str = "mug.png",
        part: str = "image",
        method: str = "POST",
        **query: object,
    ) -> Reply:
        head = (
            f'--limit\r\nContent-Disposition: form-data; name="{part}"; filename="{filename}"\r\n'
            "Content-Type: image/png\r\n\r\n"
        )
        response = self.client.open(
            f"/api/{path}",
            method=method,
            headers={"Authorization": basic(self.key)},
            query_string={name: str(value) for name, value in query.items()} or None,
            data=head.encode() + content + b"\r\n--limit--\r\n",
            content_type="multipart/form-data; boundary=limit",
        )
        reply = Reply(response)
        response.close()
        return reply

    def row(self, sql: str, *parameters: int | str) -> dict[str, Any]:
        found = self.sandbox.store.row(sql, parameters)
        assert found is not None
        return found

    def stock_row(self, product: int, combination: int = 0) -> int:
        return int(
            self.row(
                "SELECT id_stock_available AS id FROM stock_available WHERE id_product = ? "
                "AND id_product_attribute = ?",
                product,
                combination,
            )["id"]
        )
