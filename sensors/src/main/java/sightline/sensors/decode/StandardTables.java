package sightline.sensors.decode;

import java.nio.ByteBuffer;

/**
 * The Huffman tables of ITU-T T.81 annex K.3. Frames of motion JPEG leave them out, and ImageIO wants them written;
 * libjpeg-turbo assumes them by itself.
 */
final class StandardTables {
    private static final String DC_LUMA = "00" + "00010501010101010100000000000000" + "000102030405060708090a0b";
    private static final String DC_CHROMA = "01" + "00030101010101010101010000000000" + "000102030405060708090a0b";
    private static final String AC_LUMA = "10" + "0002010303020403050504040000017d"
            + "01020300041105122131410613516107227114328191a1082342b1c11552d1f0"
            + "2433627282090a161718191a25262728292a3435363738393a434445464748494a"
            + "535455565758595a636465666768696a737475767778797a838485868788898a"
            + "92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6"
            + "c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa";
    private static final String AC_CHROMA = "11" + "00020102040403040705040400010277"
            + "000102031104052131061241510761711322328108144291a1b1c109233352f0"
            + "156272d10a162434e125f11718191a262728292a35363738393a434445464748"
            + "494a535455565758595a636465666768696a737475767778797a828384858687"
            + "88898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3"
            + "c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa";
    private static final byte[] SEGMENT = segment();

    private StandardTables() {}

    private static byte[] segment() {
        byte[] body = java.util.HexFormat.of().parseHex(DC_LUMA + DC_CHROMA + AC_LUMA + AC_CHROMA);
        byte[] segment = new byte[body.length + 4];
        segment[0] = (byte) 0xff;
        segment[1] = (byte) 0xc4;
        segment[2] = (byte) ((body.length + 2) >> 8);
        segment[3] = (byte) (body.length + 2);
        System.arraycopy(body, 0, segment, 4, body.length);
        return segment;
    }

    /** The picture as an array, with the standard tables put behind its start marker if it brings none. */
    static byte[] complete(ByteBuffer jpeg, JpegHeader header) {
        int size = jpeg.remaining();
        if (header.huffmanTables()) {
            byte[] bytes = new byte[size];
            jpeg.get(jpeg.position(), bytes);
            return bytes;
        }
        byte[] bytes = new byte[size + SEGMENT.length];
        jpeg.get(jpeg.position(), bytes, 0, 2);
        System.arraycopy(SEGMENT, 0, bytes, 2, SEGMENT.length);
        jpeg.get(jpeg.position() + 2, bytes, 2 + SEGMENT.length, size - 2);
        return bytes;
    }
}
