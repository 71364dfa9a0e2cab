"""The home where actions are parsed by regular expressions with named groups."""

class Entity:
    def __init__(self, name, **kwargs):
        self.name = name
        for key, value in kwargs.items():
            setattr(self, key, value)
    def __repr__(self):
        attr = ', '.join(f'{key}={value}' for key, value in self.__dict__.items() if key != 'name')
        return f"{self.__class__.__name__}({self.name}, {attr})"
    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())
    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items(), key=lambda item: item[0])))
class Robot(Entity): pass
class Furniture(Entity): pass
class Item(Entity): pass
def get_entity(entities, name):
    return next((entity for entity in entities if entity.name == name), None)
def get_entities_by_location(entities, loc):
    return [entity for entity in entities if getattr(entity, 'loc', None) == loc]

import re

PATTERNS = [
    (re.compile(r'^go to (?P<place>\w+)$'), 'go'),
    (re.compile(r'^(?P<verb>open|close) (?P<place>\w+)$'), 'door'),
    (re.compile(r'^take (?P<item>\w+) from (?P<place>\w+)$'), 'take'),
    (re.compile(r'^put (?P<item>\w+) (?:in|on) (?P<place>\w+)$'), 'put'),
    (re.compile(r'^(?P<verb>heat|cool|clean) (?P<item>\w+) with (?P<place>\w+)$'), 'change'),
]
CHANGES = {'heat': ('microwave', 'temperature', 'hot'), 'cool': ('fridge', 'temperature', 'cold'), 'clean': ('sink', 'clean', True)}

def parse(action):
    for pattern, kind in PATTERNS:
        match = pattern.match(action)
        if match:
            return kind, match.groupdict()
    return None, {}

def transition(state, action):
    robot = next(e for e in state if isinstance(e, Robot))
    kind, args = parse(action)
    if kind is None:
        return state
    place = get_entity(state, args['place'])
    item = get_entity(state, args.get('item'))
    if place is None:
        return state
    if kind == 'go':
        robot.loc = place.name
    elif kind == 'door':
        if place.openable and robot.loc == place.name:
            place.is_open = args['verb'] == 'open'
    elif kind == 'take':
        if robot.holding is None and robot.loc == place.name and item.loc == place.name and (place.is_open or not place.openable):
            item.loc = 'robot'
            robot.holding = item.name
    elif kind == 'put':
        if robot.holding == item.name and robot.loc == place.name and (place.is_open or not place.openable):
            item.loc = place.name
            robot.holding = None
    elif kind == 'change':
        needed, attribute, value = CHANGES[args['verb']]
        if robot.holding == item.name and robot.loc == place.name and place.kind == needed:
            setattr(item, attribute, value)
    return state

def reward_func(state, action, next_state):
    for e in next_state:
        if isinstance(e, Item) and re.fullmatch(r'apple_\d+', e.name) and e.loc == 'table_2' and e.clean:
            return 1.0, True
    return 0.0, False
