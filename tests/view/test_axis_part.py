"""A part of an axis stays on it, whatever a reader does, and keeps the cursor where it is."""

from hypothesis import assume, given
from hypothesis import strategies as st

from arenalab.view.axis_part import AROUND, FITS, LEAST_AROUND, SMALLEST, fitted_part, inside, scaled

ends = st.integers(0, 10**6)
anywhere = st.floats(-(10.0**7), 10.0**7)


@st.composite
def cursors(draw):
    end = draw(ends)
    return draw(st.integers(0, 2 * end)) / 2, end


def stands(part, end):
    return 0 <= part[0] <= part[1] <= end and part[1] - part[0] >= min(SMALLEST, end)


@given(anywhere, anywhere, ends, st.floats(0.001, 1000), anywhere)
def test_moved_and_scaled_parts_stay_on_the_axis(one, other, end, factor, at):
    part = inside((one, other), end)
    assert stands(part, end)
    assert stands(scaled(part, factor, end, at), end)


@given(ends, st.data())
def test_part_on_the_axis_is_taken_as_it_is(end, data):
    first = data.draw(st.integers(0, end))
    last = data.draw(st.integers(first, end))
    assume(last - first >= SMALLEST)
    assert inside((first, last), end) == inside((last, first), end) == (first, last)


@given(cursors(), st.sampled_from(FITS))
def test_fitted_part_is_on_the_axis_and_holds_the_cursor(cursor, fit):
    at, end = cursor
    part = fitted_part(fit, at, end)
    assert stands(part, end)
    assert part[0] <= at <= part[1]
    assert part[1] - part[0] == (min(end, max(LEAST_AROUND, end // 20)) if fit == AROUND else end)


def test_part_around_the_cursor_follows_it_seldom_and_keeps_it_in_the_middle():
    parts = [fitted_part(AROUND, at, 100_000) for at in range(10_000, 60_000)]
    assert (
        len(set(parts)) == 40
    )  # quarters of 5,000 steps: number 8 begins at 10,000, number 47 ends behind 60,000
    places = [(at - part[0]) / 5_000 for at, part in enumerate(parts, 10_000)]
    assert min(places) >= 0.37
    assert max(places) <= 0.63


@given(cursors(), st.data())
def test_zooming_leaves_the_cursor_where_it_is(cursor, data):
    at, end = cursor
    part = inside((data.draw(anywhere), data.draw(anywhere)), end)
    closer = scaled(part, 0.5, end, at)
    if part[0] <= at <= part[1] and part[1] - part[0] >= 2 * SMALLEST:
        share, now = ((at - first) / (last - first) for first, last in (part, closer))
        assert abs(now - share) * (closer[1] - closer[0]) <= 1


def test_zooming_without_the_cursor_keeps_the_middle():
    assert scaled((400, 520), 0.5, 1_203, 7) == (430, 490)
    assert scaled((400, 520), 2, 1_203, 1_000) == (340, 580)
