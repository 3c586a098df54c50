package sightline.pipeline.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The page's files, read from the class path once. Which files there are stands in {@code files.txt} beside them, so that
 * nothing else of the class path can ever be asked for.
 */
final class Assets {
    private static final String ROOT = "/sightline/web/";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "txt", "text/plain; charset=utf-8",
            "webmanifest", "application/manifest+json");

    /** A file with its media type and a strong entity tag. */
    record Asset(String contentType, String etag, byte[] bytes) {}

    private final Map<String, Asset> files = new HashMap<>();

    Assets() {
        String list = new String(read("files.txt"), StandardCharsets.UTF_8);
        list.lines().map(String::strip).filter(name -> !name.isEmpty()).forEach(name -> {
            byte[] bytes = read(name);
            files.put("/" + name, new Asset(type(name), '"' + digest(bytes) + '"', bytes));
        });
        files.put("/", files.get("/index.html"));
    }

    Optional<Asset> find(String path) {
        return Optional.ofNullable(files.get(path));
    }

    private static String type(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalStateException("no media type is known for " + name);
        }
        return type;
    }

    private static byte[] read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream(ROOT + name)) {
            if (in == null) {
                throw new IllegalStateException("the page's file " + name + " is missing from the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
