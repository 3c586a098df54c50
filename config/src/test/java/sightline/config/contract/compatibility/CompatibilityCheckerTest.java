package sightline.config.contract.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A checker that passes everything would pass everything: each way to break a reader has its case. */
class CompatibilityCheckerTest {

    private static final DescriptorProto MESSAGE = DescriptorProto.newBuilder()
            .setName("M")
            .addField(field("a", 1, FieldDescriptorProto.Type.TYPE_INT64))
            .addField(field("b", 2, FieldDescriptorProto.Type.TYPE_STRING))
            .addReservedRange(
                    DescriptorProto.ReservedRange.newBuilder().setStart(9).setEnd(10))
            .addReservedName("old")
            .addOneofDecl(OneofDescriptorProto.newBuilder().setName("choice"))
            .addEnumType(EnumDescriptorProto.newBuilder()
                    .setName("E")
                    .addValue(value("NONE", 0))
                    .addValue(value("SOME", 1)))
            .build();

    @Test
    void anAddedFieldMessageOrValueBreaksNothing() {
        assertThat(breaks(m -> m.addField(field("c", 3, FieldDescriptorProto.Type.TYPE_BOOL))
                        .addNestedType(DescriptorProto.newBuilder().setName("N"))
                        .getEnumTypeBuilder(0)
                        .addValue(value("MORE", 2))))
                .isEmpty();
    }

    @Test
    void aChangedType() {
        assertThat(breaks(m -> m.getFieldBuilder(0).setType(FieldDescriptorProto.Type.TYPE_SINT64)))
                .containsExactly("p.M.a = 1: type changed from TYPE_INT64 to TYPE_SINT64");
    }

    @Test
    void aReusedNumber() {
        assertThat(breaks(m -> m.getFieldBuilder(1).setName("c"))).containsExactly("p.M.b = 2: number reused for c");
    }

    @Test
    void aRemovedField() {
        assertThat(breaks(m -> m.removeField(1)))
                .containsExactly("p.M.b = 2: removed without reserving number and name");
        assertThat(breaks(m -> m.removeField(1)
                        .addReservedRange(DescriptorProto.ReservedRange.newBuilder()
                                .setStart(2)
                                .setEnd(3))))
                .hasSize(1);
    }

    @Test
    void aFieldRetiredProperly() {
        assertThat(breaks(m -> m.removeField(1)
                        .addReservedRange(DescriptorProto.ReservedRange.newBuilder()
                                .setStart(2)
                                .setEnd(3))
                        .addReservedName("b")))
                .isEmpty();
    }

    @Test
    void aChangedCardinality() {
        assertThat(breaks(m -> m.getFieldBuilder(0).setLabel(Label.LABEL_REPEATED)))
                .containsExactly("p.M.a = 1: cardinality changed");
    }

    @Test
    void aChangedPresence() {
        assertThat(breaks(m -> m.getFieldBuilder(0).setProto3Optional(true)))
                .containsExactly("p.M.a = 1: presence changed");
    }

    @Test
    void aFieldMovedIntoAOneof() {
        assertThat(breaks(m -> m.getFieldBuilder(0).setOneofIndex(0)))
                .containsExactly("p.M.a = 1: moved into or out of a oneof");
    }

    @Test
    void aReservedNumberOrNameTakenAgain() {
        assertThat(breaks(m -> m.addField(field("c", 9, FieldDescriptorProto.Type.TYPE_BOOL))))
                .containsExactly("p.M.c = 9: was reserved");
        assertThat(breaks(m -> m.addField(field("old", 4, FieldDescriptorProto.Type.TYPE_BOOL))))
                .containsExactly("p.M.old = 4: was reserved");
        assertThat(breaks(DescriptorProto.Builder::clearReservedRange)).containsExactly("p.M: no longer reserves 9");
    }

    @Test
    void aRemovedMessage() {
        assertThat(breaks(m -> m.setName("Other")))
                .containsExactly("p.M: message removed", "p.M.E: enumeration removed");
    }

    @Test
    void aRemovedOrRenamedValue() {
        assertThat(breaks(m -> m.getEnumTypeBuilder(0).removeValue(1))).containsExactly("p.M.E.SOME: value removed");
        assertThat(breaks(m -> m.getEnumTypeBuilder(0).getValueBuilder(1).setName("ANY")))
                .containsExactly("p.M.E.SOME = 1: number reused for ANY");
    }

    private static List<String> breaks(Consumer<DescriptorProto.Builder> change) {
        DescriptorProto.Builder newer = MESSAGE.toBuilder();
        change.accept(newer);
        return CompatibilityChecker.breaks(set(MESSAGE), set(newer.build()));
    }

    private static FileDescriptorSet set(DescriptorProto message) {
        return FileDescriptorSet.newBuilder()
                .addFile(FileDescriptorProto.newBuilder().setPackage("p").addMessageType(message))
                .build();
    }

    private static FieldDescriptorProto field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(Label.LABEL_OPTIONAL)
                .build();
    }

    private static EnumValueDescriptorProto value(String name, int number) {
        return EnumValueDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .build();
    }
}
