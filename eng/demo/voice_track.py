#!/usr/bin/python3
"""Speaks the lines of a voice script by espeak-ng into one WAV file: mono, 16 bits, silence in between.

    voice_track.py voice.txt SECONDS track.wav
"""

import io
import subprocess
import sys
import wave

RATE = 22050  # espeak-ng's own
SAMPLE_BYTES = 2


def read_script(path):
    """Pairs of start in seconds and words."""
    with open(path) as file:
        lines = [line.split(None, 1) for line in file if line.strip() and not line.startswith("#")]
    return [(float(start), words.strip()) for start, words in lines]


def speak(words):
    """The words as 16-bit samples."""
    command = ["espeak-ng", "-v", "en-us", "-s", "140", "--stdout", words]
    spoken = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    with wave.open(io.BytesIO(spoken)) as file:
        if (file.getframerate(), file.getsampwidth(), file.getnchannels()) != (RATE, SAMPLE_BYTES, 1):
            sys.exit("voice_track.py: espeak-ng gives another format than 22,050 Hz, 16 bits, mono")
        return file.readframes(len(spoken))


def main(script, seconds, path):
    track = bytearray(round(float(seconds) * RATE) * SAMPLE_BYTES)
    for start, words in read_script(script):
        samples, offset = speak(words), round(start * RATE) * SAMPLE_BYTES
        if offset + len(samples) > len(track):
            sys.exit(f"voice_track.py: '{words}' at {start} s ends after the clip")
        track[offset:offset + len(samples)] = samples
    with wave.open(path, "wb") as file:
        file.setframerate(RATE)
        file.setsampwidth(SAMPLE_BYTES)
        file.setnchannels(1)
        file.writeframes(track)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: voice_track.py SCRIPT SECONDS TRACK.wav")
    main(*sys.argv[1:])
