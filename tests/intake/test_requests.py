"""Requests that a goroutine of its own handles: HTTP/2, by real servers; gRPC, by the names of its functions."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from arenalab.advice.trace_run import TraceRun
from arenalab.intake.lifetimes import DEAD, ESCAPES
from arenalab.intake.scopes import request_of
from tests.intake.showing import START, Made

FOLDER = Path(__file__).parents[1] / "data/execution-traces"
SAMPLES = sorted(FOLDER.glob("overtls-*.trace.gz"))


@pytest.fixture(scope="module", params=SAMPLES, ids=lambda path: path.name.removesuffix(".trace.gz"))
def server(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("served") / "some.trace"
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    return TraceRun.read(path)


def test_each_http2_request_is_one(server):
    found = server.verdict("http")
    assert (found.scopes, found.left_out) == (40, 0)
    for name, times in (("main.answer", 2), ("main.half", 1)):  # package fmt copies the answer to print it
        assert np.bincount(found.of[np.array(found.types) == name]).tolist() == [times] * 40


def test_what_the_server_keeps_escapes_and_nothing_else_of_it(server):
    """The client collects garbage after every tenth answer."""
    found = server.verdict("http")
    names = np.array(found.types)
    half = names == "main.half"
    assert np.flatnonzero(found.fate[half] == ESCAPES).tolist() == [
        0,
        10,
        20,
        30,
    ]  # in the order of their births
    assert not (found.fate[names == "main.answer"] == ESCAPES).any()
    assert not (found.fate[half] == DEAD).any()  # none ends with a collection


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        ("net/http.(*http2serverConn).runHandler", "http"),
        ("net/http/internal/http2.(*serverConn).runHandler", "http"),
        ("golang.org/x/net/http2.(*serverConn).runHandler", "http"),
        ("google.golang.org/grpc.(*Server).serveStreams.func1.1", "grpc"),
        ("google.golang.org/grpc.(*Server).serveStreams.func2.1", "grpc"),
        ("shop/vendor/google.golang.org/grpc.(*Server).serveStreams.func1.2", "grpc"),
        ("google.golang.org/grpc.(*Server).serveStreams.func2", ""),
        ("google.golang.org/grpc.(*Server).serverWorker", ""),
        ("google.golang.org/grpc/stats.(*Server).serveStreams.func1.1", ""),
        ("net/http.(*http2serverConn).runHandlerOnce", ""),
        ("net/http.(*conn).serve", ""),
        ("main.runHandler", ""),
    ],
)
def test_functions_that_handle_one_request_are_known(function, kind):
    assert request_of(function) == kind


def test_life_of_such_a_goroutine_is_the_request_and_its_children_s_objects_are_the_request_s(tmp_path):
    """Made by hand: no gRPC server was traced."""
    made = Made()
    made.add("GoStatus", 1, 7, 2)
    for g, function in ((5, "google.golang.org/grpc.(*Server).serveStreams.func2.1"), (6, "main.other")):
        made.add("GoCreate", g, made.stack([(function, 1)]), 0)
    made.allocate([])
    made.add("GoStop", 1, 0)
    for g, child in ((5, 7), (6, 8)):
        made.add("GoStart", g, 1)
        made.allocate([])
        made.add("GoCreate", child, made.stack([("main.child", 1)]), 0)
        made.add("GoStop", 1, 0)
        made.add("GoStart", child, 1)
        made.allocate([])
        made.add("GoDestroy")
        made.add("GoStart", g, 2)
        made.add("GoDestroy")
    run = made.run(tmp_path / "some.trace")
    found = run.verdict("grpc")
    assert found.scopes == 1
    assert ((run.objects.address[found.objects] - START) // 48).tolist() == [1, 2]
    assert "http" not in run.scopes()
