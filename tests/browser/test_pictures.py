"""The pictures of README's gallery: each is taken from the page that a reader would see."""

import pytest

from tools import pictures

pytestmark = pytest.mark.browser


def test_picture_of_the_gallery_is_what_a_page_shows(chromium, tmp_path):
    light, dark = pictures.make(["cloning"], tmp_path, chromium)
    assert light.read_bytes().startswith(b"\x89PNG")
    assert light.read_bytes() != dark.read_bytes()
