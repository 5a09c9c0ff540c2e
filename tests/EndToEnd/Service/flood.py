#!/usr/bin/python3
"""Publishes messages of a kind on a topic, so many a second, until it is ended; MQTT by hand, quality of service 0.

    flood.py PORT TOPIC junk|long RATE
"""
import json
import os
import socket
import sys
import time

BATCHES_A_SECOND = 50


def connect(port):
    name = f"flood-{os.getpid()}".encode()
    body = b"\x00\x04MQTT\x05\x02\x00\x00\x00" + len(name).to_bytes(2, "big") + name
    link = socket.create_connection(("127.0.0.1", port))
    link.sendall(b"\x10" + bytes([len(body)]) + body)
    link.recv(100)
    return link


def publish(topic, payload):
    body = len(topic).to_bytes(2, "big") + topic.encode() + b"\x00" + payload
    length, size = len(body), b""
    while True:
        size += bytes([length % 128 | (128 if length > 127 else 0)])
        length //= 128
        if not length:
            return b"\x30" + size + body


def payload(kind, number):
    if kind == "junk":
        return os.urandom(200)
    words = "bring me the red mug that is left of the bottle and "
    return json.dumps({"id": f"flood{number}", "text": (words * 40)[:2000]}).encode()


def main():
    port, topic, kind, rate = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    link = connect(port)
    packets = [publish(topic, payload(kind, number)) for number in range(500)]
    batch = max(1, rate // BATCHES_A_SECOND)
    due, sent = time.monotonic(), 0
    while True:
        link.sendall(b"".join(packets[(sent + i) % len(packets)] for i in range(batch)))
        sent += batch
        due += batch / rate
        time.sleep(max(0, due - time.monotonic()))


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError, ConnectionResetError):
        pass
