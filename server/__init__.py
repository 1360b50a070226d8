"""The daemon: engine, storage, REST API and command line."""

__version__ = "0.1.0"
