"""What a notebook keeps of something shown, looked at without a browser."""

import base64
import re
from html import unescape

IMAGE = re.compile(r'<img alt="([^"]*)" width="\d+" src="data:image/png;base64,([\w+/=]*)">')


def pictures(page):
    """Return what each picture of a page of HTML is called; each is a PNG."""
    found = IMAGE.findall(page)
    assert len(found) == page.count("<img")
    assert all(base64.b64decode(data).startswith(b"\x89PNG") for _, data in found)
    return [unescape(alt) for alt, _ in found]
