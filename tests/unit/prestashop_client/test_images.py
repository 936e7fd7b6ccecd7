"""Images: no ghosts, no doubled uploads, a cover."""

from __future__ import annotations

import base64

import pytest

from prestashop_client.errors import EntityRefused, LocalRefusal, NotFound, ShopUnavailable, UncertainWrite

from .goods import product

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def product_id(client):
    return client.create("products", product("R"))["id"]


def test_upload_list_download_delete(client, product_id):
    assert client.images.list("products", product_id) == []
    image = client.images.upload("products", product_id, PNG, "mug.png")
    assert client.images.list("products", product_id) == [image]
    assert client.images.download("products", product_id, image)
    client.images.delete("products", product_id, image)
    assert client.images.list("products", product_id) == []
    with pytest.raises(NotFound):
        client.images.delete("products", product_id, image)


def test_a_refused_upload_leaves_no_ghost(client, product_id):
    """Text named .jpg is refused, and its row stays (measured)."""
    with pytest.raises(EntityRefused) as caught:
        client.images.upload("products", product_id, b"not an image", "mug.jpg")
    assert 76 in caught.value.codes
    assert client.images.list("products", product_id) == []


def test_ghosts_that_others_left_are_cleaned_up(client, sandbox, product_id):
    good = client.images.upload("products", product_id, PNG, "mug.png")
    client._transport.send(client.images._request("POST", "products", product_id, file=("x.jpg", b"no image")))
    assert len(client.images.list("products", product_id)) == 2
    (ghost,) = client.images.delete_ghosts("products", product_id)
    assert ghost != good
    assert client.images.list("products", product_id) == [good]


@pytest.mark.parametrize("fault", ["lost", "500-saved", "truncated", "html-saved"])
def test_an_upload_whose_answer_is_lost_is_found(client, sandbox, product_id, fault):
    sandbox.faults.add(fault, method="POST", path="/images", times=1)
    image = client.images.upload("products", product_id, PNG, "mug.png")
    assert client.images.list("products", product_id) == [image]


@pytest.mark.parametrize("fault", ["502", "503"])
def test_an_upload_that_never_arrived_raises(client, sandbox, product_id, fault):
    sandbox.faults.add(fault, method="POST", path="/images", times=1)
    with pytest.raises(ShopUnavailable) as caught:
        client.images.upload("products", product_id, PNG, "mug.png")
    assert not caught.value.maybe_written
    assert client.images.list("products", product_id) == []


def test_an_upload_without_an_answer_is_uncertain(client, sandbox, product_id):
    sandbox.faults.add("504", method="POST", path="/images", times=1)
    with pytest.raises(UncertainWrite):
        client.images.upload("products", product_id, PNG, "mug.png")


@pytest.mark.parametrize("name", ["mug", "mug.bmp", "mug.avif", "mug.jfif", "mug.php", ""])
def test_an_extension_that_the_shop_does_not_take_is_refused_locally(client, product_id, name):
    with pytest.raises(LocalRefusal) as caught:
        client.images.upload("products", product_id, PNG, name)
    assert "png" in caught.value.remedy


def test_replace_keeps_the_id(client, product_id):
    image = client.images.upload("products", product_id, PNG, "mug.PNG")
    client.images.replace("products", product_id, image, PNG, "mug.png")
    assert client.images.list("products", product_id) == [image]


def test_the_cover_can_be_set_again_after_it_was_deleted(client, product_id):
    """Deleting the cover leaves none (measured)."""
    cover, other = (client.images.upload("products", product_id, PNG, "mug.png") for _ in range(2))
    assert client.get("products", product_id)["id_default_image"] == str(cover)
    client.images.delete("products", product_id, cover)
    client.images.set_cover(product_id, other)
    assert client.get("products", product_id)["id_default_image"] == str(other)


def test_delete_needs_an_image(client, product_id):
    with pytest.raises(LocalRefusal):
        client.images.delete("products", product_id, 0)


def test_a_product_that_is_not_there(client):
    assert client.images.list("products", 4711) == []
    with pytest.raises(EntityRefused, match="does not exist"):
        client.images.upload("products", 4711, PNG, "mug.png")
