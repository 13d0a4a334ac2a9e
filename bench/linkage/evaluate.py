"""Accuracy of an answer (`pairs.parquet`, `clusters.parquet`) against the truth; the same for both engines."""

import json
import pathlib
import sys

import numpy as np
import pyarrow.parquet as pq
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

BANDS = [(0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.99), (0.99, 1.0)]
# Match weights (bits) at which connected components are tried for the best clusters.
WEIGHTS = [0, 2, 4.25, 6.63, 8, 10, 12, 14, 16, 18, 20, 24, 28]


def columns(path):
    table = pq.read_table(path)
    return {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}


def dense(values):
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def pairs_within(*keys):
    """How many pairs agree in all keys."""
    key = np.zeros(len(keys[0]), np.int64)
    for part in keys:
        key = key * (int(part.max()) + 1) + part
    counts = np.unique(key, return_counts=True)[1].astype(np.int64)
    return int((counts * (counts - 1) // 2).sum())


def pairs_counted(source, *keys):
    """Pairs that agree in all keys; with sources, only those across two of them."""
    within = pairs_within(*keys)
    return within if source is None else within - pairs_within(*keys, source)


def scores(true_positive, predicted, true):
    precision = true_positive / predicted if predicted else 1.0
    recall = true_positive / true if true else 1.0
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    return {"precision": round(precision, 6), "recall": round(recall, 6), "f1": round(f1, 6)}


def best_pairs(match, weight, true):
    """F1 at the best threshold; pairs of equal weight go together."""
    order = np.argsort(-weight, kind="stable")
    weight, match = weight[order], match[order].astype(np.int64)
    found, taken = np.cumsum(match), np.arange(1, len(match) + 1)
    last = np.r_[weight[1:] != weight[:-1], True]
    at = int(np.argmax(np.where(last, 2 * found / (taken + true), -1)))
    best = scores(int(found[at]), int(taken[at]), true)
    return best | {"weight": float(weight[at]), "recall_of_all_pairs": round(float(found[-1] / true), 6)}


def of_clusters(entity, label, source):
    """Pairwise scores, and the share of entities whose records are exactly one cluster."""
    counted = [pairs_counted(source, *keys) for keys in ((entity, label), (label,), (entity,))]
    result = scores(*counted)
    n_entity, n_label = np.bincount(entity), np.bincount(label)
    first = np.zeros(len(n_entity), np.int64)
    first[entity] = label
    together = np.bincount(entity, weights=(label == first[entity])) == n_entity
    result["exact_clusters"] = round(float((together & (n_label[first] == n_entity)).mean()), 6)
    return result | {"clusters": len(n_label), "largest": int(n_label.max())}


def best_clusters(default, truth, pairs):
    """The best of the default clusters and of connected components at several weights."""
    entity, source = truth
    best = default
    for least in WEIGHTS:
        chosen = pairs["weight"] >= least
        left, right = pairs["left"][chosen], pairs["right"][chosen]
        ones = np.ones(len(left), np.int8)
        graph = coo_matrix((ones, (left, right)), shape=(len(entity), len(entity)))
        label = connected_components(graph, directed=False)[1].astype(np.int64)
        tried = of_clusters(entity, label, source) | {"weight": least}
        best = tried if tried["f1"] > best["f1"] else best
    return best


def mixing_siblings(entity, family, label):
    """Clusters that hold two children of one family."""
    members = np.unique(np.stack([label, family, entity]), axis=1)
    counts = np.unique(members[:2], axis=1, return_counts=True)
    return len(np.unique(counts[0][0][counts[1] > 1]))


def wilson(hits, n, z=1.959964):
    share, spread = hits / n, z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * np.sqrt(share * (1 - share) / n + spread / (4 * n))
    return [round(float(max(0.0, centre - half)), 4), round(float(min(1.0, centre + half)), 4)]


def calibration(match, probability):
    bands = []
    for low, high in BANDS:
        inside = (probability >= low) & ((probability < high) | (high == 1.0))
        n, hits = int(inside.sum()), int(match[inside].sum())
        band = {"from": low, "to": high, "pairs": n, "matches": hits}
        if n:
            band |= {"share": round(hits / n, 4), "interval": wilson(hits, n)}
        bands.append(band)
    return bands


def main():
    data, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    truth = columns(data / "truth.parquet")
    order = np.argsort(truth["id"])
    ids = truth["id"][order].astype(np.int64)
    entity = dense(truth["entity_id"][order])
    source = dense(truth["source"][order]) if "source" in truth else None
    raw, answer = columns(out / "pairs.parquet"), columns(out / "clusters.parquet")
    place = lambda values: np.searchsorted(ids, values.astype(np.int64))
    left, right = place(raw["id_l"]), place(raw["id_r"])
    across = np.ones(len(left), bool) if source is None else source[left] != source[right]
    pairs = {"left": left[across], "right": right[across], "weight": raw["weight"].astype(float)[across]}
    match = entity[pairs["left"]] == entity[pairs["right"]]
    at = place(answer["id"])
    if len(at) != len(ids) or len(np.unique(at)) != len(ids):
        sys.exit("clusters.parquet has not each record once")
    label = np.zeros(len(ids), np.int64)
    label[at] = dense(answer["cluster"])
    default = of_clusters(entity, label, source)
    result = {
        "pairs_kept": len(match),
        "pairs_best": best_pairs(match, pairs["weight"], pairs_counted(source, entity)),
        "clusters_default": default,
        "clusters_best": best_clusters(default, (entity, source), pairs),
        "calibration": calibration(match, raw["probability"].astype(float)[across]),
    }
    if "family_id" in truth:
        family = dense(truth["family_id"][order])
        result["clusters_mixing_siblings"] = mixing_siblings(entity, family, label)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
