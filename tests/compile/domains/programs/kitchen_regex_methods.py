"""The kitchen with actions parsed by regular expressions and methods found by name."""

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
class Agent(Entity): pass
class Receptacle(Entity): pass
class Object(Entity): pass
def get_entity(entities, name):
    return next((entity for entity in entities if entity.name == name), None)
def get_entities_by_location(entities, loc):
    return [entity for entity in entities if getattr(entity, 'loc', None) == loc]
import re
import copy

PATTERNS = [
    (re.compile(r'^go to (?P<r>.+)$'), 'go'),
    (re.compile(r'^(?P<verb>open|close) (?P<r>.+)$'), 'door'),
    (re.compile(r'^take (?P<o>.+) from (?P<r>.+)$'), 'take'),
    (re.compile(r'^(?:move|put) (?P<o>.+?) (?:to|in/on) (?P<r>.+)$'), 'put'),
    (re.compile(r'^(?P<verb>heat|cool|clean) (?P<o>.+) with (?P<r>.+)$'), 'treat'),
    (re.compile(r'^use (?P<o>.+)$'), 'use'),
]

def parse(action):
    for pattern, kind in PATTERNS:
        m = pattern.match(action)
        if m:
            return kind, m.groupdict()
    return None, {}

class Kitchen:
    """A view on the state by name."""
    def __init__(self, entities):
        self.entities = entities
        self.index = {e.name: e for e in entities}
        self.agent = self.index['agent']

    def get(self, name):
        return self.index[name]

    def near(self, receptacle):
        return receptacle.loc == self.agent.loc

    def accessible(self, receptacle):
        return receptacle.isopen or not receptacle.openable

    def do_go(self, r):
        self.agent.loc = self.get(r).loc

    def do_door(self, verb, r):
        receptacle = self.get(r)
        if self.near(receptacle) and receptacle.openable:
            receptacle.isopen = verb == 'open'

    def do_take(self, o, r):
        thing, receptacle = self.get(o), self.get(r)
        if self.agent.holding is None and thing.in_on == r and self.near(receptacle) and self.accessible(receptacle) and thing.pickupable:
            thing.in_on, self.agent.holding = None, o

    def do_put(self, o, r):
        thing, receptacle = self.get(o), self.get(r)
        if self.agent.holding == o and self.near(receptacle) and self.accessible(receptacle):
            thing.in_on, self.agent.holding = r, None

    def do_treat(self, verb, o, r):
        thing, receptacle = self.get(o), self.get(r)
        if self.agent.holding != o or not self.near(receptacle):
            return
        appliance, flag, effect = {
            'heat': ('microwave', 'heatable', ('temperature', 'hot')),
            'cool': ('fridge', 'coolable', ('temperature', 'cold')),
            'clean': ('sinkbasin', 'cleanable', ('isclean', True)),
        }[verb]
        if receptacle.kind == appliance and getattr(thing, flag):
            setattr(thing, *effect)

    def do_use(self, o):
        thing = self.get(o)
        if thing.toggleable and thing.in_on and self.near(self.get(thing.in_on)):
            thing.istoggled = True

def transition(state, action):
    new_state = copy.deepcopy(state)
    kitchen = Kitchen(new_state)
    kind, arguments = parse(action)
    if kind is not None:
        try:
            getattr(kitchen, f'do_{kind}')(**arguments)
        except KeyError:
            pass  # no such thing
    return new_state

def reward_func(state, action, next_state):
    done = any(
        o.kind == 'apple' and o.temperature == 'hot' and re.fullmatch(r'fridge \d+', o.in_on or '')
        for o in next_state if type(o) is Object
    )
    return (1 if done else 0), done
