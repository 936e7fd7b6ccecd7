"""Which tax rules group stands for which rate in the shop's own country."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from prestashop_client.reading import Reader
from prestashop_client.xml import Document


def tax_groups(reader: Reader, country: str | None) -> dict[Decimal, int]:
    """Rate in percent -> id_tax_rules_group: the lowest active group whose rule for `country` has that rate.

    Without a known country, the rate that most of a group's rules have. Raises the error tree.
    """
    rates = {
        str(tax["id"]): Decimal(tax["rate"])
        for tax in reader.page("taxes", display=("id", "rate", "active", "deleted"))
        if tax["deleted"] != "1"
    }
    groups = [
        group["id"]
        for group in reader.page("tax_rule_groups", display=("id", "active", "deleted"))
        if group["active"] == "1" and group["deleted"] != "1"
    ]
    rules: dict[int, list[Document]] = {}
    for rule in reader.iterate("tax_rules", display=("id", "id_tax_rules_group", "id_country", "id_tax"), page=1000):
        rules.setdefault(int(rule["id_tax_rules_group"]), []).append(rule)
    result: dict[Decimal, int] = {}
    for group_id in sorted(groups):
        rate = _rate(rules.get(group_id, []), rates, country)
        if rate is not None:
            result.setdefault(rate, group_id)
    return result


def _rate(rules: list[Document], rates: Mapping[str, Decimal], country: str | None) -> Decimal | None:
    at_home = [rule for rule in rules if rule["id_country"] == country] if country else rules
    found = [rates[rule["id_tax"]] for rule in at_home if rule["id_tax"] in rates]
    return max(set(found), key=found.count) if found else None
