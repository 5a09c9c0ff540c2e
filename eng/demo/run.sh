#!/usr/bin/env bash
# The demo: a broker of its own, the service on a recorded street scene, commands over MQTT, and two independent clients
# that write down what they receive. Ends by itself after half a minute; leaves its results in artifacts/demo.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
OUT=$ROOT/artifacts/demo
SECONDS_LONG=32
cd "$ROOT"

# A checkout that cannot be written has its results elsewhere.
if ! mkdir -p "$OUT" 2>/dev/null || [[ ! -w $OUT || ! -w $(dirname "$OUT") ]]; then
    OUT=$(mktemp -d "${TMPDIR:-/tmp}/edge-perception-demo.XXXXXX")
fi
rm -rf "$OUT"
mkdir -p "$OUT"
trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true' EXIT

free_port() {
    /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Waits for something to be there, for a minute at most.
await() {
    local what=$1
    shift
    for _ in $(seq 600); do
        if "$@"; then return; fi
        sleep 0.1
    done
    echo "demo: $what did not come within a minute; see $OUT" >&2
    exit 1
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
has_line() { grep -qs "$1" "$2"; }

start_broker() {
    MQTT_PORT=$(free_port)
    printf 'listener %s 127.0.0.1\nallow_anonymous true\npersistence false\n' "$MQTT_PORT" >"$OUT/broker.conf"
    PATH=$PATH:/usr/sbin mosquitto -c "$OUT/broker.conf" >"$OUT/broker.log" 2>&1 &
    await "the broker" listens "$MQTT_PORT"
}

start_clients() {
    mosquitto_sub -h 127.0.0.1 -p "$MQTT_PORT" -V mqttv5 -t 'edge/#' -T edge/demo/available -F %J \
        >"$OUT/mqtt.jsonl" 2>"$OUT/mqtt-client.log" &
    /usr/bin/python3 -B firmware-interfaces/examples/listen.py --name demo-controller \
        --publish "tcp://127.0.0.1:$PUBLISH_PORT" --actions "tcp://127.0.0.1:$ACTIONS_PORT" \
        >"$OUT/zeromq.jsonl" 2>"$OUT/zeromq-client.log" &
}

# say SECOND ID "text": sends a command SECOND seconds after the first frame.
say() {
    local wait=$(($1 - (SECONDS - BEGAN)))
    ((wait <= 0)) || sleep "$wait"
    echo
    echo "  you say: $3"
    ./edge-perception send --port "$MQTT_PORT" --device demo --id "$2" "$3" | sed 's/^/    /' || true
}

converse() {
    say 3 01-white-van "go to the white van"
    say 6 02-person "follow the person"
    say 9 03-person-on-the-left "follow the person on the left"
    say 12 04-light-blue-jacket "follow the person in the light blue jacket"
    say 15 05-avoid "go to the white van, but avoid the person nearest to it"
    say 18 06-banana "bring me the banana"
    say 21 07-count "how many people are there"
    say 24 08-stop "stop"
    say 26 09-while-halted "go to the white van"
    say 28 10-resume "resume"
}

echo "The demo plays a street scene as a live camera, talks to the robot over MQTT, and ends after $SECONDS_LONG seconds."
./edge-perception --version >/dev/null # builds what is not built yet, before the time counts
start_broker
PUBLISH_PORT=$(free_port) ACTIONS_PORT=$(free_port)
start_clients
./edge-perception run --config configs/demo.yaml --duration "${SECONDS_LONG}s" \
    --set mqtt.port="$MQTT_PORT" --set zeromq.publish="tcp://127.0.0.1:$PUBLISH_PORT" \
    --set zeromq.actions="tcp://127.0.0.1:$ACTIONS_PORT" --set publishing.picturesFolder="$OUT" \
    2> >(tee "$OUT/service.log" | grep --line-buffered -E 'frames|tracks|error|fail' >&2) &
SERVICE=$!
await "the first scene" has_line '"topic":"edge/demo/scene"' "$OUT/mqtt.jsonl"
BEGAN=$SECONDS
converse
wait "$SERVICE"

echo
echo "What is in ${OUT#"$ROOT/"}:"
printf '  %-22s %s\n' \
    "*.png" "$(find "$OUT" -name '*.png' | wc -l) pictures, one for each command that was grounded" \
    "mqtt.jsonl" "$(wc -l <"$OUT/mqtt.jsonl") messages as mosquitto_sub received them" \
    "zeromq.jsonl" "$(wc -l <"$OUT/zeromq.jsonl") messages and actions as a Python controller received them" \
    "service.log" "what the service said"
echo "Where to look next: ${OUT#"$ROOT/"}/04-light-blue-jacket.grounded.png, then README.md, \"Your own camera\"."
