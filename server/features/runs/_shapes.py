"""What the API tells of runs and entries."""

from __future__ import annotations

from server.engine.entry import STATES
from server.web.shapes import ANY_OBJECT, BOOLEAN, DATE, INTEGER, NUMBER, TEXT, TEXT_OR_NULL, Shape, array, obj

RUN = Shape(
    "run",
    obj(
        {
            "id": INTEGER,
            "task": TEXT,
            "started": DATE,
            "seconds": NUMBER,
            "passes": {"type": "integer", "description": "1, and one more for each rerun"},
            "produced": INTEGER,
            "accepted": INTEGER,
            "rejected": INTEGER,
            "failed": INTEGER,
            "undecided": INTEGER,
            "aborted": BOOLEAN,
            "silent": {"type": "boolean", "description": "aborted, and nothing is wrong: `interval` does so"},
            "reason": {**TEXT_OR_NULL, "description": "why it was aborted"},
            "options": {**ANY_OBJECT, "description": "how it was asked for, where that differs from a plain run"},
        }
    ),
)

_ENTRY = {
    "n": {"type": "integer", "description": "the entry's number in its run, from 1"},
    "title": TEXT,
    "url": TEXT,
    "state": {"type": "string", "enum": list(STATES)},
    "plugin": {**TEXT_OR_NULL, "description": "which plugin decided"},
    "reason": TEXT_OR_NULL,
}

STEP = Shape(
    "trace_step",
    obj(
        {
            "time": {"type": "number", "description": "seconds since the epoch"},
            "phase": TEXT_OR_NULL,
            "plugin": TEXT_OR_NULL,
            "verb": {
                "type": "string",
                "enum": ["created", "set", "delete", "accept", "reject", "fail", "ignored"],
                "description": "`ignored`: a decision that came too late",
            },
            "field": TEXT_OR_NULL,
            "value": {"description": "of the field"},
            "reason": TEXT_OR_NULL,
        }
    ),
)

RUN_ENTRY = Shape("run_entry", obj(_ENTRY))
RUN_ENTRY_WITH_TRACE = Shape("run_entry_with_trace", obj({**_ENTRY, "fields": ANY_OBJECT, "trace": array(STEP)}))
