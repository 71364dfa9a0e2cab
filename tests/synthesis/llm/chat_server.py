"""A server on the loopback that speaks the chat completions protocol, and misbehaves as it is told to."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[["Handler", dict[str, Any]], None]


def completion(text: str | None, *, finish: str = "stop", usage: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the body of a chat completion."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "served-model",
        "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}],
        "usage": usage or {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }


def answer(text: str | None, **more: Any) -> Reply:
    """Answer with a text."""
    return lambda handler, request: handler.send_json(200, completion(text, **more))


def status(number: int, headers: dict[str, str] | None = None, **error: str) -> Reply:
    """Answer with an error."""
    body = {"error": {"message": f"this is a {number}", "type": "test", **error}}
    return lambda handler, request: handler.send_json(number, body, headers)


def raw(text: str, content_type: str = "application/json") -> Reply:
    """Answer with any body."""
    return lambda handler, request: handler.send(200, text.encode(), {"Content-Type": content_type})


def body(value: object) -> Reply:
    """Answer with any JSON."""
    return lambda handler, request: handler.send_json(200, value)


def closed_socket(handler: Handler, request: dict[str, Any]) -> None:
    """Reset the connection instead of answering."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def hang(handler: Handler, request: dict[str, Any]) -> None:
    """Say nothing until the test is over."""
    handler.server.chat.over.wait(30)  # type: ignore[attr-defined]
    handler.close_connection = True


def trickle(handler: Handler, request: dict[str, Any]) -> None:
    """Send a blank every few milliseconds, which JSON allows, and never the answer."""
    handler.close_connection = True
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    chat = handler.server.chat  # type: ignore[attr-defined]
    try:
        while not chat.over.wait(0.01):
            handler.wfile.write(b" ")
    except OSError:
        pass  # the other side has had enough


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        chat: ChatServer = self.server.chat  # type: ignore[attr-defined]
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with chat.lock:
            chat.requests.append(request)
            chat.keys.append(self.headers.get("Authorization", ""))
            chat.paths.append(self.path)
            chat.times.append(time.monotonic())
            chat.in_flight += 1
            chat.most_in_flight = max(chat.most_in_flight, chat.in_flight)
            reply = chat.next_reply(request)
        try:
            reply(self, request)
        finally:
            with chat.lock:
                chat.in_flight -= 1

    def send_json(self, code: int, value: object, headers: dict[str, str] | None = None) -> None:
        self.send(code, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})

    def send(self, code: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass
class ChatServer:
    """A server and what it was asked.

    Attributes:
        replies: what it does, request by request; the last one for ever.
        by_model: what it does for a model, before ``replies``.
    """

    replies: list[Reply] = field(default_factory=list)
    by_model: dict[str, Reply] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def next_reply(self, request: dict[str, Any]) -> Reply:
        if request["model"] in self.by_model:
            return self.by_model[request["model"]]
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone is no news."""


@contextmanager
def serving(*replies: Reply) -> Iterator[ChatServer]:
    """Serve on the loopback until the block ends."""
    chat = ChatServer(list(replies))
    server = _Server(("127.0.0.1", 0), Handler)
    server.chat = chat  # type: ignore[attr-defined]
    chat.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield chat
    finally:
        chat.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
