package sightline.pipeline.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.pipeline.declared.Change;
import sightline.pipeline.declared.Declaration;
import sightline.pipeline.declared.PipelineFile;

/**
 * Watches the file that declares a running pipeline and makes what changed in it come true. A version with anything wrong is
 * refused as a whole, and the pipeline goes on as it was.
 *
 * <p>All files beside it are watched with it, since a site or weights may be among them. Threading: one thread of its own.
 */
final class Reload implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    private final Path file;
    private final Consumer<Change> apply;
    private final Scheduler thread = Schedulers.newSingle("reload", true);
    private Declaration now;
    private Map<Path, FileTime> seen;
    private volatile String trouble = "";

    /**
     * @param now what is running
     * @param apply makes one change come true; an IllegalArgumentException says why it can't
     * @param every how often the file is looked at
     */
    Reload(Path file, Declaration now, Consumer<Change> apply, Duration every) {
        this.file = file.toAbsolutePath();
        this.now = now;
        this.apply = apply;
        this.seen = times();
        thread.schedulePeriodically(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        Map<Path, FileTime> times = times();
        if (times.equals(seen)) {
            return;
        }
        seen = times;
        try {
            Declaration next = PipelineFile.read(file);
            List<Change> changes = Change.between(now, next);
            changes.forEach(apply);
            now = next;
            trouble = "";
            LOG.info("{}: {} changes took effect", file.getFileName(), changes.size());
        } catch (IllegalArgumentException | IOException e) {
            trouble = "the changed " + file.getFileName() + " was refused: " + e.getMessage();
            LOG.warn("{}", trouble);
        }
    }

    private Map<Path, FileTime> times() {
        Map<Path, FileTime> times = new TreeMap<>();
        try (var beside = Files.list(file.getParent())) {
            for (Path path : beside.filter(Files::isRegularFile).toList()) {
                times.put(path, Files.getLastModifiedTime(path));
            }
        } catch (IOException e) {
            // A file that is being replaced is looked at again a moment later.
            LOG.debug("{} could not be looked at", file.getParent(), e);
        }
        return times;
    }

    @Override
    public String name() {
        return "reload";
    }

    @Override
    public String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        thread.dispose();
    }
}
