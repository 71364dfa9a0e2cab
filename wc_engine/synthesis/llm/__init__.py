"""Language models as proposers: the client and its cache, prompts, and the reading of answers."""

from wc_engine.synthesis.llm.cache import CallCache
from wc_engine.synthesis.llm.calls import Answer, CallKey, Prompt
from wc_engine.synthesis.llm.client import LlmClient
from wc_engine.synthesis.llm.config import LlmConfig, ModelName
from wc_engine.synthesis.llm.costs import Limits, Price, PriceTable, Usage
from wc_engine.synthesis.llm.prompts import PromptBook, RequestKind
from wc_engine.synthesis.llm.proposer import LlmProposer, LlmProposerConfig

__all__ = [
    "Answer",
    "CallCache",
    "CallKey",
    "Limits",
    "LlmClient",
    "LlmConfig",
    "LlmProposer",
    "LlmProposerConfig",
    "ModelName",
    "Price",
    "PriceTable",
    "Prompt",
    "PromptBook",
    "RequestKind",
    "Usage",
]
