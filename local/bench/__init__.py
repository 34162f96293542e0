"""The benchmarks: CPU and memory as ratios within one run, never wall-clock time against a constant."""
