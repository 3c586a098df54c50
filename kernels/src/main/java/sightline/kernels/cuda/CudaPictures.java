package sightline.kernels.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sightline.config.domain.Pixels;
import sightline.kernels.engine.EngineException;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;

/**
 * Feeds a session with pictures that become tensors on the device: compressed bytes are copied once, to pinned memory;
 * decoded pixels exist in device memory alone (nvJPEG), or are copied there as they are where they were decoded elsewhere.
 * One kernel resizes, normalises and lays out the whole batch; network and copy back follow in the same stream.
 *
 * <p>Threading: one thread at a time, as its session. Ownership: the session stays the caller's and must outlive this;
 * pictures are not kept. Memory: everything is taken when it is opened, nothing a run. Failure: a picture that cannot be
 * decoded is refused by its place in the batch with a reason, and its neighbours are computed.
 */
public final class CudaPictures implements AutoCloseable {
    private static final int THREADS = 256;

    private final CudaSession session;
    private final CudaDevice device;
    private final Framing framing;
    private final int batch;
    private final int slotBytes;
    private final DeviceMemory pixels;
    private final DeviceMemory taps;
    private final PinnedMemory stage;
    private final Launch fit;
    private final Optional<NvJpeg> decoder;
    private final Runnable whenClosed;
    private boolean closed;

    /**
     * What came of a batch.
     *
     * @param outputs by name, the session's own, valid until its next run
     * @param refused why, by place in the batch; the outputs at those places mean nothing
     */
    public record Outcome(Map<String, Tensor> outputs, Map<Integer, String> refused) {}

    private CudaPictures(
            CudaSession session,
            Framing framing,
            int batch,
            int slotBytes,
            DeviceMemory pixels,
            DeviceMemory taps,
            PinnedMemory stage,
            Launch fit,
            Optional<NvJpeg> decoder,
            Runnable whenClosed) {
        this.session = session;
        this.device = session.device();
        this.framing = framing;
        this.batch = batch;
        this.slotBytes = slotBytes;
        this.pixels = pixels;
        this.taps = taps;
        this.stage = stage;
        this.fit = fit;
        this.decoder = decoder;
        this.whenClosed = whenClosed;
    }

    /**
     * @param session whose only input is the pictures: batch x 3 x the framing's input; its memory stays where it is as long
     *     as this is open
     * @param framing of every picture that will come
     */
    public static CudaPictures open(
            CudaSession session, Framing framing, Resampling resampling, Normalisation normalisation) {
        session.rely();
        try {
            return take(session, framing, resampling, normalisation, session::release);
        } catch (RuntimeException failure) {
            session.release();
            throw failure;
        }
    }

    /** The same for the session itself, which closes it before its memory goes. */
    static CudaPictures own(CudaSession session, Framing framing, Resampling resampling, Normalisation normalisation) {
        return take(session, framing, resampling, normalisation, () -> {});
    }

    private static CudaPictures take(
            CudaSession session,
            Framing framing,
            Resampling resampling,
            Normalisation normalisation,
            Runnable whenClosed) {
        Map<String, Value> inputs = session.graph().inputs();
        String name = inputs.keySet().iterator().next();
        Value input = inputs.get(name);
        if (inputs.size() != 1
                || input.size(1) != 3
                || input.size(2) != framing.inputHeight()
                || input.size(3) != framing.inputWidth()) {
            throw new EngineException(session.graph().name() + " does not take pictures of " + framing.inputWidth()
                    + "x" + framing.inputHeight() + " alone");
        }
        int batch = Math.toIntExact(input.size(0));
        int each = 3 * framing.sourceWidth() * framing.sourceHeight();
        CudaDevice device = session.device();
        PictureFit plan = new PictureFit(framing, resampling, normalisation);
        return device.call(() -> {
            Deque<AutoCloseable> taken = new ArrayDeque<>();
            session.wake();
            try {
                DeviceMemory pixels = device.allocate((long) batch * each, "pictures");
                taken.push(pixels);
                // A compressed picture larger than its pixels is refused anyway.
                PinnedMemory stage = new PinnedMemory((long) batch * each);
                taken.push(stage);
                DeviceMemory taps = plan.upload(device);
                taken.push(taps);
                Launch fit = plan.launch(batch, pixels.address(), session.inputAddress(name), taps.address(), THREADS);
                device.prepare(fit);
                return new CudaPictures(
                        session, framing, batch, each, pixels, taps, stage, fit, NvJpeg.open(device), whenClosed);
            } catch (RuntimeException failure) {
                for (AutoCloseable part : taken) {
                    giveBack(part, failure);
                }
                throw failure;
            }
        });
    }

    private static void giveBack(AutoCloseable part, RuntimeException why) {
        try {
            part.close();
        } catch (Exception lost) {
            why.addSuppressed(lost);
        }
    }

    /** Whether compressed pictures can be given; without nvJPEG only decoded ones can. */
    public boolean decodes() {
        return decoder.isPresent();
    }

    /** Whether the card's own JPEG engines decode. */
    public boolean decodesInHardware() {
        return decoder.map(NvJpeg::hardware).orElse(false);
    }

    /**
     * Runs up to a batch of pictures. Those that are compressed still are decoded on the device, if all are and it can; one
     * that it cannot decode is taken as its owner decodes it, or fails the batch with its owner's exception.
     */
    public Map<String, Tensor> run(List<Pixels> pictures) {
        atMostABatch(pictures.size());
        for (Pixels picture : pictures) {
            requireSize(picture);
        }
        List<ByteBuffer> jpegs = decodes()
                ? pictures.stream().flatMap(p -> p.compressed().stream()).toList()
                : List.of();
        return jpegs.size() == pictures.size() ? runCompressed(pictures, jpegs) : runDecoded(pictures);
    }

    private Map<String, Tensor> runCompressed(List<Pixels> pictures, List<ByteBuffer> jpegs) {
        Map<Integer, String> refused = new LinkedHashMap<>();
        List<MemorySegment> staged = staged(jpegs, refused);
        return session.runOnDevice(() -> {
            decode(decoder.orElseThrow(), staged, refused);
            try {
                for (int i : refused.keySet()) {
                    long at = (long) i * slotBytes;
                    copy(pictures.get(i), at);
                    pixels.writeAsync(at, stage, at, slotBytes);
                }
            } catch (RuntimeException unreadable) {
                // The others' bytes are still being read.
                device.synchronize("decoding pictures");
                throw unreadable;
            }
            device.issue(fit);
        });
    }

    private Map<String, Tensor> runDecoded(List<Pixels> pictures) {
        for (int i = 0; i < pictures.size(); i++) {
            copy(pictures.get(i), (long) i * slotBytes);
        }
        return session.runOnDevice(() -> {
            pixels.writeAsync(0, stage, 0, (long) pictures.size() * slotBytes);
            device.issue(fit);
        });
    }

    private void requireSize(Pixels picture) {
        if (picture.width() != framing.sourceWidth() || picture.height() != framing.sourceHeight()) {
            throw new IllegalArgumentException("a picture of " + picture.width() + "x" + picture.height()
                    + " came where " + framing.sourceWidth() + "x" + framing.sourceHeight() + " was planned");
        }
    }

    private void copy(Pixels picture, long at) {
        long row = 3L * framing.sourceWidth();
        MemorySegment data = picture.data();
        for (int y = 0; y < framing.sourceHeight(); y++) {
            MemorySegment.copy(data, (long) y * picture.stride(), stage.segment(), at + y * row, row);
        }
    }

    /** Runs up to a batch of JPEG files of the planned size. */
    public Outcome runJpegs(List<ByteBuffer> jpegs) {
        atMostABatch(jpegs.size());
        NvJpeg jpeg = decoder.orElseThrow(() -> new EngineException("nvJPEG is not on this machine"));
        Map<Integer, String> refused = new LinkedHashMap<>();
        List<MemorySegment> staged = staged(jpegs, refused);
        return new Outcome(
                session.runOnDevice(() -> {
                    decode(jpeg, staged, refused);
                    device.issue(fit);
                }),
                refused);
    }

    private List<MemorySegment> staged(List<ByteBuffer> jpegs, Map<Integer, String> refused) {
        List<MemorySegment> staged = new ArrayList<>(jpegs.size());
        for (int i = 0; i < jpegs.size(); i++) {
            staged.add(stage(jpegs.get(i), (long) i * slotBytes, i, refused));
        }
        return staged;
    }

    private MemorySegment stage(ByteBuffer jpeg, long at, int place, Map<Integer, String> refused) {
        long bytes = Math.min(jpeg.remaining(), slotBytes);
        if (bytes < jpeg.remaining()) {
            refused.put(place, "the file of " + jpeg.remaining() + " bytes is larger than its pixels would be");
        }
        MemorySegment copy = stage.segment().asSlice(at, bytes);
        MemorySegment.copy(MemorySegment.ofBuffer(jpeg), 0, copy, 0, bytes);
        return copy;
    }

    /** All at once; if one of them spoils that, each on its own. */
    private void decode(NvJpeg jpeg, List<MemorySegment> staged, Map<Integer, String> refused) {
        for (int i = 0; i < staged.size(); i++) {
            check(jpeg, staged.get(i), i, refused);
        }
        if (refused.isEmpty() && jpeg.decode(padded(staged), framing.sourceWidth(), pixels.address(), slotBytes) == 0) {
            return;
        }
        for (int i = 0; i < staged.size(); i++) {
            if (!refused.containsKey(i)) {
                int code = jpeg.decode(staged.get(i), framing.sourceWidth(), pixels.address() + (long) i * slotBytes);
                if (code != 0) {
                    refused.put(i, "nvJPEG could not decode it (code " + code + ")");
                }
            }
        }
    }

    private void check(NvJpeg jpeg, MemorySegment file, int place, Map<Integer, String> refused) {
        Optional<int[]> size = jpeg.size(file);
        if (size.isEmpty()) {
            refused.putIfAbsent(place, "nvJPEG cannot read its header");
        } else if (size.get()[0] != framing.sourceWidth() || size.get()[1] != framing.sourceHeight()) {
            refused.putIfAbsent(
                    place,
                    "it has " + size.get()[0] + "x" + size.get()[1] + " pixels where " + framing.sourceWidth() + "x"
                            + framing.sourceHeight() + " were planned");
        }
    }

    /** A decoder's state is made for one count, so counts are few: the next power of two, filled with the last picture. */
    private List<MemorySegment> padded(List<MemorySegment> staged) {
        int count = Math.min(batch, Math.max(1, Integer.highestOneBit(2 * staged.size() - 1)));
        List<MemorySegment> full = new ArrayList<>(staged);
        while (full.size() < count) {
            full.add(staged.getLast());
        }
        return full;
    }

    private void atMostABatch(int pictures) {
        if (pictures < 1 || pictures > batch) {
            throw new IllegalArgumentException(pictures + " pictures do not make a batch of 1 to " + batch);
        }
    }

    @Override
    public void close() {
        device.run(() -> {
            if (!closed) {
                closed = true;
                decoder.ifPresent(NvJpeg::close);
                stage.close();
                taps.close();
                pixels.close();
                whenClosed.run();
            }
        });
    }
}
