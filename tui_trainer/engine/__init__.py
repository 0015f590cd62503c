"""Keras at work: loads data, builds, trains, saves; draws nothing."""
