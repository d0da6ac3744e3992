"""A mail server of our own on the loopback, which takes mail, or misbehaves as it is told."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage

Answer = Callable[[str, int], str | None]


class Sink(socketserver.ThreadingTCPServer):
    """`mails` are those it said 250 to, `connections` how often somebody called.

    `answer(step, number)` may decide otherwise: `step` is HELLO, EHLO, MAIL, RCPT, DATA or END (of the text), `number` counts
    those from 1. It returns a line instead of the usual one, "drop" to hang up, "hang" to say nothing more, or None.
    """

    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def __init__(self, answer: Answer) -> None:
        self.answer, self.mails, self.connections = answer, [], 0
        self.counts: dict[str, int] = {}
        self.over = threading.Event()
        super().__init__(("127.0.0.1", 0), Talk)

    mails: list[EmailMessage]

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Talk(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        self.server.connections += 1
        if not self.say("HELLO", "220 sink"):
            return
        for line in self.rfile:
            step = line.decode().split(maxsplit=1)[0].upper()
            if step == "DATA":
                if not self.say(step, "354 go on") or not self.take():
                    return
            elif not self.say(step, "221 bye" if step == "QUIT" else "250 ok") or step == "QUIT":
                return

    def take(self) -> bool:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                return self.say("END", "250 taken", b"".join(lines))
            lines.append(line[1:] if line.startswith(b"..") else line)
        return False

    def say(self, step: str, usual: str, taken: bytes = b"") -> bool:
        """False when the talk is over."""
        number = self.server.counts[step] = self.server.counts.get(step, 0) + 1
        line = self.server.answer(step, number) or usual
        if taken and line.startswith("2"):
            self.server.mails.append(email.message_from_bytes(taken, policy=email.policy.default))
        if line == "hang":
            self.server.over.wait(30)
            return False
        if line == "drop":
            return False
        self.wfile.write(f"{line}\r\n".encode())
        return True


@contextmanager
def smtp_sink(answer: Answer = lambda step, number: None) -> Iterator[Sink]:
    with Sink(answer) as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            sink.over.set()
            sink.shutdown()
            thread.join()
