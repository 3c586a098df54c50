package sightline.kernels.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * NVIDIA's JPEG decoder through the foreign-function API: compressed bytes in host memory become interleaved RGB in device
 * memory, many pictures a call, on the decoder engines of the card where it has some. The library comes with the CUDA
 * toolkit and is not part of the driver, so it may be absent. Belongs to one thread, the device's or a lane's.
 */
public final class NvJpeg implements AutoCloseable {
    private static final List<String> LIBRARIES =
            List.of("libnvjpeg.so.13", "libnvjpeg.so.12", "libnvjpeg.so", "/usr/local/cuda/lib64/libnvjpeg.so");
    /** Where the library is, if not where loaders look. */
    public static final String PROPERTY = "sightline.cuda.nvjpeg";

    private static final int HARDWARE = 3;
    private static final int ANY = 0;
    /** Planes of luminance and colour, as they lie in the file. */
    public static final int YUV = 1;

    /** Grey alone. */
    public static final int LUMINANCE = 2;

    /** Red, green and blue of a pixel side by side. */
    public static final int RGB_INTERLEAVED = 5;
    /** Four plane addresses and four pitches. */
    private static final long IMAGE_BYTES = 64;

    private final Functions functions;
    /** Decodes batches, by hardware where the card has it. */
    private final MemorySegment handle;
    /** Decodes one picture at a time, which the hardware does not. */
    private final MemorySegment spare;

    private final boolean hardware;
    private final int output;
    private final Map<Integer, MemorySegment> states = new HashMap<>();
    private final MemorySegment single;

    private NvJpeg(Functions functions, MemorySegment handle, MemorySegment spare, boolean hardware, int output) {
        this.functions = functions;
        this.handle = handle;
        this.spare = spare;
        this.hardware = hardware;
        this.output = output;
        this.single = state(spare);
    }

    /** Whether the library is on this machine; whether it starts is seen by {@link #open}. */
    public static boolean present() {
        return Functions.find().isPresent();
    }

    /** Empty where the library is absent or does not start. */
    public static Optional<NvJpeg> open() {
        return open(HARDWARE, 0, RGB_INTERLEAVED);
    }

    /** With another backend, other flags or another format than is usually best; for measurements. */
    public static Optional<NvJpeg> open(int backend, int flags, int output) {
        return Functions.find().flatMap(functions -> {
            Optional<MemorySegment> engines = create(functions, backend, flags);
            return create(functions, ANY, 0)
                    .map(any -> new NvJpeg(
                            functions,
                            engines.or(() -> create(functions, ANY, 0)).orElseThrow(),
                            any,
                            engines.isPresent(),
                            output));
        });
    }

    private static Optional<MemorySegment> create(Functions functions, int backend, int flags) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment out = local.allocate(ADDRESS);
            int code = functions.call(functions.create, backend, MemorySegment.NULL, MemorySegment.NULL, flags, out);
            return code == 0 ? Optional.of(out.get(ADDRESS, 0)) : Optional.empty();
        }
    }

    /** Whether pictures are decoded by engines made for it, not by the CPU and kernels. */
    public boolean hardware() {
        return hardware;
    }

    private MemorySegment state(MemorySegment of) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment out = local.allocate(ADDRESS);
            check(functions.call(functions.createState, of, out), "making a decoder's state");
            return out.get(ADDRESS, 0);
        }
    }

    /** Width and height as the header says, or empty where it cannot be read. */
    public Optional<int[]> size(MemorySegment jpeg) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment components = local.allocate(JAVA_INT);
            MemorySegment subsampling = local.allocate(JAVA_INT);
            MemorySegment widths = local.allocate(JAVA_INT, 4);
            MemorySegment heights = local.allocate(JAVA_INT, 4);
            int code = functions.call(
                    functions.info, spare, jpeg, jpeg.byteSize(), components, subsampling, widths, heights);
            return code == 0
                    ? Optional.of(new int[] {widths.get(JAVA_INT, 0), heights.get(JAVA_INT, 0)})
                    : Optional.empty();
        }
    }

    /**
     * Decodes pictures of equal width, one after another in device memory, in stream order.
     *
     * @param jpegs host memory, to be left alone until the stream has been waited for
     * @param to device address of the first picture
     * @param each bytes from one picture to the next
     * @return 0, or the library's code where one of the pictures could not be decoded
     */
    public int decode(List<MemorySegment> jpegs, int width, long to, long each, DeviceStream stream) {
        int count = jpegs.size();
        MemorySegment state = states.computeIfAbsent(count, n -> {
            MemorySegment made = state(handle);
            check(
                    functions.call(functions.initializeBatch, handle, made, n, 1, output),
                    "preparing batches of " + n + " pictures");
            return made;
        });
        try (Arena local = Arena.ofConfined()) {
            MemorySegment data = local.allocate(ADDRESS, count);
            MemorySegment lengths = local.allocate(JAVA_LONG, count);
            MemorySegment images = local.allocate(IMAGE_BYTES * count, 8);
            for (int i = 0; i < count; i++) {
                data.setAtIndex(ADDRESS, i, jpegs.get(i));
                lengths.setAtIndex(JAVA_LONG, i, jpegs.get(i).byteSize());
                image(images.asSlice(IMAGE_BYTES * i, IMAGE_BYTES), width, to + each * i, each / 3);
            }
            return functions.call(functions.decodeBatch, handle, state, data, lengths, images, number(stream));
        }
    }

    /** Decodes one picture by the CPU and kernels: slower, and not disturbed by its neighbours. */
    public int decode(MemorySegment jpeg, int width, long to, DeviceStream stream) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment image = local.allocate(IMAGE_BYTES, 8);
            image(image, width, to, 0);
            return functions.call(
                    functions.decode, spare, single, jpeg, jpeg.byteSize(), output, image, number(stream));
        }
    }

    private void image(MemorySegment image, int width, long to, long plane) {
        image.set(JAVA_LONG, 0, to);
        image.set(JAVA_LONG, 32, output == RGB_INTERLEAVED ? 3L * width : width);
        if (output == YUV) {
            for (int i = 1; i < 3; i++) {
                image.set(JAVA_LONG, 8L * i, to + i * plane);
                image.set(JAVA_LONG, 32 + 8L * i, width);
            }
        }
    }

    private static MemorySegment number(DeviceStream stream) {
        return MemorySegment.ofAddress(Addresses.of(stream.handle()));
    }

    private static void check(int code, String doing) {
        if (code != 0) {
            throw new CudaFailure(CudaFailure.Kind.REJECTED, code, "nvJPEG refused " + doing + " with code " + code);
        }
    }

    @Override
    public void close() {
        states.values().forEach(state -> functions.call(functions.destroyState, state));
        functions.call(functions.destroyState, single);
        functions.call(functions.destroy, handle);
        functions.call(functions.destroy, spare);
    }

    /** The library's functions; found once, never unloaded. */
    private record Functions(
            MethodHandle create,
            MethodHandle destroy,
            MethodHandle createState,
            MethodHandle destroyState,
            MethodHandle info,
            MethodHandle initializeBatch,
            MethodHandle decodeBatch,
            MethodHandle decode) {

        static Optional<Functions> find() {
            String given = System.getProperty(PROPERTY, "");
            for (String library : given.isEmpty() ? LIBRARIES : List.of(given)) {
                try {
                    return Optional.of(of(DriverProbe.symbols(library)));
                } catch (IllegalArgumentException absent) {
                    // The next name may be there.
                }
            }
            return Optional.empty();
        }

        private static Functions of(SymbolLookup symbols) {
            return new Functions(
                    function(symbols, "nvjpegCreateEx", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS),
                    function(symbols, "nvjpegDestroy", ADDRESS),
                    function(symbols, "nvjpegJpegStateCreate", ADDRESS, ADDRESS),
                    function(symbols, "nvjpegJpegStateDestroy", ADDRESS),
                    function(
                            symbols,
                            "nvjpegGetImageInfo",
                            ADDRESS,
                            ADDRESS,
                            JAVA_LONG,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS),
                    function(symbols, "nvjpegDecodeBatchedInitialize", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT),
                    function(symbols, "nvjpegDecodeBatched", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
                    function(
                            symbols, "nvjpegDecode", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
        }

        @SuppressWarnings("restricted")
        private static MethodHandle function(SymbolLookup symbols, String name, MemoryLayout... arguments) {
            MemorySegment symbol =
                    symbols.find(name).orElseThrow(() -> new IllegalArgumentException("this nvJPEG has no " + name));
            return Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, arguments));
        }

        int call(MethodHandle function, Object... arguments) {
            try {
                return (int) function.invokeWithArguments(arguments);
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
