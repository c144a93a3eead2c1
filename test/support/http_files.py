#!/usr/bin/env python3
"""Serves a folder over HTTP on loopback, well or badly.

http_files.py FOLDER PORT_FILE [PORT [CERTIFICATE KEY]]    PORT 0: any; with a certificate by TLS

/NAME           the file, with its time and a tag
/moved/NAME     leads to /NAME
/cut/NAME       ends before its length
/slow/NAME      a byte a second
/busy/NAME      overloaded twice, then the file
/login/NAME     wants a login
/count          how many requests came before
"""
import http.server
import os
import pathlib
import ssl
import sys
import time

FOLDER = pathlib.Path(sys.argv[1])
ASKED = {}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, code, text=b"", **headers):
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/count":
            return self.answer(200, str(sum(ASKED.values())).encode())
        ASKED[path] = ASKED.get(path, 0) + 1
        way, name = os.path.split(path)
        if way == "/moved":
            return self.answer(302, b"elsewhere\n", Location="/" + name)
        if way == "/login":
            return self.answer(401, b"who are you?")
        if way == "/busy" and ASKED[path] <= 2:
            return self.answer(503, b"later", Retry_After="1")
        file = FOLDER / name
        if not file.is_file():
            return self.answer(404, b"nothing here")
        text = file.read_bytes()
        if way in ("/cut", "/slow"):
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            for byte in text[: len(text) // 2]:
                self.wfile.write(bytes([byte]))
                if way == "/slow":
                    self.wfile.flush()
                    time.sleep(1)
            return None
        stat = file.stat()
        return self.answer(200, text, Last_Modified=self.date_time_string(stat.st_mtime),
                           ETag=f'"{stat.st_mtime_ns}"')


wanted = int(sys.argv[3]) if len(sys.argv) > 3 else 0
server = http.server.ThreadingHTTPServer(("127.0.0.1", wanted), Handler)
server.daemon_threads = True
if len(sys.argv) > 5:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
    server.socket = context.wrap_socket(server.socket, server_side=True)
part = pathlib.Path(sys.argv[2] + ".part")
part.write_text(str(server.server_port))
part.rename(sys.argv[2])
server.serve_forever()
