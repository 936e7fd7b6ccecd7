"""The actions there are, by name."""

from sync.schedules.actions import FEED, HOUSE, SHOP, Action
from sync.schedules.cleaning import DEFAULTS, clean_up
from sync.schedules.openers import check_drift, push_all, retry_failed
from sync.schedules.supplier_openers import read_feed, tell_availability
from sync.schedules.watching import look_at_shop

ACTIONS = {
    action.name: action
    for action in (
        Action("push", SHOP, open=push_all, cron="0 2 * * *"),
        Action("retry", SHOP, open=retry_failed, cron="0 */6 * * *"),
        Action("drift", SHOP, open=check_drift, cron="30 3 * * *"),
        Action("health", SHOP, work=look_at_shop, cron="*/10 * * * *"),
        Action("availability", SHOP, open=tell_availability, cron="*/30 * * * *"),
        Action("feed", FEED, open=read_feed),
        Action("clean_up", HOUSE, work=clean_up, cron="20 3 * * *", params=DEFAULTS),
    )
}
