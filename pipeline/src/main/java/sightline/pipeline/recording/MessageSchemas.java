package sightline.pipeline.recording;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.wire.Detections;
import sightline.config.wire.Event;
import sightline.config.wire.Scan;
import sightline.config.wire.Track;
import sightline.config.wire.foxglove.CompressedImage;

/** What messages of each topic look like, in the form that recordings carry it: so a file explains itself. */
final class MessageSchemas {
    private static final Map<String, Descriptor> BY_NAME =
            List.of(Detections.getDescriptor(), Scan.getDescriptor(), Track.getDescriptor(), Event.getDescriptor())
                    .stream()
                    .flatMap(d -> d.getFile().getMessageTypes().stream())
                    .collect(Collectors.toMap(Descriptor::getFullName, Function.identity()));

    private MessageSchemas() {}

    /** Of a topic's values; empty for topics outside the contract. */
    static Optional<Descriptor> of(String topic) {
        return topic.equals(Topics.FRAME_CAMERA.name())
                ? Optional.of(CompressedImage.getDescriptor())
                : Codecs.forTopic(topic).map(codec -> BY_NAME.get(codec.type()));
    }

    /** A serialised {@code FileDescriptorSet} of the message's file and all that it imports, what is imported first. */
    static byte[] fileDescriptorSet(Descriptor message) {
        Set<FileDescriptor> files = new LinkedHashSet<>();
        collect(message.getFile(), files);
        FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
        files.forEach(file -> set.addFile(file.toProto()));
        return set.build().toByteArray();
    }

    private static void collect(FileDescriptor file, Set<FileDescriptor> into) {
        file.getDependencies().forEach(dependency -> collect(dependency, into));
        into.add(file);
    }
}
