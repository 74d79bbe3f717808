"""OpenAI's client for Python against a service with the default models: python openai_client.py URL"""

import json
import sys

import openai

DECODER, EMBEDDER = "smollm2-135m-instruct", "all-minilm-l6-v2"
client = openai.OpenAI(base_url=sys.argv[1] + "/v1", api_key="none is asked for", max_retries=0, timeout=120)
messages = [{"role": "system", "content": "You are brief."}, {"role": "user", "content": "Say hello to Anna."}]
weather = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "maxLength": 20}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}


def chat(**options):
    return client.chat.completions.create(model=DECODER, messages=messages, temperature=0, **{"max_tokens": 24} | options)


names = {model.id for model in client.models.list()}
assert {DECODER, EMBEDDER} <= names, names

whole = chat(logprobs=True, top_logprobs=2)
text = whole.choices[0].message.content
assert text and whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens, whole
tokens = whole.choices[0].logprobs.content
assert b"".join(bytes(token.bytes) for token in tokens).decode().startswith(text), tokens
assert all(len(token.top_logprobs) == 2 for token in tokens), tokens

chunks = list(chat(stream=True, stream_options={"include_usage": True}))
streamed = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
assert streamed == text, (streamed, text)
assert chunks[0].choices[0].delta.role == "assistant" and chunks[-1].usage.completion_tokens > 0, chunks
assert len({chunk.id for chunk in chunks}) == 1, chunks

two = client.chat.completions.create(model=DECODER, messages=messages, n=2, seed=1, max_tokens=8)
assert [choice.index for choice in two.choices] == [0, 1], two

forced = chat(tools=[weather], tool_choice={"type": "function", "function": {"name": "weather"}}, max_tokens=100)
call = forced.choices[0].message.tool_calls[0]
assert forced.choices[0].finish_reason in ("tool_calls", "stop"), forced
assert call.function.name == "weather" and isinstance(json.loads(call.function.arguments)["city"], str), forced
deltas = [
    delta.function
    for chunk in chat(tools=[weather], tool_choice="required", stream=True, max_tokens=100)
    for choice in chunk.choices
    for delta in choice.delta.tool_calls or []
    if delta.index == 0
]
assert deltas[0].name == "weather", deltas
assert set(json.loads("".join(delta.arguments or "" for delta in deltas))) == {"city"}, deltas

shaped = chat(
    response_format={
        "type": "json_schema",
        "json_schema": {
            "name": "answer",
            "strict": True,
            "schema": {
                "type": "object",
                "properties": {"yes": {"type": "boolean"}},
                "required": ["yes"],
                "additionalProperties": False,
            },
        },
    }
)
assert isinstance(json.loads(shaped.choices[0].message.content)["yes"], bool), shaped

completion = client.completions.create(model=DECODER, prompt="The capital of France is", max_tokens=3, temperature=0)
assert completion.choices[0].text.startswith(" Paris"), completion
scored = client.completions.create(model=DECODER, prompt="A cat sat", max_tokens=0, echo=True, logprobs=1)
assert scored.choices[0].text == "A cat sat" and scored.choices[0].logprobs.token_logprobs[0] is None, scored

response = client.responses.create(model=DECODER, input="What is a cat?", temperature=0, max_output_tokens=16)
events = list(client.responses.create(model=DECODER, input="What is a cat?", temperature=0, max_output_tokens=16, stream=True))
assert response.output_text, response
assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == response.output_text

vectors = client.embeddings.create(model=EMBEDDER, input=["a cat", "a dog"]).data
assert len(vectors) == 2 and len(vectors[0].embedding) == 384, vectors

decided = client.decisions.create(
    model="encoder",
    input="The home side scored twice and won the cup.",
    questions=[
        {"type": "predicate", "name": "won", "instructions": "Did the home side win?"},
        {
            "type": "choice",
            "name": "topic",
            "instructions": "What is the text about?",
            "choices": [{"value": "sport"}, {"value": "politics", "description": "parties and elections"}],
        },
        {"type": "score", "name": "joy", "instructions": "How glad is it?", "levels": [{"label": "sad"}, {"label": "glad"}]},
    ],
)
won, topic, joy = decided.answers
assert won.type == "predicate" and won.name == "won" and 0 <= won.probability <= 1, decided
assert topic.choice in ("sport", "politics") and abs(sum(one.probability for one in topic.probabilities) - 1) < 1e-6, decided
assert [one.label for one in joy.probabilities] == ["sad", "glad"] and 0 <= joy.score <= 1, decided
assert decided.usage.input_tokens > 0 and decided.usage.output_tokens == 0, decided

try:
    client.chat.completions.create(model="none", messages=messages)
    raise AssertionError("a model that is not there answered")
except openai.NotFoundError as error:
    assert error.code == "model_not_found", error
try:
    client.chat.completions.create(model=DECODER, messages=messages, temperature=-1)
    raise AssertionError("a temperature below zero was accepted")
except openai.BadRequestError as error:
    assert error.param == "temperature", error

print("all answered")
