"""Tiny Qwen 3 that judge, with transformers' scores, qwen3-reranker and qwen3-classifier: python make_reranker.py OUT

The prompt, and the way in which it is put together of tokens, are those of the model card of Qwen/Qwen3-Reranker-0.6B.
"""

import json
import pathlib
import sys

import torch
import transformers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

QWEN_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SYSTEM = (
    'Judge whether the Document meets the requirements based on the Query and the Instruct provided. Note that the answer can '
    'only be "yes" or "no".'
)
INSTRUCT = "Given a web search query, retrieve relevant passages that answer the query"
PREFIX = f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n"
SUFFIX = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
QUERIES = {
    "What is the capital of France?": ["Paris is the capital of France.", "Berlin is the capital of Germany.", "", " The cat."],
    "cat": ["The cat sat on the mat.", "\n\nThe dog lay on the rug\n", "1 2 3", "?!", "café 東京 🙂 naïve", "e\u0301 \u0338"],
    " two  spaces 12 ": ["  so  here ", "<|im_en", "yes", "no"],
    "ends with a line\n": ["x" * 40, "A long text of many words. " * 12],
    "": ["only a text"],
    "1 \u0338 e\u0301": ["\u0338 first"],
}

out = pathlib.Path(sys.argv[1]) / "qwen3-reranker"
out.mkdir(parents=True, exist_ok=True)
tokenizer = Tokenizer(models.BPE())
tokenizer.normalizer = normalizers.NFC()
tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
    [pre_tokenizers.Split(Regex(QWEN_WORDS), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
)
tokenizer.decoder = decoders.ByteLevel()
texts = [SYSTEM, INSTRUCT, "yes no", "<Instruct>: <Query>: <Document>:", *QUERIES, *(text for all in QUERIES.values() for text in all)]
tokenizer.train_from_iterator(
    texts * 8,
    trainers.BpeTrainer(
        vocab_size=480, special_tokens=[], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    ),
)
tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
tokenizer.add_tokens([AddedToken("<think>", special=False), AddedToken("</think>", special=False)])
fast = transformers.PreTrainedTokenizerFast(
    tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>", padding_side="left"
)
fast.save_pretrained(out)

torch.manual_seed(11)
config = transformers.Qwen3Config(
    vocab_size=512, hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    head_dim=32, max_position_embeddings=512, tie_word_embeddings=True, initializer_range=0.2, use_cache=True,
)
model = transformers.Qwen3ForCausalLM(config).eval().to(torch.bfloat16)
model.save_pretrained(out)
model = transformers.Qwen3ForCausalLM.from_pretrained(out, dtype=torch.float32).eval()
yes, no = fast.convert_tokens_to_ids("yes"), fast.convert_tokens_to_ids("no")
prefix, suffix = (fast.encode(part, add_special_tokens=False) for part in (PREFIX, SUFFIX))
cases = []
for query, documents in QUERIES.items():
    for document in documents:
        pair = f"<Instruct>: {INSTRUCT}\n<Query>: {query}\n<Document>: {document}"
        ids = prefix + fast.encode(pair, add_special_tokens=False) + suffix
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0, -1]
        scores = torch.nn.functional.log_softmax(torch.stack([logits[no], logits[yes]]), dim=0)
        cases.append(
            {
                "query": query,
                "text": document,
                "input_ids": ids,
                "difference": float(logits[yes] - logits[no]),
                "score": float(scores[1].exp()),
            }
        )
versions = {"torch": torch.__version__, "transformers": transformers.__version__}
(out / "reference.json").write_text(json.dumps({"versions": versions, "yes": yes, "no": no, "cases": cases}, ensure_ascii=False))

classifier = out.parent / "qwen3-classifier"
fast.save_pretrained(classifier)
config.num_labels, config.id2label, config.label2id = 3, {0: "bad", 1: "fair", 2: "good"}, {"bad": 0, "fair": 1, "good": 2}
config.pad_token_id = fast.pad_token_id
model = transformers.Qwen3ForSequenceClassification(config).eval().to(torch.bfloat16)
model.save_pretrained(classifier)
model = transformers.Qwen3ForSequenceClassification.from_pretrained(classifier, dtype=torch.float32).eval()
cases = []
for text in ("The cat sat on the mat.", "A", "Paris is the capital of France. " * 9):
    with torch.no_grad():
        logits = model(**fast(text, return_tensors="pt")).logits[0]
    cases.append({"text": text, "logits": logits.tolist()})
(classifier / "reference.json").write_text(json.dumps({"versions": versions, "cases": cases}, ensure_ascii=False))
