package sightline.kernels.weights;

import java.util.List;
import java.util.Set;
import sightline.kernels.tensor.DType;
import sightline.kernels.weights.PickleValue.Entries;
import sightline.kernels.weights.PickleValue.Global;
import sightline.kernels.weights.PickleValue.Tuple;

/** The names that a checkpoint may use and what they mean: an ordered dictionary, a tensor, a parameter, storages. */
final class TensorGlobals {
    private static final String DICTIONARY = "collections.OrderedDict";
    private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
    private static final String PARAMETER = "torch._utils._rebuild_parameter";
    private static final Set<String> ALLOWED = Set.of(
            DICTIONARY,
            TENSOR,
            PARAMETER,
            "torch.DoubleStorage",
            "torch.FloatStorage",
            "torch.HalfStorage",
            "torch.BFloat16Storage",
            "torch.LongStorage",
            "torch.IntStorage",
            "torch.CharStorage",
            "torch.ByteStorage",
            "torch.BoolStorage");

    private final String file;

    TensorGlobals(String file) {
        this.file = file;
    }

    Global find(String module, String name) {
        String full = module + "." + name;
        if (!ALLOWED.contains(full)) {
            String shown = full.length() > 120 ? full.substring(0, 120) + "…" : full;
            throw new CheckpointException(
                    file + " is refused: it asks for " + shown + ", which is not on the allow-list");
        }
        return new Global(full);
    }

    /** The value that a call would have made; nothing is called. */
    PickleValue apply(PickleValue callee, PickleValue arguments) {
        if (callee instanceof Global global && arguments instanceof Tuple tuple) {
            switch (global.name()) {
                case DICTIONARY -> {
                    if (tuple.items().isEmpty()) {
                        return new Entries();
                    }
                }
                case TENSOR -> {
                    return tensor(tuple.items());
                }
                case PARAMETER -> {
                    if (!tuple.items().isEmpty() && tuple.items().getFirst() instanceof PickleValue.View view) {
                        return view;
                    }
                }
                default -> throw new CheckpointException(file + " is refused: it calls " + global.name());
            }
        }
        throw new CheckpointException(file + " is refused: a call that makes no tensor and no dictionary");
    }

    /** (storage, offset, shape, strides, …): the rest concerns training only. */
    private PickleValue tensor(List<PickleValue> arguments) {
        if (arguments.size() >= 4
                && arguments.get(0) instanceof PickleValue.Storage storage
                && arguments.get(1) instanceof PickleValue.Whole offset
                && offset.value() >= 0
                && arguments.get(2) instanceof Tuple shape
                && arguments.get(3) instanceof Tuple strides
                && shape.items().size() == strides.items().size()) {
            return new PickleValue.View(storage, offset.value(), numbers(shape), numbers(strides));
        }
        throw new CheckpointException(file + " is refused: a tensor of unknown form");
    }

    private long[] numbers(Tuple tuple) {
        return tuple.items().stream()
                .mapToLong(item -> {
                    if (item instanceof PickleValue.Whole whole && whole.value() >= 0) {
                        return whole.value();
                    }
                    throw new CheckpointException(file + " is refused: a shape or stride that is no count");
                })
                .toArray();
    }

    /** A persistent id: ("storage", type, key, location, size). */
    PickleValue storage(PickleValue id) {
        if (id instanceof Tuple tuple
                && tuple.items().size() >= 5
                && tuple.items().get(0).equals(new PickleValue.Text("storage"))
                && tuple.items().get(1) instanceof Global type
                && tuple.items().get(2) instanceof PickleValue.Text key
                && tuple.items().get(4) instanceof PickleValue.Whole size
                && size.value() >= 0) {
            return new PickleValue.Storage(dtype(type), key.value(), size.value());
        }
        throw new CheckpointException(file + " is refused: a reference that is no storage");
    }

    private DType dtype(Global type) {
        return switch (type.name()) {
            case "torch.DoubleStorage" -> DType.F64;
            case "torch.FloatStorage" -> DType.F32;
            case "torch.HalfStorage" -> DType.F16;
            case "torch.BFloat16Storage" -> DType.BF16;
            case "torch.LongStorage" -> DType.I64;
            case "torch.IntStorage" -> DType.I32;
            case "torch.CharStorage" -> DType.I8;
            case "torch.ByteStorage" -> DType.U8;
            case "torch.BoolStorage" -> DType.BOOL;
            default -> throw new CheckpointException(file + " is refused: " + type.name() + " is no storage");
        };
    }
}
