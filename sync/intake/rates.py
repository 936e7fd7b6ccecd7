"""The rates of all of a shop's tax rules groups, also of those that its settings do not name."""

from collections import Counter
from decimal import Decimal

from prestashop_client import PrestaShopClient


def rates_of(client: PrestaShopClient) -> dict[int, Decimal]:
    """Group -> rate in percent, in the shop's own country; where a group has no rule for it, its most frequent rate."""
    setting = client.list("configurations", filters={"name": "PS_COUNTRY_DEFAULT"}, display=["value"])
    country = setting[0]["value"] if setting else ""
    taxes = client.list("taxes", display=["id", "rate", "deleted"])
    rates = {str(tax["id"]): Decimal(tax["rate"]).normalize() for tax in taxes if tax["deleted"] != "1"}
    counted: dict[int, Counter[Decimal]] = {}
    at_home: dict[int, Decimal] = {}
    shown = ("id", "id_tax_rules_group", "id_country", "id_tax")
    for rule in client.iterate("tax_rules", display=shown, page=1000):
        if rule["id_tax"] in rates:
            group, rate = int(rule["id_tax_rules_group"]), rates[rule["id_tax"]]
            counted.setdefault(group, Counter())[rate] += 1
            if rule["id_country"] == country:
                at_home.setdefault(group, rate)
    return {group: at_home.get(group, counts.most_common(1)[0][0]) for group, counts in counted.items()}
