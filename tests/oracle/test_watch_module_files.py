"""go.mod and go.work are read as the Go command reads them: folders in quotes, bytes that are no UTF-8, CR LF."""

from pathlib import Path

import pytest

from arenalab.oracle.own.lower import asked_go, lowered_files, lowered_workspace, newer_go


def written(folder, name, text):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@pytest.fixture(autouse=True)
def no_workspace_of_ours(monkeypatch):
    monkeypatch.delenv("GOWORK", raising=False)
    monkeypatch.delenv("GOTOOLCHAIN", raising=False)


@pytest.mark.parametrize("quote", ['"', "`"])
class TestAFolderInQuotes:
    @pytest.fixture
    def app(self, tmp_path, quote):
        used = f"go 1.25\n\nuse (\n\t./app\n\t{quote}./the lib{quote} // beside it\n)\n"
        written(tmp_path, "go.work", used)
        written(tmp_path / "the lib", "go.mod", "module example.org/lib\n\ngo 1.24\n")
        return written(tmp_path / "app", "go.mod", "module app\n\ngo 1.22\n")

    def test_of_a_workspace_is_lowered_too(self, app, tmp_path):
        lowered_workspace(app, tmp_path / "app", "1.21.13")
        copy = (tmp_path / "app" / "go.work").read_text()
        assert copy == f'go 1.21\n\nuse (\n\t"{app}"\n\t"{tmp_path / "the lib"}" // beside it\n)\n'
        assert set(lowered_files(app, tmp_path, "1.21.13")) == {
            str(app / "go.mod"), str(tmp_path / "the lib" / "go.mod")
        }  # fmt: skip

    def test_in_another_modules_place_is_looked_into(self, tmp_path, quote):
        written(tmp_path / "my dep", "go.mod", "module example.org/dep\n\ngo 1.26\n")
        replaced = f"module app\n\ngo 1.21\n\nreplace example.org/dep => {quote}../my dep{quote}\n"
        app = written(tmp_path / "app", "go.mod", replaced)
        assert newer_go(app, "1.21.13") == (tmp_path / "my dep" / "go.mod", "1.26")


def test_bytes_that_are_no_utf_8_stay_as_they_are(tmp_path):
    text = b"module app // gr\xf6\xdfer\n\ngo 1.24\n"
    app = written(tmp_path / "app", "go.mod", text)
    assert newer_go(app, "1.21.13") == (app / "go.mod", "1.24")
    (copy,) = lowered_files(app, tmp_path, "1.21.13").values()
    assert Path(copy).read_bytes() == text.replace(b"1.24", b"1.21")


def test_lines_that_end_in_cr_lf_are_lines(tmp_path):
    app = written(tmp_path / "app", "go.mod", "module app\r\n\r\ngo 1.22\r\n\r\ntoolchain go1.23.4\r\n")
    assert asked_go(app) == (app / "go.mod", "1.23.4")
    written(tmp_path, "go.work", "go 1.22\r\n\r\nuse ./app\r\nuse ./lib\r\n")
    lib = written(tmp_path / "lib", "go.mod", "module lib\r\n\r\ngo 1.27\r\n")
    assert newer_go(app, "1.23.9") == (lib / "go.mod", "1.27")
