package sightline.kernels.reference;

import java.util.List;
import sightline.kernels.graph.Attention;

/** Attention a token at a time, straight from its definition. */
final class Attentions {
    private Attentions() {}

    static Array run(Attention op, List<Array> in, Array out) {
        switch (op) {
            case Attention.Softmax softmax ->
                new Softmax(in, softmax.heads()).eachToken((at, shares) -> {
                    for (int s = 0; s < shares.length; s++) {
                        at.addScaled(shares[s], at.value(s), out.reals, at.token());
                    }
                });
            case Attention.Relu relu -> new Relu(in.getFirst(), relu).forward(out);
        }
        return out;
    }

    /** Gradients for every real input; the last of {@code in} is the output's. */
    static List<Array> inputs(Attention op, List<Array> in, List<Array> out) {
        switch (op) {
            case Attention.Softmax softmax -> softmaxInputs(in, softmax.heads(), out.get(0).reals, out.get(1).reals);
            case Attention.Relu relu -> new Relu(in.get(0), relu).backward(in.get(1).reals, out.getFirst().reals);
        }
        return out;
    }

    private static void softmaxInputs(List<Array> in, int heads, double[] dq, double[] dkv) {
        double[] dy = in.getLast().reals;
        new Softmax(in.subList(0, in.size() - 1), heads).eachToken((at, shares) -> {
            double[] slopes = new double[shares.length];
            double mean = 0;
            for (int s = 0; s < shares.length; s++) {
                slopes[s] = at.dot(dy, at.token(), at.kv(), at.value(s));
                mean += shares[s] * slopes[s];
                at.addScaled(shares[s], dy, at.token(), dkv, at.value(s));
            }
            for (int s = 0; s < shares.length; s++) {
                double slope = shares[s] * (slopes[s] - mean) * at.scale();
                at.addScaled(slope, at.key(s), dq, at.token());
                at.addScaled(slope, at.q(), at.token(), dkv, at.key(s));
            }
        });
    }

    /** What a token and a head see: where their channels lie. */
    private record Place(double[] q, double[] kv, int token, int text, int width, int head) {
        int key(int s) {
            return text + s * 2 * width;
        }

        int value(int s) {
            return key(s) + width;
        }

        double scale() {
            return 1 / Math.sqrt(head);
        }

        double dot(double[] a, int fromA, double[] b, int fromB) {
            double sum = 0;
            for (int c = 0; c < head; c++) {
                sum += a[fromA + c] * b[fromB + c];
            }
            return sum;
        }

        void addScaled(double factor, int from, double[] to, int at) {
            addScaled(factor, kv, from, to, at);
        }

        void addScaled(double factor, double[] x, int from, double[] to, int at) {
            for (int c = 0; c < head; c++) {
                to[at + c] += factor * x[from + c];
            }
        }
    }

    private interface Work {
        void on(Place place, double[] shares);
    }

    private record Softmax(List<Array> in, int heads) {
        void eachToken(Work work) {
            Array q = in.get(0);
            Array kv = in.get(1);
            int width = q.dim(2);
            int head = width / heads;
            for (int token = 0; token < q.dim(0) * q.dim(1); token++) {
                int image = token / q.dim(1);
                for (int h = 0; h < heads; h++) {
                    int text = image * kv.dim(1) * 2 * width + h * head;
                    Place place = new Place(q.reals, kv.reals, token * width + h * head, text, width, head);
                    work.on(place, shares(place, image, kv.dim(1)));
                }
            }
        }

        private double[] shares(Place at, int image, int length) {
            double[] scores = new double[length];
            double top = Double.NEGATIVE_INFINITY;
            for (int s = 0; s < length; s++) {
                boolean seen = in.size() < 3 || in.get(2).wholes[image * length + s] != 0;
                scores[s] = seen ? at.scale() * at.dot(at.q, at.token, at.kv, at.key(s)) : Double.NEGATIVE_INFINITY;
                top = Math.max(top, scores[s]);
            }
            double sum = 0;
            for (int s = 0; s < length; s++) {
                scores[s] = scores[s] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(scores[s] - top);
                sum += scores[s];
            }
            for (int s = 0; s < length && sum != 0; s++) {
                scores[s] /= sum;
            }
            return scores;
        }
    }

    private static final class Relu {
        private final double[] x;
        private final int images;
        private final int tokens;
        private final int width;
        private final int head;
        private final double epsilon;

        Relu(Array qkv, Attention.Relu op) {
            x = qkv.reals;
            images = qkv.dim(0);
            tokens = qkv.dim(1);
            width = qkv.dim(2) / 3;
            head = width / op.heads();
            epsilon = op.epsilon();
        }

        void forward(Array out) {
            eachHead((image, at) -> {
                double[][] state = state(image, at);
                for (int t = 0; t < tokens; t++) {
                    double[] sum = applied(state, row(image, t) + at);
                    for (int c = 0; c < head; c++) {
                        out.reals[(image * tokens + t) * width + at + c] = sum[c] / (sum[head] + epsilon);
                    }
                }
            });
        }

        /** With u = dy / weight: state' u + mass (-u sum / weight) for q, and the states' own gradients for k and v. */
        void backward(double[] dy, double[] dx) {
            eachHead((image, at) -> {
                double[][] state = state(image, at);
                double[][] slope = new double[head][head + 1];
                for (int t = 0; t < tokens; t++) {
                    int q = row(image, t) + at;
                    double[] sum = applied(state, q);
                    double[] u = new double[head + 1];
                    for (int c = 0; c < head; c++) {
                        u[c] = dy[(image * tokens + t) * width + at + c] / (sum[head] + epsilon);
                        u[head] -= u[c] * sum[c] / (sum[head] + epsilon);
                    }
                    for (int k = 0; k < head; k++) {
                        for (int c = 0; c <= head; c++) {
                            dx[q + k] += x[q + k] > 0 ? state[k][c] * u[c] : 0;
                            slope[k][c] += Math.max(0, x[q + k]) * u[c];
                        }
                    }
                }
                for (int t = 0; t < tokens; t++) {
                    int key = row(image, t) + width + at;
                    for (int k = 0; k < head; k++) {
                        for (int c = 0; c <= head; c++) {
                            double v = c < head ? x[key + width + c] : 1;
                            dx[key + k] += x[key + k] > 0 ? slope[k][c] * v : 0;
                            if (c < head) {
                                dx[key + width + c] += slope[k][c] * Math.max(0, x[key + k]);
                            }
                        }
                    }
                }
            });
        }

        private interface HeadWork {
            void on(int image, int at);
        }

        private void eachHead(HeadWork work) {
            for (int image = 0; image < images; image++) {
                for (int at = 0; at < width; at += head) {
                    work.on(image, at);
                }
            }
        }

        private int row(int image, int t) {
            return (image * tokens + t) * 3 * width;
        }

        /** Sums of keys times values, and of keys times one. */
        private double[][] state(int image, int at) {
            double[][] state = new double[head][head + 1];
            for (int t = 0; t < tokens; t++) {
                int key = row(image, t) + width + at;
                for (int k = 0; k < head; k++) {
                    double weight = Math.max(0, x[key + k]);
                    for (int c = 0; c < head; c++) {
                        state[k][c] += weight * x[key + width + c];
                    }
                    state[k][head] += weight;
                }
            }
            return state;
        }

        private double[] applied(double[][] state, int q) {
            double[] sum = new double[head + 1];
            for (int k = 0; k < head; k++) {
                for (int c = 0; c <= head; c++) {
                    sum[c] += Math.max(0, x[q + k]) * state[k][c];
                }
            }
            return sum;
        }
    }
}
