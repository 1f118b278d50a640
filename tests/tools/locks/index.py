"""A package index that exists only as an HTTP proxy.

A tool is given `http_proxy=http://127.0.0.1:PORT` and an index at `http://index.example.com/simple`: it writes that
address into its lock, so nothing has to be rewritten afterwards and the hashes of the manifests stay true. Every other
host is refused, so no tool can reach a real index.
"""

import hashlib
import html
import http.server
import json
import threading
import urllib.parse

from wheelhouse import UPLOADED, market, normalized

HOST = "index.example.com"
SIMPLE = f"http://{HOST}/simple"
JSON_TYPE = "application/vnd.pypi.simple.v1+json"


def sha256(content):
    """The hex digest of some bytes."""
    return hashlib.sha256(content).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers for `HOST` and for nobody else."""

    protocol_version = "HTTP/1.1"
    projects = market()
    files = {entry[0]: entry for entries in projects.values() for entry in entries}

    def log_message(self, *_):
        """Says nothing."""

    def do_CONNECT(self):
        """No tunnels: https goes nowhere."""
        self.answer(403, "text/plain", b"no tunnels")

    def do_HEAD(self):
        """As GET; `answer` leaves the body out."""
        self.do_GET()

    def do_GET(self):
        """An index page, a wheel, or the METADATA of a wheel (PEP 658)."""
        address = urllib.parse.urlsplit(self.path)
        parts = [urllib.parse.unquote(part) for part in address.path.split("/") if part]
        if address.hostname not in (HOST, None) or len(parts) != 2:
            return self.answer(404, "text/plain", b"not here")
        kind, name = parts
        if kind == "simple" and normalized(name) in self.projects:
            return self.page(normalized(name))
        if kind == "files" and name in self.files:
            return self.answer(200, "application/octet-stream", self.files[name][1])
        if kind == "files" and name.removesuffix(".metadata") in self.files:
            return self.answer(200, "text/plain", self.files[name.removesuffix(".metadata")][2].encode())
        return self.answer(404, "text/plain", b"not here")

    def page(self, name):
        """The page of one project, as JSON (PEP 691) for a client that asks for it, else as HTML (PEP 503)."""
        if JSON_TYPE in self.headers.get("Accept", ""):
            return self.answer(200, JSON_TYPE, json.dumps(json_page(name, self.projects[name])).encode())
        return self.answer(200, "text/html; charset=utf-8", html_page(self.projects[name]).encode())

    def answer(self, status, content_type, body):
        """Writes one answer."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def address_of(file_name):
    """Where a wheel lies."""
    return f"http://{HOST}/files/{urllib.parse.quote(file_name)}"


def html_page(entries):
    """A project page of PEP 503."""
    rows = []
    for file_name, content, text, requires_python in entries:
        rows.append(
            f'<a href="{address_of(file_name)}#sha256={sha256(content)}"'
            f' data-requires-python="{html.escape(requires_python)}"'
            f' data-dist-info-metadata="sha256={sha256(text.encode())}">{file_name}</a><br>'
        )
    return "<!DOCTYPE html><html><body>\n" + "\n".join(rows) + "\n</body></html>\n"


def json_page(name, entries):
    """A project page of PEP 691, with size and time of PEP 700."""
    files = []
    for file_name, content, text, requires_python in entries:
        core_metadata = {"sha256": sha256(text.encode())}
        files.append({
            "filename": file_name, "url": address_of(file_name), "hashes": {"sha256": sha256(content)},
            "requires-python": requires_python, "size": len(content), "upload-time": UPLOADED, "yanked": False,
            "core-metadata": core_metadata, "dist-info-metadata": core_metadata,
        })
    versions = [file_name.split("-")[1] for file_name, *_ in entries]
    return {"meta": {"api-version": "1.1"}, "name": name, "versions": versions, "files": files}


def serve():
    """Starts the proxy on a free port of this machine, and gives the server."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
