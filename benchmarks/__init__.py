"""Measurements of speed, memory and truth; none is a timed test."""
