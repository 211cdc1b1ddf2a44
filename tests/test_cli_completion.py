"""`arenalab completion`: bash completes with what is printed; zsh and fish are given the same words."""

import re
import shlex
import shutil
import subprocess

import pytest

from arenalab.cli import main
from arenalab.cli_commands import COMMANDS, PARTS
from arenalab.cli_completion import known

ALL = COMMANDS | PARTS


@pytest.fixture(scope="module")
def scripts():
    """The script of each shell."""
    import contextlib  # noqa: PLC0415
    import io  # noqa: PLC0415

    found = {}
    for shell in ("bash", "zsh", "fish"):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            assert main(["completion", shell]) == 0
        found[shell] = out.getvalue()
    return found


@pytest.fixture(scope="module")
def completed(scripts):
    """What bash offers for the last of some words."""

    def offers(*words):
        array = " ".join(map(shlex.quote, ("arenalab", *words)))
        asked = (
            f"COMP_WORDS=({array}); COMP_CWORD={len(words)}; _arenalab; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        )
        done = subprocess.run(
            [shutil.which("bash"), "--norc", "-c", f"{scripts['bash']}\n{asked}"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stderr == ""
        return done.stdout.split()

    return offers


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["re"], ["report", "record"]),
        (["--v"], ["--version"]),
        (["check", "--j"], ["--json", "--jobs"]),
        (["record", "--profile", "f"], ["fill"]),
        (["record", "x.toml", "--bits", ""], ["delta", "full", "hash", "words"]),
        (["go", "in"], ["install"]),
        (["go", "install", "in"], []),
        (["trace", "cap"], ["capture"]),
        (["trace", "capture", "--st"], ["--stacks"]),
        (["trace", "x.trace", "--h"], ["--help", "--html"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["serve", ""], []),
    ],
    ids=" ".join,
)
def test_bash_completes(completed, words, offered):
    assert completed(*words) == offered


def test_no_file_is_offered_where_only_words_can_stand(scripts):
    for command in known():
        choices = command.firsts and command.closed
        assert bool(choices) == (command.name in {"completion", "go", "new"})
        if command.firsts:
            end = "; return" if choices else "'"
            assert re.search(rf"'{command.name} 3'\) compadd -- .*{end} ;;", scripts["zsh"])
            no_file = " -f" if choices else ""
            assert re.search(rf"from {command.name}; and test .* -eq 2'{no_file} -a ", scripts["fish"])


def test_fish_offers_no_option_of_a_command_for_its_part(scripts):
    assert "from trace; and not __fish_seen_subcommand_from capture' -l html" in scripts["fish"]


def test_every_shell_is_given_every_command_and_option(scripts):
    in_bash = scripts["bash"].replace("'", " ").replace(";", " ")
    for command in known():
        assert command.name in ALL
        for name in (name for option in command.options for name in option.names):
            assert f" {name} " in in_bash
            assert f"'{name}:" in scripts["zsh"]
            assert re.search(rf" -[los] {re.escape(name.lstrip('-'))} .*-d '", scripts["fish"])
    assert {command.name for command in known()} == set(ALL)


def test_descriptions_with_quotes_stay_one_word(scripts):
    for line in scripts["fish"].splitlines()[1:]:
        words = shlex.split(line)
        assert words[:3] == ["complete", "-c", "arenalab"]
        assert words.count("-d") <= 1


def test_unknown_shell_is_an_error_of_usage(capsys):
    with pytest.raises(SystemExit) as end:
        main(["completion", "tcsh"])
    assert end.value.code == 2
    assert "invalid choice: 'tcsh'" in capsys.readouterr().err
