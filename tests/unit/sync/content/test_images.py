"""Images in a shop: by content, in order, the cover kept, failures shown."""

from collections.abc import Callable

import pytest

from models import ItemStatus, Product, ProductImage
from sync.media import MediaStore
from tests.factories import add_image, make_product
from tests.pictures import png
from tests.unit.sync.content.conftest import Pusher
from tests.unit.sync.test_pictures import noise


@pytest.fixture
def pushed(push: Pusher) -> Pusher:
    """A product with the images 1, 2 and 3, in the shop."""
    with push.services.db.write() as session:
        product = make_product(session, "MUG")
        for number in (1, 2, 3):
            add_image(session, push.services, product, png(number), f"{number}.png")
    push.well()
    push.requests()
    return push


def put(push: Pusher, *numbers: int) -> None:
    """Give the product these images, in this order."""
    media: MediaStore = push.services.media

    def edit(product: Product) -> None:
        kept = {image.sha256: image for image in product.images}
        listed = []
        for position, number in enumerate(numbers):
            digest = media.put(png(number))
            image = kept.get(digest) or ProductImage(sha256=digest, filename=f"{number}.png")
            image.position = position
            listed.append(image)
        product.images = listed

    push.change("MUG", edit)


def shown(push: Pusher) -> list[int]:
    """The images as the shop shows them: the cover, then the others in their order there."""
    stored = push.stored("MUG")
    ids = push.client.images.list("products", stored["id"])
    ours = {number: sha256 for sha256, number in push.link("MUG").images.items()}
    by_hash = {push.services.media.put(png(number)): number for number in range(1, 9)}
    found = {number: by_hash[ours[number]] for number in ids}
    cover = int(stored["id_default_image"])
    return [found[cover], *(found[number] for number in ids if number != cover)]


def uploads(push: Pusher) -> int:
    return push.requests().count("POST images")


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        ((1, 2, 3), 0),
        ((1, 2, 3, 4), 1),
        ((4, 1, 2, 3), 1),
        ((2, 1, 3), 0),
        ((3, 1, 2), 0),
        ((1, 4, 2, 3), 3),
        ((1, 3, 2), 1),
        ((1, 3), 0),
        ((2, 3), 0),
        ((4,), 1),
        ((4, 5), 2),
        ((), 0),
    ],
)
def test_only_what_differs_is_sent_and_order_and_cover_are_kept(
    pushed: Pusher, wanted: tuple[int, ...], sent: int
) -> None:
    put(pushed, *wanted)
    pushed.well()
    assert uploads(pushed) == sent
    if wanted:
        assert shown(pushed) == list(wanted)
    else:
        assert pushed.client.images.list("products", pushed.stored("MUG")["id"]) == []
    pushed.requests()
    pushed.well()
    assert pushed.requests() == []


def test_an_over_large_image_is_scaled_to_the_shops_limit(push: Pusher) -> None:
    push.set(image_limit=60_000)
    with push.services.db.write() as session:
        product = make_product(session, "MUG")
        add_image(session, push.services, product, noise("JPEG"), "large.jpg")
    push.well()
    stored = push.stored("MUG")
    assert len(push.client.images.download("products", stored["id"], int(stored["id_default_image"]))) <= 60_000


BAD: list[tuple[str, Callable[[], bytes]]] = [
    ("no picture", lambda: b"text"),
    ("cut after its header", lambda: noise("JPEG")[:20]),
    ("too large for any limit", lambda: b"x" * 3_000_000),
]


@pytest.mark.parametrize("content", [each[1] for each in BAD], ids=[each[0] for each in BAD])
def test_one_failing_image_does_not_fail_the_product_but_shows(push: Pusher, content: Callable[[], bytes]) -> None:
    with push.services.db.write() as session:
        product = make_product(session, "MUG", quantity=8)
        add_image(session, push.services, product, png(1), "good.png")
        add_image(session, push.services, product, content(), "bad.jpg")
        add_image(session, push.services, product, png(2), "good too.png")
    outcome = push()["MUG"].outcome
    assert outcome is not None
    assert (outcome.status, outcome.operation) == (ItemStatus.PUSHED, "create")
    assert "the product is in the shop, but image bad.jpg" in (outcome.error or "")
    link = push.link("MUG")
    assert (link.sync_status, link.product_changed_at, link.quantity_sent) == ("error", None, 8)
    assert "bad.jpg" in (link.error_message or "")
    stored = push.stored("MUG")
    ids = push.client.images.list("products", stored["id"])
    assert ids == sorted(link.images.values())
    assert len(ids) == 2  # no ghost is left behind
    put(push, 1, 2)
    push.well()
    assert push.link("MUG").sync_status == "synced"


def test_by_force_an_image_that_was_deleted_in_the_shop_is_sent_again(pushed: Pusher) -> None:
    stored = pushed.stored("MUG")
    pushed.client.images.delete("products", stored["id"], pushed.client.images.list("products", stored["id"])[2])
    pushed.well()
    assert uploads(pushed) == 0
    pushed.well(mode="images", force=True)
    sent = pushed.requests()
    assert sent.count("POST images") == 1, sent
    assert shown(pushed) == [1, 2, 3]


def test_images_of_a_product_that_was_in_the_shop_before_are_left_alone(push: Pusher) -> None:
    made = push.client.create("products", {"name": {1: "Mug", 2: "Mug"}, "price": 1, "reference": "MUG", "state": 1})
    theirs = push.client.images.upload("products", made["id"], png(7), "theirs.png")
    with push.services.db.write() as session:
        add_image(session, push.services, make_product(session, "MUG"), png(1), "1.png")
    push.well()
    assert push.client.images.list("products", made["id"]) == [theirs]
