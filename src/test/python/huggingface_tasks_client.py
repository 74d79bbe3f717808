"""Hugging Face's client against a service with the tiny models of src/test/resources/families: python huggingface_tasks_client.py URL"""

import sys

from huggingface_hub import InferenceClient

url = sys.argv[1]


def client(task):
    return InferenceClient(model=f"{url}/{task}", timeout=120)


text = "🙂 Paris is the capital of France."
tagger = client("token-classification")
tokens = tagger.token_classification(text, ignore_labels=[])
assert all(token.entity and token.entity_group is None for token in tokens), tokens
assert [text[token.start : token.end] for token in tokens][1] == "Paris", tokens
for strategy in ("simple", "first", "average", "max"):
    groups = tagger.token_classification(text, aggregation_strategy=strategy, ignore_labels=["O"])
    assert all(group.entity_group and group.entity_group != "O" for group in groups), groups
    assert all(text[group.start : group.end] for group in groups), groups
long = tagger.token_classification(text * 100, aggregation_strategy="simple", stride=64, ignore_labels=[])
assert long[-1].end == len(text * 100), long[-1]

reader = client("question-answering")
answer = reader.question_answering(question="What is the capital?", context=text)
assert answer.answer == text[answer.start : answer.end] and answer.score > 0, answer
answers = reader.question_answering(
    question="What is the capital?", context=text * 50, top_k=3, doc_stride=30, max_seq_len=100,
    max_answer_len=4, max_question_len=3, handle_impossible_answer=True, align_to_words=False,
)
assert len(answers) == 3 and answers[0].score >= answers[1].score, answers

labels = client("zero-shot-classification").zero_shot_classification(
    text, ["cities", "cats", "tax"], hypothesis_template="It is about {}."
)
assert {label.label for label in labels} == {"cities", "cats", "tax"} and abs(sum(label.score for label in labels) - 1) < 1e-4, labels
several = client("zero-shot-classification").zero_shot_classification(text, ["cities", "cats"], multi_label=True)
assert len(several) == 2 and several[0].score >= several[1].score, several

classes = client("text-classification").text_classification(text)
assert [label.label for label in classes] and abs(sum(label.score for label in classes) - 1) < 1e-4, classes
best = client("text-classification").text_classification(text, top_k=1, function_to_apply="sigmoid")
assert len(best) == 1 and best[0].label == classes[0].label, best

vectors = client("feature-extraction").feature_extraction(["a cat", "a dog"], normalize=True, truncate=True, truncation_direction="left")
assert vectors.shape[0] == 2 and abs((vectors[0] ** 2).sum() - 1) < 1e-4, vectors
vector = client("feature-extraction").feature_extraction("a cat", dimensions=5)
assert vector.shape == (1, 5), vector
likeness = client("sentence-similarity").sentence_similarity("a cat", other_sentences=["a cat", "a tax"])
assert abs(likeness[0] - 1) < 1e-4 and likeness[0] > likeness[1], likeness

try:
    tagger.token_classification(text, stride=100000)
    raise AssertionError("a stride of 100000 was accepted")
except Exception as error:
    assert "stride" in str(error), error

print("all answered")
