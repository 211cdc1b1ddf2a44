"""A question and a verdict as text and as HTML. Every text is escaped; only backticks become <code>."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

from arenalab.course.question import Question, Verdict, solved

FOLDED = "Answer (think first, then unfold)"
NOT_YET = "<b>✗ Not yet.</b>"
WITHOUT_KERNEL = (
    "With a kernel, this cell takes your answer: the model judges, and shows where it is decided."
)


def prose(text: str) -> str:
    """Return escaped text as HTML; what stands between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def question_text(question: Question) -> str:
    """Return the question alone, for terminals, tests and nbval: no answer in it."""
    lines = [f"  {number}  {line}" for number, line in enumerate(question.lines(), 1)]
    named = f" {question.family}, seed {question.seed}" if question.family else ""
    head = f"Exercise{named}: {question.title}".rstrip(": ")
    answer = f"{question.answer.label}: {question.answer.how()}"
    return "\n".join([head, question.text.replace("`", ""), *lines, answer])


def question_html(question: Question) -> str:
    """Return title, text and program."""
    paragraphs = "".join(f"<p>{prose(part)}</p>" for part in question.text.split("\n\n"))
    title = f"<p><b>{prose(f'Exercise: {question.title}'.rstrip(': '))}</b></p>"
    items = "".join(f"<li><code>{escape(line)}</code></li>" for line in question.lines())
    return f"{title}{paragraphs}<ol>{items}</ol>" if items else title + paragraphs


def verdict_html(verdict: Verdict, question: Question) -> str:
    """Return the verdict with the answer; words, not only a colour, say whether it was right."""
    if verdict.block:
        head = "<b>✓ Correct.</b>" if verdict.right else NOT_YET
    elif verdict.right:
        head = f"<b>✓ Correct:</b> {escape(verdict.answer)}."
    else:
        head = f"<b>✗ Incorrect:</b> {escape(verdict.given)}. The answer is <b>{escape(verdict.answer)}</b>."
    return _box(verdict, head, _decided(verdict, question))


def retry_html(verdict: Verdict, *, hinted: bool) -> str:
    """Return what a wrong answer brings while the reader may try again: no answer in it; `hinted`: a hint was added."""
    more = "Read the new hint and try again." if hinted else "Try again."
    head = NOT_YET if verdict.block else f"<b>✗ Incorrect:</b> {escape(verdict.given)}."
    return _box(verdict, head, f"<p>{more}</p>")


def _box(verdict: Verdict, head: str, rest: str) -> str:
    meant = f"<p>{prose(verdict.meant)}</p>" if verdict.meant else ""
    look = "right" if verdict.right else "wrong"
    return f'<div class="arenalab-verdict {look}" role="alert"><p>{head}</p>{meant}{rest}</div>'


def folded_html(question: Question) -> str:
    """Return the question with the answer folded away: what a reader without a kernel sees."""
    verdict, how = solved(question), escape(question.answer.how())
    hints = "".join(f"<li>{prose(hint)}</li>" for hint in question.hints)
    hints = f"<details><summary>Hints</summary><ol>{hints}</ol></details>" if hints else ""
    answer = "" if verdict.block else f"<p><b>{escape(verdict.answer)}</b></p>"
    answer += _decided(replace(verdict, right=False), question)
    return (
        f"<div>{question_html(question)}<p>{escape(question.answer.label)}: {how}.</p>{hints}"
        f"<details><summary>{FOLDED}</summary>{answer}</details><p><i>{WITHOUT_KERNEL}</i></p></div>"
    )


def _decided(verdict: Verdict, question: Question) -> str:
    """Return where it is decided, and why; of a program that is not right, one that is."""
    why = f"<p>{prose(verdict.why)}</p>" if verdict.why else ""
    if verdict.block:
        example = f"<p>One program that does it:</p><pre>{escape(verdict.answer)}</pre>"
        return why if verdict.right else example + why
    step = verdict.step
    go = f" <i>(Go {question.rules.version}: {escape(step.go)})</i>" if step.go else ""
    where = f"Decided in operation {step.op + 1}, <code>{escape(step.call)}</code>:"
    return f"<p>{where} {escape(step.event_sentence)}.{go}</p>{why}"
