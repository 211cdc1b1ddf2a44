"""The model beside the recordings: does each program end as its file says, and did real Go end nowhere else?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from arenalab.go.versions import version_of
from arenalab.scenarios.litmus.question import ALWAYS, NEVER, Litmus, State
from arenalab.scenarios.litmus.recorded import seen
from arenalab.scenarios.litmus.states import answer_of, states


@dataclass(frozen=True)
class Compared:
    """What came of comparing some programs under one version of Go."""

    version: str
    programs: int  #: compared with runs of real Go.
    runs: int  #: of all these programs.
    model_only: int  #: programs that no Go here can show.
    troubles: tuple[str, ...]  #: a sentence for each thing that is missing or otherwise.

    @property
    def ok(self) -> bool:
        """Whether nothing is missing, and nothing otherwise."""
        return not self.troubles


def compare(told: Iterable[Litmus], version: str) -> Compared:
    """Compare programs with what a version's release was seen to do; those of other versions are left out.

    Raises:
        ScenarioError: the version is not modelled.

    """
    version = version_of(version)
    mine = [each for each in told if version in each.versions]
    found = [each for each in mine if not each.model_only]
    runs = sum(run.runs for each in found if (run := seen(each, version)))
    troubles = tuple(text for each in mine for text in troubles_of(each, version))
    return Compared(version, len(found), runs, len(mine) - len(found), troubles)


@cache
def allowed(litmus: Litmus, version: str) -> frozenset[State]:
    """Return the states in which the model lets a program end under a version of Go."""
    return frozenset(states(litmus, version))


def troubles_of(litmus: Litmus, version: str) -> Iterator[str]:
    """Yield what is missing or otherwise of one program under one version."""
    where, answer, may = f"{litmus.name}, Go {version}", litmus.answer(version), allowed(litmus, version)
    if answer_of(litmus, may) != answer:
        yield f"{where}: the file says {answer}, the model ends in {sorted(may)}"
    if litmus.model_only:
        return
    found = seen(litmus, version)
    if found is None:
        yield f"{where}: not recorded as it is now; run tools.record_litmus"
        return
    yield from (
        f"{where}: ended in {end!r}, which the model forbids" for end in sorted(found.states.keys() - may)
    )
    met = found.met(litmus)
    if (answer == ALWAYS and met < found.runs) or (answer == NEVER and met):
        yield f"{where}: the answer is {answer}, and it was so in {met} of {found.runs} runs"
