"""``version_checker``: telling of newer releases."""
