"""How a running Tandem is watched: probes, logs, metrics, traces. See docs/operating/monitoring.md."""
