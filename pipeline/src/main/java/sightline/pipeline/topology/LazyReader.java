package sightline.pipeline.topology;

import java.awt.image.BufferedImage;
import java.util.Optional;
import sightline.operators.depict.PerceptionReader;
import sightline.operators.depict.ReadBackGate;
import sightline.pipeline.infer.ShippedDetector;

/**
 * The gate's eyes, opened when the first picture is to be read back: the start needs its seconds for the cameras. One thread
 * looks at a time; closing is safe from any.
 */
final class LazyReader implements ReadBackGate.Reader, AutoCloseable {
    private Optional<PerceptionReader> reader = Optional.empty();
    private boolean closed;

    @Override
    public ReadBackGate.Sight look(BufferedImage image) {
        return opened().map(r -> r.look(image)).orElse(ReadBackGate.Sight.nothing());
    }

    @Override
    public String name() {
        return opened().map(PerceptionReader::name).orElse("nobody");
    }

    private synchronized Optional<PerceptionReader> opened() {
        if (reader.isEmpty() && !closed) {
            reader = ShippedDetector.reader();
        }
        return reader;
    }

    @Override
    public synchronized void close() {
        closed = true;
        reader.ifPresent(PerceptionReader::close);
    }
}
