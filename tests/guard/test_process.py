"""A child process that answers: whatever becomes of one question, the next one gets its own answer."""

import sys
from multiprocessing.process import BaseProcess

import pytest

from riskdesk.guard.process import DiedError, GuardedProcess, TakesTooLongError, TakesTooMuchError, decoded

BIG = "长" * 300_000  # more than a pipe holds


@pytest.fixture
def asked():
    with GuardedProcess("guard.questions", 30, 1 << 30) as process:
        yield process


def told(messages):
    return [(each["told"], each["number"]) for each in map(decoded, messages)]


def is_good(process):
    return process.ask({"text": "还好吗"})["told"] == "还好吗"


@pytest.mark.parametrize("text", ["短", BIG], ids=["small", "large"])
def test_an_answer_of_several_messages_comes_whole_and_in_order(asked, text):
    asked.begin({"text": text, "messages": 3})
    assert told(asked.fetch()) == [(text, 0), (text, 1), (text, 2)]
    assert is_good(asked)


@pytest.mark.skipif(sys.platform == "win32", reason="a killed process has an exit code like others there")
def test_a_child_that_is_killed_while_it_starts_is_told_as_dead_and_the_next_question_is_answered(asked, monkeypatch):
    start = BaseProcess.start

    def killed(process):
        start(process)
        process.kill()

    with monkeypatch.context() as patch:
        patch.setattr(BaseProcess, "start", killed)
        with pytest.raises(DiedError):
            asked.begin({"text": ""})
    assert is_good(asked)


@pytest.mark.parametrize("messages", [0, 1, 3])
@pytest.mark.parametrize(
    ("end", "error"),
    [("death", DiedError), ("bug", RuntimeError), ("memory", TakesTooMuchError)],
)
def test_however_an_answer_ends_before_its_time_it_is_told_and_the_next_question_is_answered(
    asked, end, error, messages
):
    asked.begin({"text": BIG, "messages": messages, "end": end})
    with pytest.raises(error) as failed:
        asked.fetch()
    assert end != "bug" or "ValueError: a bug" in str(failed.value)
    assert is_good(asked)


def test_an_answer_that_does_not_come_is_not_waited_for():
    with GuardedProcess("guard.questions", 0.2, 1 << 30) as process:
        process.begin({"text": "", "end": "never"})
        with pytest.raises(TakesTooLongError):
            process.fetch()
        assert is_good(process)


@pytest.mark.skipif(sys.platform == "win32", reason="the kernel's clock")
def test_who_was_ended_by_the_clock_took_too_long_also_if_nobody_looked_meanwhile(asked):
    asked.begin({"text": "", "end": "alarm"})
    while not asked.has_answered(1):
        pass
    with pytest.raises(TakesTooLongError):
        asked.fetch()
    assert is_good(asked)


def test_an_answer_that_nobody_fetched_is_not_taken_for_the_next_one(asked):
    asked.begin({"text": BIG, "messages": 3})
    assert asked.has_answered(30)
    assert is_good(asked)
    assert asked.has_answered(0)  # nothing is asked, so nothing is waited for


class Interrupting:
    """A pipe at one of whose steps Ctrl-C comes, after it was done."""

    def __init__(self, pipe, at):
        self._pipe, self._at = pipe, at

    def __getattr__(self, name):
        def step(*given):
            done = getattr(self._pipe, name)(*given)
            if name == self._at:
                raise KeyboardInterrupt
            return done

        return step


@pytest.mark.parametrize("at", ["send_bytes", "poll", "recv_bytes", "close"])
def test_after_ctrl_c_at_any_step_the_next_question_gets_its_own_answer(asked, at):
    assert is_good(asked)
    asked._pipe = Interrupting(asked._pipe, at)

    def go_through_all():
        asked.begin({"text": "中断", "messages": 2})
        asked.fetch()
        asked.end()

    with pytest.raises(KeyboardInterrupt):
        go_through_all()
    assert is_good(asked)


def test_a_wait_that_a_signal_breaks_off_goes_on(asked):
    assert is_good(asked)

    class BrokenOff(Interrupting):
        """As `poll` is on Windows, when Ctrl-C is heard and the program goes on."""

        broken_off = False

        def poll(self, seconds):
            if not self.broken_off:
                self.broken_off = True
                raise InterruptedError
            return self._pipe.poll(seconds)

    asked._pipe = BrokenOff(asked._pipe, "")
    asked.begin({"text": "还在", "messages": 2})
    assert told(asked.fetch()) == [("还在", 0), ("还在", 1)]
    assert asked._pipe.broken_off


def test_ctrl_c_while_a_child_is_ended_leaves_nothing_behind_that_stands_in_the_way(asked, monkeypatch):
    assert is_good(asked)

    def interrupted():
        raise KeyboardInterrupt

    first = asked._process
    with monkeypatch.context() as patch:
        patch.setattr(first, "join", interrupted)
        with pytest.raises(KeyboardInterrupt):
            asked.end()
    assert is_good(asked)
    first.join()
    first.close()


def test_libraries_are_loaded_before_the_time_of_a_question_runs(asked):
    assert asked.ask({"text": ""})["loaded"] == ["wave"]
