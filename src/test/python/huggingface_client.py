"""Hugging Face's client against a service with the default models: python huggingface_client.py URL"""

import sys

from huggingface_hub import InferenceClient

url = sys.argv[1]


service = InferenceClient(model=url, timeout=120)

prompt = "The capital of France is"
text = service.text_generation(prompt, max_new_tokens=4, return_full_text=False)
assert text.startswith(" Paris"), text
details = service.text_generation(prompt, max_new_tokens=4, return_full_text=False, details=True, decoder_input_details=True)
assert details.generated_text == text and details.details.generated_tokens == 4, details
assert len(details.details.prefill) == 5, details
streamed = list(service.text_generation(prompt, max_new_tokens=4, return_full_text=False, stream=True, details=True))
assert "".join(event.token.text for event in streamed) == text and streamed[-1].generated_text == text, streamed
yes = service.text_generation("Is a cat an animal?", return_full_text=False, max_new_tokens=8, grammar={"type": "regex", "value": "(yes|no)"})
assert yes in ("yes", "no"), yes

answer = service.chat_completion([{"role": "user", "content": "Say hello."}], max_tokens=8)
assert answer.choices[0].message.content, answer
pieces = service.chat_completion([{"role": "user", "content": "Say hello."}], max_tokens=8, stream=True)
assert "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)

words = InferenceClient(model=url + "/fill-mask").fill_mask("The [MASK] sat on the mat.", targets=["cat", "democracy"], top_k=2)
assert words[0].token_str == "cat", words
vectors = service.feature_extraction(["a cat", "a dog"])
assert vectors.shape == (2, 384), vectors
vector = InferenceClient(model=url + "/embed").feature_extraction("a cat")
assert vector.shape == (1, 384), vector
likeness = InferenceClient(model=url + "/similarity").sentence_similarity("a cat", other_sentences=["a kitten", "a tax"])
assert likeness[0] > likeness[1], likeness

try:
    service.text_generation(prompt, max_new_tokens=0)
    raise AssertionError("an answer of no tokens was accepted")
except Exception as error:
    assert "max_new_tokens" in str(error), error

print("all answered")
