"""Benchmarks: the engine beside two rule engines that decide the same rules, in the same run."""
