#!/usr/bin/env python3
"""Listens to EdgePerception over ZeroMQ and prints what arrives, one JSON object a line.

It subscribes to every topic of the publishing socket and registers as a robot controller. That accepts each action
whose limits it can keep and reports it done, and rejects the others. The service forgets a controller with its
connection, and libzmq makes a new one without a word; so it watches the connection and registers on each one that is
made, which is after every restart, freeze and cut, once a second until it is. An example to start a controller from,
and the demo's independent ZeroMQ client.

Needs Debian's python3-zmq, python3-protobuf, protobuf-compiler and libprotobuf-dev.
"""
import argparse
import importlib
import json
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import zmq
from google.protobuf.json_format import MessageToDict
from zmq.utils.monitor import recv_monitor_message

PROTO_FOLDER = Path(__file__).resolve().parent.parent / "proto"
HEADER = struct.Struct("<HHIQqq")  # version, length, reserved, sequence, captured and published in Unix nanoseconds
HEARTBEAT_MS = 1000  # how often libzmq asks the service whether it lives
REGISTER_MS = 1000  # how often it registers until it is: its name may be its own ghost's still
SILENCE_MS = 3000  # a connection that is silent for so long is given up, and made anew
TYPES = {"scene": "Scene", "detections": "Detection2DArray", "sounds": "SoundArray", "safety": "Safety"}


def compile_schema():
    """Compiles the schema with protoc and imports the result."""
    folder = tempfile.mkdtemp(prefix="edge-perception-")
    subprocess.run(
        ["protoc", f"--proto_path={PROTO_FOLDER}", f"--python_out={folder}", "edge_perception.proto"], check=True)
    sys.path.insert(0, folder)
    return importlib.import_module("edge_perception_pb2")


def write(kind, **fields):
    print(json.dumps({"kind": kind, **fields}), flush=True)


def as_json(message):
    return MessageToDict(message, including_default_value_fields=True)


def key(path):
    """The first line of a file: a key of 40 characters, as zmq_curve_keypair makes it."""
    lines = Path(path).read_text(encoding="ascii").splitlines()
    if not lines or len(lines[0].strip()) != 40:
        raise SystemExit(f"{path}: its first line is no key of 40 characters")
    return lines[0].strip().encode()


def watched(socket, keys):
    """Lets libzmq find out by itself when the other end is silent, and connect again.

    Encrypted where there are keys.
    """
    socket.heartbeat_ivl = HEARTBEAT_MS
    socket.heartbeat_timeout = SILENCE_MS
    if keys:
        socket.curve_serverkey, socket.curve_secretkey, socket.curve_publickey = keys
    return socket


class Listener:
    def __init__(self, schema, publish, actions, name, reach, keys=None):
        self.schema = schema
        self.name = name
        self.reach = reach
        self.registered = False
        context = zmq.Context.instance()
        self.subscriber = watched(context.socket(zmq.SUB), keys)
        self.subscriber.connect(publish)
        self.subscriber.subscribe(b"")
        self.controller = watched(context.socket(zmq.DEALER), keys)
        self.connections = self.controller.get_monitor_socket(zmq.EVENT_HANDSHAKE_SUCCEEDED)
        self.controller.connect(actions)

    def say(self, **body):
        self.controller.send(self.schema.ControllerMessage(**body).SerializeToString())

    def run(self):
        poller = zmq.Poller()
        poller.register(self.subscriber, zmq.POLLIN)
        poller.register(self.controller, zmq.POLLIN)
        poller.register(self.connections, zmq.POLLIN)
        next_try = None  # none while it is registered, or not connected
        while True:
            ready = dict(poller.poll(REGISTER_MS))
            if self.connections in ready:
                recv_monitor_message(self.connections)
                self.registered, next_try = False, 0
            if self.registered:
                next_try = None
            if next_try is not None and time.monotonic() >= next_try:
                self.say(register=self.schema.ControllerMessage.Register(name=self.name))
                next_try = time.monotonic() + REGISTER_MS / 1000
            if self.subscriber in ready:
                self.on_published(*self.subscriber.recv_multipart())
            if self.controller in ready:
                self.on_delivery(self.controller.recv())

    def on_published(self, topic, header, payload):
        name = topic.decode()
        version, _, _, sequence, captured, published = HEADER.unpack(header[:HEADER.size])
        message_type = TYPES.get(name.split(".")[0])
        if message_type is None:
            return
        message = getattr(self.schema, message_type).FromString(payload)
        write("published", topic=name, version=version, sequence=sequence, ageMs=round((published - captured) / 1e6, 1),
              message=as_json(message))

    def on_delivery(self, payload):
        delivery = self.schema.ControllerDelivery.FromString(payload)
        body = delivery.WhichOneof("body")
        write(body, message=as_json(getattr(delivery, body)))
        if body == "registered":
            self.registered = True
        if body == "action":
            action_id = delivery.action.id
            fault = self.fault(delivery.action)
            self.say(acknowledge=self.schema.ControllerMessage.Acknowledge(
                action_id=action_id, accepted=not fault, reason=fault))
            if fault:
                return
            progress = self.schema.ControllerMessage.Progress
            self.say(progress=progress(action_id=action_id, state=progress.succeeded, fraction=1))

    def fault(self, action):
        """Why the action must be rejected, because a limit cannot be kept; empty where it need not be."""
        avoided = {track.id for track in action.avoid}
        for limit in action.constraints:
            if limit.kind != self.schema.Constraint.keep_distance:
                return f"a constraint of the unknown kind {limit.kind}"
            if limit.object not in avoided:
                return f"a distance from {limit.object}, which is not to be avoided"
            if not 0 < limit.metres <= self.reach:
                return f"cannot keep {limit.metres:g} m away from {limit.object}, only {self.reach:g} m"
        return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--publish", default="tcp://127.0.0.1:5556", help="the publishing socket")
    parser.add_argument("--actions", default="tcp://127.0.0.1:5557", help="the socket for controllers")
    parser.add_argument("--name", default="example", help="the controller's name")
    parser.add_argument("--reach", type=float, default=10, help="how far it can measure distances, in metres")
    parser.add_argument("--server-key", help="file of the service's public key, where it encrypts (zeromq.curve)")
    parser.add_argument("--secret-key", help="file of the own secret key; without, a new one is made")
    arguments = parser.parse_args()
    keys = None
    if arguments.server_key:
        secret = key(arguments.secret_key) if arguments.secret_key else zmq.curve_keypair()[1]
        keys = (key(arguments.server_key), secret, zmq.curve_public(secret))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        Listener(
            compile_schema(), arguments.publish, arguments.actions, arguments.name, arguments.reach, keys).run()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
