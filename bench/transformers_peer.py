"""Hugging Face transformers on PyTorch in process, driven by JSON lines.

transformers_peer.py STORE float32|bfloat16   reads one request per line, answers one line

STORE is the folder of the service's models. Requests:
  {"work":"decode","sequences":8,"prompt":32,"tokens":64}  a static batch, step by step
  {"work":"prefill","tokens":512}
  {"work":"embed","requests":[["a text", ...], ...]}       one after another
  {"work":"fill_mask","requests":["a [MASK] text", ...]}   one after another

Decoding and prefill time the model alone: no tokenising, no sampling, no text. Embedding and fill-mask begin and end
with text, as the service does. Nothing of this goes over HTTP.
"""

import json
import os
import pathlib
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
import transformers
from transformers import AutoModel, AutoModelForCausalLM, AutoModelForMaskedLM, AutoTokenizer

DECODER = "smollm2-135m-instruct"
EMBEDDER = "all-minilm-l6-v2"
MASK_FILLER = "bert-base-uncased"
MAX_TEXT = 256  # tokens of a text to embed, as MiniLM's own files say
WORDS = 5  # for each mask


class Decoder:
    def __init__(self, load):
        self.model = load(AutoModelForCausalLM, DECODER)

    def step(self, ids, cache):
        """The logits of the last position, [sequences, vocabulary], and the cache that has the ids too."""
        out = self.model(input_ids=ids, cache=cache, use_cache=True, logits_to_keep=1)
        return out.logits[:, -1], out.cache

    def decode(self, sequences, prompt, tokens):
        ids = 1000 + 31 * torch.arange(sequences)[:, None] + torch.arange(prompt)[None, :]
        start = time.perf_counter()
        logits, cache = self.step(ids, None)
        prefilled = time.perf_counter()
        for _ in range(tokens - 1):
            logits, cache = self.step(logits.argmax(-1, keepdim=True), cache)
        end = time.perf_counter()
        return {
            "decode_rate": sequences * (tokens - 1) / (end - prefilled),
            "token_rate": sequences * tokens / (end - start),
        }

    def prefill(self, tokens):
        start = time.perf_counter()
        self.step(1000 + torch.arange(tokens)[None, :], None)
        seconds = time.perf_counter() - start
        return {"first_token": seconds * 1e3, "token_rate": tokens / seconds}


class Embedder:
    def __init__(self, load, tokenizer):
        self.model = load(AutoModel, EMBEDDER)
        self.tokenizer = tokenizer(EMBEDDER)

    def embed(self, requests):
        return timed(requests, self.vectors)

    def vectors(self, texts):
        """Computes unit vectors, [texts, hidden], and gives the number of tokens, padding not counted."""
        batch = self.tokenizer(texts, padding=True, truncation=True, max_length=MAX_TEXT, return_tensors="pt")
        states = self.model(**batch).last_hidden_state.float()
        mask = batch["attention_mask"]
        means = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        torch.nn.functional.normalize(means, dim=1).tolist()
        return int(mask.sum())


class MaskFiller:
    def __init__(self, load, tokenizer):
        self.model = load(AutoModelForMaskedLM, MASK_FILLER)
        self.tokenizer = tokenizer(MASK_FILLER)

    def fill_mask(self, requests):
        return timed(requests, self.words)

    def words(self, text):
        batch = self.tokenizer(text, return_tensors="pt")
        logits = self.model(**batch).logits[batch["input_ids"] == self.tokenizer.mask_token_id]
        best = logits.float().softmax(-1).topk(WORDS)
        for ids, scores in zip(best.indices.tolist(), best.values.tolist(), strict=True):
            list(zip(self.tokenizer.convert_ids_to_tokens(ids), scores, strict=True))
        return 0


def timed(requests, answer):
    """What a client that sends one request after another sees; answer gives the tokens of a request."""
    seconds = []
    tokens = 0
    for request in requests:
        start = time.perf_counter()
        tokens += answer(request)
        seconds.append(time.perf_counter() - start)
    ordered, count, total = sorted(seconds), len(seconds), sum(seconds)
    measures = {
        "request_rate": count / total,
        "median_latency": ordered[count // 2] * 1e3,
        "tail_latency": ordered[min(count - 1, count * 99 // 100)] * 1e3,
    }
    if tokens:
        measures["token_rate"] = tokens / total
    return measures


def serve(store, precision):
    folder = pathlib.Path(store).absolute()
    dtype = {"float32": torch.float32, "bfloat16": torch.bfloat16}[precision]

    def load(kind, name):
        model = kind.from_pretrained(folder / name, dtype=dtype, attn_implementation="sdpa", local_files_only=True)
        return model.eval()

    def tokenizer(name):
        return AutoTokenizer.from_pretrained(folder / name, local_files_only=True)

    decoder, embedder, mask_filler = Decoder(load), Embedder(load, tokenizer), MaskFiller(load, tokenizer)
    hello = {"version": transformers.__version__, "torch": torch.__version__, "threads": torch.get_num_threads()}
    print(json.dumps(hello), flush=True)
    work = {
        "decode": decoder.decode,
        "prefill": decoder.prefill,
        "embed": embedder.embed,
        "fill_mask": mask_filler.fill_mask,
    }
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(work[request.pop("work")](**request)), flush=True)


transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
torch.set_num_threads(os.cpu_count())
try:
    with torch.inference_mode():
        serve(*sys.argv[1:])
except Exception as error:
    print(json.dumps({"error": repr(error)}), flush=True)
    raise
