"""Settings, addresses, jobs and the `kouan` command: the only place that knows every app."""
