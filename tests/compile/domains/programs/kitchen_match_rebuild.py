"""The kitchen with match statements and entities made anew."""

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
from typing import Optional, Iterable

def split_number(name: str) -> tuple[str, int]:
    *words, number = name.split()
    return ' '.join(words), int(number)

def replace_entity(state, old, **changes):
    attributes = {k: v for k, v in vars(old).items()}
    attributes.update(changes)
    new = type(old)(**attributes)
    return {new if e is old else e for e in state}

def find(state: Iterable[Entity], name: str, cls=Entity) -> Optional[Entity]:
    matches = [e for e in state if isinstance(e, cls) and e.name == name]
    return matches[0] if matches else None

def transition(state, action):
    agent = find(state, 'agent', Agent)
    match action.split(' '):
        case ['go', 'to', *words]:
            place = find(state, ' '.join(words), Receptacle)
            if place is None:
                return state
            return replace_entity(state, agent, loc=place.loc)
        case ['open' | 'close' as verb, *words]:
            place = find(state, ' '.join(words), Receptacle)
            if place and place.openable and place.loc == agent.loc and place.isopen is (verb == 'close'):
                return replace_entity(state, place, isopen=not place.isopen)
        case ['take', kind, number, 'from', rkind, rnumber] if agent.holding is None:
            thing = find(state, f'{kind} {number}', Object)
            place = find(state, f'{rkind} {rnumber}', Receptacle)
            if thing and place and thing.in_on == place.name and place.loc == agent.loc and thing.pickupable:
                if place.isopen or not place.openable:
                    state = replace_entity(state, thing, in_on=None)
                    return replace_entity(state, agent, holding=thing.name)
        case ['move' | 'put', kind, number, 'to', rkind, rnumber] if agent.holding == f'{kind} {number}':
            thing = find(state, agent.holding, Object)
            place = find(state, rkind + ' ' + rnumber, Receptacle)
            if place is not None and place.loc == agent.loc and not (place.openable and not place.isopen):
                state = replace_entity(state, thing, in_on=place.name)
                return replace_entity(state, agent, holding=None)
        case [('heat' | 'cool' | 'clean') as verb, kind, number, 'with', rkind, rnumber]:
            thing = find(state, f'{kind} {number}', Object)
            place = find(state, f'{rkind} {rnumber}', Receptacle)
            if thing is None or place is None or agent.holding != thing.name or agent.loc != place.loc:
                return state
            match (verb, place.kind, thing):
                case ('heat', 'microwave', Object(heatable=True)):
                    return replace_entity(state, thing, temperature='hot')
                case ('cool', 'fridge', Object(coolable=True)):
                    return replace_entity(state, thing, temperature='cold')
                case ('clean', 'sinkbasin', Object(cleanable=True)):
                    return replace_entity(state, thing, isclean=True)
        case ['use', *words]:
            lamp = find(state, ' '.join(words), Object)
            if lamp and lamp.toggleable:
                place = find(state, lamp.in_on, Receptacle)
                if place and place.loc == agent.loc:
                    return replace_entity(state, lamp, istoggled=True)
        case _:
            pass
    return state

def reward_func(state, action, next_state):
    for thing in next_state:
        match thing:
            case Object(kind='apple', temperature='hot', in_on=str(place)) if split_number(place)[0] == 'fridge':
                return 1.0, True
    return 0.0, False
