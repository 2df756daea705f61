"""Long work off the UI thread: progress, cancel, errors, order, and the end of the program."""

import sys
import threading

import pytest

from riskdesk.errors import Cancelled, InputError
from riskdesk.ui.jobs import Job, Jobs

UI = threading.get_ident


@pytest.fixture
def told():
    """What the callbacks heard, in order."""
    return []


def ended(qtbot, jobs):
    qtbot.waitUntil(lambda: not jobs.is_busy(), timeout=10_000)


def test_the_result_comes_back_to_the_ui_thread(jobs, qtbot, told):
    here = UI()
    jobs.start(Job(lambda _progress: UI(), lambda result: told.append((result, UI()))))
    assert told == []  # never from inside `start`
    ended(qtbot, jobs)
    [(worker, heard)] = told
    assert (worker != here, heard == here) == (True, True)


def test_progress_is_told_step_by_step_before_the_end(jobs, qtbot, told):
    def work(progress):
        for number in (1, 2):
            progress(number, 2, f"第 {number} 步")
        return "fertig"

    jobs.start(Job(work, told.append, progressed=lambda *step: told.append(step)))
    ended(qtbot, jobs)
    assert told == [(0, 0, ""), (1, 2, "第 1 步"), (2, 2, "第 2 步"), "fertig"]


def test_a_cancelled_job_stops_at_its_next_step_and_says_so_once(jobs, qtbot, told):
    begun, go_on = threading.Event(), threading.Event()

    def work(progress):
        begun.set()
        assert go_on.wait(10)
        progress(1, 2)
        told.append("went on")

    job = jobs.start(Job(work, told.append, told.append))
    assert begun.wait(10)
    job.cancel()
    go_on.set()
    ended(qtbot, jobs)
    assert [type(each) for each in told] == [Cancelled]


def test_a_job_cancelled_while_it_waits_never_begins(jobs, qtbot, told):
    go_on = threading.Event()
    jobs.start(Job(lambda _progress: go_on.wait(10), told.append))
    second = jobs.start(
        Job(lambda _progress: told.append("begun"), told.append, lambda error: told.append(type(error)))
    )
    second.cancel()
    go_on.set()
    ended(qtbot, jobs)
    assert told == [True, Cancelled]


def test_two_jobs_run_one_after_the_other(jobs, qtbot, told):
    running = []

    def work(_progress):
        running.append("begins")
        together = running.count("begins") - running.count("ends")
        running.append("ends")
        return together

    for _ in range(20):
        jobs.start(Job(work, told.append))
    ended(qtbot, jobs)
    assert told == [1] * 20


def test_what_the_user_can_put_right_reaches_the_callback_and_no_crash_hook(jobs, qtbot, told, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", lambda *crash: told.append(crash))

    def work(_progress):
        raise InputError("文件打不开。")

    jobs.start(Job(work, told.append, lambda error: told.append(str(error))))
    ended(qtbot, jobs)
    assert told == ["文件打不开。"]


@pytest.mark.may_log
def test_a_bug_reaches_the_callback_and_the_crash_hook(jobs, qtbot, told):
    def work(_progress):
        raise ZeroDivisionError("bug")

    with qtbot.capture_exceptions() as caught:
        jobs.start(Job(work, told.append, lambda error: told.append(type(error))))
        ended(qtbot, jobs)
    assert told == [ZeroDivisionError]
    assert [kind for kind, _error, _trace in caught] == [ZeroDivisionError]


def test_after_a_bug_the_next_job_runs(jobs, qtbot, told, caplog):
    def bad(_progress):
        raise InputError("nein")

    jobs.start(Job(bad, told.append))
    jobs.start(Job(lambda _progress: "next", told.append))
    ended(qtbot, jobs)
    assert told == ["next"]


def test_stopping_everything_waits_for_the_end_and_says_whether_it_came(app, qtbot):
    jobs, go_on, begun = Jobs(), threading.Event(), threading.Event()

    def stubborn(_progress):
        begun.set()
        go_on.wait(10)

    jobs.start(Job(stubborn, lambda _result: None))
    assert begun.wait(10)
    assert not jobs.stop_all(0.01)
    go_on.set()
    assert jobs.stop_all(10)
    ended(qtbot, jobs)


def test_stopping_when_nothing_runs_takes_no_time(jobs):
    assert jobs.stop_all(0)
