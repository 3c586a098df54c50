package sightline.config.contract;

import com.google.protobuf.ByteString;
import sightline.config.domain.Lease;
import sightline.config.domain.NodeState;

/** {@code state.node.v1} and {@code lease.scene.v1}. */
final class NodeWire {

    private NodeWire() {}

    static sightline.config.wire.NodeState write(NodeState state) {
        return sightline.config.wire.NodeState.newBuilder()
                .setScene(state.scene())
                .setNode(state.node())
                .setIncarnation(state.incarnation())
                .setTick(state.tick())
                .setSnapshot(ByteString.copyFrom(state.snapshot()))
                .setOrigin(Names.write(state.origin()))
                .build();
    }

    static NodeState read(sightline.config.wire.NodeState in) {
        return new NodeState(
                in.getScene(),
                Checks.named("node", in.getNode()),
                in.getIncarnation(),
                in.getTick(),
                in.getSnapshot().toByteArray(),
                Names.read(in.getOrigin()));
    }

    static sightline.config.wire.Lease write(Lease lease) {
        return sightline.config.wire.Lease.newBuilder()
                .setScene(lease.scene())
                .setHolder(lease.holder())
                .setGeneration(lease.generation())
                .setOrigin(Names.write(lease.origin()))
                .build();
    }

    static Lease read(sightline.config.wire.Lease in) {
        return new Lease(
                Checks.named("scene", in.getScene()),
                Checks.named("holder", in.getHolder()),
                in.getGeneration(),
                Names.read(in.getOrigin()));
    }
}
