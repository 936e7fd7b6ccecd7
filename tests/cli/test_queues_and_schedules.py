"""`manage.py queue`, `dead` and `schedule`: what waits, what died, what runs by the clock."""

import json
from collections.abc import Iterator

import dramatiq
import pytest
import redis

from models import DeadStatus, Schedule
from sync import dead_messages, queues
from sync.dead_messages import Death
from sync.services import Services
from tests.cli.conftest import Invoke
from tests.conftest import REDIS_TEST_URL, missing
from tests.factories import make_shop


@pytest.fixture
def redis_url(worker_id: str) -> Iterator[str]:
    """A Redis database of the test process's own, apart from those of the services' tests."""
    number = 8 + (int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0) % 7
    client = redis.Redis.from_url(f"{REDIS_TEST_URL}/{number}")
    try:
        client.flushdb()
    except redis.ConnectionError as error:
        missing("redis", error)
    yield f"{REDIS_TEST_URL}/{number}"
    client.flushdb()
    client.close()


@pytest.fixture
def over_redis(redis_url: str) -> dict[str, str]:
    return {"BROKER_URL": redis_url}


def die(stored: Services, number: int = 1, actor: str = "sync_product") -> int:
    message = dramatiq.Message("prestashop_sync", actor, (number, 2), {}, {})
    arguments = {"product_id": number, "shop_id": 2}
    death = Death(message.message_id, message.queue_name, actor, arguments, message.encode(), "no luck", "in x", 4)
    with stored.db.write() as session:
        return dead_messages.record(session, stored.vault, death).id


def status(stored: Services, number: int) -> str:
    with stored.db.read() as session:
        return dead_messages.get(session, number).status


def test_queues_are_held_and_let_go_on(invoke: Invoke, stored: Services, over_redis: dict[str, str]) -> None:
    assert invoke("queue", "pause", "import").output.startswith("queue import is paused")
    assert "is paused already" in invoke("queue", "pause", "import").output
    listed = json.loads(invoke("queue", "list", "--json", more_env=over_redis).output)
    (row,) = [row for row in listed if row["queue"] == "import"]
    assert (row["waiting"], row["delayed"], row["paused_by"]) == (0, 0, "the command line")
    assert "the command line" in invoke("queue", "list", more_env=over_redis).output
    assert invoke("queue", "resume", "import").output == "queue import goes on\n"
    assert invoke("queue", "resume", "import").exit_code == 1
    with stored.db.read() as session:
        assert queues.paused(session) == {}
    assert invoke("queue", "pause", "no-such").exit_code == 2


def test_the_monitor_names_the_queue_that_is_too_long(
    invoke: Invoke, stored: Services, over_redis: dict[str, str], redis_url: str
) -> None:
    client = redis.Redis.from_url(redis_url)
    client.rpush("dramatiq:prestashop_sync", *range(101))
    client.rpush("dramatiq:import", *range(100))
    result = invoke("queue", "monitor", more_env=over_redis)
    assert result.exit_code == 1
    assert "more than 100 messages wait in: prestashop_sync" in result.output
    assert invoke("queue", "monitor", "--max", "101", more_env=over_redis).exit_code == 0
    assert invoke("queue", "monitor", more_env={**over_redis, "SHOPFERRY_QUEUE_WARNING": "500"}).exit_code == 0
    assert "import" in invoke("queue", "monitor", "--max", "5", more_env=over_redis).output
    client.close()


def test_a_broker_that_is_away_is_said_in_a_line(invoke: Invoke, stored: Services) -> None:
    result = invoke("queue", "list", more_env={"BROKER_URL": "redis://127.0.0.1:1/0"})
    assert result.exit_code == 1
    assert "the broker does not answer: ConnectionError; see BROKER_URL" in result.output


def test_rabbitmq_without_a_redis_is_refused_in_a_line(invoke: Invoke, stored: Services) -> None:
    result = invoke("queue", "list", more_env={"BROKER_URL": "amqp://guest:hunter2@127.0.0.1/"})
    assert result.exit_code == 1
    assert "REDIS_URL is needed too" in result.output
    assert "hunter2" not in result.output


def test_dead_messages_are_listed_and_shown(invoke: Invoke, stored: Services) -> None:
    number = die(stored)
    die(stored, 2, "push_lane")
    result = invoke("dead", "list", "--actor", "sync_product")
    assert "sync_product  product_id=1 shop_id=2" in result.output
    assert "push_lane" not in result.output
    shown = json.loads(invoke("dead", "show", str(number), "--json").output)
    assert (shown["args"], shown["traceback"], shown["attempts"]) == ({"product_id": 1, "shop_id": 2}, "in x", 4)
    assert "payload" not in shown
    assert "no luck" in invoke("dead", "show", str(number)).output
    assert "dead message 99 does not exist" in invoke("dead", "show", "99").output


def test_they_are_sent_again_and_let_go(
    invoke: Invoke, stored: Services, over_redis: dict[str, str], redis_url: str
) -> None:
    numbers = [die(stored, number) for number in range(4)]
    first, second, *_rest = map(str, numbers)
    assert invoke("dead", "retry", first, more_env=over_redis).output == f"message {first} is sent again\n"
    assert invoke("dead", "retry", first, more_env=over_redis).exit_code == 1
    assert invoke("dead", "discard", second).exit_code == 0
    assert invoke("dead", "retry-all", "--actor", "sync_product", more_env=over_redis).output == (
        "2 messages are sent again\n"
    )
    client = redis.Redis.from_url(redis_url)
    assert client.llen("dramatiq:prestashop_sync") == 3
    client.close()
    assert [status(stored, number) for number in numbers] == [
        DeadStatus.RETRIED, DeadStatus.DISCARDED, DeadStatus.RETRIED, DeadStatus.RETRIED,
    ]  # fmt: skip
    assert invoke("dead", "prune").output == "0 dead messages deleted\n"
    assert invoke("dead", "prune", "--hours", "0").output == "4 dead messages deleted\n"


def find(stored: Services, key: str) -> Schedule:
    from sqlalchemy import select

    with stored.db.read() as session:
        return session.scalars(select(Schedule).where(Schedule.key == key)).one()


def test_schedules(invoke: Invoke, stored: Services, over_redis: dict[str, str], redis_url: str) -> None:
    with stored.db.write() as session:
        shop = make_shop(session, stored, "http://127.0.0.1:9", "K" * 32, time_zone="Europe/Warsaw").id
    key = f"push:shop:{shop}"
    listed = invoke("schedule", "list").output
    assert "At 02:00 every day, Europe/Warsaw" in listed
    rows = {row["key"]: row for row in json.loads(invoke("schedule", "list", "--json").output)}
    assert (rows[key]["active"], rows[key]["shop"], rows[key]["last_result"]) == (True, "Cyan", None)

    assert invoke("schedule", "off", key).output == f"{key} is off\n"
    assert not find(stored, key).active
    assert "is on; next run: 20" in invoke("schedule", "on", key).output
    assert invoke("schedule", "set", key, "--cron", "0 4 * * 0").output == (
        f"{key}: At 04:00 on Sunday, Europe/Warsaw\n"
    )
    assert invoke("schedule", "run", key, more_env=over_redis).output == f"{key} is on its way\n"
    assert f"{key} is running already" in invoke("schedule", "run", key, more_env=over_redis).output
    client = redis.Redis.from_url(redis_url)
    assert client.llen("dramatiq:default") == 1
    client.close()

    assert invoke("schedule", "set", "clean_up", "--number", "jobs_days=60", "--time-zone", "UTC").exit_code == 0
    assert find(stored, "clean_up").params == {"jobs_days": 60}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("set", "clean_up"), 2, "say what to set"),
        (("set", "clean_up", "--cron", "nightly"), 1, "'nightly' is no schedule; write minute, hour"),
        (("set", "clean_up", "--time-zone", "Nowhere"), 1, "'Nowhere' is no time zone"),
        (("set", "clean_up", "--number", "jobs_days=x"), 2, "is no number with its name"),
        (("set", "clean_up", "--number", "years=1"), 1, "clean_up has no number 'years'; there are: jobs_days"),
        (("off", "no:such"), 1, "there is no schedule 'no:such'"),
    ],
)
def test_what_makes_no_sense_is_said(
    invoke: Invoke, stored: Services, arguments: tuple[str, ...], code: int, said: str
) -> None:
    result = invoke("schedule", *arguments)
    assert result.exit_code == code
    assert said in result.output
