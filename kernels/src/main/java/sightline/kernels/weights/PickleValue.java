package sightline.kernels.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.tensor.DType;

/** What a checkpoint's pickle may contain. Nothing here is ever called: names stay names. */
sealed interface PickleValue {
    /** A name on the allow-list. */
    record Global(String name) implements PickleValue {}

    record Text(String value) implements PickleValue {}

    record Whole(long value) implements PickleValue {}

    record Real(double value) implements PickleValue {}

    record Truth(boolean value) implements PickleValue {}

    record Bytes(byte[] value) implements PickleValue {}

    record Tuple(List<PickleValue> items) implements PickleValue {}

    record None() implements PickleValue {}

    /** Where a tensor's elements are kept: a member of the archive or a section of a legacy file. */
    record Storage(DType dtype, String key, long size) implements PickleValue {}

    /** A strided view of a storage. */
    record View(Storage storage, long offset, long[] shape, long[] strides) implements PickleValue {}

    /** A list, which the pickle goes on filling after it was made. */
    final class Items implements PickleValue {
        final List<PickleValue> items = new ArrayList<>();
    }

    /** A dictionary, ordered or not. */
    final class Entries implements PickleValue {
        final Map<PickleValue, PickleValue> entries = new LinkedHashMap<>();
    }

    /** The mark between a container and its items. */
    record Mark() implements PickleValue {}
}
