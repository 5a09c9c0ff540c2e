#!/usr/bin/env bash
# Publishes the service for this machine into artifacts/app, compiled ahead of time (ReadyToRun) where the compiler for
# that can be had: it halves the time to the first detection. Used by ./edge-perception. Exit 1 if it does not build.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
APP=$ROOT/artifacts/app
LOG=$ROOT/artifacts/build-app.log
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cd "$ROOT"

# shellcheck source=SCRIPTDIR/setup/progress.sh
. eng/setup/progress.sh

case $(uname -m) in
    x86_64) RUNTIME=linux-x64 ;;
    aarch64) RUNTIME=linux-arm64 ;;
    *) echo "edge-perception: runs on x86_64 and aarch64, not on $(uname -m)" >&2 && exit 1 ;;
esac

# Folders of its own, so that it neither disturbs nor redoes an ordinary build of the solution; analyzers and
# documentation are that build's business.
msbuild() {
    dotnet "$1" src/Runtime -p:RuntimeIdentifier="$RUNTIME" "${@:2}" -p:SelfContained=false \
        -p:ArtifactsPath="$ROOT/artifacts/app-build" -p:RunAnalyzers=false -p:GenerateDocumentationFile=false \
        -p:SatelliteResourceLanguages=en >>"$LOG" 2>&1 </dev/null
}

build() {
    local ahead=true
    if ! msbuild restore -p:PublishReadyToRun=true; then
        ahead=false
        msbuild restore -p:PublishReadyToRun=false || return
    fi
    rm -rf "$APP.partial"
    msbuild publish --no-restore --configuration Release --output "$APP.partial" -p:PublishReadyToRun=$ahead
}

mkdir -p artifacts
started=$(mktemp artifacts/.started.XXXXXX)
trap 'rm -f "$started"; kill $(jobs -p) 2>/dev/null || true' EXIT
echo "edge-perception: building" >&2
: >"$LOG"
report_progress "$LOG" &
if ! build; then
    reason=$(grep -m 1 -w error "$LOG" | sed "s|$ROOT/||g; s| \[[^]]*\]$||") || true
    echo "edge-perception: the build failed: ${reason:-no reason given}; the whole output is in $LOG" >&2
    exit 1
fi
# As old as the build's start: a source saved while it ran is newer.
touch --reference="$started" "$APP.partial/.built"
rm -rf "$APP.old"
[[ ! -d $APP ]] || mv "$APP" "$APP.old"
mv "$APP.partial" "$APP"
rm -rf "$APP.old"
