"""The kind of scope that is proposed has many scopes, much that may stay, a place in the program for an arena."""

from arenalab.advice.candidates import Candidate, best_of


def candidate(kind, scopes, may_stay):
    return Candidate(kind, scopes, 100, 2 * may_stay, 50, 50, 0, may_stay)


def proposed(*candidates):
    return best_of([*candidates]).kind


def test_few_long_scopes_lose_to_many_short_ones():
    assert proposed(candidate("goroutine main.work", 2, 9000), candidate("task a", 40, 800)) == "task a"


def test_few_scopes_are_better_than_none():
    assert (
        proposed(candidate("goroutine main.work", 2, 9000), candidate("task a", 1, 10))
        == "goroutine main.work"
    )


def test_a_request_is_a_better_place_than_its_goroutine_though_that_covers_a_little_more():
    goroutine = candidate("goroutine net/http.(*conn).serve", 50, 1100)
    assert proposed(goroutine, candidate("http", 60, 1000)) == "http"


def test_a_kind_that_covers_next_to_nothing_is_not_proposed_for_its_place():
    assert proposed(candidate("http", 60, 100), candidate("task crunch", 12, 1000)) == "task crunch"


def test_of_one_place_the_kind_that_covers_most_is_proposed():
    assert proposed(candidate("task a", 20, 700), candidate("task b", 20, 800)) == "task b"
