"""What bench/contract adds to schemathesis: a check that a body which keeps to its schema is refused for a listed reason
only, and values that the tests' tiny models know, so that such bodies are also answered."""
import re

import schemathesis
from schemathesis.core.failures import Failure

# What depends on the model, its tokenizer or several fields together, so that no schema can say it.
REASONS = [
    r"is not in the vocabulary",
    r"`dimensions` should be at most \d+, the model's embedding dimension",
    r"`prompt_name` is `.*`, but the model",
    r"no mask token \(.*\) was found in `inputs`",
    r"mask tokens \(.*\)( in all)?\. Given: ",
    r"`top_k` must be at most \d+, the size of the vocabulary",
    r"`top_k` of \d+ for \d+ masks gives",
    r"at least one target must be given in `targets`",
    r"`inputs` cannot be empty: the text has no tokens",
    r"`inputs` contains a text without any token",
    r"`(inputs|ids)` must (have|stand for) (less than|at most) \d+ (tokens|characters|token ids)",
    r"`truncate` must be strictly positive and less than \d+",
    r"`inputs` tokens \+ `max_new_tokens` must be <= \d+",
    r"you must use sampling when `best_of` is > 1",
    r"`seed` must not be set when `best_of` > 1",
    r"`best_of` != 1 is not supported when streaming tokens",
    r"`decoder_input_details` == true is not supported when streaming tokens",
    r"the (JSON schema|regular expression|constraint)",
    r"`grammar` is not valid: ",
    r"`(messages|tools)(\[\d+\]|` (cannot be empty|must have at most))",
    r"the model has no chat template",
    r"the answer would take \d+ bytes of memory",
    r"`(stride|doc_stride|max_seq_len)` must be ",
    r"a window of \d+ tokens \(`max_seq_len`\) has",
    r"must have at most \d+ windows in all",
    r"`hypothesis_template` (has|must have)",
    r"`candidate_labels` (cannot be empty|are \d+ pairs)",
    r"the (two texts|first text|second text) must have",
    r"`state` with a question must have at most \d+ (tokens|characters)",
    r"the model can tell at most \d+ options apart",
    r"`questions\.[^`]*` must be an object",  # the generator tries names, which have a schema, as what they name
    r"`questions\.[^`]*` needs instructions or criteria",
    r"an option must have (a name|1 to \d+ tokens)",
    r"(each text|`inputs.(question|context)`) must have at most \d+ characters",
]
LISTED = re.compile("|".join(REASONS), re.DOTALL)

VOCABULARY = 256
WIDTH = 48
MASK = " [MASK]"


def keeps_to_its_schema(case):
    return case.meta is not None and not case.meta.generation.mode.is_negative


def has_whole_float(value):
    """Whether 1.0 stands somewhere: an integer to JSON Schema, none to serde, nor here."""
    if isinstance(value, dict):
        return any(has_whole_float(one) for one in value.values())
    if isinstance(value, list):
        return any(has_whole_float(one) for one in value)
    return isinstance(value, float) and value.is_integer()


@schemathesis.check
def refused_for_listed_reasons_only(ctx, response, case):
    if not keeps_to_its_schema(case) or response.status_code != 422 or has_whole_float(case.body):
        return
    if not LISTED.search(response.text):
        raise Failure(
            operation=case.operation.label,
            title="Schema-valid request refused for a reason that is not listed",
            message=response.text,
        )


def ids_of_the_vocabulary(value):
    if isinstance(value, list):
        return [ids_of_the_vocabulary(one) for one in value]
    return value % VOCABULARY if type(value) is int else value


def with_masks(value):
    return [with_masks(one) for one in value] if isinstance(value, list) else value + MASK


def as_openai_takes_it(body):
    """What fields of OpenAI's say together: lengths that the tiny model has room for, and no field without its other."""
    lengths = [name for name in ("max_tokens", "max_completion_tokens", "max_output_tokens") if type(body.get(name)) is int]
    for name in lengths:
        body[name] = 1 + body[lengths[0]] % 4
    if not body.get("stream"):
        body.pop("stream_options", None)
    if not body.get("logprobs"):
        body.pop("top_logprobs", None)
    if not body.get("tools"):
        body.pop("tool_choice", None)
    if body.get("continue_final_message"):
        body.pop("add_generation_prompt", None)
    for message in body.get("messages") or []:
        if isinstance(message, dict) and message.get("content") is None:
            message["content"] = "a"


@schemathesis.hook
def before_call(context, case, kwargs):
    body = case.body
    if not keeps_to_its_schema(case) or not isinstance(body, dict):
        return
    for name in ("model", "decoder", "encoder"):
        body.pop(name, None)
    for name in ("inputs", "input", "ids"):
        if isinstance(body.get(name), list):
            body[name] = ids_of_the_vocabulary(body[name])
    if case.path == "/fill-mask" and "inputs" in body:
        body["inputs"] = with_masks(body["inputs"])
    if case.path.startswith("/v1/"):
        as_openai_takes_it(body)
    if type(body.get("dimensions")) is int:
        body["dimensions"] = body["dimensions"] % WIDTH + 1
    for holder in (body, body.get("parameters")):
        if isinstance(holder, dict) and holder.get("prompt_name"):
            holder["prompt_name"] = None
