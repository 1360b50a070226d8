"""``entry_operations``"""

from __future__ import annotations

from server.engine.plugin import NOWHERE, Plugin


class EntryOperations(Plugin):
    """Stands for what every entry keeps of its own history: who accepted, rejected or changed it, and why.

    That is a part of the engine (see `execute --dump trace`) and cannot be switched off; the name is known so that
    configs that name it stay valid.

    Example::

        entry_operations: yes
    """

    schema = {"type": "boolean", "title": "History", "description": "It is always kept.", "examples": [True]}
    category = "operation"
    acts_in = NOWHERE
    builtin = True
