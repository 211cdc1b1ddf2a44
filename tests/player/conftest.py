"""Explorers of a test go with it: ipywidgets' table would keep every one, and what it has drawn."""

import pytest
from ipywidgets.widgets.widget import _instances


@pytest.fixture(autouse=True)
def widgets_are_closed():
    yield
    for widget in list(_instances.values()):
        widget.close()
