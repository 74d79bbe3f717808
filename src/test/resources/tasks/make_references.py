"""What the pipelines of transformers answer on the tiny checkpoints, in float32: python make_references.py FAMILIES OUT [TASK…]

Made with transformers 5.17.0, question-answering with 5.1.0, the last version that has it.
"""

import json
import pathlib
import sys

import torch
import transformers
from transformers import AutoTokenizer, pipeline

families, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
CORPUS = (
    "GPT reads from left to right and predicts the next word. BERT reads in both directions and fills in the blank. "
    "The cat sat on the mat. The dog lay on the rug. The weather today is sunny and warm. Paris is the capital of France. "
    "Berlin is the capital of Germany. A causal mask hides the future; a bidirectional encoder sees the whole sentence. "
    "Numbers 0 1 2 10 100 1000, accents: café, naïve, Ångström, 東京, emoji 🙂."
)
TEXTS = [
    "Paris is the capital of France.",
    "The weather in Berlin today is sunny, and warm!",
    "🙂 café 東京, naïve Ångström 🙂 is not here: Ωmega ЖЖЖ zebra's",
    "  two  spaces\nand a new line\t- punctuation-marks (in) words ",
    "é at the start, e\u0301 decomposed; don't we've it's",
    "A literal [SEP] or </s> or <unk> or [UNK] token",
    " ",
    "x",
    "hello" * 30,
]
LONG = " ".join([CORPUS, "🙂 Berlin"] * 3)


def tags():
    for name in ("bert-ner", "roberta-ner"):
        tagger = pipeline("token-classification", model=str(families / name), dtype=torch.float32, device="cpu")
        cases = []
        for text in TEXTS + [CORPUS]:
            for strategy in ("none", "simple", "first", "average", "max"):
                cases.append((text, {"aggregation_strategy": strategy}))
        cases.append((TEXTS[2], {"aggregation_strategy": "none", "ignore_labels": []}))
        cases.append((TEXTS[2], {"aggregation_strategy": "none", "ignore_labels": ["B-PER", "I-LOC"]}))
        cases.append((CORPUS, {"aggregation_strategy": "simple", "ignore_labels": ["PER"]}))
        cases.append((CORPUS, {"aggregation_strategy": "max", "ignore_labels": []}))
        long = LONG if name == "bert-ner" else LONG[: len(LONG) // 2]
        for strategy, stride in (("simple", 0), ("simple", 128), ("first", 50), ("average", 200), ("max", 470)):
            cases.append((long, {"aggregation_strategy": strategy, "stride": stride}))
        cases.append((long, {"aggregation_strategy": "simple"}))
        cases.append((long, {"stride": 300, "ignore_labels": ["O", "B-PER", "I-PER"]}))
        cases.append((CORPUS, {"aggregation_strategy": "max", "stride": 17}))
        yield f"tags-{name}", [{"text": text, "options": options, "answer": tagger(text, **options)} for text, options in cases]


def answers():
    answerer = pipeline("question-answering", model=str(families / "bert-squad"), dtype=torch.float32, device="cpu")
    question = "What is the capital of France?"
    texts = [text for text in TEXTS if text.strip()] + [CORPUS, LONG]
    variants = [
        {},
        {"top_k": 3},
        {"top_k": 3, "align_to_words": False},
        {"top_k": 2, "handle_impossible_answer": True},
        {"max_answer_len": 1, "top_k": 4},
        {"max_answer_len": 60, "top_k": 2, "align_to_words": False},
        {"max_seq_len": 64, "doc_stride": 20, "top_k": 5},
        {"max_seq_len": 64, "doc_stride": 0, "top_k": 5, "handle_impossible_answer": True},
        {"max_seq_len": 100, "top_k": 12, "max_answer_len": 3},
        {"doc_stride": 250},
        {"max_seq_len": 512, "top_k": 4},
    ]
    cases = [(question, text, options) for text in texts for options in variants]
    cases.append(("who? 🙂", CORPUS, {"top_k": 6}))
    cases.append(("a [CLS] b", TEXTS[0], {"top_k": 2}))
    yield "answers-bert-squad", [
        {"question": q, "context": text, "options": options, "answer": answerer(question=q, context=text, **options)}
        for q, text, options in cases
    ]


def zero_shot():
    classifier = pipeline("zero-shot-classification", model=str(families / "deberta-nli"), dtype=torch.float32, device="cpu")
    labels = ["weather", "capitals", "cats and dogs", "東京"]
    cases = []
    for text in [TEXTS[0], TEXTS[1], TEXTS[2], CORPUS, LONG]:
        cases.append((text, {"candidate_labels": labels}))
        cases.append((text, {"candidate_labels": labels, "multi_label": True}))
        cases.append((text, {"candidate_labels": "weather, capitals,,  dogs ", "hypothesis_template": "It is about {}, {{so}}."}))
        cases.append((text, {"candidate_labels": ["weather"]}))
    yield "zero-shot-deberta-nli", [
        {"text": text, "options": options, "answer": classifier(text, **options)} for text, options in cases
    ]


def classes():
    for name in ("bert-classifier", "roberta-classifier", "distilbert-classifier", "electra-classifier", "deberta-nli", "bert-reranker"):
        classifier = pipeline("text-classification", model=str(families / name), dtype=torch.float32, device="cpu")
        cases = []
        for given in [TEXTS[0], TEXTS[2], {"text": TEXTS[0], "text_pair": TEXTS[1]}]:
            for options in [{"top_k": None}, {"top_k": 2}, {"top_k": None, "function_to_apply": "sigmoid"},
                            {"top_k": None, "function_to_apply": "softmax"}, {"top_k": None, "function_to_apply": "none"}]:
                cases.append((given, options))
        def one(given, options):
            answer = classifier(given, **options)
            return answer[0] if isinstance(answer[0], list) else answer
        yield f"classes-{name}", [{"input": given, "options": options, "answer": one(given, options)} for given, options in cases]


def joined():
    cases = []
    for name in ("bert-ner", "roberta-ner", "deberta-nli", "xlm-roberta", "albert", "mistral", "gemma"):
        tokenizer = AutoTokenizer.from_pretrained(families / name)
        for text in TEXTS[:6]:
            tokens = tokenizer.tokenize(text)
            for part in (tokens, tokens[2:7], tokens[1:2]):
                cases.append({"model": name, "entries": part, "text": tokenizer.convert_tokens_to_string(part)})
    yield "joined", cases


def plain(value):
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    if hasattr(value, "item"):
        value = value.item()
    return round(value, 7) if isinstance(value, float) else value


for task in sys.argv[3:] or ["tags", "zero_shot", "classes", "joined"]:
    for name, cases in globals()[task]():
        lines = ",\n".join(json.dumps(plain(case), ensure_ascii=False) for case in cases)
        header = json.dumps({"transformers": transformers.__version__, "torch": torch.__version__})
        (out / f"{name}.json").write_text(f'{{"versions": {header}, "cases": [\n{lines}\n]}}\n', encoding="utf-8")
