"""Abstract classes. That one with abstract methods left cannot be instantiated is the runtime's business."""


class ABC:
    __slots__ = ()


def abstractmethod(funcobj):
    funcobj.__isabstractmethod__ = True
    return funcobj
