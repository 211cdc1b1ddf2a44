"""What is kept of many things: those that were asked for last."""

from arenalab.latest import Latest


def test_the_one_asked_for_longest_ago_goes_first():
    made, kept = [], Latest()

    def asked(key):
        return kept.of(key, lambda: made.append(key) or f"<{key}>", 2)

    assert [asked(key) for key in "abacab"] == [f"<{key}>" for key in "abacab"]
    assert made == ["a", "b", "c", "b"]
    assert list(kept) == ["a", "b"]
