"""Tests of the trainer and its servers, on a model small enough to train in seconds."""
