package sightline.kernels.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A dense row-major tensor in off-heap memory.
 *
 * <p>Ownership: a tensor is a view. It owns nothing and is not closed; the arena behind {@link #data()} is closed by
 * whoever opened it, and using the tensor afterwards fails with the arena's {@code IllegalStateException}. Threading: as
 * safe as plain memory, that is, publish before sharing and do not write while another thread reads.
 */
public final class Tensor {
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    /** Alignment of what {@link #allocate} makes: a cache line, which also suits 512-bit vectors. */
    public static final long ALIGNMENT = 64;

    private final DType dtype;
    private final long[] shape;
    private final long size;
    private final MemorySegment data;

    private Tensor(DType dtype, long[] shape, long size, MemorySegment data) {
        this.dtype = dtype;
        this.shape = shape;
        this.size = size;
        this.data = data;
    }

    /** A view of {@code data}, whose length must be exactly that of the shape. */
    public static Tensor view(DType dtype, MemorySegment data, long... shape) {
        long size = elements(shape);
        if (data.byteSize() != Math.multiplyExact(size, (long) dtype.bytes())) {
            throw new IllegalArgumentException("%s%s needs %d bytes, the segment has %d"
                    .formatted(dtype, Arrays.toString(shape), size * dtype.bytes(), data.byteSize()));
        }
        return new Tensor(dtype, shape.clone(), size, data);
    }

    /** Zeroed memory of {@code arena}, aligned to {@link #ALIGNMENT}. */
    public static Tensor allocate(Arena arena, DType dtype, long... shape) {
        long bytes = Math.multiplyExact(elements(shape), (long) dtype.bytes());
        return view(dtype, arena.allocate(Math.max(bytes, 1), ALIGNMENT).asSlice(0, bytes), shape);
    }

    /** Zeroed memory that is freed when the tensor is unreachable: for tests, constants and small results. */
    public static Tensor allocate(DType dtype, long... shape) {
        return allocate(Arena.ofAuto(), dtype, shape);
    }

    /** A float32 tensor with a copy of {@code values}. */
    public static Tensor of(float[] values, long... shape) {
        Tensor tensor = allocate(DType.F32, shape);
        check(values.length, tensor);
        MemorySegment.copy(values, 0, tensor.data, FLOAT, 0, values.length);
        return tensor;
    }

    /** A float64 tensor with a copy of {@code values}. */
    public static Tensor of(double[] values, long... shape) {
        Tensor tensor = allocate(DType.F64, shape);
        check(values.length, tensor);
        MemorySegment.copy(values, 0, tensor.data, DOUBLE, 0, values.length);
        return tensor;
    }

    /** An int64 tensor with a copy of {@code values}. */
    public static Tensor of(long[] values, long... shape) {
        Tensor tensor = allocate(DType.I64, shape);
        check(values.length, tensor);
        MemorySegment.copy(values, 0, tensor.data, LONG, 0, values.length);
        return tensor;
    }

    private static void check(int length, Tensor tensor) {
        if (length != tensor.size) {
            throw new IllegalArgumentException(
                    length + " values do not fill a tensor of shape " + Arrays.toString(tensor.shape));
        }
    }

    private static long elements(long[] shape) {
        long size = 1;
        for (long d : shape) {
            if (d < 0) {
                throw new IllegalArgumentException("Negative dimension in " + Arrays.toString(shape));
            }
            size = Math.multiplyExact(size, d);
        }
        return size;
    }

    public DType dtype() {
        return dtype;
    }

    /** A copy of the dimensions. */
    public long[] shape() {
        return shape.clone();
    }

    public int rank() {
        return shape.length;
    }

    /** Length of one dimension; negative axes count from the end. */
    public long dim(int axis) {
        return shape[axis < 0 ? axis + shape.length : axis];
    }

    /** Number of elements. */
    public long size() {
        return size;
    }

    public long bytes() {
        return data.byteSize();
    }

    public MemorySegment data() {
        return data;
    }

    /** The same memory under another shape of equal size. */
    public Tensor reshaped(long... newShape) {
        return view(dtype, data, newShape);
    }

    /** Entry {@code index} of the first dimension, as a view of rank one less. */
    public Tensor at(long index) {
        long[] rest = Arrays.copyOfRange(shape, 1, shape.length);
        long step = elements(rest) * dtype.bytes();
        return view(dtype, data.asSlice(index * step, step), rest);
    }

    /** Element {@code index} in row-major order, whatever the type, as a double (int64 beyond 2^53 is rounded). */
    public double get(long index) {
        return Elements.get(this, index);
    }

    /** Stores {@code value} in row-major order, narrowed to this type (integers truncate, floats round to even). */
    public void set(long index, double value) {
        Elements.set(this, index, value);
    }

    /** Element {@code index} of an integer or truth tensor, exactly. */
    public long getLong(long index) {
        return Elements.getLong(this, index);
    }

    public void setLong(long index, long value) {
        Elements.setLong(this, index, value);
    }

    /** Overwrites this tensor with {@code source}, which must have the same type and size. */
    public void copyFrom(Tensor source) {
        if (source.dtype != dtype || source.size != size) {
            throw new IllegalArgumentException("Cannot copy " + source + " into " + this);
        }
        MemorySegment.copy(source.data, 0, data, 0, data.byteSize());
    }

    /** A copy in {@code arena} converted to {@code target}. */
    public Tensor to(DType target, Arena arena) {
        Tensor copy = allocate(arena, target, shape);
        if (target == dtype) {
            copy.copyFrom(this);
        } else {
            Elements.convert(this, copy);
        }
        return copy;
    }

    /** A heap copy as float32, whatever the type. */
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(size)];
        if (dtype == DType.F32) {
            MemorySegment.copy(data, FLOAT, 0, values, 0, values.length);
        } else {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) get(i);
            }
        }
        return values;
    }

    @Override
    public String toString() {
        return dtype + Arrays.toString(shape);
    }
}
