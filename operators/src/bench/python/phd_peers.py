"""Times other projects' multi-target filters on the scans that `sightline fusion peers --scans FILE` wrote.

Stone Soup's GM-PHD if `stonesoup` can be imported; the NumPy prototype of the theory if its folder is given. One thread.
Usage: OPENBLAS_NUM_THREADS=1 phd_peers.py FILE [PROTOTYPE]   One line a filter: microseconds a scan and mean OSPA.
"""
import csv
import datetime
import sys
import time

import numpy as np
from scipy.optimize import linear_sum_assignment

BIRTHS = [(0, 0), (400, -600), (-800, -200), (-200, 800)]
SURVIVAL, BIRTH, PASSES = 0.99, 0.03, 3


def read(path):
    with open(path) as lines:
        words = lines.readline().split()[1:]
        given = {k: float(v) for k, v in zip(words[::2], words[1::2])}
        rows = [(int(r["step"]), int(r["sensor"]), float(r["east"]), float(r["north"])) for r in csv.DictReader(lines)]
    steps = max(r[0] for r in rows) + 1
    scans = [[[] for _ in range(int(given["sensors"]))] for _ in range(steps)]
    truth = [[] for _ in range(steps)]
    for step, sensor, east, north in rows:
        (truth[step] if sensor < 0 else scans[step][sensor]).append((east, north))
    shaped = [[np.array(s, float).reshape(-1, 2) for s in step] for step in scans]
    return given, shaped, [np.array(t, float).reshape(-1, 2) for t in truth]


def ospa(truth, found, cut=100.0):
    n, m = len(truth), len(found)
    if n == 0 and m == 0:
        return 0.0
    if n == 0 or m == 0:
        return cut
    cost = np.minimum(np.linalg.norm(truth[:, None] - found[None], axis=2), cut)
    rows, columns = linear_sum_assignment(cost)
    return (cost[rows, columns].sum() + cut * abs(n - m)) / max(n, m)


def clock(name, scans, truth, make):
    spent = []
    for _ in range(PASSES):
        step = make()
        start = time.perf_counter()
        found = [step(k, scans[k]) for k in range(len(scans))]
        spent.append(time.perf_counter() - start)
    count = len(scans) * len(scans[0])
    score = np.mean([ospa(t, np.array(f, float).reshape(-1, 2)) for t, f in zip(truth, found)])
    print(f"| {name} | {1e6 * sorted(spent)[PASSES // 2] / count:.0f} | {score:.2f} |", flush=True)


def motion():
    one, none = np.eye(2), np.zeros((2, 2))
    return np.block([[one, one], [none, one]]), 25 * np.block([[one / 4, one / 2], [one / 2, one]])


def stone_soup(given):
    from stonesoup.hypothesiser.distance import DistanceHypothesiser
    from stonesoup.hypothesiser.gaussianmixture import GaussianMixtureHypothesiser
    from stonesoup.measures import Mahalanobis
    from stonesoup.mixturereducer.gaussianmixture import GaussianMixtureReducer
    from stonesoup.models.measurement.linear import LinearGaussian
    from stonesoup.models.transition.linear import LinearGaussianTimeInvariantTransitionModel as Transition
    from stonesoup.predictor.kalman import KalmanPredictor
    from stonesoup.types.detection import Detection
    from stonesoup.types.state import TaggedWeightedGaussianState
    from stonesoup.updater.kalman import KalmanUpdater
    from stonesoup.updater.pointprocess import PHDUpdater

    position = LinearGaussian(ndim_state=4, mapping=(0, 1), noise_covar=given["sigma"] ** 2 * np.eye(2))
    kalman = KalmanUpdater(position)
    matrix, noise = motion()

    def stage(transition, survival):
        pairs = DistanceHypothesiser(KalmanPredictor(transition), kalman, Mahalanobis(), missed_distance=4)
        phd = PHDUpdater(
            kalman, clutter_spatial_density=given["clutter"] / 4e6, prob_detection=given["detection"],
            prob_survival=survival)
        return GaussianMixtureHypothesiser(pairs, order_by_detection=True), phd

    # Survival and motion count once a step: sensors after the first see a target that stands still and cannot die.
    first = stage(Transition(transition_matrix=matrix, covariance_matrix=noise), SURVIVAL)
    later = stage(Transition(transition_matrix=np.eye(4), covariance_matrix=np.zeros((4, 4))), 1)
    reducer = GaussianMixtureReducer(prune_threshold=1e-5, merge_threshold=4, max_number_components=100)
    begin = datetime.datetime(2026, 1, 1)

    def make():
        components = []
        # Births are to stand at their places at the step, so they start one step earlier, unmoved and exact.
        back = np.linalg.inv(matrix)
        spread = 100 * np.eye(4)

        def born(now):
            return [
                TaggedWeightedGaussianState(
                    np.array([[e], [n], [0], [0]], float), back @ (spread - noise) @ back.T, weight=BIRTH, tag=None,
                    timestamp=now - datetime.timedelta(seconds=1))
                for e, n in BIRTHS]

        def step(k, sensors):
            nonlocal components
            now = begin + datetime.timedelta(seconds=k)
            components = components + born(now)
            for s, scan in enumerate(sensors):
                hypothesiser, updater = later if s else first
                seen = {Detection(z.reshape(2, 1), timestamp=now, measurement_model=position) for z in scan}
                pairs = hypothesiser.hypothesise(components, seen, now, order_by_detection=True)
                components = list(reducer.reduce(updater.update(pairs)))
            return [c.mean[:2].ravel() for c in components for _ in range(round(c.weight)) if c.weight > 0.5]

        return step

    return make


def prototype(given, folder):
    sys.path.insert(0, folder)
    import bern
    import core
    import t4

    model = core.Model()
    miss = 1 - given["detection"]
    false = given["clutter"] / model.V * np.sqrt(np.linalg.det(4 * np.pi * model.R)) / given["detection"]
    births = core.Mix(model.bw, model.bm, model.bP)

    def gm_phd():
        mix = core.empty()

        def step(_, sensors):
            nonlocal mix
            mix = core.cat([core.predict(model, mix, model.pS), births])
            for scan in sensors:
                seen = core.upd_prob(model, mix, scan, given["detection"], given["clutter"] / model.V, model.R)
                mix = core.merge_sum(seen, 1e-5, 4, 100)
            return core.extract_prob(mix)[:, :2]

        return step

    def plain():
        mix, tau = core.empty(), 0.9 * miss**2
        places = core.Mix(np.full(4, 1.2 * tau * false), model.bm, model.bP)

        def step(_, sensors):
            nonlocal mix
            mix = core.cat([core.predict(model, mix, 1), places])
            for scan in sensors:
                mix = core.merge_max(core.upd_poss(model, mix, scan, 1, miss, false, model.R), 1e-8, 9, 100)
            return core.extract_max(mix, tau)[:, :2]

        return step

    def pairs(split):
        def make():
            tracks = []

            def step(_, sensors):
                nonlocal tracks
                full = bern.t_predict(model, tracks) + [
                    bern.Tr(BIRTH, 1.0, core.Mix([1.0], model.bm[[i]], model.bP[[i]])) for i in range(4)]
                if split:
                    share = bern.t_power(full, 1 / len(sensors))
                    rivals = [bern.t_G(model, full, z, 1, model.R) if len(z) else None for z in sensors]
                    said = [
                        bern.t_update(model, share, z, 1, miss, false, model.R, Gext=g) for z, g in zip(sensors, rivals)]
                    full = t4.fuse_tracks(said, 4, 1)
                else:
                    for scan in sensors:
                        full = bern.t_update(model, full, scan, 1, miss, false, model.R)
                tracks = bern.t_merge(full, U=4)
                return bern.t_extract(tracks, 0.3)[:, :2]

            return step

        return make

    yield "prototype, GM-PHD iterated corrector", gm_phd
    yield "prototype, possibilistic PHD plain", plain
    yield "prototype, (w,a) central", pairs(False)
    yield "prototype, (w,a) split + product", pairs(True)


def main():
    given, scans, truth = read(sys.argv[1])
    print(f"| {given} | us a scan | OSPA m |\n|---|---|---|")
    try:
        clock("Stone Soup, GM-PHD iterated corrector", scans, truth, stone_soup(given))
    except ImportError as missing:
        print(f"Stone Soup left out: {missing}")
    if len(sys.argv) > 2:
        for name, make in prototype(given, sys.argv[2]):
            clock(name, scans, truth, make)


main()
