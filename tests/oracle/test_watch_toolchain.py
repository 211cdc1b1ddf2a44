"""The Go that a module asks for records it, and nothing of the person's folders is touched."""

import os
import shutil
import zipfile
from pathlib import Path

import pytest

from arenalab.errors import ToolchainError
from arenalab.oracle.own import package
from arenalab.oracle.own.lower import asked_go
from arenalab.oracle.own.package import Package, build, toolchain_for
from arenalab.oracle.releases import RELEASES
from arenalab.oracle.toolchain import Toolchain, find_toolchain
from arenalab.oracle.watch.run import record_own_program

OWN = Path(__file__).parents[1] / "data" / "own"
MAIN = 'package main\n\nimport "arena"\n\nfunc main() {\n\ta := arena.NewArena()\n\tarena.New[int](a)\n\ta.Free()\n}\n'
USES = MAIN.replace('import "arena"', 'import (\n\t"arena"\n\n\t_ "example.org/dep"\n)')


def module(folder, text, main=MAIN):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "go.mod").write_text(text)
    (folder / "main.go").write_text(main)
    return folder


@pytest.fixture
def installed(monkeypatch):
    """Describe which Go is at hand, and which others are installed; `find_toolchain` answers accordingly."""
    monkeypatch.delenv("GOTOOLCHAIN", raising=False)

    def say(default, *others):
        def find(go=None):
            for version in [default, *others] if go else [default]:
                if go is None or f"{version}.".startswith(f"{go.removeprefix('go')}."):
                    return Toolchain(Path("go"), f"go{version}", Path())
            raise ToolchainError(f"Go {go} is not installed")

        monkeypatch.setattr(package, "find_toolchain", find)

    return say


@pytest.fixture
def chosen(tmp_path):
    """Return a function that says which Go is chosen for a module of that text."""

    def choose(text, go=None, **settings):
        folder = module(tmp_path / "m", text)
        return toolchain_for(Package.of(".", folder, **settings), go).version

    return choose


class TestWhichGo:
    @pytest.mark.parametrize(
        ("lines", "version"),
        [
            ("go 1.18", "1.24.11"),  # older than all: the one at hand serves
            ("go 1.21", "1.21.13"),
            ("go 1.24", "1.24.11"),
            ("go 1.27.1", "1.27.3"),
            ("go 1.21\n\ntoolchain go1.27.0", "1.27.3"),
            ("go 1.21\n\ntoolchain default", "1.21.13"),
            ("go 1.23.4", "1.24.11"),  # no 1.23, and the one at hand is newer
            ("", "1.24.11"),
        ],
    )
    def test_that_of_the_line_it_asks_for(self, installed, chosen, lines, version):
        installed("1.24.11", "1.21.13", "1.27.3")
        assert chosen(f"module m\n\n{lines}\n") == f"go{version}"

    @pytest.mark.parametrize(
        ("asked", "version"),
        [("1.25.6", "1.26.6"), ("1.25.5", "1.25.5"), ("1.22", "1.25.5"), ("1.26", "1.26.6")],
    )
    def test_the_next_newer_one_where_its_own_line_is_missing_or_too_old(
        self, installed, chosen, asked, version
    ):
        installed("1.21.13", "1.27.3", "1.25.5", "1.26.6")
        assert chosen(f"module m\n\ngo {asked}\n") == f"go{version}"

    def test_who_names_one_that_is_too_old_is_told_of_one_that_is_not(self, tmp_path):
        tried = RELEASES["1.21"].tried
        newer = f"1.21.{int(tried.rsplit('.', maxsplit=1)[1]) + 1}"
        folder = module(tmp_path / "m", f"module m\n\ngo {newer}\n")
        with pytest.raises(
            ToolchainError, match=rf"--go {newer} \(get it with: arenalab go install {newer}\)"
        ):
            build(find_toolchain(tried), Package.of(".", folder), tmp_path, None)

    def test_who_names_one_gets_it(self, installed, chosen, monkeypatch):
        installed("1.24.11", "1.21.13", "1.27.3")
        assert chosen("module m\n\ngo 1.24\n", go="1.27") == "go1.27.3"
        assert chosen("module m\n\ngo 1.27\n", lower=True) == "go1.24.11"
        monkeypatch.setenv("GOTOOLCHAIN", "go1.21.13+auto")
        assert chosen("module m\n\ngo 1.24\n") == "go1.21.13"

    def test_who_wants_no_other_has_the_toolchain_line_left_out(self, installed, chosen, monkeypatch):
        installed("1.24.11", "1.27.3")
        monkeypatch.setenv("GOTOOLCHAIN", "local")
        assert chosen("module m\n\ngo 1.24\n\ntoolchain go1.27.3\n") == "go1.24.11"

    def test_a_workspace_asks_too(self, installed, chosen, tmp_path):
        installed("1.21.13", "1.27.3")
        (tmp_path / "go.work").write_text("go 1.27\n\nuse ./m\n")
        assert chosen("module m\n\ngo 1.21\n") == "go1.27.3"
        assert asked_go(tmp_path / "m") == (tmp_path / "go.work", "1.27")

    @pytest.mark.parametrize(
        ("asked", "says"),
        [
            (
                "1.23.4",
                r"go\.mod asks for Go 1\.23\.4, which is not installed; get it with: .* go install 1\.23\.4; ",
            ),
            (
                "1.21.99",
                r"asks for Go 1\.21\.99, which is not installed; get it with: .* go install 1\.21\.99; ",
            ),
            ("1.99", r"asks for Go 1\.99, and the recorder knows Go 1\.21.*1\.27; with --lower-go"),
        ],
    )
    def test_one_that_is_not_there_is_told(self, installed, chosen, asked, says):
        installed("1.21.13")
        with pytest.raises(ToolchainError, match=says):
            chosen(f"module m\n\ngo {asked}\n")


@pytest.mark.go
@pytest.mark.usefixtures("toolchain")
def test_an_overlay_of_the_persons_own_is_not_lost_in_silence(tmp_path, monkeypatch):
    monkeypatch.setenv("GOFLAGS", f"-overlay={tmp_path / 'mine.json'}")
    with pytest.raises(
        ToolchainError, match=r"GOFLAGS asks for an overlay .*mine\.json\), and ours has to be the only one"
    ):
        record_own_program("./frees", [], tmp_path / "out" / "a.jsonl", cwd=OWN)


def tree(*folders):
    """Every file's text and time, and every folder, to see that nothing is touched."""
    return {
        path: (path.read_bytes(), path.stat().st_mtime_ns) if path.is_file() else None
        for folder in folders
        for path in sorted(folder.rglob("*"))
    }


@pytest.mark.go
@pytest.mark.usefixtures("toolchain")
class TestNothingIsTouched:
    @pytest.fixture
    def touched(self, tmp_path, monkeypatch):
        """Return a function that records a package, and says what that changed in all folders of the person."""
        home = tmp_path / "home"
        for name in ("GOMODCACHE", "GOPATH", "GOCACHE"):
            (home / name).mkdir(parents=True)
            monkeypatch.setenv(name, str(home / name))
        monkeypatch.setenv("GOENV", str(home / "env"))

        def record(folder, named=".", **settings):
            before = tree(home, tmp_path / "work")
            watched = record_own_program(named, [], tmp_path / "out" / "a.jsonl", cwd=folder, **settings)
            assert watched.exit == 0
            after = tree(home, tmp_path / "work")
            assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.jsonl"]
            return {path for path in {*before, *after} if before.get(path, 0) != after.get(path, 0)}

        return record

    @pytest.mark.parametrize("flags", ["", "-mod=mod"])
    def test_of_a_module_with_a_replaced_one(self, touched, tmp_path, monkeypatch, flags):
        monkeypatch.setenv("GOFLAGS", flags)
        work = tmp_path / "work"
        # With -mod=mod the Go command would write that it is needed directly.
        needs = "require example.org/dep v0.0.0 // indirect\n\nreplace example.org/dep => ../dep\n"
        module(work / "dep", "module example.org/dep\n\ngo 1.21\n", "package dep\n")
        app = module(work / "app", f"module app\n\ngo 1.21\n\n{needs}", USES)
        assert touched(app) == set()

    def test_of_a_workspace(self, touched, tmp_path):
        work = tmp_path / "work"
        module(work / "dep", "module example.org/dep\n\ngo 1.21\n", "package dep\n")
        module(work / "app", "module app\n\ngo 1.21\n", USES)
        (work / "go.work").write_text("go 1.21\n\nuse (\n\t./app\n\t./dep\n)\n")
        assert touched(work, "./app", flags=("-tags=any",)) == set()

    def test_of_one_with_a_vendor_folder_and_cgo(self, touched, tmp_path):
        app = tmp_path / "work" / "app"
        shutil.copytree(OWN / "hands_to_c", app)
        main = (
            (app / "main.go")
            .read_text()
            .replace('import "arena"', 'import "arena"\nimport _ "example.org/dep"')
        )
        module(app, "module app\n\ngo 1.21\n\nrequire example.org/dep v1.0.0\n", main)
        (app / "vendor" / "example.org" / "dep").mkdir(parents=True)
        (app / "vendor" / "example.org" / "dep" / "dep.go").write_text("package dep\n")
        (app / "vendor" / "modules.txt").write_text(
            "# example.org/dep v1.0.0\n## explicit\nexample.org/dep\n"
        )
        assert touched(app) == set()

    def test_of_one_whose_modules_were_fetched(self, touched, tmp_path, toolchain):
        app = module(
            tmp_path / "work" / "app", "module app\n\ngo 1.21\n\nrequire example.org/dep v1.0.0\n", USES
        )
        served = tmp_path / "proxy" / "example.org" / "dep" / "@v"
        served.mkdir(parents=True)
        (served / "v1.0.0.info").write_text('{"Version": "v1.0.0"}')
        (served / "v1.0.0.mod").write_text("module example.org/dep\n\ngo 1.21\n")
        with zipfile.ZipFile(served / "v1.0.0.zip", "w") as file:
            file.writestr("example.org/dep@v1.0.0/go.mod", "module example.org/dep\n\ngo 1.21\n")
            file.writestr("example.org/dep@v1.0.0/dep.go", "package dep\n")
        proxy = {"GOPROXY": (tmp_path / "proxy").as_uri(), "GONOSUMDB": "*", "GONOPROXY": "none"}
        fetch = ["mod", "download", "-modcacherw", "example.org/dep"]
        toolchain.run(fetch, app, {**toolchain.users_environment(), **proxy})
        toolchain.run(["mod", "tidy"], app, {**toolchain.users_environment(), **proxy})
        assert "example.org/dep" in (app / "go.sum").read_text()
        assert touched(app) == set()

    def test_modules_that_are_not_there_are_not_fetched(self, touched, tmp_path):
        text = "module app\n\ngo 1.21\n\nrequire example.org/dep v1.0.0\n"
        app = module(tmp_path / "work" / "app", text, USES)
        (app / "go.sum").write_text(
            f"example.org/dep v1.0.0 h1:{'A' * 43}=\nexample.org/dep v1.0.0/go.mod h1:{'A' * 43}=\n"
        )
        before = tree(tmp_path / "work")
        with pytest.raises(
            ToolchainError, match=r"needs modules that are not in your module cache.*go mod download"
        ):
            touched(app)
        assert tree(tmp_path / "work") == before
        left = tree(Path(os.environ["GOMODCACHE"]))  # the Go command locks what it looks for
        assert {path.suffix for path, held in left.items() if held} == {".lock"}
        assert not any(held[0] for held in left.values() if held)
