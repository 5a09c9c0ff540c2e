#!/usr/bin/env bash
# The demo: the service with its embedded broker on a recorded street scene, commands over MQTT, and two independent
# clients that write down what they receive. Ends by itself after half a minute; leaves its results in artifacts/demo.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
OUT=$ROOT/artifacts/demo
SECONDS_LONG=36
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

has_line() { grep -qs "$1" "$2"; }

start_clients() {
    /usr/bin/python3 -B firmware-interfaces/examples/listen_mqtt.py --port "$MQTT_PORT" --topic 'edge/#' \
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
MQTT_PORT=$(free_port)
PUBLISH_PORT=$(free_port) ACTIONS_PORT=$(free_port)
start_clients
./edge-perception run --config configs/demo.yaml --duration "${SECONDS_LONG}s" \
    --set mqtt.port="$MQTT_PORT" --set zeromq.publish="tcp://127.0.0.1:$PUBLISH_PORT" \
    --set zeromq.actions="tcp://127.0.0.1:$ACTIONS_PORT" --set publishing.picturesFolder="$OUT" \
    --set stateFolder="$OUT/state" \
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
    "mqtt.jsonl" "$(wc -l <"$OUT/mqtt.jsonl") messages as a Python client received them" \
    "zeromq.jsonl" "$(wc -l <"$OUT/zeromq.jsonl") messages and actions as a Python controller received them" \
    "service.log" "what the service said"
echo "Where to look next: ${OUT#"$ROOT/"}/04-light-blue-jacket.grounded.png, then README.md, \"Your own camera\"."
