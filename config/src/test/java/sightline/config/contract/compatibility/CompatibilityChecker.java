package sightline.config.contract.compatibility;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares two versions of all messages and lists what the newer could not read, or would misread, of the older.
 *
 * <p>Stricter than the wire needs: a field that changes its name under the same number is taken for a reuse of the
 * number, since nothing else tells the two apart.
 */
final class CompatibilityChecker {

    private final Map<String, DescriptorProto> messages = new TreeMap<>();
    private final Map<String, EnumDescriptorProto> enums = new TreeMap<>();
    private final List<String> breaks = new ArrayList<>();

    private CompatibilityChecker(FileDescriptorSet newer) {
        visit(newer, messages, enums);
    }

    static List<String> breaks(FileDescriptorSet older, FileDescriptorSet newer) {
        CompatibilityChecker checker = new CompatibilityChecker(newer);
        Map<String, DescriptorProto> oldMessages = new TreeMap<>();
        Map<String, EnumDescriptorProto> oldEnums = new TreeMap<>();
        visit(older, oldMessages, oldEnums);
        oldMessages.forEach(checker::message);
        oldEnums.forEach(checker::enumeration);
        return checker.breaks;
    }

    private void message(String name, DescriptorProto older) {
        DescriptorProto newer = messages.get(name);
        if (newer == null) {
            breaks.add(name + ": message removed");
            return;
        }
        for (FieldDescriptorProto was : older.getFieldList()) {
            newer.getFieldList().stream()
                    .filter(is -> is.getNumber() == was.getNumber())
                    .findFirst()
                    .ifPresentOrElse(is -> field(name, older, was, newer, is), () -> removed(name, was, newer));
        }
        for (FieldDescriptorProto is : newer.getFieldList()) {
            if (reserved(older, is.getNumber()) || older.getReservedNameList().contains(is.getName())) {
                breaks.add(name + "." + is.getName() + " = " + is.getNumber() + ": was reserved");
            }
        }
        for (var range : older.getReservedRangeList()) {
            if (newer.getReservedRangeList().stream()
                    .noneMatch(now -> now.getStart() <= range.getStart() && range.getEnd() <= now.getEnd())) {
                breaks.add(name + ": no longer reserves " + range.getStart());
            }
        }
    }

    private void removed(String name, FieldDescriptorProto was, DescriptorProto newer) {
        if (!reserved(newer, was.getNumber()) || !newer.getReservedNameList().contains(was.getName())) {
            breaks.add(name + "." + was.getName() + " = " + was.getNumber()
                    + ": removed without reserving number and name");
        }
    }

    private void field(
            String name,
            DescriptorProto older,
            FieldDescriptorProto was,
            DescriptorProto newer,
            FieldDescriptorProto is) {
        String field = name + "." + was.getName() + " = " + was.getNumber();
        if (!was.getName().equals(is.getName())) {
            breaks.add(field + ": number reused for " + is.getName());
        }
        if (was.getType() != is.getType() || !was.getTypeName().equals(is.getTypeName())) {
            breaks.add(field + ": type changed from " + type(was) + " to " + type(is));
        }
        if (was.getLabel() != is.getLabel()) {
            breaks.add(field + ": cardinality changed");
        }
        if (was.getProto3Optional() != is.getProto3Optional()) {
            breaks.add(field + ": presence changed");
        }
        if (!oneof(older, was).equals(oneof(newer, is))) {
            breaks.add(field + ": moved into or out of a oneof");
        }
    }

    private void enumeration(String name, EnumDescriptorProto older) {
        EnumDescriptorProto newer = enums.get(name);
        if (newer == null) {
            breaks.add(name + ": enumeration removed");
            return;
        }
        for (EnumValueDescriptorProto was : older.getValueList()) {
            newer.getValueList().stream()
                    .filter(is -> is.getNumber() == was.getNumber())
                    .findFirst()
                    .ifPresentOrElse(
                            is -> {
                                if (!is.getName().equals(was.getName())) {
                                    breaks.add(name + "." + was.getName() + " = " + was.getNumber()
                                            + ": number reused for " + is.getName());
                                }
                            },
                            // Old records still carry it and every reader has to say what it is.
                            () -> breaks.add(name + "." + was.getName() + ": value removed"));
        }
    }

    private static String oneof(DescriptorProto message, FieldDescriptorProto field) {
        boolean real = field.hasOneofIndex() && !field.getProto3Optional();
        return real ? message.getOneofDecl(field.getOneofIndex()).getName() : "";
    }

    private static boolean reserved(DescriptorProto message, int number) {
        return message.getReservedRangeList().stream()
                .anyMatch(range -> range.getStart() <= number && number < range.getEnd());
    }

    private static String type(FieldDescriptorProto field) {
        return field.getTypeName().isEmpty() ? field.getType().name() : field.getTypeName();
    }

    private static void visit(
            FileDescriptorSet set, Map<String, DescriptorProto> messages, Map<String, EnumDescriptorProto> enums) {
        for (FileDescriptorProto file : set.getFileList()) {
            file.getEnumTypeList().forEach(one -> enums.put(file.getPackage() + "." + one.getName(), one));
            file.getMessageTypeList().forEach(one -> visit(file.getPackage(), one, messages, enums));
        }
    }

    private static void visit(
            String scope,
            DescriptorProto message,
            Map<String, DescriptorProto> messages,
            Map<String, EnumDescriptorProto> enums) {
        String name = scope + "." + message.getName();
        messages.put(name, message);
        message.getEnumTypeList().forEach(one -> enums.put(name + "." + one.getName(), one));
        message.getNestedTypeList().forEach(one -> visit(name, one, messages, enums));
    }
}
