"""The person's environment, where several Gos have been: what it says of the build is heard, or refused in words."""

import os
import signal
import sys

import pytest

from arenalab.errors import ToolchainError
from arenalab.oracle.own.package import Package, build
from arenalab.oracle.own.process import ended, run_program
from arenalab.oracle.toolchain import Toolchain, find_toolchain
from tests.oracle.test_watch_package import MAIN, module

go = [pytest.mark.go, pytest.mark.usefixtures("toolchain")]


@pytest.fixture
def plain(tmp_path):
    """Return a package that makes an arena."""
    return Package.of(".", module(tmp_path / "theirs", "module plain\n\ngo 1.21\n", MAIN))


class TestWhatTheEnvironmentSays:
    pytestmark = go

    def test_a_goroot_of_another_go_leads_nobody_astray(self, plain, tmp_path, monkeypatch):
        own = find_toolchain()
        (tmp_path / "other" / "src").mkdir(parents=True)
        monkeypatch.setenv("GOROOT", str(tmp_path / "other"))
        assert find_toolchain(own.go) == own
        assert build(own, plain, tmp_path, None).binary.is_file()

    @pytest.mark.parametrize(
        ("name", "value", "asked"), [("GOOS", "windows", "windows/amd64"), ("GOARCH", "386", "linux/386")]
    )
    def test_another_machine_is_refused_before_anything_is_built(
        self, plain, tmp_path, monkeypatch, name, value, asked
    ):
        monkeypatch.setenv(name, value)
        with pytest.raises(
            ToolchainError, match=f"ask for a program of {asked}, and this is linux/amd64"
        ) as refused:
            build(find_toolchain(), plain, tmp_path, None)
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("theirs", "asked"), [("noarenas", "arenas"), ("rangefunc,noarenas", "arenas,rangefunc")]
)
def test_who_switched_arenas_off_has_them_on_where_arenas_are_recorded(theirs, asked, monkeypatch, tmp_path):
    monkeypatch.setenv("GOEXPERIMENT", theirs)
    found = Toolchain(tmp_path / "go", "go1.21.13", tmp_path)
    assert found.users_environment()["GOEXPERIMENT"] == asked
    assert found.users_environment(())["GOEXPERIMENT"] == ",".join(sorted(theirs.split(",")))


def test_a_compiler_that_quotes_bytes_is_quoted(tmp_path):
    fake = tmp_path / "go"
    fake.write_text("#!/bin/sh\nprintf 'main.go:4: gr\\366\\337e\\n' >&2\nexit 1\n")
    fake.chmod(0o755)
    with pytest.raises(ToolchainError, match=r"main\.go:4: gr"):
        Toolchain(fake, "go1.21.13", tmp_path).run(["build"], tmp_path)


def test_a_signal_without_a_name_is_told_by_its_number():
    number = signal.SIGRTMIN + 3
    kills = f"import os; os.kill(os.getpid(), {number})"
    ran = run_program([sys.executable, "-c", kills], dict(os.environ), cwd=None, quiet=True, seconds=None)
    assert ended(ran.exit) == f"ended by signal {number}"
    assert ended(-signal.SIGKILL) == "ended by SIGKILL"
    assert ended(3) == "exit status 3"


def test_a_broken_go_on_the_path_keeps_nobody_from_another(tmp_path, monkeypatch):
    def command(path, does):
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\n{does}\n")
        path.chmod(0o755)
        return path

    broken = command(tmp_path / "bin" / "go", "exit 1")
    monkeypatch.setattr("arenalab.oracle.toolchain._default", lambda: broken)
    monkeypatch.setattr("arenalab.oracle.toolchain.cached_toolchains", lambda: tmp_path / "kept")
    whole = command(tmp_path / "kept" / "1.24.11" / "go" / "bin" / "go", "printf 'go1.24.11\\n/root\\n'")
    assert find_toolchain("1.24").go == whole
    with pytest.raises(ToolchainError, match=r"Go 1\.25 is not installed"):
        find_toolchain("1.25")
