"""Waits for the service and holds its answers against the references that lie beside the checkpoints it serves."""
import argparse
import json
import math
import os
import pathlib
import sys
import time
import urllib.error
import urllib.request

SCORES = 1e-4  # of probabilities and log-probabilities
SAME_DIRECTION = 0.99999


def ask(url, body=None):
    request = urllib.request.Request(url, method="GET" if body is None else "POST")
    if body is not None:
        request.add_header("content-type", "application/json")
        request.data = json.dumps(body).encode()
    with urllib.request.urlopen(request, timeout=300) as answer:
        return json.load(answer)


def lives(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait(url, process, patience):
    begin = time.monotonic()
    while time.monotonic() - begin < patience:
        if not lives(process):
            sys.exit("The service has ended.")
        try:
            urllib.request.urlopen(url + "/health", timeout=60).close()
            return time.monotonic() - begin
        except urllib.error.HTTPError as error:
            health = json.load(error)
            if any(model["state"] == "failed" for model in health["models"].values()):
                sys.exit(f"A model cannot be served: {health['error']}")
        except OSError:
            pass  # no connection yet
        time.sleep(1)
    sys.exit(f"The service does not answer after {patience} s.")


class Comparison:
    """Counts what is compared and says what differs."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def hold(self, what, agrees, difference):
        if agrees:
            self.passed += 1
        else:
            self.failed += 1
            print(f"{what}: {difference}")

    def numbers(self, what, found, expected, tolerance):
        farthest = max((abs(f - e) for f, e in zip(found, expected)), default=0)
        agrees = len(found) == len(expected) and farthest <= tolerance
        self.hold(what, agrees, f"{len(found)} of {len(expected)} numbers, {farthest:.2e} apart at most")


def cases(folder):
    reference = json.loads((pathlib.Path(folder) / "reference.json").read_text(encoding="utf-8"))
    return reference["cases"]


def short(text):
    return text if len(text) <= 40 else text[:39] + "…"


def generation(url, folder, comparison):
    for case in cases(folder):
        what = f"/generate of {short(case['text'])!r}"
        expected = case["greedy_ids"]
        parameters = {"max_new_tokens": len(expected), "details": True}
        answer = ask(url + "/generate", {"inputs": case["text"], "parameters": parameters})
        tokens = answer["details"]["tokens"]
        comparison.hold(what, [t["id"] for t in tokens] == expected, f"{[t['id'] for t in tokens]}, not {expected}")
        comparison.hold(what, answer["generated_text"] == case["greedy_text"], f"{answer['generated_text']!r}")
        comparison.numbers(what, [t["logprob"] for t in tokens], case["greedy_logprobs"], SCORES)


def softmax(logits):
    largest = max(logits)
    powers = [math.exp(logit - largest) for logit in logits]
    return [power / sum(powers) for power in powers]


def masks(url, folder, comparison):
    for case in cases(folder):
        if not case["masks"]:
            continue
        parameters = {"top_k": len(case["masks"][0]["logits"])}
        answer = ask(url + "/fill-mask", {"inputs": case["text"], "parameters": parameters})
        for found, mask in zip(answer if isinstance(answer[0], list) else [answer], case["masks"], strict=True):
            expected = softmax(mask["logits"])
            scores = {candidate["token"]: candidate["score"] for candidate in found}
            what = f"/fill-mask of {short(case['text'])!r}"
            comparison.numbers(what, [scores.get(token, -1) for token in range(len(expected))], expected, SCORES)


def embeddings(url, folder, comparison):
    texts = [case["text"] for case in cases(folder)]
    vectors = ask(url + "/embed", {"inputs": texts})
    comparison.hold("/embed", len(vectors) == len(texts), f"{len(vectors)} vectors of {len(texts)} texts")
    for case, vector in zip(cases(folder), vectors):
        expected = case["mean_normalized"]
        lengths = math.sqrt(sum(e * e for e in expected) * sum(v * v for v in vector))
        cosine = sum(e * v for e, v in zip(expected, vector, strict=True)) / lengths
        comparison.hold(f"/embed of {short(case['text'])!r}", cosine >= SAME_DIRECTION, f"cosine {cosine:.6f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--process", type=int, required=True, help="of the service")
    parser.add_argument("--patience", type=float, required=True, help="seconds to the first answer")
    parser.add_argument("--generate", required=True, help="the checkpoint that is served, as are the others")
    parser.add_argument("--fill-mask", required=True)
    parser.add_argument("--embed", required=True)
    given = parser.parse_args()
    start = wait(given.url, given.process, given.patience)
    begin = time.monotonic()
    comparison = Comparison()
    try:
        generation(given.url, given.generate, comparison)
        masks(given.url, given.fill_mask, comparison)
        embeddings(given.url, given.embed, comparison)
    except urllib.error.HTTPError as error:
        comparison.hold(error.url, False, f"{error.code} {error.read().decode(errors='replace')[:300]}")
    print(f"Ready after {start:.0f} s, answers compared in {time.monotonic() - begin:.0f} s")
    print(f"aarch64: {comparison.passed} passed, {comparison.failed} failed")
    sys.exit(1 if comparison.failed or not comparison.passed else 0)


main()
