#!/usr/bin/env python3
"""Stands between a client and a PostgreSQL server and cuts one connection where it hurts.

  cutting_proxy.py HOST PORT HOW FILE [OWN_PORT]

Listens on 127.0.0.1, on a free port or on OWN_PORT, and writes it into FILE. HOW says what becomes of the first connection
that sends COMMIT; all others pass untouched:

  after      the server gets the COMMIT, and the client never hears of it
  before     the server never gets it
  half       the server gets a part of it
  gone:S     as after, and for S seconds nobody else is let in
  reset      the server gets it, and the client gets a reset (RST) instead of an end
  bytes:N    the first connection that sends so many bytes is cut behind them
  answer:N   the first connection that is sent so many bytes is cut behind them
  stuck:N    the first connection that is sent so many bytes hears nothing any more, and stays open
  trickle:N  all answers come in pieces of N bytes
  slow:S     every byte of the server is held back for S seconds, once
"""
import os
import socket
import struct
import sys
import threading
import time


class Proxy:
    def __init__(self, server, how):
        self.server = server
        self.how, _, amount = how.partition(":")
        self.amount = float(amount or 0)
        self.used = threading.Lock()
        self.closed_until = 0.0

    def serve(self, listener):
        while True:
            client, _ = listener.accept()
            if time.monotonic() < self.closed_until:
                cut(client)
                continue
            try:
                server = socket.create_connection(self.server)
            except OSError:
                cut(client)
                continue
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.forward, args=(client, server), daemon=True).start()
            threading.Thread(target=self.answer, args=(server, client), daemon=True).start()

    def take_turn(self):
        return self.used.acquire(blocking=False)

    def forward(self, client, server):
        """From the client: COMMIT comes as one message of its own."""
        sent = 0
        try:
            while data := client.recv(65536):
                if self.how in ("after", "before", "half", "reset", "gone") and b"COMMIT\0" in data and self.take_turn():
                    part = {"before": b"", "half": data[:len(data) - 3]}.get(self.how, data)
                    if self.how == "reset":
                        linger = struct.pack("ii", 1, 0)
                        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                        client.close()
                    if self.how == "gone":
                        self.closed_until = time.monotonic() + self.amount
                    cut(client)
                    server.sendall(part)
                    time.sleep(0.2)
                    break
                sent += len(data)
                if self.how == "bytes" and sent > self.amount and self.take_turn():
                    server.sendall(data[:max(0, int(len(data) - (sent - self.amount)))])
                    break
                server.sendall(data)
        except OSError:
            pass
        cut(client)
        cut(server)

    def answer(self, server, client):
        got = 0
        try:
            while data := server.recv(int(self.amount) if self.how == "trickle" else 65536):
                if self.how == "slow" and self.take_turn():
                    time.sleep(self.amount)
                got += len(data)
                if self.how == "stuck" and got > self.amount and self.take_turn():
                    threading.Event().wait()
                if self.how == "answer" and got > self.amount and self.take_turn():
                    client.sendall(data[:max(0, int(len(data) - (got - self.amount)))])
                    cut(server)
                    break
                client.sendall(data)
        except OSError:
            pass
        cut(client)


def cut(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()


def main(host, port, how, file, own_port="0"):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(own_port)))
    listener.listen(50)
    with open(file + ".new", "w", encoding="utf-8") as out:
        out.write(str(listener.getsockname()[1]))
    os.rename(file + ".new", file)
    Proxy((host, int(port)), how).serve(listener)


if __name__ == "__main__":
    main(*sys.argv[1:])
