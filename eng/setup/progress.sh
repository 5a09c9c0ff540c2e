# shellcheck shell=bash
# Steps, stamps and progress. Sourced by eng/setup.sh, which gives CACHE, and by eng/build-app.sh.

say() {
    printf 'set-up: %s\n' "$*" >&2
}

fail() {
    say "$*"
    exit 2
}

# Whether a folder can be written, or made where it is not there yet.
is_writable() {
    local place=$1
    while [[ ! -e $place ]]; do place=$(dirname "$place"); done
    [[ -d $place && -w $place ]]
}

# One set-up at a time in a checkout. Commands that a step runs inherit the lock, so that one which outlives a killed
# set-up is waited for, not raced against.
hold_lock() {
    exec 9>"$CACHE/setup.lock"
    if ! flock --nonblock 9; then
        say "waiting for another set-up of this checkout"
        flock 9
    fi
}

hash_of() {
    cat -- "$@" | sha256sum
}

# step NAME FINGERPRINT "what it does" OUTPUT COMMAND...
# Runs the command unless the output is there and was made from inputs with the same fingerprint.
step() {
    local stamp=$CACHE/stamps/$1 fingerprint=$2 what=$3 output=$4
    shift 4
    if [[ -e $output && -f $stamp && $(<"$stamp") == "$fingerprint" ]]; then
        return
    fi
    is_writable "$CACHE" || fail "$CACHE must be writable for this user to set the checkout up ($what)"
    say "$what"
    "$@"
    printf '%s\n' "$fingerprint" >"$stamp.partial"
    mv "$stamp.partial" "$stamp"
}

# watched LOG COMMAND...
# Runs a long external command with its output in .cache/logs/LOG.log, and says how it gets on. On failure shows the
# end of the log and returns false.
watched() {
    local log=$CACHE/logs/$1.log reporter
    shift
    : >"$log"
    report_progress "$log" &
    reporter=$!
    if "$@" >"$log" 2>&1 </dev/null; then
        kill "$reporter" 2>/dev/null || true
        return 0
    fi
    kill "$reporter" 2>/dev/null || true
    tail -n 15 "$log" | sed 's/^/    /' >&2
    say "the whole output is in $log"
    return 1
}

# Every ten seconds the time that has passed and the newest line of the log, until it is killed or its script is gone.
report_progress() {
    local log=$1 start=$SECONDS never line
    exec {never}<> <(:) 9>&-
    while read -rt 10 -u "$never" || kill -0 $$ 2>/dev/null; do
        line=$(tail -n 1 "$log" | tr -d '\r' | cut -c 1-90)
        printf '    %s\n' "$((SECONDS - start)) s${line:+  ${line%% -> *}}" >&2
    done
}
