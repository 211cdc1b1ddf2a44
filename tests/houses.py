"""Floors and side houses of the package: which may import which, and which run where only numpy is installed."""

#: Which floors each floor may import, besides itself and SHARED. view and draw do not know machine.
FLOORS = {
    "rules": set(),
    "go": {"rules"},
    "codec": {"go"},
    "world": {"rules", "go", "codec"},
    "bulk": {"go", "world"},
    "machine": {"go", "world", "bulk"},
    "replay": {"go", "world", "bulk", "machine"},
    "view": {"go", "codec", "world", "intake"},
    "draw": {"view"},
    "player": {"view", "draw"},
    "explore": {
        "go",
        "world",
        "machine",
        "replay",
        "truth",
        "syntax",
        "scenarios",
        "opening",
        "intake",
        "advice",
        "view",
        "draw",
        "player",
    },
}
#: Side houses: the grammar of Go types, the recordings beside the model, execution traces of
#: ordinary programs, a program by hand, the scenarios, files of every kind, the exercises of the course, the real Go.
SIDE_HOUSES = {
    "course": {
        *("go", "world", "machine", "syntax", "replay", "truth", "scenarios", "intake", "advice"),
        *("view", "draw", "player", "explore", "lab"),
    },
    "lab": {"go", "world", "machine", "syntax", "explore"},
    "intake": {"go"},
    "advice": {"go", "world", "bulk", "machine", "replay", "intake"},
    "syntax": {"go"},
    "truth": {"go", "codec", "world", "machine", "syntax"},
    "scenarios": {"go", "world", "machine", "syntax"},
    "search": {"go", "world", "machine", "syntax"},
    "serving": {"world", "machine", "scenarios", "advice", "opening", "player", "explore"},
    "jupyter": {"scenarios", "serving", "workbook"},
    "opening": {"world", "machine", "replay", "scenarios", "truth", "intake", "advice"},
    "oracle": {
        "go",
        "codec",
        "intake",
        "world",
        "syntax",
        "scenarios",
        "truth",
        "opening",
        "view",
    },  # the fuzzer is where real Go and the model meet
}
SHARED = {
    "asked",
    "cli_commands",
    "cli_parser",
    "cli_workers",
    "errors",
    "file_kind",
    "files",
    "install",
    "latest",
    "names",
    "narrow",
    "notebook_parts",
    "progress_line",
    "units",
    "pools",
    "workers",
}
#: Floors that must run where only numpy is installed.
PURE = ("rules", "go", "codec", "world", "bulk", "machine", "replay", "view", "intake")

#: Libraries of an extra that a module of these floors may import inside a function.
LATER = {"intake/image.py": {"elftools"}}
