package sightline.pipeline.mcap;

/** Operation codes of records, and the magic bytes at both ends of a file. */
final class Op {
    static final byte[] MAGIC = {(byte) 0x89, 'M', 'C', 'A', 'P', '0', '\r', '\n'};

    /** Length of an operation code and a record's length. */
    static final int PREFIX = 9;

    static final byte HEADER = 0x01;
    static final byte FOOTER = 0x02;
    static final byte SCHEMA = 0x03;
    static final byte CHANNEL = 0x04;
    static final byte MESSAGE = 0x05;
    static final byte CHUNK = 0x06;
    static final byte MESSAGE_INDEX = 0x07;
    static final byte CHUNK_INDEX = 0x08;
    static final byte STATISTICS = 0x0B;
    static final byte SUMMARY_OFFSET = 0x0E;
    static final byte DATA_END = 0x0F;

    private Op() {}
}
