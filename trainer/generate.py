"""Batched decoding that computes a shared prompt prefix once and drops rows from the batch as they finish."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from transformers import DynamicCache, PreTrainedModel

from trainer.layout import common_prefix

# Below this a stored prefix saves less than its own forward pass costs.
MIN_PREFIX = 8
PREFIXES_KEPT = 4


@dataclass(frozen=True)
class Request:
    """One prompt to continue. Temperature 0 is greedy; `seed` fixes the draw of a sampled answer."""

    prompt: list[int]
    max_tokens: int
    temperature: float = 0.0
    seed: int | None = None


@dataclass(frozen=True)
class Answer:
    """Generated ids without the stop token; `finish` is stop or length."""

    tokens: list[int]
    finish: str


class PrefixCache:
    """Key/value states of prompt prefixes, the most recently used few of each model name."""

    def __init__(self) -> None:
        self._stored: dict[str, OrderedDict[tuple[int, ...], DynamicCache]] = {}
        self.hits = 0

    def get(self, name: str, model: PreTrainedModel, prefix: list[int], enough: float) -> tuple[DynamicCache, int]:
        """States of `prefix`, or of at least the share `enough` of it, for one row: (cache, tokens covered).

        A stored prefix that agrees on enough is cut to what agrees: two batches of the same few-shot prompt often
        share one more token by chance, which is not worth a new forward pass.
        """
        stored = self._stored.setdefault(name, OrderedDict())
        best, agreed = max(
            ((key, common_prefix([list(key), prefix])) for key in stored), key=lambda pair: pair[1], default=((), 0)
        )
        if agreed >= enough * len(prefix):
            self.hits += 1
            stored.move_to_end(best)
            return cropped(stored[best], agreed), agreed
        cache = cropped(stored[best], agreed) if agreed >= MIN_PREFIX else DynamicCache()
        done = cache.get_seq_length()
        model(
            torch.tensor([prefix[done:]], device=model.device), past_key_values=cache, use_cache=True, logits_to_keep=1
        )
        stored[tuple(prefix)] = cache
        if len(stored) > PREFIXES_KEPT:
            stored.popitem(last=False)
        return copy.deepcopy(cache), len(prefix)


def cropped(cache: DynamicCache, length: int) -> DynamicCache:
    """A copy of the first `length` positions."""
    part = copy.deepcopy(cache)
    if surplus := part.get_seq_length() - length:
        part.crop(-surplus)
    return part


@torch.inference_mode()
def generate(
    model: PreTrainedModel,
    requests: Sequence[Request],
    stops: set[int],
    pad: int,
    prefixes: PrefixCache | None = None,
    name: str = "base",
) -> list[Answer]:
    """Continues every prompt; `model` has the adapter that `name` stands for already switched on.

    Rows are padded on the left of what the common prefix leaves over, so the padding sits between prefix and rest.
    """
    prompts = [request.prompt for request in requests]
    # Every row keeps at least one token of its own: the one whose logits start its answer.
    shared = min(common_prefix(prompts) if len(prompts) > 1 else len(prompts[0]), min(map(len, prompts)) - 1)
    cache = DynamicCache()
    if prefixes is not None and shared >= MIN_PREFIX:
        # The prefix of a lone prompt is all of it, its own question too, so less of it can be found again.
        enough = 0.9 if len(prompts) > 1 else 0.3
        cache, shared = prefixes.get(name, model, prompts[0][:shared], enough)
        cache.batch_repeat_interleave(len(prompts))
    else:
        shared = 0

    width = max(map(len, prompts)) - shared
    rest = [[pad] * (width - len(prompt) + shared) + prompt[shared:] for prompt in prompts]
    mask = torch.ones(len(prompts), shared + width, dtype=torch.long)
    for index, prompt in enumerate(prompts):
        mask[index, shared : shared + width - (len(prompt) - shared)] = 0
    ids = torch.tensor(rest, device=model.device)
    mask = mask.to(model.device)
    generators = [row_generator(request, model.device) for request in requests]
    written: list[list[int]] = [[] for _ in requests]
    finish = ["length"] * len(requests)
    alive = list(range(len(requests)))

    while True:
        places = (mask.cumsum(-1) - 1).clamp(min=0)[:, -ids.shape[1] :]
        logits = model(
            ids, attention_mask=mask, position_ids=places, past_key_values=cache, use_cache=True, logits_to_keep=1
        ).logits[:, -1]
        chosen = [pick(logits[line], requests[row].temperature, generators[row]) for line, row in enumerate(alive)]
        kept: list[int] = []
        for line, (row, token) in enumerate(zip(alive, chosen, strict=True)):
            if token in stops:
                finish[row] = "stop"
                continue
            written[row].append(token)
            if len(written[row]) < requests[row].max_tokens:
                kept.append(line)
        if not kept:
            return [Answer(tokens, why) for tokens, why in zip(written, finish, strict=True)]
        ids = torch.tensor([[chosen[line]] for line in kept], device=model.device)
        if len(kept) < len(alive):
            index = torch.tensor(kept, device=model.device)
            cache.batch_select_indices(index)
            mask = mask[index]
            alive = [alive[line] for line in kept]
        mask = torch.cat([mask, mask.new_ones(len(kept), 1)], dim=1)


def row_generator(request: Request, device: torch.device) -> torch.Generator | None:
    """A generator of the row's own, so its draw does not depend on what else is in the batch."""
    if request.temperature == 0:
        return None
    source = torch.Generator(device=device)
    if request.seed is None:
        source.seed()
    else:
        source.manual_seed(request.seed)
    return source


def pick(logits: torch.Tensor, temperature: float, source: torch.Generator | None) -> int:
    """The likeliest token, or one drawn at `temperature`."""
    if source is None:
        return int(logits.argmax())
    return int(torch.multinomial(torch.softmax(logits.float() / temperature, -1), 1, generator=source))
