"""A real HTTP server on this machine that answers as a test wants, and remembers what it was sent."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Other:
    """The other side: ``say(handler)`` writes whatever it answers."""

    say: Callable[[BaseHTTPRequestHandler], None]
    asked: list[dict[str, str]] = field(default_factory=list)
    address: str = ""


def saying(status: int, body: bytes = b"", content_type: str = "application/xml", **headers: str) -> Callable:
    """An answer that is whole."""

    def say(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return say


@contextmanager
def answering(say: Callable, context: ssl.SSLContext | None = None) -> Iterator[Other]:
    """Serve while the context lasts, over TLS where a context is given."""
    other = Other(say)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            other.asked.append({**self.headers, "body": body.decode("latin-1")})
            self.close_connection = True
            try:
                other.say(self)
            except (BrokenPipeError, ConnectionResetError):
                return

        do_GET = do_POST

        def log_message(self, format: str, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    other.address = f"{'https' if context else 'http'}://localhost:{server.server_address[1]}"
    try:
        yield other
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
