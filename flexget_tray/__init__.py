"""The desktop launcher: a tray icon that starts, stops and shows the daemon.

It knows the daemon only as a process (the ``flexget`` command) and as an HTTP API, never as Python code::

    python -m flexget_tray --config ~/flexget/config.yml
"""
