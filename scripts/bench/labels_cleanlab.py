"""Label errors by cleanlab on a CSV with the columns id, text and label: ids, likeliest error first; confidences."""

import csv
import json
import sys
import time

import numpy as np
from cleanlab.filter import find_label_issues
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

with open(sys.argv[1], encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
started = time.perf_counter()
names, labels = np.unique([row["label"] for row in rows], return_inverse=True)
model = make_pipeline(
    TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
    LogisticRegression(C=10, max_iter=300),
)
folds = StratifiedKFold(int(sys.argv[2]), shuffle=True, random_state=0)
probabilities = cross_val_predict(model, [row["text"] for row in rows], labels, cv=folds, method="predict_proba")
found = find_label_issues(labels, probabilities, return_indices_ranked_by="self_confidence")
print(
    json.dumps(
        {
            "seconds": time.perf_counter() - started,
            "found": [rows[index]["id"] for index in found],
            "confidences": probabilities[np.arange(len(rows)), labels].tolist(),
        }
    )
)
