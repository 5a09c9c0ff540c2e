"""A ZeroMQ client written from firmware-interfaces/README.md alone; prints what it receives, one message a line."""

import struct
import sys

import zmq


def subscribe(endpoint):
    socket = zmq.Context.instance().socket(zmq.SUB)
    socket.setsockopt(zmq.SUBSCRIBE, b"")
    socket.connect(endpoint)
    print("ready")
    while True:
        topic, header, payload = socket.recv_multipart()
        print(topic.decode(), *struct.unpack("<HHIQqq", header), payload.hex())


def control(endpoint, name):
    """Registers by a hand-written protobuf: ControllerMessage.register = 1, Register.name = 1."""
    socket = zmq.Context.instance().socket(zmq.DEALER)
    socket.connect(endpoint)
    text = name.encode()
    inner = b"\x0a" + bytes([len(text)]) + text
    socket.send(b"\x0a" + bytes([len(inner)]) + inner)
    print("ready")
    while True:
        print(socket.recv().hex())


if __name__ == "__main__":
    {"subscribe": subscribe, "control": control}[sys.argv[1]](*sys.argv[2:])
