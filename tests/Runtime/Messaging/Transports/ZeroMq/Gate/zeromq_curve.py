"""A publisher and a subscriber by CURVE: serve ENDPOINT KEYFILE, or subscribe ENDPOINT KEYFILE BYTES."""

import sys
import time

import zmq


def serve(endpoint, keys):
    public, secret = zmq.curve_keypair()
    socket = zmq.Context.instance().socket(zmq.XPUB)
    socket.setsockopt(zmq.XPUB_VERBOSE, 1)
    socket.curve_server = True
    socket.curve_secretkey = secret
    socket.bind(endpoint)
    with open(keys, "wb") as file:
        file.write(public)
    print("ready", flush=True)
    while True:
        topic = socket.recv()
        print("subscribed", len(topic), flush=True)
        socket.send_multipart([topic[1:], b"hello"])


def subscribe(endpoint, keys, size):
    socket = zmq.Context.instance().socket(zmq.SUB)
    with open(keys, "rb") as file:
        socket.curve_serverkey = file.read()
    socket.curve_publickey, socket.curve_secretkey = zmq.curve_keypair()
    socket.connect(endpoint)
    socket.subscribe(b"a" * int(size))
    print("received", socket.recv_multipart()[1].decode(), flush=True)
    time.sleep(600)


if __name__ == "__main__":
    {"serve": serve, "subscribe": subscribe}[sys.argv[1]](*sys.argv[2:])
