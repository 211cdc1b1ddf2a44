"""The course map: every exercise in it, the reader's progress only where a kernel runs."""

from arenalab.course import Overview, families
from arenalab.course.progress import FILE, Progress
from arenalab.explore.bundle import WIDGET


def test_every_exercise_stands_in_its_chapter(tmp_path):
    told = {int(line[:2]): line[4:].split("; ") for line in repr(Overview(tmp_path)).splitlines()}
    for family in families():
        assert family.title in told[family.chapter]
    for titles in told.values():
        assert titles[-1].startswith("Write "), "a chapter ends with what its reader writes"


def test_progress_is_counted_by_chapter_and_kept_out_of_the_page(tmp_path):
    progress = Progress(tmp_path)
    progress.note("which-end", 1, right=True)
    progress.note("chunks-taken", 1, right=False)
    overview = Overview(tmp_path)
    [first] = [line for line in overview.lines(progress.read()[0]) if line.chapter == 1]
    assert (first.tried, first.right) == (2, 1)
    bundle = overview._repr_mimebundle_()
    assert bundle.keys() == {WIDGET, "text/plain", "text/html"}
    untouched = Overview(tmp_path / "elsewhere")._repr_mimebundle_()
    assert [bundle[form] for form in ("text/plain", "text/html")] == [
        untouched[form] for form in ("text/plain", "text/html")
    ]


def test_damaged_progress_is_told_and_left_alone(tmp_path):
    (tmp_path / FILE).write_text("{")
    Overview(tmp_path)._repr_mimebundle_()
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
