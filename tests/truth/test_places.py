"""Places of a repetition's values are told as runs: nothing is lost, and no run could go on."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arenalab.truth.places import merge_runs

# Few chunks and few steps, so that strides repeat, and change, within a chunk and from one to the next.
CHUNKS = st.lists(st.tuples(st.sampled_from([-2, -1, 0, 1]), st.sampled_from([-8, 8, 8, 16])), max_size=30)


@given(CHUNKS)
def test_runs_hold_all_places_and_none_could_be_longer(drawn):
    chunks = [chunk for chunk, _ in drawn]
    offsets = [
        int(at) if chunk >= 0 else 0
        for chunk, at in zip(chunks, np.cumsum([s for _, s in drawn]), strict=True)
    ]
    runs = merge_runs(np.array(chunks, np.int64), np.array(offsets, np.int64))
    places = [(chunk, first + stride * i) for chunk, first, stride, n in runs for i in range(n)]
    assert places == list(zip(chunks, offsets, strict=True))
    for (chunk, first, stride, n), (after, at, *_) in pairwise(runs):
        # A run of one place has no stride yet: any second place in its chunk goes with it.
        assert chunk != after or (n > 1 and at != first + stride * n)
    assert all(stride == 0 for _, _, stride, n in runs if n == 1)
