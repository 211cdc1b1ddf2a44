"""What a page tells an explorer, without a page."""


def tell(explorer, **content):
    """Send one message as the page does."""
    explorer.page_shown._hear(None, content, [])


def choose(explorer, key):
    """Click the shape of a key."""
    tell(explorer, kind="choose", key=key)


def press(explorer, key):
    """Press one of the explorer's own keys."""
    tell(explorer, kind="do", name="key", key=key)


def sets(explorer, name, value):
    """Choose a value in a control."""
    tell(explorer, kind="set", name=name, value=value)


def do(explorer, name, **more):
    """Press a button."""
    tell(explorer, kind="do", name=name, **more)


def control(explorer, name):
    """Return a control as the page is told of it."""
    return next(it for it in explorer.controls_data() if it["name"] == name)
