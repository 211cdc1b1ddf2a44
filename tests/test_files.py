"""Files that ArenaLab writes: with the user's umask, whole or not at all, nothing left beside them."""

import os
import stat
from contextlib import contextmanager

import pytest

from arenalab.course.progress import Progress
from arenalab.explore import ChunkMap
from arenalab.files import bytes_written_whole, folder_written_whole, written_whole
from arenalab.machine.machine import Machine
from arenalab.replay.trace import Trace
from arenalab.replay.trace_file import save_trace
from arenalab.world.ops import NewArena
from tests.strategies import GC_OFF

PROGRAM = [NewArena(0)]
WRITERS = {
    "history": lambda path: Machine(GC_OFF).run(PROGRAM).save(path),
    "page": lambda path: ChunkMap(Machine(GC_OFF).run(PROGRAM)).save_html(path),
    "trace.npz": lambda path: save_trace(Trace.from_ops(PROGRAM), path),
    "folder": lambda path: save_trace(Trace.from_ops(PROGRAM), path),
    "arenalab-progress.json": lambda path: Progress(path.parent).note("which-end", 1, right=True),
}


@contextmanager
def umask(value):
    before = os.umask(value)
    try:
        yield
    finally:
        os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002], ids=oct)
@pytest.mark.parametrize("name", WRITERS)
def test_what_is_written_has_the_users_umask(tmp_path, name, mask):
    with umask(mask):
        WRITERS[name](tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    whole = 0o777 if (tmp_path / name).is_dir() else 0o666
    assert mode(tmp_path / name) == whole & ~mask
    for column in (tmp_path / name).glob("*"):
        assert mode(column) == 0o666 & ~mask


def test_file_that_was_there_keeps_its_permissions_and_its_links(tmp_path):
    path, link = tmp_path / "a", tmp_path / "link"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    with umask(0o022), written_whole(link) as file:
        file.write("new")
    assert (path.read_text(), mode(path), link.is_symlink()) == ("new", 0o640, True)


@pytest.mark.parametrize("write", [written_whole, bytes_written_whole, folder_written_whole])
def test_what_breaks_off_leaves_the_old_file_and_nothing_else(tmp_path, write):
    path = tmp_path / "a"
    if write is not folder_written_whole:
        path.write_text("old")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt), write(path):
        raise KeyboardInterrupt
    assert sorted(tmp_path.iterdir()) == before
    assert not before or path.read_text() == "old"


def test_pipe_is_written_and_stays_one(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with written_whole(pipe) as file:
            file.write("through")
        assert os.read(reader, 100) == b"through"
        assert stat.S_ISFIFO(pipe.stat().st_mode)
    finally:
        os.close(reader)


def test_missing_folder_is_named_not_the_unfinished_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere/a'$"), written_whole(tmp_path / "nowhere" / "a"):
        pass
