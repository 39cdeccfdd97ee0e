// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.Message;
import dev.lapwing.TopicName;
import dev.lapwing.gateway.Gateway;

import io.netty.handler.codec.http.HttpHeaderNames;

import java.util.Locale;

/** Takes events: {@code POST /produce/{topic}}. Answers when the event is stored. */
final class ProduceEndpoint implements Endpoint {

    /** A JSON string may need six bytes for what is one byte of the payload. */
    private static final int LONGEST_ESCAPE = 6;

    private final Gateway gateway;
    private final int maxPayloadBytes;

    ProduceEndpoint(Gateway gateway, int maxPayloadBytes) {
        this.gateway = gateway;
        this.maxPayloadBytes = maxPayloadBytes;
    }

    @Override
    public String methods() {
        return "POST, OPTIONS";
    }

    @Override
    public long maxBodyBytes(Request request) {
        checkTopic(topic(request));
        String encoding = request.header(HttpHeaderNames.CONTENT_ENCODING).orElse("identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            throw new Refusal(
                    Problem.unsupportedMedia(
                                    "content-encoding is '%s'; send the body as it is"
                                            .formatted(Target.printable(encoding)))
                            .with("accept-encoding: identity"));
        }
        return Math.max(
                1, isJson(request) ? (long) maxPayloadBytes * LONGEST_ESCAPE + 2 : maxPayloadBytes);
    }

    @Override
    public void answer(Exchange exchange, Request request, byte[] body) {
        byte[] payload = isJson(request) ? Json.payload(body) : body;
        checkSize(payload, maxPayloadBytes);
        String topic = topic(request);
        var builder = Message.to(topic).payload(payload);
        MessageOptions.apply(request, builder);
        gateway.publish(builder.build())
                .whenComplete((stored, error) -> exchange.complete(topic, stored, error));
    }

    static void checkSize(byte[] payload, int limit) {
        if (payload.length > limit) {
            throw new Refusal(
                    Problem.tooLarge(
                            "The payload has %d bytes; the limit is %d"
                                    .formatted(payload.length, limit)));
        }
    }

    private static String topic(Request request) {
        return request.pathBehind(Router.PRODUCE);
    }

    static void checkTopic(String topic) {
        TopicName.check(topic);
        if (TopicName.isReserved(topic)) {
            throw new Refusal(
                    Problem.of(
                            403,
                            "reserved-topic",
                            "This topic is not for clients",
                            "Topics that begin with _ belong to Lapwing, as '%s' does; publish to another"
                                    .formatted(topic)));
        }
    }

    private static boolean isJson(Request request) {
        String type = request.header(HttpHeaderNames.CONTENT_TYPE).orElse("");
        int semicolon = type.indexOf(';');
        String media = (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
        if (!media.equalsIgnoreCase("application/json")) {
            return false;
        }
        String charset = type.toLowerCase(Locale.ROOT).replaceAll("[\\s\"]", "");
        if (charset.contains("charset=") && !charset.contains("charset=utf-8")) {
            throw new Refusal(
                    Problem.unsupportedMedia(
                            "content-type is '%s'; JSON is read as UTF-8 only"
                                    .formatted(Target.printable(type))));
        }
        return true;
    }
}
