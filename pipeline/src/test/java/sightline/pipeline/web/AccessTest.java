package sightline.pipeline.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.settings.SettingsRegistry;

/** Who may come in. */
class AccessTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private DashboardServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        http.close();
    }

    private void start(WebSettings settings) {
        server = DashboardServer.start(new FakePicture(1, 2), settings);
    }

    @Test
    void outsideLoopbackATokenIsAsked() {
        assertThatThrownBy(() -> WebSettings.defaults().withAddress("0.0.0.0", 0))
                .hasMessageContaining("web.token must be set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "js/main.js", "api/system", "metrics", "live"})
    void withoutTheTokenNothingIsShown(String path) throws Exception {
        start(WebSettings.defaults().withToken("open sesame"));
        assertThat(get(path, "authorization", "Bearer wrong").statusCode()).isEqualTo(401);
        assertThat(get(path, "x-nothing", "").statusCode()).isEqualTo(401);
    }

    @Test
    void healthIsToldToEverybodyAndTheRestToWhoShowsTheToken() throws Exception {
        start(WebSettings.defaults().withToken("sesame"));
        assertThat(get("healthz", "x-nothing", "").statusCode()).isEqualTo(200);
        assertThat(get("api/system", "authorization", "Bearer sesame").statusCode())
                .isEqualTo(200);
    }

    @Test
    void openingThePageOnceWithTheTokenLeavesACookieThatScriptsCannotRead() throws Exception {
        start(WebSettings.defaults().withToken("sesame"));
        HttpResponse<String> first = get("?token=sesame", "x-nothing", "");
        assertThat(first.statusCode()).isEqualTo(303);
        String cookie = first.headers().firstValue("set-cookie").orElseThrow();
        assertThat(cookie).containsIgnoringCase("httponly").contains("SameSite=Strict");
        assertThat(get("", "cookie", cookie.substring(0, cookie.indexOf(';'))).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aDomainThatWasReboundToLoopbackIsNotServed() throws Exception {
        start(WebSettings.defaults());
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write("GET /api/system HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(reader.readLine()).startsWith("HTTP/1.1 421");
        }
    }

    @Test
    void withACertificateThePageAndItsFeedAreEncrypted(@TempDir Path folder) throws Exception {
        var tls = Certificates.selfSigned(folder);
        WebSettings plain = WebSettings.defaults();
        start(new WebSettings(
                plain.host(),
                0,
                Optional.empty(),
                Optional.of(tls.pem()),
                plain.maxClients(),
                plain.controlQueue(),
                plain.writeQueueBytes(),
                plain.stallTimeout(),
                plain.previewInterval()));
        assertThat(server.url()).startsWith("https://");
        try (HttpClient trusting =
                HttpClient.newBuilder().sslContext(tls.trusting()).build()) {
            var request = HttpRequest.newBuilder(URI.create(server.url() + "healthz"));
            assertThat(trusting.send(request.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
        assertThatThrownBy(() -> get("healthz", "x-nothing", "")).isInstanceOf(IOException.class);
    }

    @Test
    void theKeysOfTheDashboardMakeItsSettings() {
        var registry = SettingsRegistry.builder().group(WebKeys.GROUP).build();
        WebSettings read = WebKeys.read(registry.defaults());
        assertThat(read).isEqualTo(WebSettings.defaults().withAddress("127.0.0.1", 8080));
    }

    private HttpResponse<String> get(String path, String header, String value)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .header(header, value)
                        .build(),
                BodyHandlers.ofString());
    }
}
