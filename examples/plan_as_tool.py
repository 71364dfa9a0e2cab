"""A plan as a tool call: a language model asks for plans in a world model through OpenAI's function calling.

Run it with a key in OPENAI_API_KEY (OPENAI_BASE_URL names any compatible server):

    python examples/plan_as_tool.py gpt-4o-mini
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import openai

import wc_engine
from wc_engine.envs.sokoban import parse_levels
from wc_engine.errors import WCEngineError

MODEL = Path(__file__).with_name("sokoban_model.py")
ACTIONS = ("move up", "move down", "move left", "move right")
MAX_TURNS = 8

TOOLS: Any = [
    {
        "type": "function",
        "function": {
            "name": "plan",
            "description": "Find a plan for a Sokoban level. Returns its status and the list of moves.",
            "parameters": {
                "type": "object",
                "properties": {"level": {"type": "string", "description": "# wall, @ player, $ box, . target"}},
                "required": ["level"],
                "additionalProperties": False,
            },
        },
    }
]


def call_tool(planner: wc_engine.Planner, name: str, arguments: str) -> str:
    """Answer a call. What goes wrong is an answer, too: the language model may try again."""
    try:
        if name != "plan":
            raise ValueError(f"there is no tool {name!r}")
        level = parse_levels(json.loads(arguments)["level"]).levels[0]
        found = planner.plan(level.state, time_limit=10.0)
    except (WCEngineError, ValueError, KeyError, TypeError, IndexError) as error:
        return json.dumps({"error": f"{type(error).__name__}: {error}"})
    return json.dumps({"status": str(found.status), "plan": found.plan})


def converse(client: openai.OpenAI, model: str, question: str) -> str:
    """Ask, answer tool calls until there are none, and return the last words."""
    messages: list[Any] = [{"role": "user", "content": question}]
    with wc_engine.Planner(MODEL, actions=ACTIONS) as planner:
        for _ in range(MAX_TURNS):
            answer = client.chat.completions.create(model=model, messages=messages, tools=TOOLS)
            message = answer.choices[0].message
            if not message.tool_calls:
                return message.content or ""
            messages.append(message)
            for call in message.tool_calls:
                result = call_tool(planner, call.function.name, call.function.arguments)
                messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return "no answer within the turns that there are"


if __name__ == "__main__":
    print(converse(openai.OpenAI(), sys.argv[1], "How do I solve this level of Sokoban?\n#######\n#@ $ .#\n#######"))
