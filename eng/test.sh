#!/usr/bin/env bash
# Builds the solution and runs every test project, one after the other: a dot for each test that passed, the message of
# each that failed. Closes with "N passed, N failed" on a line of its own, added up over the projects. Exit 1 if a test
# failed, a run broke off, or no test ran at all.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
RESULTS=$ROOT/artifacts/test-results
# A single test that takes longer is named and its run ended, so that it cannot stall CI.
HANG_TIMEOUT=10m
[[ ${EDGE_PERCEPTION_TEST_LONG:-} != 1 ]] || HANG_TIMEOUT=90m
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cd "$ROOT"

passed=0 failed=0 skipped=0

run_project() {
    local name results status=0 failed_here=0
    name=$(basename "$1" .csproj)
    results=$RESULTS/$name.trx
    dotnet test "$1" --no-build --results-directory "$RESULTS" \
        --logger "console;verbosity=normal" --logger "trx;LogFileName=$name.trx" \
        --blame-hang-timeout "$HANG_TIMEOUT" --blame-hang-dump-type none </dev/null 2>&1 | show_progress || status=$?
    if [[ -s $results ]]; then
        failed_here=$(counter failed "$results")
        passed=$((passed + $(counter passed "$results")))
        skipped=$((skipped + $(counter total "$results") - $(counter executed "$results")))
        # What tests measured stands in their output alone.
        sed -nE 's/^ *(<StdOut>)?//; s/<\/StdOut>.*//; /^[^[].*( trials, .* ms| withheld or halted)$/s/^/  /p' "$results" |
            sort -u
    fi
    if ((status != 0 && failed_here == 0)); then
        echo "$name: the run broke off (exit $status); counted as one failed test"
        failed_here=1
    fi
    failed=$((failed + failed_here))
}

# The number in one attribute of a result file's <Counters .../>.
counter() {
    sed -n "s/.*<Counters [^>]*\b$1=\"\([0-9]*\)\".*/\1/p" "$2"
}

# The tests of training and evaluation, which are Python's.
run_python() {
    local log=$RESULTS/training.log status=0 ran failed_here
    /usr/bin/python3 -B -m unittest discover -t . -s training/tests >"$log" 2>&1 || status=$?
    ran=$(sed -n 's/^Ran \([0-9]*\) tests\? in .*/\1/p' "$log")
    failed_here=$(grep -c '^\(FAIL\|ERROR\): ' "$log" || true)
    if ((status != 0)); then
        cat "$log"
        ((failed_here > 0)) || failed_here=1
    fi
    passed=$((passed + ${ran:-0} - (failed_here < ${ran:-0} ? failed_here : ${ran:-0})))
    failed=$((failed + failed_here))
}

show_progress() {
    local line dots=
    while IFS= read -r line; do
        case $line in
            "  Passed "*) printf . && dots=1 && continue ;;
            "" | "[xUnit.net"* | "Test run for"* | "A total of"* | "Starting test"*) continue ;;
            "Results File"* | "Test Run "* | "Data collector 'Blame' message: All tests finished"*) continue ;;
        esac
        [[ -z $dots ]] || printf '\n'
        dots=
        printf '%s\n' "$line"
    done
}

rm -rf "$RESULTS"
mkdir -p "$RESULTS"
echo "building"
dotnet build EdgePerception.sln --nologo --verbosity quiet
for project in tests/*/*.Tests.csproj; do
    echo "testing ${project%/*}"
    run_project "$project"
done
echo "testing training"
run_python

((passed + failed > 0)) || echo "no test ran"
echo "$passed passed, $failed failed$( ((skipped == 0)) || echo ", $skipped skipped")"
((failed == 0 && passed > 0))
