#!/usr/bin/env python3
"""Listens to EdgePerception over ZeroMQ and prints what arrives, one JSON object a line.

It subscribes to every topic of the publishing socket and registers as a robot controller, which accepts each action and
reports it done. An example to start a controller from, and the demo's independent ZeroMQ client.

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
from pathlib import Path

import zmq
from google.protobuf.json_format import MessageToDict

PROTO_FOLDER = Path(__file__).resolve().parent.parent / "proto"
HEADER = struct.Struct("<HHIQqq")  # version, length, reserved, sequence, captured and published in Unix nanoseconds
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


class Listener:
    def __init__(self, schema, publish, actions, name):
        self.schema = schema
        context = zmq.Context.instance()
        self.subscriber = context.socket(zmq.SUB)
        self.subscriber.connect(publish)
        self.subscriber.subscribe(b"")
        self.controller = context.socket(zmq.DEALER)
        self.controller.connect(actions)
        self.say(register=schema.ControllerMessage.Register(name=name))

    def say(self, **body):
        self.controller.send(self.schema.ControllerMessage(**body).SerializeToString())

    def run(self):
        poller = zmq.Poller()
        poller.register(self.subscriber, zmq.POLLIN)
        poller.register(self.controller, zmq.POLLIN)
        while True:
            ready = dict(poller.poll())
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
        if body == "action":
            action_id = delivery.action.id
            self.say(acknowledge=self.schema.ControllerMessage.Acknowledge(action_id=action_id, accepted=True))
            progress = self.schema.ControllerMessage.Progress
            self.say(progress=progress(action_id=action_id, state=progress.succeeded, fraction=1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--publish", default="tcp://127.0.0.1:5556", help="the publishing socket")
    parser.add_argument("--actions", default="tcp://127.0.0.1:5557", help="the socket for controllers")
    parser.add_argument("--name", default="example", help="the controller's name")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        Listener(compile_schema(), arguments.publish, arguments.actions, arguments.name).run()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
