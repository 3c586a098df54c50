package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The page's files, revalidated by entity tag so that a new build is seen at once. */
final class AssetRoutes {
    private final Assets assets;

    AssetRoutes(Assets assets) {
        this.assets = assets;
    }

    void mount(Router router) {
        router.get("/*").handler(this::serve);
    }

    private void serve(RoutingContext context) {
        var found = assets.find(context.normalizedPath());
        if (found.isEmpty()) {
            context.response().setStatusCode(404).end("there is nothing here\n");
            return;
        }
        Assets.Asset asset = found.get();
        var response = context.response().putHeader("etag", asset.etag()).putHeader("cache-control", "no-cache");
        if (asset.etag().equals(context.request().getHeader("if-none-match"))) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader("content-type", asset.contentType()).end(Buffer.buffer(asset.bytes()));
        }
    }
}
