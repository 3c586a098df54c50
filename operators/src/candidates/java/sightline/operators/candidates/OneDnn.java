package sightline.operators.candidates;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * As much of oneDNN's C interface as convolutions need, called through the JDK's foreign functions in the natives that {@code
 * org.bytedeco:dnnl} carries (OpenMP runtime). The Java binding of that artifact is not used: its loader needs classes
 * and natives of {@code org.bytedeco:opencl:3.1-1.5.14}, which Maven Central does not have.
 *
 * <p>Objects are never destroyed but for the large memories: a bench ends. One thread at a time.
 */
@SuppressWarnings("restricted")
final class OneDnn {
    static final int FORMAT_ANY = 1;
    static final int FORMAT_ABCD = 5;
    static final int FORMAT_ABCDE = 6;
    static final int FORMAT_ACDB = 22;
    static final int FORMAT_ABCD8B = 102;
    static final int FORMAT_ABCD16B = 78;

    private static final int FLOAT32 = 3;
    private static final int CPU = 1;
    private static final int IN_ORDER = 1;
    private static final int TRAINING = 64;
    private static final int DIRECT = 1;
    private static final int QUERY_IMPLEMENTATION = 8;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
    private static final MemorySegment ALLOCATE = MemorySegment.ofAddress(-1);

    private static final SymbolLookup OPENMP;
    private static final SymbolLookup LIBRARY;

    static {
        try {
            Path folder = Files.createTempDirectory("onednn");
            folder.toFile().deleteOnExit();
            // oneDNN finds OpenMP's runtime beside itself.
            OPENMP = library(folder, "libgomp.so.1");
            LIBRARY = library(folder, "libdnnl.so.3");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static final MethodHandle EXECUTE = bind("dnnl_primitive_execute", INT, POINTER, POINTER, INT, POINTER);
    private static final MethodHandle WAIT = bind("dnnl_stream_wait", INT, POINTER);
    private static final MethodHandle QUERY = bind("dnnl_primitive_desc_query", INT, POINTER, INT, INT, POINTER);
    private static final MethodHandle LAYOUT = bind("dnnl_primitive_desc_query_md", POINTER, POINTER, INT, INT);
    private static final MethodHandle EQUAL = bind("dnnl_memory_desc_equal", INT, POINTER, POINTER);
    private static final MethodHandle LAYOUT_OF_TAG =
            bind("dnnl_memory_desc_create_with_tag", INT, POINTER, INT, POINTER, INT, INT);
    private static final MethodHandle MEMORY = bind("dnnl_memory_create", INT, POINTER, POINTER, POINTER, POINTER);
    private static final MethodHandle FREE = bind("dnnl_memory_destroy", INT, POINTER);
    private static final MethodHandle DATA = bind("dnnl_memory_get_data_handle", INT, POINTER, POINTER);
    private static final MethodHandle PRIMITIVE = bind("dnnl_primitive_create", INT, POINTER, POINTER);
    private static final MethodHandle REORDER =
            bind("dnnl_reorder_primitive_desc_create", INT, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER);
    private static final MethodHandle FORWARD = bind(
            "dnnl_convolution_forward_primitive_desc_create",
            INT,
            POINTER,
            POINTER,
            INT,
            INT,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER);
    private static final MethodHandle BACKWARD_DATA = bind(
            "dnnl_convolution_backward_data_primitive_desc_create",
            INT,
            POINTER,
            POINTER,
            INT,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER);
    private static final MethodHandle BACKWARD_WEIGHTS = bind(
            "dnnl_convolution_backward_weights_primitive_desc_create",
            INT,
            POINTER,
            POINTER,
            INT,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER);

    private final Arena arena = Arena.global();
    private final MemorySegment engine;
    private final MemorySegment stream;

    OneDnn(int threads) {
        try {
            MethodHandle limit = Linker.nativeLinker()
                    .downcallHandle(OPENMP.findOrThrow("omp_set_num_threads"), FunctionDescriptor.ofVoid(INT));
            limit.invokeExact(threads);
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
        engine = made(bind("dnnl_engine_create", INT, POINTER, INT, LONG), CPU, 0L);
        stream = made(bind("dnnl_stream_create", INT, POINTER, POINTER, INT), engine, IN_ORDER);
    }

    private static SymbolLookup library(Path folder, String name) throws IOException {
        String resource = "/org/bytedeco/dnnl/linux-x86_64/" + name;
        Path file = folder.resolve(name);
        try (InputStream in = OneDnn.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("The natives of org.bytedeco:dnnl for linux-x86_64 are not on the class path");
            }
            Files.copy(in, file);
        }
        file.toFile().deleteOnExit();
        return SymbolLookup.libraryLookup(file, Arena.global());
    }

    private static MethodHandle bind(String name, MemoryLayout result, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(LIBRARY.findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    /** What a function that returns a status writes to its first argument. */
    private MemorySegment made(MethodHandle function, Object... rest) {
        MemorySegment place = arena.allocate(ValueLayout.ADDRESS);
        Object[] all = new Object[rest.length + 1];
        all[0] = place;
        System.arraycopy(rest, 0, all, 1, rest.length);
        check(call(function, all));
        return place.get(ValueLayout.ADDRESS, 0);
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void check(Object status) {
        if ((int) status != 0) {
            throw new IllegalStateException("oneDNN answers with status " + status);
        }
    }

    /** How a tensor lies in memory: float32 of a shape, in a format that is named or left to the primitive. */
    MemorySegment layout(int format, long... shape) {
        return made(LAYOUT_OF_TAG, shape.length, arena.allocateFrom(LONG, shape), FLOAT32, format);
    }

    boolean equal(MemorySegment layout, MemorySegment other) {
        return (int) call(EQUAL, layout, other) != 0;
    }

    /** Memory of its own for a tensor. */
    MemorySegment memory(MemorySegment layout) {
        return made(MEMORY, layout, engine, ALLOCATE);
    }

    void free(MemorySegment memory) {
        check(call(FREE, memory));
    }

    /** The floats of a memory. */
    MemorySegment data(MemorySegment memory, long floats) {
        MemorySegment place = arena.allocate(ValueLayout.ADDRESS);
        check(call(DATA, memory, place));
        return place.get(ValueLayout.ADDRESS, 0).reinterpret(floats * Float.BYTES);
    }

    /** What a convolution is made of, in the order of the interface. */
    record Geometry(MemorySegment strides, MemorySegment dilations, MemorySegment padding) {}

    Geometry geometry(int stride, int padding) {
        return new Geometry(pair(stride), pair(0), pair(padding));
    }

    private MemorySegment pair(long value) {
        return arena.allocateFrom(LONG, value, value);
    }

    MemorySegment forward(MemorySegment src, MemorySegment weights, MemorySegment dst, Geometry g) {
        return made(
                FORWARD,
                engine,
                TRAINING,
                DIRECT,
                src,
                weights,
                MemorySegment.NULL,
                dst,
                g.strides,
                g.dilations,
                g.padding,
                g.padding,
                MemorySegment.NULL);
    }

    MemorySegment backwardData(
            MemorySegment diffSrc, MemorySegment weights, MemorySegment diffDst, Geometry g, MemorySegment forward) {
        return made(
                BACKWARD_DATA,
                engine,
                DIRECT,
                diffSrc,
                weights,
                diffDst,
                g.strides,
                g.dilations,
                g.padding,
                g.padding,
                forward,
                MemorySegment.NULL);
    }

    MemorySegment backwardWeights(
            MemorySegment src, MemorySegment diffWeights, MemorySegment diffDst, Geometry g, MemorySegment forward) {
        return made(
                BACKWARD_WEIGHTS,
                engine,
                DIRECT,
                src,
                diffWeights,
                MemorySegment.NULL,
                diffDst,
                g.strides,
                g.dilations,
                g.padding,
                g.padding,
                forward,
                MemorySegment.NULL);
    }

    MemorySegment reorder(MemorySegment from, MemorySegment to) {
        return made(REORDER, from, engine, to, engine, MemorySegment.NULL);
    }

    /** The layout that a primitive asks for. */
    MemorySegment layout(MemorySegment descriptor, int query) {
        return (MemorySegment) call(LAYOUT, descriptor, query, 0);
    }

    /** Name of the implementation that oneDNN chose. */
    String implementation(MemorySegment descriptor) {
        MemorySegment place = arena.allocate(ValueLayout.ADDRESS);
        check(call(QUERY, descriptor, QUERY_IMPLEMENTATION, 0, place));
        return place.get(ValueLayout.ADDRESS, 0).reinterpret(1000).getString(0);
    }

    /** A primitive with the memories it works on. */
    record Call(MemorySegment primitive, MemorySegment arguments, int count) {}

    /** @param arguments index and memory in turns */
    Call ready(MemorySegment descriptor, Object... arguments) {
        int count = arguments.length / 2;
        MemorySegment list = arena.allocate(16L * count, 8);
        for (int i = 0; i < count; i++) {
            list.set(INT, 16L * i, (int) arguments[2 * i]);
            list.set(ValueLayout.ADDRESS, 16L * i + 8, (MemorySegment) arguments[2 * i + 1]);
        }
        return new Call(made(PRIMITIVE, descriptor), list, count);
    }

    /** Runs it to its end. */
    void run(Call call) {
        try {
            check((int) EXECUTE.invokeExact(call.primitive, stream, call.count, call.arguments));
            check((int) WAIT.invokeExact(stream));
        } catch (RuntimeException refused) {
            throw refused;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }
}
