"""Lines of SHOW GRANTS, read for what they give beyond need."""

import pytest

from prestashop_client.database.grants import excess


@pytest.mark.parametrize(
    "line",
    [
        "GRANT USAGE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29'",
        r"GRANT CREATE TEMPORARY TABLES ON `my\_shop`.* TO `u`@`%`",
        "GRANT CREATE TEMPORARY TABLES ON `my_shop`.* TO `u`@`%`",
        "GRANT SELECT, UPDATE (`price`, `active`, `date_upd`) ON `my_shop`.`ps_product` TO `u`@`%`",
        "GRANT SELECT (`id_shop`, `name`) ON `my_shop`.`ps_shop` TO `u`@`%`",
        "GRANT `reader`@`%` TO `u`@`%`",
        "GRANT reader TO `u`@`%`",
    ],
)
def test_no_more_than_is_needed(line: str) -> None:
    assert excess(line, "my_shop") == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("GRANT ALL PRIVILEGES ON *.* TO `u`@`%`", ["may do everything on *.* (ALL PRIVILEGES)"]),
        (
            "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION",
            ["may give its rights on *.* to others (GRANT OPTION)", "may do everything on *.* (ALL PRIVILEGES)"],
        ),
        ("GRANT SUPER, PROCESS ON *.* TO `u`@`%`", ["may PROCESS, SUPER on the whole server"]),
        ("GRANT SELECT ON `other`.* TO `u`@`%`", ["may SELECT on `other`.*, outside of this database"]),
        (r"GRANT SELECT, UPDATE ON `my\_shop`.* TO `u`@`%`", [r"may SELECT, UPDATE on all tables of `my\_shop`"]),
        ("GRANT SELECT, DROP ON `my_shop`.`ps_product` TO `u`@`%`", ["may DROP on `my_shop`.`ps_product`"]),
        (
            "GRANT PROXY ON ''@'%' TO 'root'@'localhost' WITH GRANT OPTION",
            ["may give its rights on ''@'%' to others (GRANT OPTION)", "may PROXY on ''@'%', outside of this database"],
        ),
    ],
)
def test_what_is_too_wide(line: str, said: list[str]) -> None:
    assert excess(line, "my_shop") == said
