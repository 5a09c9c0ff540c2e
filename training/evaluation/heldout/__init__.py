"""Held-out cases for the grounding of commands: scenes, programs, sentences and what must be answered."""
