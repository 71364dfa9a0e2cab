"""The standard library that compiled programs import, in plain Python: text to compile, never imported here.

A program's ``from itertools import product`` brings in ``product`` of itertools.py and, transitively, the top-level
names which that mentions; nothing else of the file is compiled. So a file holds definitions, classes, constants and
imports only, and what it writes at its top level depends on names alone, not on the order of statements around it.
What is written in C is not here: ``math.sqrt``, ``copy.deepcopy``, ``re.match``, ``collections.deque``.

Without metaclasses, a class answers for itself through functions in its body that take the class:

* ``__wc_created__(cls, members)``: a subclass was created; ``members`` is the dict of its body. Found in the bases,
  never called for the class that defines it. It runs before ``__init_subclass__``.
* ``__wc_class_call__(cls, *args, **kwargs)``, ``__wc_class_iter__(cls)``, ``__wc_class_len__(cls)``,
  ``__wc_class_getitem__(cls, key)``, ``__wc_class_contains__(cls, item)``: what ``cls(...)``, ``iter(cls)``,
  ``len(cls)``, ``cls[key]`` and ``item in cls`` do; found along the mro.
* ``__wc_instancecheck__(cls, instance)``, ``__wc_subclasscheck__(cls, subclass)``: asked of the class itself (not of
  its bases) where it is no base of the instance's class, or of the subclass, already.
"""
