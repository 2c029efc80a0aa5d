"""Continuing a text: against transformers, past the context, and beside a training."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import UnsupportedError
from sslstudio.generation import continuation
from sslstudio.generation.continuation import GeneratedToken, continue_text
from sslstudio.generation.sampling import SamplingOptions
from sslstudio.models.llama_names import to_llama_state
from sslstudio.models.transformer import Transformer

Build = Callable[..., Transformer]
GREEDY = SamplingOptions(temperature=0.0, max_tokens=20)


def ids_of(tokens: list[GeneratedToken]) -> list[int]:
    return [token.id for token in tokens]


def forbid_end(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never choose ``<eos>``, so that a text has the length that a test expects."""
    special = torch.tensor(sorted(tokenizer.special_ids))
    monkeypatch.setattr(continuation, "_forbidden", lambda *_: special)


def test_greedy_text_equals_that_of_transformers(
    build: Build, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    transformers = pytest.importorskip("transformers")
    model = build(context=64)
    config = model.config
    theirs = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=config.vocab_size,
            hidden_size=config.width,
            intermediate_size=config.ffn_width,
            num_hidden_layers=config.layers,
            num_attention_heads=config.heads,
            num_key_value_heads=config.kv_heads,
            max_position_embeddings=config.context,
            rms_norm_eps=config.norm_eps,
            tie_word_embeddings=True,
        )
    ).eval()
    theirs.load_state_dict(to_llama_state(model), strict=False)
    prompt = "the cat"
    ids_BT = torch.tensor([[tokenizer.bos, *tokenizer.encode(prompt)]])
    continued = theirs.generate(
        ids_BT,
        attention_mask=torch.ones_like(ids_BT),
        do_sample=False,
        max_new_tokens=20,
        eos_token_id=tokenizer.eos,
        pad_token_id=tokenizer.pad,
        suppress_tokens=sorted(tokenizer.special_ids - {tokenizer.eos}),
    )[0, ids_BT.shape[1] :].tolist()
    expected = (
        continued[: continued.index(tokenizer.eos)] if tokenizer.eos in continued else continued
    )
    assert len(expected) > 3
    assert ids_of(list(continue_text(model, tokenizer, prompt, GREEDY))) == expected


def test_probabilities_are_the_models_own(build: Build, tokenizer: Tokenizer) -> None:
    model = build(context=64)
    options = SamplingOptions(temperature=2.0, top_k=5, max_tokens=12, alternatives=10, seed=4)
    tokens = list(continue_text(model, tokenizer, "the", options))
    prompt = [tokenizer.bos, *tokenizer.encode("the")]
    with torch.no_grad():
        whole_BT = torch.tensor([prompt + ids_of(tokens)])
        logprobs_TV = model.eval().logits(model(whole_BT))[0].log_softmax(-1)
    assert tokens
    for position, token in enumerate(tokens, start=len(prompt) - 1):
        assert token.logprob == pytest.approx(float(logprobs_TV[position, token.id]), abs=1e-4)
        best = logprobs_TV[position].exp().topk(10).values.tolist()
        assert [p for _, p in token.alternatives] == pytest.approx(best, abs=1e-4)


def test_past_the_context_the_model_sees_the_last_half_and_what_follows(
    build: Build, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = build(context=8)
    forbid_end(tokenizer, monkeypatch)
    forbidden = torch.tensor(sorted(tokenizer.special_ids))
    window = [tokenizer.bos, *tokenizer.encode("cat")]
    expected = []
    for _ in range(30):
        if len(window) > 8:
            window = window[-4:]
        with torch.no_grad():
            logits_V = model.logits(model(torch.tensor([window])))[0, -1]
        window.append(int(logits_V.index_fill(0, forbidden, -torch.inf).argmax()))
        expected.append(window[-1])
    options = SamplingOptions(temperature=0.0, max_tokens=30)
    assert ids_of(list(continue_text(model, tokenizer, "cat", options))) == expected


def test_a_prompt_longer_than_the_context_keeps_its_end(build: Build, tokenizer: Tokenizer) -> None:
    model = build(context=8)
    ends = "the cat"  # 7 tokens: the context but one
    options = SamplingOptions(temperature=0.0, max_tokens=1)
    long = [list(continue_text(model, tokenizer, start + ends, options)) for start in ("", "dog ")]
    with torch.no_grad():
        logits_V = model.logits(model(torch.tensor([tokenizer.encode(ends)])))[0, -1]
    logits_V[sorted(tokenizer.special_ids - {tokenizer.eos})] = -torch.inf
    best = int(logits_V.argmax())
    assert ids_of(long[1]) == ([] if best == tokenizer.eos else [best])


def test_an_empty_prompt_starts_from_the_beginning_of_a_document(
    build: Build, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = build()
    forbid_end(tokenizer, monkeypatch)
    token = next(continue_text(model, tokenizer, "", GREEDY))
    with torch.no_grad():
        logprobs_V = model.logits(model(torch.tensor([[tokenizer.bos]])))[0, -1].log_softmax(-1)
    assert token.logprob == pytest.approx(float(logprobs_V[token.id]), abs=1e-5)


def test_it_ends_with_the_document_and_writes_no_special_token(
    build: Build, tokenizer: Tokenizer
) -> None:
    model = build(context=64)
    wild = [SamplingOptions(temperature=10.0, max_tokens=100, seed=seed) for seed in range(8)]
    texts = [list(continue_text(model, tokenizer, "the", options)) for options in wild]
    assert any(len(text) < 100 for text in texts), "<eos> is drawn now and then"
    written = {token for text in texts for token in ids_of(text)}
    assert not written & tokenizer.special_ids
    assert len(written) > 10


def test_the_streamed_text_is_the_decoded_text(build: Build, tokenizer: Tokenizer) -> None:
    options = SamplingOptions(temperature=3.0, max_tokens=60, seed=2)
    tokens = list(continue_text(build(), tokenizer, "the dog", options))
    streamed = "".join(token.text for token in tokens)
    assert len(streamed) > 20
    # a character whose last bytes never came is not shown
    assert tokenizer.decode(ids_of(tokens)).removesuffix("\ufffd") == streamed.removesuffix(
        "\ufffd"
    )


def test_the_same_seed_gives_the_same_text_and_another_seed_another(
    build: Build, tokenizer: Tokenizer
) -> None:
    model = build()
    options = [SamplingOptions(temperature=1.5, max_tokens=20, seed=seed) for seed in (7, 7, 8)]
    first, again, other = (list(continue_text(model, tokenizer, "", o)) for o in options)
    assert first == again != other


def test_a_training_beside_it_notices_nothing(build: Build, tokenizer: Tokenizer) -> None:
    model = build(dropout=0.5).train()
    ids_BT = torch.tensor([tokenizer.encode("the cat sat on")])
    torch.autograd.backward(model.logits(model(ids_BT)).sum())
    gradients = [p.grad.clone() for p in model.parameters() if p.grad is not None]
    state = torch.get_rng_state()
    tokens = continue_text(model, tokenizer, "the", SamplingOptions(max_tokens=5))
    for _ in tokens:
        assert model.training
        assert all(module.training for module in model.modules())
        assert torch.is_grad_enabled()
        assert not torch.is_inference_mode_enabled()
    assert torch.get_rng_state().equal(state)
    assert all(
        gradient.equal(p.grad)
        for gradient, p in zip(gradients, model.parameters(), strict=True)
        if p.grad is not None
    )
    torch.autograd.backward(model.logits(model(ids_BT)).sum())  # tables are still ordinary tensors


def test_it_stops_when_asked(
    build: Build, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = build()
    forbid_end(tokenizer, monkeypatch)
    written: list[GeneratedToken] = []
    for token in continue_text(
        model, tokenizer, "the", GREEDY, cancelled=lambda: len(written) >= 3
    ):
        written.append(token)
    assert len(written) == 3


def test_an_encoder_is_refused_at_once(build: Build, tokenizer: Tokenizer) -> None:
    with pytest.raises(UnsupportedError, match="fill"):
        continue_text(build("encoder"), tokenizer, "the", GREEDY)
