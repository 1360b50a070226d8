"""What must be known of plugins before they are imported. Written by ``dev.py index``; a test keeps it true."""

BUILTINS: tuple[str, ...] = ()

INTERFACES: dict[str, tuple[str, ...]] = {
    "list": ("entry_list", "movie_list", "pending_list", "regexp_list"),
}
