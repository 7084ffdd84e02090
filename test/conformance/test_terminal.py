"""What a person sees at a terminal: colour, a line of progress, and the question for an MFA code."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[2] / "bin/run.js"
BRIDGE = ["--alb", "web", "--target-group", "nlb-edge"]


class Terminal:
    """lbbridge on a pseudo-terminal of its own."""

    def __init__(self, words, environment, columns: int = 80) -> None:
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            os.execvpe("node", ["node", str(PROGRAM), *words], environment)
        self.text = ""

    def until(self, pattern: str, seconds: float = 20) -> str:
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.text):
            assert time.monotonic() < deadline, self.text
            if not self._read(0.1):
                continue
        return self.text

    def type(self, text: str) -> None:
        os.write(self.handle, text.encode())

    def end(self) -> int:
        while self._read(0.2) is not None:
            pass
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def _read(self, seconds: float):
        if not select.select([self.handle], [], [], seconds)[0]:
            return ""
        try:
            chunk = os.read(self.handle, 65536).decode()
        except OSError:
            return None
        self.text += chunk
        return chunk or None


def environment(bridge, **more) -> dict:
    kept = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "TERM": "xterm"}
    return kept | bridge.sandbox.environment | more


def test_colour_on_a_terminal_and_none_where_it_is_not_wanted(bridge):
    shown = Terminal(["diff", *BRIDGE], environment(bridge))
    assert shown.end() == 0
    assert "\x1b[32m" in shown.text
    plain = Terminal(["diff", *BRIDGE], environment(bridge, NO_COLOR="1"))
    assert plain.end() == 0
    assert "\x1b[" not in plain.text


def test_a_line_of_progress_while_waiting_that_leaves_no_trace(bridge):
    waiting = Terminal(["sync", *BRIDGE, "--wait", "1m"], environment(bridge))
    waiting.until(r"nlb-edge: 0 of 2 wanted targets healthy, 1 needed; up to \d+ s more")
    bridge.sandbox.advance(300)
    assert waiting.end() == 0
    after = waiting.text[waiting.text.rindex("\x1b[2K") :]
    assert "2 registered" in after and "up to" not in after


def test_on_a_terminal_of_one_column_nothing_is_cut(synced):
    for words in (["ips", "web"], ["diff", *BRIDGE], ["doctor", *BRIDGE], ["list"]):
        shown = {}
        for columns in (1, 80):
            terminal = Terminal(words, environment(synced, NO_COLOR="1"), columns)
            assert terminal.end() == 0, terminal.text
            # What stands after the last line of progress.
            shown[columns] = terminal.text.split("\x1b[2K")[-1]
        assert "web" in shown[1] and shown[1] == shown[80]


def test_progress_while_bridges_are_listed(synced):
    listing = Terminal(["list"], environment(synced))
    assert listing.end() == 0
    assert "1 of 1 target groups read" in listing.text
    after = listing.text[listing.text.rindex("\x1b[2K") :]
    assert "in sync" in after and "read" not in after


def test_interrupted_at_the_keyboard(bridge):
    waiting = Terminal(["sync", *BRIDGE, "--wait", "1h"], environment(bridge))
    waiting.until("up to")
    waiting.type("\x03")
    assert waiting.end() == 130
    assert "2 registered" in waiting.text and "Interrupted" in waiting.text


def test_the_mfa_code_is_asked_for_once(bridge, tmp_path):
    (tmp_path / ".aws").mkdir()
    access_key, secret = bridge.sandbox.keys
    serial = "arn:aws:iam::111122223333:mfa/me"
    (tmp_path / ".aws/config").write_text(
        "[profile mfa]\nregion = us-east-1\nsource_profile = base\n"
        f"role_arn = arn:aws:iam::111122223333:role/bridge\nmfa_serial = {serial}\n"
    )
    (tmp_path / ".aws/credentials").write_text(
        f"[base]\naws_access_key_id = {access_key}\naws_secret_access_key = {secret}\n"
    )
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm", "AWS_ENDPOINT_URL": bridge.sandbox.endpoint}
    asking = Terminal(["diff", *BRIDGE, "--profile", "mfa"], env)
    asking.until(f"MFA code of {serial}: ")
    asking.type("123456\n")
    assert asking.end() == 0
    assert asking.text.count("MFA code of") == 1
    [call] = bridge.sandbox.calls("AssumeRole")
    assert call["params"]["TokenCode"] == "(hidden)"


def test_release_asks_for_the_name(synced):
    for typed, expected in (("no\n", 5), ("\n", 5), ("nlb-egde\n", 3), ("nlb-edge\n", 0)):
        asking = Terminal(["release", "nlb-edge"], environment(synced))
        asking.until("Type its name to go on: ")
        assert "nlb-edge: 2 targets to deregister, and our tags." in asking.text
        assert len(re.findall(r"  - 10\.0\.\d+\.\d+:80  us-east-1[ab]", asking.text)) == 2
        asking.type(typed)
        assert asking.end() == expected, asking.text
    assert all(one["TargetHealth"]["State"] == "draining" for one in synced.health().values())


def test_a_question_ends_with_a_signal_and_with_the_end_of_the_input(synced):
    for end, expected in (("\x03", 130), ("\x04", 5), (signal.SIGINT, 130), (signal.SIGTERM, 143)):
        asking = Terminal(["release", "nlb-edge"], environment(synced))
        asking.until("Type its name to go on: ")
        if isinstance(end, str):
            asking.type(end)
        else:
            os.kill(asking.pid, end)
        assert asking.end() == expected, asking.text
        assert "bug" not in asking.text
    assert not any(one["TargetHealth"]["State"] == "draining" for one in synced.health().values())


def test_a_stack_is_made_after_a_yes_and_taken_down_by_its_name(bridge, tmp_path):
    bridge.sandbox.control("POST", "clock", {"speed": 1000})
    (tmp_path / "template.yaml").write_text("Resources: {Queue: {Type: 'AWS::SQS::Queue'}}")
    for typed, expected in (("\n", 5), ("no\n", 5), ("y\n", 0)):
        asking = Terminal(["stack", "deploy", "edge", "--from", str(tmp_path)], environment(bridge))
        asking.until(r"Plan: 1 to add(.|\n)*Go on\? \[y/N\] ")
        asking.type(typed)
        assert asking.end() == expected, asking.text
    for typed, expected in (("\n", 5), ("egde\n", 3), ("edge\n", 0)):
        asking = Terminal(["stack", "destroy", "edge"], environment(bridge))
        asking.until("This deletes 1 resources of edge. Type its name to go on: ")
        asking.type(typed)
        assert asking.end() == expected, asking.text
