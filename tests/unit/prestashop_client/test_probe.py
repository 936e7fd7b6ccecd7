"""What a shop is and can do, and what the key may not see."""

from __future__ import annotations

from decimal import Decimal

import pytest

from prestashop_client import Capabilities
from prestashop_client.errors import AuthenticationRefused
from prestashop_client.sandbox import Sandbox
from prestashop_client.versions import has_patch


def test_a_shop_of_today(client, sandbox):
    found = client.probe()
    assert found.version == "9.1.4"
    assert set(found.languages) == {"en", "pl"}
    assert found.time_zone == "Europe/Warsaw"
    assert found.rights["products"] == {"GET", "PUT", "POST", "PATCH", "DELETE", "HEAD"}
    assert (found.patch, found.json, found.display_errors) == (True, True, "off")
    assert found.image_limit == 2_000_000
    assert [shop.id for shop in found.shops] == [1]
    assert [group.share_stock for group in found.groups] == [False]
    assert found.latency_ms > 0
    assert 0.5 <= found.pace <= 10
    assert {"version", "rights", "patch", "json", "display_errors", "latency"} <= set(found.evidence)


def test_nothing_is_written(client, sandbox):
    client.probe()
    assert {entry.method for entry in sandbox.requests} == {"GET"}


def test_the_client_uses_what_it_found(client, sandbox):
    found = client.probe()
    assert client.capabilities.languages == tuple(sorted(found.languages.values()))
    assert client.capabilities.version == "9.1.4"


def test_an_old_shop_has_no_patch(connect):
    with Sandbox.running(version="1.7") as shop:
        found = connect(shop.address, shop.key).probe()
    assert found.version.startswith("1.7")
    assert not found.patch


def test_warnings_that_are_swallowed(connect):
    with Sandbox.running(display_errors=True) as shop:
        assert connect(shop.address, shop.key).probe().display_errors == "on"


def test_shared_stock(connect):
    with Sandbox.running(shops=2, share_stock=True) as shop:
        found = connect(shop.address, shop.key).probe()
    assert len(found.shops) == 2
    assert any(group.share_stock for group in found.groups)


def test_a_key_with_few_rights_finds_less_and_says_why(sandbox, connect):
    sandbox.add_key("F" * 32, rights={"products": ["GET"]})
    found = connect(sandbox.address, "F" * 32).probe()
    assert found.rights == {"products": {"GET"}}
    assert found.languages == {}
    assert "languages" in found.evidence["languages"]


def test_a_wrong_key_is_an_error(sandbox, connect):
    with pytest.raises(AuthenticationRefused):
        connect(sandbox.address, "Z" * 32).probe()


def test_tax_groups_by_rate(client):
    group = client.create("tax_rule_groups", {"name": "Standard", "active": 1})["id"]
    tax = client.create("taxes", {"rate": "7.5", "active": 1, "name": {1: "VAT", 2: "VAT"}})["id"]
    country = client.probe().settings.get("PS_COUNTRY_DEFAULT") or 14
    client.create("tax_rules", {"id_tax_rules_group": group, "id_country": country, "id_tax": tax})
    assert client.probe().tax_groups[Decimal("7.5")] == group


@pytest.mark.parametrize(
    ("version", "patch"), [("9.1.4", True), ("8.0.0", True), ("1.7.8.11", False), ("", True), ("dev", True)]
)
def test_patch_came_with_8(version, patch):
    assert has_patch(version) is patch


def test_capabilities_are_kept_as_json():
    known = Capabilities("9.1.4", True, (1, 2), True)
    assert Capabilities.from_dict(known.as_dict()) == known
    assert Capabilities.from_dict({"version": "8.2", "later": 1}) == Capabilities("8.2")
