#!/usr/bin/env bash
# Makes .cache/demo/vtest.mkv: the pictures of opencv-doc's vtest.avi as they are, not encoded again (768x576, 10 frames
# a second), and a sound track of the same length in which eng/demo/voice.txt is spoken (mono, 16 kHz).
# Every run gives the same pictures and sound; only Matroska's random ids and date differ.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
SOURCE=/usr/share/doc/opencv-doc/examples/data/vtest.avi
SECONDS_LONG=79.5
FOLDER=$ROOT/.cache/demo

mkdir -p "$FOLDER"
/usr/bin/python3 -B "$ROOT/eng/demo/voice_track.py" "$ROOT/eng/demo/voice.txt" $SECONDS_LONG "$FOLDER/voice.wav"
timeout 60 gst-launch-1.0 --quiet \
    matroskamux name=clip ! filesink location="$FOLDER/vtest.mkv.partial" \
    filesrc location="$SOURCE" ! avidemux ! queue max-size-time=0 ! clip. \
    filesrc location="$FOLDER/voice.wav" ! wavparse ! audioconvert ! audioresample ! \
    audio/x-raw,format=S16LE,channels=1,rate=16000 ! queue max-size-time=0 ! clip. >&2
mv "$FOLDER/vtest.mkv.partial" "$FOLDER/vtest.mkv"
rm "$FOLDER/voice.wav"
