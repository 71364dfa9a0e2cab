# The C contract for Cython code outside the package: `from wc_engine.models.abi cimport wc_model, model_of`. Compile
# with `wc_engine.get_include()` on the include path. What is not listed here is not promised.

from wc_engine.models._core.abi cimport (
    WC_ABI_VERSION, WC_MODEL_CAPSULE, WC_MODEL_NEEDS_GIL, WC_STATUS_FAILED, WC_STATUS_INTERNAL, WC_STATUS_OK, model_of,
    wc_expand, wc_model, wc_reward_fn, wc_scratch_new, wc_step_fn,
)
