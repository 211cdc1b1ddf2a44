"""Windows stay inside their chunk, whatever a reader does."""

from hypothesis import given
from hypothesis import strategies as st

from arenalab.rules.chunk_layout import chunk_layout
from arenalab.view.chunk_index import Extent
from arenalab.view.windows import SMALLEST, WINDOWS, Window, fitted_window, moved, scaled

CHUNK = 2**23
offsets = st.integers(0, CHUNK)
anywhere = st.integers(-CHUNK, 2 * CHUNK)


@st.composite
def extents(draw):
    front = draw(offsets)
    return Extent(front, draw(st.integers(0, CHUNK - front)))


def inside(window):
    return all(0 <= left < right <= CHUNK and right - left >= min(SMALLEST, CHUNK) for left, right in window)


@given(
    extents(),
    st.sampled_from(WINDOWS),
    offsets,
    st.integers(1, 2**21),
    st.booleans(),
    st.sampled_from([0, 131_120]),
)
def test_fitted_window_is_inside_and_shows_what_it_must(extent, fit, at, size, pointerful, reserve):
    layout = chunk_layout(CHUNK, (("bitmap", reserve),))
    end = layout.usable_bytes
    extent = Extent(min(extent.front, end), min(extent.back, end - min(extent.front, end)))
    part = (at, min(CHUNK, at + size))
    window = fitted_window(fit, extent, (part, pointerful), layout)
    assert inside(window)
    if fit == "both ends":
        assert window.low[1] >= min(extent.front, window.high[0])
        assert window.high[1] >= end
        assert window.high[0] <= max(end - extent.back, window.low[1])
    if fit == "this step" and part[0] < part[1]:
        shown = window.low if pointerful else window.high
        assert shown[0] <= part[0]
        assert shown[1] >= part[1]


@given(st.sampled_from(["low", "high"]), anywhere, anywhere, st.floats(0.001, 1000))
def test_moved_and_scaled_windows_are_inside(name, one, other, factor):
    start = Window((0, 64), (CHUNK - 64, CHUNK))
    window = moved(start, name, (min(one, other), max(one, other)), CHUNK)
    assert inside(window)
    assert inside(scaled(window, factor, CHUNK))


def test_zooming_keeps_an_end_that_is_shown():
    window = Window((0, 1024), (CHUNK - 1024, CHUNK))
    assert scaled(window, 0.5, CHUNK) == ((0, 512), (CHUNK - 512, CHUNK))
