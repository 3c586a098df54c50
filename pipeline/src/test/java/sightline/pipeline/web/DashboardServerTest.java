package sightline.pipeline.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sightline.config.time.TimeSource;
import sightline.pipeline.metrics.PipelineMetrics;

class DashboardServerTest {
    private final FakePicture picture = new FakePicture(1, 5);
    private final PipelineMetrics metrics = new PipelineMetrics(TimeSource.system());
    private final DashboardServer server = DashboardServer.start(picture, WebSettings.defaults(), metrics);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
        http.close();
    }

    @Test
    void everyFileOfThePageIsServedUnderAStrictPolicy() throws Exception {
        for (String file : List.of("", "js/main.js", "css/tokens.css", "icon.svg")) {
            HttpResponse<String> answer = get(file);
            assertThat(answer.statusCode()).as(file).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-security-policy").orElse(""))
                    .contains("default-src 'none'", "script-src 'self'")
                    .doesNotContain("unsafe");
        }
    }

    @Test
    void aNewPageIsToldTheSiteAndThenEveryTickThatItCanTake() {
        try (LivePage page = LivePage.open(server)) {
            await().until(() -> !page.ofType("site").isEmpty());
            picture.step(1_000_000_000L);
            await().until(() -> !page.ofType("tick").isEmpty());
            assertThat(page.ofType("tick").getFirst().path("tracks")).hasSize(5);
            assertThat(page.ofType("tick").getFirst().path("origin").asText()).isEqualTo("SIMULATED");
            assertThat(page.previews)
                    .as("previews are sent only where they are asked for")
                    .hasValue(0);
        }
    }

    @Test
    void previewsAreSentToPagesThatAskForThem() {
        try (LivePage page = LivePage.open(server)) {
            page.send("{\"op\":\"want\",\"channels\":[\"camera\"],\"cameras\":[\"cam-north-west\"]}");
            page.send("{\"op\":\"ping\",\"c\":1}");
            await().until(() -> !page.ofType("pong").isEmpty());
            picture.step(1_000_000_000L);
            picture.step(1_100_000_000L);
            await().untilAsserted(() -> assertThat(page.previews).hasValue(1));
        }
    }

    @Test
    void aZoneThatIsDrawnClockwiseIsSavedCounterClockwiseAndToldToEveryPage() throws Exception {
        try (LivePage page = LivePage.open(server)) {
            await().until(() -> !page.ofType("site").isEmpty());
            HttpResponse<String> answer =
                    post("api/zones/put", "{\"name\":\"stairs\",\"outline\":[[0,0],[0,2],[2,2],[2,0]]}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            await().until(() -> page.ofType("site").size() == 2);
            assertThat(page.ofType("site")
                            .get(1)
                            .path("zones")
                            .get(1)
                            .path("outline")
                            .toString())
                    .isEqualTo("[[2,0],[2,2],[0,2],[0,0]]");
        }
    }

    @Test
    void aCommandThatCannotBeSaysWhy() throws Exception {
        assertThat(post("api/zones/remove", "{\"name\":\"nowhere\"}"))
                .returns(400, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .asString()
                .contains("there is no zone nowhere");
        assertThat(post("api/zones/put", "{\"name\":\"knot\",\"outline\":[[0,0],[2,2],[2,0],[0,2]]}")
                        .body())
                .contains("encloses no area");
        assertThat(post("api/zones/put", "not json").statusCode()).isEqualTo(400);
    }

    @Test
    void placesInAPictureAndOnTheGroundAreConvertedIntoEachOther() throws Exception {
        var pixels = new JsonObject(get("api/pixels?camera=cam-north-west&points=9,6/14,10/-40,60")
                        .body())
                .getJsonArray("points");
        assertThat(pixels.size()).isEqualTo(3);
        assertThat(pixels.getJsonArray(2).getValue(0)).as("behind the camera").isNull();
        var ground = new JsonObject(get("api/ground?camera=cam-north-west&points=%s,%s/320,-5000"
                                .formatted(
                                        pixels.getJsonArray(1).getDouble(0),
                                        pixels.getJsonArray(1).getDouble(1)))
                        .body())
                .getJsonArray("points");
        assertThat(ground.getJsonArray(0).getDouble(0)).isCloseTo(14, within(0.01));
        assertThat(ground.getJsonArray(0).getDouble(1)).isCloseTo(10, within(0.01));
        assertThat(ground.getJsonArray(1).getValue(0)).as("in the sky").isNull();
        assertThat(get("api/ground?camera=nobody&points=1,2").statusCode()).isEqualTo(400);
        assertThat(get("api/ground?camera=cam-north-west&points=here").body()).contains("two numbers");
    }

    @Test
    void aForeignPageCanNeitherCommandNorListen() throws Exception {
        HttpRequest foreign = HttpRequest.newBuilder(URI.create(server.url() + "api/zones/remove"))
                .header("origin", "https://elsewhere.example")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"loading bay\"}"))
                .build();
        assertThat(http.send(foreign, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
        assertThat(picture.commands).isEmpty();
    }

    @Test
    void readinessSaysWhichStageIsNotReadyAndWhy() throws Exception {
        picture.unready = List.of(new Readiness("broker", false, "no broker answers at localhost:9092"));
        assertThat(get("readyz"))
                .returns(503, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .asString()
                .contains("no broker answers");
        assertThat(get("healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void aPageBeyondTheLimitIsRefusedWithAReason() {
        List<LivePage> pages = new ArrayList<>();
        for (int i = 0; i < WebSettings.defaults().maxClients(); i++) {
            pages.add(LivePage.open(server));
        }
        try (LivePage last = LivePage.open(server)) {
            assertThat(last.closed.join()).contains("too many pages");
        } finally {
            pages.forEach(LivePage::close);
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(server.url() + path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }
}
