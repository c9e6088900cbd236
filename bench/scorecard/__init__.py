"""The reliability scorecard; every row is a module of its own under `rows`."""
