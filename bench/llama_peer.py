"""llama.cpp in process, driven by JSON lines.

llama_peer.py serve FILE.gguf            reads one request per line, answers one line
llama_peer.py quantise FROM TO q8_0|q4_0 writes another quantisation of a file

Requests: {"work":"decode","sequences":8,"prompt":32,"tokens":64} and {"work":"prefill","tokens":512}. Only
llama_decode and the read of the logits are timed: no tokenising, no sampling, no text, no HTTP.
"""

import ctypes
import json
import os
import sys
import time

import llama_cpp

UBATCH = 512
quiet = llama_cpp.llama_log_callback(lambda *_: None)


def quantise(source, target, kind):
    parameters = llama_cpp.llama_model_quantize_default_params()
    parameters.ftype = {"q8_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0, "q4_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_0}[kind]
    parameters.allow_requantize = True
    status = llama_cpp.llama_model_quantize(source.encode(), target.encode(), ctypes.byref(parameters))
    if status != 0:
        sys.exit(f"llama_model_quantize gave {status}")


class Session:
    """A context with its batch, for some sequences of one length."""

    def __init__(self, model, sequences, length):
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = sequences * (length + 32) + 256
        parameters.n_batch = parameters.n_ubatch = UBATCH
        parameters.n_seq_max = sequences
        parameters.n_threads = parameters.n_threads_batch = os.cpu_count()
        if hasattr(parameters, "kv_unified"):
            parameters.kv_unified = True
        self.context = llama_cpp.llama_init_from_model(model, parameters)
        self.batch = llama_cpp.llama_batch_init(UBATCH, 0, 1)

    def close(self):
        llama_cpp.llama_batch_free(self.batch)
        llama_cpp.llama_free(self.context)

    def add(self, token, position, sequence, wants_logits):
        batch, i = self.batch, self.batch.n_tokens
        batch.token[i], batch.pos[i], batch.logits[i] = token, position, wants_logits
        batch.n_seq_id[i], batch.seq_id[i][0] = 1, sequence
        batch.n_tokens = i + 1
        if batch.n_tokens == UBATCH:
            self.compute()

    def compute(self):
        if self.batch.n_tokens:
            if llama_cpp.llama_decode(self.context, self.batch) != 0:
                sys.exit("llama_decode failed")
            llama_cpp.llama_get_logits(self.context)  # waits for the result
        self.batch.n_tokens = 0


def decode(model, sequences, prompt, tokens):
    session = Session(model, sequences, prompt + tokens)
    start = time.perf_counter()
    for sequence in range(sequences):
        for position in range(prompt):
            session.add(1000 + 31 * sequence + position, position, sequence, position == prompt - 1)
    session.compute()
    prefilled = time.perf_counter()
    for step in range(tokens - 1):
        for sequence in range(sequences):
            session.add(2000 + 17 * step + sequence, prompt + step, sequence, True)
        session.compute()
    end = time.perf_counter()
    session.close()
    return {
        "decode_rate": sequences * (tokens - 1) / (end - prefilled),
        "token_rate": sequences * tokens / (end - start),
    }


def prefill(model, tokens):
    session = Session(model, 1, tokens)
    start = time.perf_counter()
    for position in range(tokens):
        session.add(1000 + position, position, 0, position == tokens - 1)
    session.compute()
    seconds = time.perf_counter() - start
    session.close()
    return {"first_token": seconds * 1e3, "token_rate": tokens / seconds}


def serve(path):
    parameters = llama_cpp.llama_model_default_params()
    model = llama_cpp.llama_model_load_from_file(path.encode(), parameters)
    if not model:
        sys.exit(f"llama.cpp cannot load {path}")
    print(json.dumps({"version": llama_cpp.__version__, "system": llama_cpp.llama_print_system_info().decode()}), flush=True)
    work = {"decode": decode, "prefill": prefill}
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(work[request.pop("work")](model, **request)), flush=True)


llama_cpp.llama_log_set(quiet, ctypes.c_void_p(0))
llama_cpp.llama_backend_init()
{"serve": serve, "quantise": quantise}[sys.argv[1]](*sys.argv[2:])
