#!/usr/bin/env python3
"""Listens to EdgePerception over ZeroMQ and prints what arrives, one JSON object a line.

It subscribes to every topic of the publishing socket and registers as a robot controller that moves on permits alone:
it answers each permit with a heartbeat, counts the permit from the moment at which it sent the heartbeat that the
permit names, and stops by itself when the newest one has ended. It accepts each action whose limits it can keep, "does"
it for a while (--work) and reports it done, and rejects the others. The service forgets a controller with its
connection, and libzmq makes a new one without a word; so it watches the connection and registers on each one that is
made, which is after every restart, freeze and cut, once a second until it is; whoever is told to register first does
so at once. An example to start a controller from, and the demo's independent ZeroMQ client.

Needs Debian's python3-zmq, python3-protobuf, protobuf-compiler and libprotobuf-dev.
"""
import argparse
import importlib
import json
import math
import queue
import signal
import struct
import subprocess
import sys
import tempfile
import threading
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
FORGOTTEN_MS = 1000  # permits come all the time: without one for so long the service has forgotten it
TYPES = {"scene": "Scene", "detections": "Detection2DArray", "sounds": "SoundArray", "safety": "Safety"}


def compile_schema():
    """Compiles the schema with protoc and imports the result."""
    folder = tempfile.mkdtemp(prefix="edge-perception-")
    subprocess.run(
        ["protoc", f"--proto_path={PROTO_FOLDER}", f"--python_out={folder}", "edge_perception.proto"], check=True)
    sys.path.insert(0, folder)
    return importlib.import_module("edge_perception_pb2")


LINES = queue.Queue(1000)


def write(kind, **fields):
    """A line that finds no room is left out: wheels wait for nobody who reads."""
    try:
        LINES.put_nowait(json.dumps({"kind": kind, **fields}))
    except queue.Full:
        pass


def print_lines():
    """The printing thread, until it is given None."""
    while (line := LINES.get()) is not None:
        print(line, flush=True)


def as_json(message):
    return MessageToDict(message, including_default_value_fields=True)


def key(path):
    """The first line of a file: a key of 40 characters, as zmq_curve_keypair makes it."""
    lines = Path(path).read_text(encoding="ascii").splitlines()
    if not lines or len(lines[0].strip()) != 40:
        raise SystemExit(f"{path}: its first line is no key of 40 characters")
    return lines[0].strip().encode()


def first_line(path):
    return Path(path).read_text(encoding="utf-8").splitlines()[0].strip() if path else ""


def watched(socket, keys):
    """Lets libzmq find out by itself when the other end is silent, and connect again.

    Encrypted where there are keys.
    """
    socket.heartbeat_ivl = HEARTBEAT_MS
    socket.heartbeat_timeout = SILENCE_MS
    if keys:
        socket.curve_serverkey, socket.curve_secretkey, socket.curve_publickey = keys
    return socket


class Drive:
    """The wheels: they turn while there is an action and a permit for it that lives, by this machine's clock."""

    def __init__(self, work_s):
        self.work_s = work_s
        self.action = None  # its id, from the acknowledgement to the end
        self.done_s = 0.0
        self.permitted_until = 0.0
        self.moving_since = None
        self.beat = 0
        self.sent = {}  # when each heartbeat was sent

    def heartbeat(self, now):
        self.beat += 1
        self.sent[self.beat] = now
        while len(self.sent) > 1000:
            del self.sent[next(iter(self.sent))]
        return self.beat

    def permit(self, permit):
        """A permit that waited in some queue names an old heartbeat, and has ended by the time that it is read."""
        sent = self.sent.get(permit.beat)
        if permit.permit_ms == 0 or sent is None or permit.action_id != self.action:
            self.permitted_until = 0.0
        else:
            self.permitted_until = sent + permit.permit_ms / 1000

    def begin(self, action_id):
        self.action, self.done_s, self.permitted_until = action_id, 0.0, 0.0

    def stop(self, now, why):
        self.rest(now, why)
        self.action, self.permitted_until = None, 0.0

    def roll(self, now):
        """Starts or goes on as long as the permit lives; how the action ended, once it has, else none.

        An action whose permit has ended is over: what stood still is not to move again by itself.
        """
        may = self.action is not None and now < self.permitted_until
        if may and self.moving_since is None:
            self.moving_since = now
            write("motion", moving=True, action=self.action, monotonicS=round(now, 4))
        elif not may and self.moving_since is not None:
            return "its permit has ended"
        if self.moving_since is None:
            return None
        self.done_s += now - self.moving_since
        self.moving_since = now
        return "done" if self.done_s >= self.work_s else None

    def rest(self, now, why):
        if self.moving_since is not None:
            write("motion", moving=False, action=self.action, reason=why, monotonicS=round(now, 4))
        self.moving_since = None

    def timeout_ms(self, now):
        """How long nothing changes by itself, while it moves."""
        if self.moving_since is None:
            return REGISTER_MS
        return max(0, min(self.permitted_until - now, self.work_s - self.done_s)) * 1000


class Listener:
    def __init__(self, schema, publish, actions, name, reach, window_ms, work_s, token="", keys=None):
        self.schema = schema
        self.name = name
        self.reach = reach
        self.window_ms = window_ms
        self.token = token
        self.drive = Drive(work_s)
        self.registered = False
        self.heard = 0.0  # when the newest permit, or registration, came
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
            now = time.monotonic()
            wait_ms = self.drive.timeout_ms(now)
            if next_try is not None:
                wait_ms = min(wait_ms, max(0, next_try - now) * 1000)
            # Rounded up, so that it does not look again just before a permit ends.
            ready = dict(poller.poll(math.ceil(wait_ms)))
            if self.connections in ready:
                recv_monitor_message(self.connections)
                self.registered, next_try = False, 0
            now = time.monotonic()
            if self.registered and now - self.heard > FORGOTTEN_MS / 1000:
                self.registered, next_try = False, now
            if self.registered:
                next_try = None
            if next_try is not None and now >= next_try:
                self.register()
                next_try = now + REGISTER_MS / 1000
            # Controllers' business first, and all of it: a permit behind a heap of scenes is an old one.
            while self.controller in ready and self.controller.getsockopt(zmq.EVENTS) & zmq.POLLIN:
                was_registered = self.registered
                self.on_delivery(self.controller.recv())
                if was_registered and not self.registered:
                    next_try = 0
            if ended := self.drive.roll(time.monotonic()):
                self.report_end(ended)
            if self.subscriber in ready:
                self.on_published(*self.subscriber.recv_multipart())

    def register(self):
        register = self.schema.ControllerMessage.Register(
            name=self.name, permits=True, window_ms=self.window_ms, token=self.token)
        register.now.GetCurrentTime()
        self.say(register=register)

    def report_end(self, how):
        progress, is_done = self.schema.ControllerMessage.Progress, how == "done"
        action_id = self.drive.action
        self.drive.stop(time.monotonic(), how)
        self.say(progress=progress(
            action_id=action_id, state=progress.succeeded if is_done else progress.failed, fraction=int(is_done),
            detail="" if is_done else how))

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
        now = time.monotonic()
        if body in ("permit", "registered"):
            self.heard = now
        if body == "permit":
            self.drive.permit(delivery.permit)
            self.say(heartbeat=self.schema.ControllerMessage.Heartbeat(beat=self.drive.heartbeat(now)))
            return
        write(body, message=as_json(getattr(delivery, body)), monotonicS=round(now, 4))
        if body == "registered":
            self.registered, self.token = True, delivery.registered.token
        elif body == "rejected" and delivery.rejected.reason == "register first":
            self.registered = False
        elif body == "safety" and delivery.safety.level == self.schema.Safety.halt:
            self.drive.stop(now, delivery.safety.cause)
        elif body == "action":
            self.on_action(delivery.action, now)

    def on_action(self, action, now):
        is_stop = action.action == self.schema.stop  # which counts whenever it comes
        if is_stop:
            self.drive.stop(now, "a stop")
        fault = "" if is_stop else self.fault(action)
        self.say(acknowledge=self.schema.ControllerMessage.Acknowledge(
            action_id=action.id, accepted=not fault, reason=fault))
        if is_stop or fault:
            return
        self.drive.begin(action.id)
        if self.drive.work_s == 0:
            self.report_end("done")

    def fault(self, action):
        """Why the action must be rejected: it came too late, or a limit cannot be kept; empty where it need not be."""
        if action.expires_at.ToNanoseconds() <= time.time_ns():
            return "it has expired"
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
    parser.add_argument("--window", type=int, default=0,
                        help="milliseconds of silence after which the service takes it for lost, 20 to 500; "
                             "0 for the service's own")
    parser.add_argument("--work", type=float, default=0, help="seconds of motion that each action takes")
    parser.add_argument("--token-file", help="file of the token, where the service has a list (zeromq.controllersFile)")
    parser.add_argument("--server-key", help="file of the service's public key, where it encrypts (zeromq.curve)")
    parser.add_argument("--secret-key", help="file of the own secret key; without, a new one is made")
    arguments = parser.parse_args()
    keys = None
    if arguments.server_key:
        secret = key(arguments.secret_key) if arguments.secret_key else zmq.curve_keypair()[1]
        keys = (key(arguments.server_key), secret, zmq.curve_public(secret))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    printer = threading.Thread(target=print_lines, daemon=True)
    printer.start()
    try:
        Listener(
            compile_schema(), arguments.publish, arguments.actions, arguments.name, arguments.reach, arguments.window,
            arguments.work, first_line(arguments.token_file), keys).run()
    except KeyboardInterrupt:
        pass
    finally:
        try:
            LINES.put(None, timeout=1)
            printer.join(timeout=1)
        except queue.Full:
            pass


if __name__ == "__main__":
    main()
