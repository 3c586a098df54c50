package sightline.config.contract.compatibility;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.List;
import sightline.config.wire.Belief;
import sightline.config.wire.DeadLetter;
import sightline.config.wire.Detections;
import sightline.config.wire.Event;
import sightline.config.wire.Origin;
import sightline.config.wire.Scan;

/** The messages as they are compiled now. */
final class Descriptors {

    private static final List<FileDescriptor> FILES = List.of(
            Origin.getDescriptor().getFile(),
            Scan.getDescriptor().getFile(),
            Detections.getDescriptor().getFile(),
            Belief.getDescriptor().getFile(),
            Event.getDescriptor().getFile(),
            DeadLetter.getDescriptor().getFile());

    private Descriptors() {}

    static FileDescriptorSet now() {
        FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
        FILES.forEach(file -> set.addFile(file.toProto()));
        return set.build();
    }
}
