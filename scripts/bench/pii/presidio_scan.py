"""Presidio's pattern recognizers over texts: one JSON string a line in, a list of findings a line out, then the time.

No language model: a blank spaCy pipeline splits words, so that context words beside a number still raise its score.
Of findings that overlap the one with the highest score stays, as Presidio's anonymizer has it.
"""

import json
import sys
import time

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer import predefined_recognizers as known
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

RECOGNIZERS = [
    known.EmailRecognizer,
    known.IbanRecognizer,
    known.CreditCardRecognizer,
    known.UsSsnRecognizer,
    known.IpRecognizer,
    known.NhsRecognizer,
    known.UkNinoRecognizer,
    known.EsNifRecognizer,
    known.EsNieRecognizer,
    known.ItFiscalCodeRecognizer,
    known.InAadhaarRecognizer,
    known.PlPeselRecognizer,
    known.DeTaxIdRecognizer,
]


class Words(NlpEngine):
    """Splits words and lowers their case; finds no entities."""

    def __init__(self):
        self.pipeline = None

    def load(self):
        """Make the blank pipeline."""
        self.pipeline = spacy.blank("en")

    def is_loaded(self):
        """Tell whether load() was called."""
        return self.pipeline is not None

    def process_text(self, text, language):
        """Give the words of a text."""
        words = self.pipeline(text)
        return NlpArtifacts(
            entities=[],
            tokens=words,
            tokens_indices=[word.idx for word in words],
            lemmas=[word.text.lower() for word in words],
            nlp_engine=self,
            language=language,
        )

    def process_batch(self, texts, language, batch_size=1, n_process=1, **kwargs):
        """Give the words of each text."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word, language):
        """Tell whether a word says nothing."""
        return self.pipeline.vocab[word].is_stop

    def is_punct(self, word, language):
        """Tell whether a word is punctuation."""
        return self.pipeline.vocab[word].is_punct

    def get_supported_entities(self):
        """Name the entities found by the pipeline itself."""
        return []

    def get_supported_languages(self):
        """Name the languages of the pipeline."""
        return ["en"]


def main():
    """Scan standard input."""
    words = Words()
    words.load()
    registry = RecognizerRegistry(supported_languages=["en"])
    for recognizer in RECOGNIZERS:
        registry.add_recognizer(recognizer(supported_language="en"))
    regions = json.loads(sys.argv[1])
    registry.add_recognizer(known.PhoneRecognizer(supported_language="en", supported_regions=regions))
    engine = AnalyzerEngine(registry=registry, nlp_engine=words, supported_languages=["en"])
    texts = [json.loads(line) for line in sys.stdin]
    engine.analyze(text="warm up 1", language="en")
    started = time.perf_counter()
    results = [engine.analyze(text=text, language="en") for text in texts]
    seconds = time.perf_counter() - started
    for found in results:
        kept = []
        for one in sorted(found, key=lambda result: (-result.score, result.start - result.end)):
            if all(one.end <= other.start or one.start >= other.end for other in kept):
                kept.append(one)
        print(json.dumps([[one.entity_type, one.start, one.end, one.score] for one in kept]))
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
