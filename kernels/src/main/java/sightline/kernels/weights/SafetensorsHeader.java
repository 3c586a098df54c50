package sightline.kernels.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.tensor.DType;
import sightline.kernels.weights.SafetensorsException.Fault;

/**
 * The JSON header of a safetensors file, checked against the length of the data that follows it.
 *
 * @param entries tensors by name, in the order of their bytes
 * @param metadata the free strings of {@code __metadata__}
 */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(8)
                            .maxNameLength(64 * 1024)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    /** Where a tensor lies: from {@code begin} to before {@code end}, counted from the end of the header. */
    record Entry(DType dtype, long[] shape, long begin, long end) {}

    static SafetensorsHeader parse(byte[] header, long dataBytes, String file) {
        if (header.length == 0 || header[0] != '{') {
            throw new SafetensorsException(Fault.HEADER_START, file + ": the header does not begin with {");
        }
        JsonNode root;
        try (JsonParser parser = JSON.createParser(header)) {
            root = JSON.readTree(parser);
        } catch (IOException broken) {
            throw new SafetensorsException(
                    Fault.HEADER_MALFORMED, file + ": the header is no valid JSON: " + shortened(broken), broken);
        }
        if (root == null || !root.isObject()) {
            throw malformed(file, "the header is no object");
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Entry> found = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals("__metadata__")) {
                metadata(field.getValue(), metadata, file);
            } else {
                found.put(field.getKey(), entry(field.getKey(), field.getValue(), file));
            }
        }
        return new SafetensorsHeader(inOrder(found, dataBytes, file), metadata);
    }

    private static void metadata(JsonNode node, Map<String, String> into, String file) {
        if (!node.isObject()) {
            throw malformed(file, "__metadata__ is no object");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw malformed(file, "__metadata__ holds something else than strings");
            }
            into.put(field.getKey(), field.getValue().textValue());
        }
    }

    private static Entry entry(String name, JsonNode node, String file) {
        JsonNode shape = node.path("shape");
        JsonNode offsets = node.path("data_offsets");
        if (!node.path("dtype").isTextual() || !shape.isArray() || !offsets.isArray() || offsets.size() != 2) {
            throw malformed(file, "tensor " + name + " lacks dtype, shape or data_offsets");
        }
        long[] lengths = new long[shape.size()];
        long count = 1;
        DType dtype = dtype(node.path("dtype").textValue(), name, file);
        try {
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = number(shape.get(i), name, file);
                count = Math.multiplyExact(count, lengths[i]);
            }
            count = Math.multiplyExact(count, (long) dtype.bytes());
        } catch (ArithmeticException overflow) {
            throw new SafetensorsException(
                    Fault.OVERFLOW, file + ": the shape of " + name + " is beyond counting", overflow);
        }
        long begin = number(offsets.get(0), name, file);
        long end = number(offsets.get(1), name, file);
        if (end < begin) {
            throw new SafetensorsException(Fault.INVALID_OFFSET, file + ": " + name + " ends before it begins");
        }
        if (end - begin != count) {
            throw new SafetensorsException(
                    Fault.WRONG_SIZE,
                    "%s: %s has %d bytes, its shape needs %d".formatted(file, name, end - begin, count));
        }
        return new Entry(dtype, lengths, begin, end);
    }

    private static long number(JsonNode node, String name, String file) {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
            throw malformed(file, "tensor " + name + " has a length or offset that is no count");
        }
        return node.longValue();
    }

    private static DType dtype(String code, String name, String file) {
        return switch (code) {
            case "F64" -> DType.F64;
            case "F32" -> DType.F32;
            case "F16" -> DType.F16;
            case "BF16" -> DType.BF16;
            case "F8_E4M3" -> DType.F8E4M3;
            case "F8_E5M2" -> DType.F8E5M2;
            case "I64" -> DType.I64;
            case "I32" -> DType.I32;
            case "I8" -> DType.I8;
            case "U8" -> DType.U8;
            case "BOOL" -> DType.BOOL;
            default ->
                throw new SafetensorsException(
                        Fault.UNKNOWN_DTYPE, file + ": " + name + " has the unknown type " + clipped(code));
        };
    }

    static String code(DType dtype) {
        return switch (dtype) {
            case F8E4M3 -> "F8_E4M3";
            case F8E5M2 -> "F8_E5M2";
            case F64, F32, F16, BF16, I64, I32, I8, U8, BOOL -> dtype.name();
        };
    }

    /** The format leaves no byte unused: each tensor begins where the one before it ends. */
    private static Map<String, Entry> inOrder(Map<String, Entry> found, long dataBytes, String file) {
        List<Map.Entry<String, Entry>> sorted = new ArrayList<>(found.entrySet());
        sorted.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> e) -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        long at = 0;
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, Entry> entry : sorted) {
            if (entry.getValue().begin() != at) {
                throw new SafetensorsException(
                        Fault.INVALID_OFFSET,
                        "%s: %s begins at %d, %d was expected"
                                .formatted(
                                        file, entry.getKey(), entry.getValue().begin(), at));
            }
            at = entry.getValue().end();
            entries.put(entry.getKey(), entry.getValue());
        }
        if (at != dataBytes) {
            throw new SafetensorsException(
                    Fault.INCOMPLETE,
                    "%s: the tensors take %d bytes, the file has %d for them".formatted(file, at, dataBytes));
        }
        return entries;
    }

    private static SafetensorsException malformed(String file, String what) {
        return new SafetensorsException(Fault.HEADER_MALFORMED, file + ": " + what);
    }

    private static String shortened(IOException failure) {
        return clipped(String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
    }

    /** A hostile file must not write a log of its own length. */
    private static String clipped(String text) {
        return text.length() > 120 ? text.substring(0, 120) + "…" : text;
    }
}
