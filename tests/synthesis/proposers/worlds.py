"""Small worlds with rules of their own, one for each thing that the learner has to find out."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from wc_engine.models.dataset import Transition
from wc_engine.state.entities import Entity, State

Step = Callable[[State, str], State]


def played(
    step: Step, start: Callable[[random.Random], State], actions: Sequence[str], count: int, seed: int, length: int = 8
) -> list[Transition]:
    """Return random play, with a new start every ``length`` steps."""
    rng = random.Random(seed)
    found: list[Transition] = []
    state = State()
    for index in range(count):
        if index % length == 0:
            state = start(rng)
        action = rng.choice(list(actions))
        following = step(state, action)
        found.append(Transition("w", "find out", state, action, following, 0.0, False))
        state = following
    return found


def replaced(state: State, changes: dict[Entity, Entity | None], *added: Entity) -> State:
    """Return a state with some entities changed, some gone and some added."""
    kept = [changes.get(entity, entity) for entity in state]
    return State([entity for entity in kept if entity is not None] + list(added))


def at(state: State, x: int, y: int) -> list[Entity]:
    return [entity for entity in state if entity.get("x") == x and entity.get("y") == y]


# A robot that looks somewhere, lifts gems and puts them down; lamps of two colours go on for its gem of that colour.

HAND_ACTIONS = ("left", "forward", "lift", "put", "touch")


def hand_start(rng: random.Random) -> State:
    cells = [(x, y) for x in range(1, 4) for y in range(1, 4)]
    rng.shuffle(cells)
    walls = [Entity("Rock", x=x, y=y) for x in range(5) for y in range(5) if x in (0, 4) or y in (0, 4)]
    looks = rng.choice([(1, 0), (0, 1), (-1, 0), (0, -1)])
    robot = Entity(
        "Robot",
        x=cells[0][0],
        y=cells[0][1],
        look=looks,
        load=rng.choice([None, Entity("Gem", hue="red"), Entity("Gem", hue="blue")]),
    )
    gems = [Entity("Gem", x=x, y=y, hue=rng.choice(["red", "blue"])) for x, y in cells[1:3]]
    lamps = [Entity("Lamp", x=x, y=y, hue=rng.choice(["red", "blue"]), lit="no") for x, y in cells[3:5]]
    return State([*walls, robot, *gems, *lamps])


def hand_step(state: State, action: str) -> State:
    (robot,) = state.of_type("Robot")
    dx, dy = robot["look"]
    x, y = robot["x"] + dx, robot["y"] + dy
    ahead = at(state, x, y)
    load = robot["load"]
    if action == "left":
        return replaced(state, {robot: robot.replace(look=(dy, -dx))})
    if action == "forward" and not ahead:
        return replaced(state, {robot: robot.replace(x=x, y=y)})
    if action == "lift" and load is None and ahead and ahead[0].type == "Gem":
        return replaced(state, {robot: robot.replace(load=ahead[0]), ahead[0]: None})
    if action == "put" and load is not None and not ahead:
        return replaced(state, {robot: robot.replace(load=None)}, load.replace(x=x, y=y))
    if action == "touch" and load is not None and ahead and ahead[0].type == "Lamp" and ahead[0]["hue"] == load["hue"]:
        return replaced(state, {ahead[0]: ahead[0].replace(lit="yes")})
    return state


# A walker with health, which thorns take and springs, once drunk, give back; a bell that leaves a coin.

HEALTH_ACTIONS = ("north", "south", "west", "east", "ring")
_WAYS = {"north": (0, -1), "south": (0, 1), "west": (-1, 0), "east": (1, 0)}


def health_start(rng: random.Random) -> State:
    cells = [(x, y) for x in range(1, 5) for y in range(1, 5)]
    rng.shuffle(cells)
    walls = [Entity("Rock", x=x, y=y) for x in range(6) for y in range(6) if x in (0, 5) or y in (0, 5)]
    walker = Entity("Walker", x=cells[0][0], y=cells[0][1], health=rng.randint(1, 9))
    thorns = [Entity("Thorn", x=x, y=y) for x, y in cells[1:6]]
    springs = [Entity("Spring", x=x, y=y) for x, y in cells[6:9]]
    return State([*walls, walker, *thorns, *springs])


def health_step(state: State, action: str) -> State:
    (walker,) = state.of_type("Walker")
    if action == "ring":
        here = (walker["x"], walker["y"])
        has_coin = any(entity.type == "Coin" for entity in at(state, *here))
        return state if has_coin else replaced(state, {}, Entity("Coin", x=here[0], y=here[1], worth=5))
    dx, dy = _WAYS[action]
    x, y = walker["x"] + dx, walker["y"] + dy
    ahead = {entity.type: entity for entity in at(state, x, y)}
    if "Rock" in ahead:
        return state
    moved = walker.replace(x=x, y=y)
    if "Thorn" in ahead:
        return replaced(state, {walker: moved.replace(health=walker["health"] - 2)})
    if "Spring" in ahead:
        return replaced(state, {walker: moved.replace(health=walker["health"] + 3), ahead["Spring"]: None})
    return replaced(state, {walker: moved})


# A walker between two gates: who steps on one stands on the other, unless a crate lies there.

GATE_ACTIONS = tuple(_WAYS)


def gate_start(rng: random.Random) -> State:
    cells = [(x, y) for x in range(1, 5) for y in range(1, 5)]
    rng.shuffle(cells)
    walls = [Entity("Rock", x=x, y=y) for x in range(6) for y in range(6) if x in (0, 5) or y in (0, 5)]
    walker = Entity("Walker", x=cells[0][0], y=cells[0][1])
    gates = [Entity("Gate", x=x, y=y) for x, y in cells[1:3]]
    crates = [Entity("Crate", x=x, y=y) for x, y in cells[3:5]]
    if rng.random() < 0.3:
        crates[0] = crates[0].replace(x=gates[0]["x"], y=gates[0]["y"])
    return State([*walls, walker, *gates, *crates])


def gate_step(state: State, action: str) -> State:
    (walker,) = state.of_type("Walker")
    dx, dy = _WAYS[action]
    x, y = walker["x"] + dx, walker["y"] + dy
    ahead = {entity.type: entity for entity in at(state, x, y)}
    beyond = {entity.type for entity in at(state, x + dx, y + dy)}
    changes: dict[Entity, Entity | None] = {}
    if "Rock" in ahead:
        return state
    if "Crate" in ahead:
        if beyond & {"Rock", "Crate"}:
            return state
        changes[ahead["Crate"]] = ahead["Crate"].replace(x=x + dx, y=y + dy)
    crates = {(c["x"], c["y"]) for c in replaced(state, changes).of_type("Crate")}
    others = [(gate["x"], gate["y"]) for gate in state.of_type("Gate") if (gate["x"], gate["y"]) != (x, y)]
    if "Gate" in ahead and others[0] not in crates:
        x, y = others[0]
    return replaced(state, {**changes, walker: walker.replace(x=x, y=y)})


# A house: things have names, a room each, and doors of cupboards; what is acted on stands in the action.

HOUSE_THINGS = (("Cupboard", "cupboard_1"), ("Cupboard", "cupboard_2"), ("Cup", "cup_1"), ("Cup", "cup_2"))
HOUSE_ROOMS = ("kitchen", "hall")
HOUSE_ACTIONS = (
    *(f"{verb} {name}" for verb in ("open", "fetch") for _, name in HOUSE_THINGS),
    "go kitchen_door",
    "go hall_door",
    "wait",
)


def house_start(rng: random.Random) -> State:
    things = [
        Entity(kind, id=name, room=rng.choice(HOUSE_ROOMS), **({"door": "shut"} if kind == "Cupboard" else {}))
        for kind, name in HOUSE_THINGS
    ]
    doors = [Entity("Door", id=f"{room}_door", leads=room) for room in HOUSE_ROOMS]
    return State([*things, *doors, Entity("Maid", room=rng.choice(HOUSE_ROOMS))])


def house_step(state: State, action: str) -> State:
    (maid,) = state.of_type("Maid")
    verb, _, name = action.partition(" ")
    named = next((entity for entity in state if entity.get("id") == name), None)
    if named is None:
        return state
    if verb == "go" and named["leads"] != maid["room"]:
        return replaced(state, {maid: maid.replace(room=named["leads"])})
    if verb == "open" and named.type == "Cupboard" and named["room"] == maid["room"]:
        return replaced(state, {named: named.replace(door="open")})
    if verb == "fetch" and named.type == "Cup" and named["room"] == maid["room"]:
        return replaced(state, {named: None})
    return state
