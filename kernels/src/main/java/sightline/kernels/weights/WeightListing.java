package sightline.kernels.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/**
 * What a weights file contains, for {@code weights inspect}.
 *
 * @param entries one a tensor, in the file's order
 */
public record WeightListing(List<Entry> entries) {
    public WeightListing {
        entries = List.copyOf(entries);
    }

    /**
     * One tensor.
     *
     * @param low smallest and {@code high} largest element; {@code notFinite} counts NaN and infinities
     */
    public record Entry(
            String name, DType dtype, List<Long> shape, long bytes, double low, double high, long notFinite) {
        @Override
        public String toString() {
            String odd = notFinite == 0 ? "" : "  " + notFinite + " NOT FINITE";
            return "%-72s %-6s %-18s %12d B  [%.4g, %.4g]%s".formatted(name, dtype, shape, bytes, low, high, odd);
        }
    }

    /** Reads every element once. */
    public static WeightListing of(Weights weights) {
        List<Entry> entries = new ArrayList<>();
        for (String name : weights.names()) {
            entries.add(entry(name, weights.find(name).orElseThrow()));
        }
        return new WeightListing(entries);
    }

    private static Entry entry(String name, Tensor tensor) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        long odd = 0;
        for (long i = 0; i < tensor.size(); i++) {
            double value = tensor.get(i);
            if (Double.isFinite(value)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            } else {
                odd++;
            }
        }
        List<Long> shape = Arrays.stream(tensor.shape()).boxed().toList();
        return new Entry(name, tensor.dtype(), shape, tensor.bytes(), low, high, odd);
    }

    /** Elements by type, tensors and bytes in one line. */
    public String summary() {
        Map<DType, Long> elements = new EnumMap<>(DType.class);
        entries.forEach(e -> elements.merge(e.dtype(), e.bytes() / e.dtype().bytes(), Long::sum));
        String types = elements.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
        long bytes = entries.stream().mapToLong(Entry::bytes).sum();
        return "%d tensors, %s, %d bytes".formatted(entries.size(), types, bytes);
    }
}
