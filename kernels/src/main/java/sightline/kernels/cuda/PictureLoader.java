package sightline.kernels.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import sightline.config.domain.Pixels;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.cuda.driver.DeviceMemory;
import sightline.kernels.cuda.driver.DeviceStream;
import sightline.kernels.cuda.driver.NvJpeg;
import sightline.kernels.cuda.driver.PinnedMemory;
import sightline.kernels.vision.Framing;

/**
 * A batch of pictures of one size on its way to device memory: compressed bytes are copied once, to pinned memory, and decoded
 * on the device; decoded pixels are copied there as they are. One batch at a time: the next is staged when the stream has
 * been waited for. A file that cannot be decoded spoils its own place alone.
 *
 * <p>Memory is taken and given back on the device's thread; staging and issuing are one other's at a time.
 */
final class PictureLoader implements AutoCloseable {
    /** A file is at most this part of its pixels, or its owner decodes it: pinned memory is dear, and files are small. */
    private static final int COMPRESSION = 2;

    private final Framing framing;
    private final Consumer<Runnable> inContext;
    private final int batch;
    private final int slotBytes;
    private final int fileBytes;
    private final DeviceMemory pixels;
    private final PinnedMemory files;
    /** For pixels that were decoded elsewhere; taken when the first come. */
    private PinnedMemory stage;

    /**
     * What lies in pinned memory.
     *
     * @param pictures with pixels for those that are refused, empty where there are files alone
     * @param files empty where the pictures were decoded before
     * @param refused why, by place
     */
    record Staged(List<Pixels> pictures, List<MemorySegment> files, Map<Integer, String> refused) {}

    /**
     * On the device's thread.
     *
     * @param inContext runs driver calls for the thread that stages
     */
    PictureLoader(CudaDevice device, Framing framing, int batch, Consumer<Runnable> inContext) {
        this.framing = framing;
        this.inContext = inContext;
        this.batch = batch;
        this.slotBytes = 3 * framing.sourceWidth() * framing.sourceHeight();
        this.fileBytes = slotBytes / COMPRESSION;
        this.pixels = device.allocate((long) batch * slotBytes, "pictures");
        try {
            this.files = new PinnedMemory((long) batch * fileBytes);
        } catch (CudaFailure failure) {
            pixels.close();
            throw failure;
        }
    }

    private PinnedMemory stage() {
        if (stage == null) {
            inContext.accept(() -> stage = new PinnedMemory((long) batch * slotBytes));
        }
        return stage;
    }

    /** Where the batch lies on the device, row by row of interleaved RGB. */
    long address() {
        return pixels.address();
    }

    /** Copies files where all pictures are compressed still and there is a decoder, pixels otherwise. */
    Staged stage(List<Pixels> pictures, boolean decodes) {
        atMostABatch(pictures.size());
        pictures.forEach(this::requireSize);
        List<ByteBuffer> files = decodes
                ? pictures.stream().flatMap(p -> p.compressed().stream()).toList()
                : List.of();
        if (files.size() == pictures.size()) {
            Staged staged = stageFiles(files);
            return new Staged(pictures, staged.files(), staged.refused());
        }
        for (int i = 0; i < pictures.size(); i++) {
            copy(pictures.get(i), (long) i * slotBytes);
        }
        return new Staged(pictures, List.of(), Map.of());
    }

    /** Files whose pixels nobody else has. */
    Staged stageFiles(List<ByteBuffer> files) {
        atMostABatch(files.size());
        Map<Integer, String> refused = new LinkedHashMap<>();
        List<MemorySegment> staged = new ArrayList<>(files.size());
        for (int i = 0; i < files.size(); i++) {
            staged.add(stage(files.get(i), i, refused));
        }
        return new Staged(List.of(), staged, refused);
    }

    private MemorySegment stage(ByteBuffer file, int place, Map<Integer, String> refused) {
        long bytes = Math.min(file.remaining(), fileBytes);
        if (bytes < file.remaining()) {
            refused.put(
                    place,
                    "the file of " + file.remaining() + " bytes is larger than 1/" + COMPRESSION
                            + " of its pixels would be");
        }
        MemorySegment copy = files.segment().asSlice((long) place * fileBytes, bytes);
        MemorySegment.copy(MemorySegment.ofBuffer(file), 0, copy, 0, bytes);
        return copy;
    }

    /** Issues what brings the batch to the device. */
    void issue(Staged staged, Optional<NvJpeg> decoder, DeviceStream stream) {
        if (staged.files.isEmpty()) {
            pixels.writeAsync(0, stage(), 0, (long) staged.pictures.size() * slotBytes, stream);
            return;
        }
        decode(decoder.orElseThrow(), staged, stream);
        if (!staged.pictures.isEmpty() && !staged.refused.isEmpty()) {
            replace(staged, stream);
        }
    }

    /** What the device could not decode is taken as its owner decodes it, or fails the batch with its owner's exception. */
    private void replace(Staged staged, DeviceStream stream) {
        try {
            for (int i : staged.refused.keySet()) {
                long at = (long) i * slotBytes;
                copy(staged.pictures.get(i), at);
                pixels.writeAsync(at, stage(), at, slotBytes, stream);
            }
        } catch (RuntimeException unreadable) {
            // The others' bytes are still being read.
            stream.synchronize("decoding pictures");
            throw unreadable;
        }
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
        MemorySegment to = stage().segment();
        for (int y = 0; y < framing.sourceHeight(); y++) {
            MemorySegment.copy(data, (long) y * picture.stride(), to, at + y * row, row);
        }
    }

    /** All at once; if one of them spoils that, each on its own. */
    private void decode(NvJpeg jpeg, Staged staged, DeviceStream stream) {
        List<MemorySegment> files = staged.files;
        Map<Integer, String> refused = staged.refused;
        for (int i = 0; i < files.size(); i++) {
            check(jpeg, files.get(i), i, refused);
        }
        if (refused.isEmpty()
                && jpeg.decode(padded(files), framing.sourceWidth(), pixels.address(), slotBytes, stream) == 0) {
            return;
        }
        for (int i = 0; i < files.size(); i++) {
            if (!refused.containsKey(i)) {
                long to = pixels.address() + (long) i * slotBytes;
                int code = jpeg.decode(files.get(i), framing.sourceWidth(), to, stream);
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

    /**
     * A decoder's state is made for one count, which takes memory and with it stops the device for many milliseconds: there is
     * one count, a whole batch, filled with the last picture. The places that it takes are read by nobody.
     */
    private List<MemorySegment> padded(List<MemorySegment> files) {
        List<MemorySegment> full = new ArrayList<>(files);
        while (full.size() < batch) {
            full.add(files.getLast());
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
        files.close();
        if (stage != null) {
            stage.close();
        }
        pixels.close();
    }
}
