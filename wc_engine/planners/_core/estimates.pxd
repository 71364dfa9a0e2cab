# Projections and estimators as the searches see them.

from wc_engine.planners._core.abi cimport wc_estimator


cdef class Estimator:
    cdef wc_estimator _estimator
    cdef list _kept
    cdef int _num_words
