package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which sources may be chosen from the page, and which may not. */
class ChosenSceneTest {
    @TempDir
    private Path folder;

    private ChosenScene scene;

    @BeforeEach
    void record() throws IOException {
        Files.createDirectories(folder.resolve("recordings/yard"));
        Files.writeString(folder.resolve("recordings/yard/gate.mp4"), "a recording");
        Files.writeString(folder.resolve("secret.mp4"), "not for the page");
        Files.createSymbolicLink(folder.resolve("recordings/way-out.mp4"), folder.resolve("secret.mp4"));
        scene = new ChosenScene(new NoCameras(PlazaSource.now(7, 4).site()), folder.resolve("recordings"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"started", "topic", "video:yard/gate.mp4", "video:yard/gate.mp4@7.5"})
    void sourcesThatThereAre(String source) {
        assertThatCode(() -> scene.choose("cam-1", source)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "moon",
                "video:",
                "video:missing.mp4",
                "video:../secret.mp4",
                "video:way-out.mp4",
                "video:yard",
                "video:/etc/hostname",
                "video:yard/gate.mp4@0",
                "video:yard/gate.mp4@fast"
            })
    void sourcesThatThereAreNotAreRefused(String source) {
        assertThatThrownBy(() -> scene.choose("cam-1", source)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void recordingIsRefusedWhereNobodyWouldLookAtIt() {
        scene.choose("cam-1", "video:yard/gate.mp4");
        assertThatThrownBy(() -> scene.camera(null, "cam-1", true)).hasMessageContaining("no network would look");
    }

    @Test
    void choiceCanBeUndone() {
        Runnable undo = scene.choose("cam-1", "video:yard/gate.mp4");
        undo.run();
        assertThatCode(() -> scene.camera(null, "cam-1", true).close()).doesNotThrowAnyException();
    }
}
