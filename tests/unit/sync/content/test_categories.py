"""Categories in a shop: whole trees, moved and renamed ones, cycles, what is gone there; as a job of their own."""

from collections import Counter

import pytest
from sqlalchemy import select, update

from models import Category, JobItem, JobStatus, Shop
from sync import jobs
from sync.kinds.registry import KINDS
from sync.lanes import work_turn
from sync.selection import Selection
from tests.factories import make_category, make_product, texts
from tests.unit.sync.content.conftest import Pusher


def push_tree(
    push: Pusher, selection: Selection | None = None, *, force: bool = False
) -> tuple[str, dict[str, JobItem]]:
    """The job's end, and its items by name."""
    with push.services.db.write() as session:
        shop = session.get_one(Shop, push.shop_id)
        job = jobs.open_push(session, shop, selection or Selection("all"), mode="categories", force=force)
        jobs.fill(session, job, KINDS["push"])
        number = job.id
    while work_turn(push.services, number, "test") == 0.0:
        pass
    with push.services.db.read() as session:
        items = session.scalars(select(JobItem).where(JobItem.progress_id == number)).all()
        return jobs.get(session, number).status, {item.sku: item for item in items}


def there(push: Pusher) -> dict[str, str]:
    """{name: name of its parent} of all categories in the shop, by English names."""
    listed = {one["id"]: one for one in push.listed("categories")}
    return {
        one["name"][1]: listed[int(one["id_parent"])]["name"][1]
        for one in listed.values()
        if int(one["id_parent"]) in listed
    }


@pytest.fixture
def tree(push: Pusher) -> Pusher:
    """Top with ten middles, each with ten leaves."""
    with push.services.db.write() as session:
        top = make_category(session, "Top")
        for number in range(10):
            middle = make_category(session, f"Middle {number}", top)
            for leaf in range(10):
                make_category(session, f"Leaf {number}{leaf}", middle)
    return push


def test_a_whole_tree_costs_a_request_or_two_a_level_and_batch(tree: Pusher) -> None:
    status, items = push_tree(tree)
    assert (status, Counter(item.status for item in items.values())) == (JobStatus.COMPLETED, {"pushed": 111})
    found = there(tree)
    assert (found["Leaf 37"], found["Middle 3"]) == ("Middle 3", "Top")
    sent = Counter(tree.requests())
    assert sent["POST categories"] <= 6, sent
    assert sum(sent.values()) < 25, sent
    status, items = push_tree(tree)
    assert (status, {item.status for item in items.values()}) == (JobStatus.COMPLETED, {"unchanged"})
    assert tree.requests() == []


def test_moved_and_renamed_ones_are_updated(tree: Pusher) -> None:
    push_tree(tree)
    with tree.services.db.write() as session:
        named = {one.name: one for one in session.scalars(select(Category))}
        named["Leaf 00"].texts = texts("Blade")
        ids = {name: one.id for name, one in named.items()}
        parents = {"Top": ids["Middle 1"], "Middle 1": None}  # top and bottom change places
        for name, parent in parents.items():
            session.execute(update(Category).where(Category.id == ids[name]).values(parent_id=parent))
    status, items = push_tree(tree)
    assert status == JobStatus.COMPLETED
    assert Counter(item.status for item in items.values()) == {"pushed": 3, "unchanged": 108}
    found = there(tree)
    assert (found["Blade"], found["Top"], found["Middle 2"]) == ("Middle 0", "Middle 1", "Top")
    assert "Leaf 00" not in found


def test_what_was_deleted_in_the_shop_is_made_again(tree: Pusher) -> None:
    push_tree(tree)
    (top,) = tree.listed("categories", name="Top")
    tree.client.delete("categories", top["id"])
    assert "Leaf 37" not in there(tree)
    status, items = push_tree(tree, force=True)
    assert (status, {item.operation for item in items.values()}) == (JobStatus.COMPLETED, {"create"})
    assert there(tree)["Leaf 37"] == "Middle 3"


def test_cycles_are_refused_with_the_names_and_the_others_go_on(push: Pusher) -> None:
    with push.services.db.write() as session:
        one = make_category(session, "One")
        two = make_category(session, "Two", one)
        make_category(session, "Under", two)
        make_category(session, "Sound")
        session.execute(update(Category).where(Category.id == one.id).values(parent_id=two.id))
    status, items = push_tree(push)
    assert status == JobStatus.COMPLETED_WITH_ERRORS
    assert items["Sound"].status == "pushed"
    for name in ("One", "Two", "Under"):
        assert items[name].status == "refused"
        assert "One" in (items[name].error or "")
        assert "Two" in (items[name].error or "")


def test_what_is_below_a_refused_one_says_so(push: Pusher) -> None:
    with push.services.db.write() as session:
        bad = Category(texts={"en": {"name": "Bad <name>"}})
        session.add(bad)
        session.flush()
        make_category(session, "Child", bad)
    _, items = push_tree(push)
    assert items["Bad <name>"].status == "refused"
    assert items["Child"].error == "parent of 'Child': " + str(items["Bad <name>"].error)


def test_one_category_and_all_below_it(tree: Pusher) -> None:
    with tree.services.db.read() as session:
        middle = session.scalars(select(Category.id).where(Category.name == "Middle 4")).one()
    _, items = push_tree(tree, Selection("category", category_id=middle))
    assert len(items) == 11
    assert there(tree)["Middle 4"] == "Top"
    assert "Middle 5" not in there(tree)


def test_those_of_some_products(tree: Pusher) -> None:
    with tree.services.db.write() as session:
        leaf = session.scalars(select(Category).where(Category.name == "Leaf 11")).one()
        product = make_product(session, "MUG", categories=[leaf])
    _, items = push_tree(tree, Selection("ids", (product.id,)))
    assert set(items) == {"Leaf 11"}
    assert there(tree)["Leaf 11"] == "Middle 1"
    assert tree.client.find_by_reference(["MUG"])["MUG"] == []
