"""The kitchen as a dict of closures and partial functions; generators, nonlocal."""

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
from functools import partial
from itertools import chain, takewhile, islice

def make_world(state):
    agent = None
    places, things = {}, {}
    for entity in state:
        if hasattr(entity, 'holding'):
            agent = entity
        elif hasattr(entity, 'openable'):
            places[entity.name] = entity
        else:
            things[entity.name] = entity

    def here():
        yield from (p for p in places.values() if p.loc == agent.loc)

    def reachable():
        for place in here():
            if place.openable and not place.isopen:
                continue
            yield from (t for t in things.values() if t.in_on == place.name)

    def go(destination):
        nonlocal agent
        if destination in places:
            agent.loc = places[destination].loc
            return True
        return False

    def toggle_door(value, name):
        for place in here():
            if place.name == name and place.openable:
                changed = place.isopen != value
                place.isopen = value
                return changed
        return False

    def take(name, source):
        if agent.holding:
            return False
        for thing in reachable():
            if thing.name == name and thing.in_on == source and thing.pickupable:
                agent.holding = name
                thing.in_on = None
                return True
        return False

    def drop(name, target):
        if agent.holding != name:
            return False
        spots = [p.name for p in here() if p.isopen or not p.openable]
        if target in spots:
            things[name].in_on = target
            agent.holding = None
            return True
        return False

    def apply(attribute, value, ability, kind, name, target):
        ok = (
            agent.holding == name
            and any(p.name == target and p.kind == kind for p in here())
            and getattr(things[name], ability, False)
        )
        if ok:
            setattr(things[name], attribute, value)
        return ok

    def use(name):
        lamp = things.get(name)
        if lamp is not None and lamp.toggleable and any(p.name == lamp.in_on for p in here()):
            lamp.istoggled = True

    return {
        'go to': go,
        'open': partial(toggle_door, True),
        'close': partial(toggle_door, False),
        'take': take,
        'move': drop,
        'heat': partial(apply, 'temperature', 'hot', 'heatable', 'microwave'),
        'cool': partial(apply, 'temperature', 'cold', 'coolable', 'fridge'),
        'clean': partial(apply, 'isclean', True, 'cleanable', 'sinkbasin'),
        'use': use,
    }

def tokens(action, verbs):
    verb = next((v for v in sorted(verbs, key=len, reverse=True) if action.startswith(v + ' ')), None)
    if verb is None:
        return None, []
    rest = action[len(verb):].strip()
    for separator in (' from ', ' to ', ' with '):
        if separator in rest:
            return verb, [part.strip() for part in rest.split(separator, 1)]
    return verb, [rest]

def transition(state, action):
    handlers = make_world(state)
    verb, arguments = tokens(action, handlers.keys())
    if verb:
        handlers[verb](*arguments)
    return state

def reward_func(state, action, next_state):
    fridges = {p.name for p in next_state if isinstance(p, Receptacle) and p.kind == 'fridge'}
    hot_apples = (o for o in next_state if isinstance(o, Object) and o.kind == 'apple' and o.temperature == 'hot')
    inside = next((o for o in hot_apples if o.in_on in fridges), None)
    return float(inside is not None), inside is not None
