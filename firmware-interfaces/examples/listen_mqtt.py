#!/usr/bin/env python3
"""Listens to EdgePerception over MQTT version 5 and prints what arrives, one JSON object a line.

It waits for a broker that is not there yet, and connects again when it went away. Each line has the time of arrival,
the topic, quality, whether the broker had kept the message, its payload as text and, where it has one, the seconds that
are left of its life. An example to start a client from, and the demo's independent MQTT client.

Needs Debian's python3-paho-mqtt.
"""
import argparse
import json
import signal
import sys
import time
from datetime import datetime, timezone

import paho.mqtt.client as mqtt

RETRY_S = 0.2


def write(fields):
    print(json.dumps(fields, separators=(",", ":"), ensure_ascii=False), flush=True)


def received(_client, _data, message):
    line = {
        "tst": datetime.now(timezone.utc).isoformat(),
        "topic": message.topic,
        "qos": message.qos,
        "retain": int(message.retain),
        "payload": message.payload.decode("utf-8", "replace"),
    }
    expiry = getattr(message.properties, "MessageExpiryInterval", None)
    if expiry is not None:
        line["expiry"] = expiry
    write(line)


def connected(client, topic, _flags, reason, _properties):
    if reason.value >= 0x80:
        sys.exit(f"the broker refuses us: {reason}")
    client.subscribe(topic, qos=1)


def listen(options):
    client = mqtt.Client(client_id="", userdata=options.topic, protocol=mqtt.MQTTv5)
    client.on_connect = connected
    client.on_message = received
    if options.user:
        with open(options.password_file, encoding="utf-8") as file:
            client.username_pw_set(options.user, file.readline().rstrip("\n"))
    if options.ca_file:
        client.tls_set(options.ca_file)
    while True:
        try:
            client.connect(options.host, options.port, clean_start=True)
            while client.loop(timeout=1.0) == mqtt.MQTT_ERR_SUCCESS:
                pass
        except OSError as error:
            print(f"no connection yet: {error}", file=sys.stderr, flush=True)
        time.sleep(RETRY_S)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1883)
    parser.add_argument("--topic", default="edge/#", help="filter of the topics to listen to")
    parser.add_argument("--user", help="user name; goes with --password-file")
    parser.add_argument("--password-file", help="file whose first line is the password")
    parser.add_argument("--ca-file", help="PEM file of the authority to trust; the connection is encrypted then")
    options = parser.parse_args()
    if bool(options.user) != bool(options.password_file):
        parser.error("--user and --password-file go together")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        listen(options)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
