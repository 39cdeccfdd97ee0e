// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.Headers;
import dev.lapwing.MessageBuilder;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a publisher says of an event besides its topic and payload: each thing as a header of the
 * request ({@code Lapwing-Key}) or as a parameter of its query ({@code key}), which can carry any
 * Unicode text. The parameter wins.
 */
final class MessageOptions {
    private static final String HEADER_PREFIX = "lapwing-header-";
    private static final String PARAMETER_PREFIX = "header.";

    private final Request request;

    private MessageOptions(Request request) {
        this.request = request;
    }

    static void apply(Request request, MessageBuilder message) {
        var options = new MessageOptions(request);
        options.value("key").ifPresent(message::key);
        options.value("id").ifPresent(message::id);
        options.value("ttl").ifPresent(ttl -> message.timeToLive(TimeSpan.parse("ttl", ttl)));
        options.value("delay")
                .ifPresent(delay -> message.deliverAfter(TimeSpan.parse("delay", delay)));
        options.value("priority").ifPresent(priority -> message.priority(priority(priority)));
        options.value("reply-to").ifPresent(message::replyTo);
        options.value("correlation-id").ifPresent(message::correlationId);
        options.userHeaders(message);
    }

    private Optional<String> value(String name) {
        Optional<String> parameter =
                request.target().parameters().isEmpty()
                        ? Optional.empty()
                        : request.target().parameter(name.replace('-', '_'));
        return parameter.or(() -> request.header("lapwing-" + name).map(Target::raw));
    }

    private static int priority(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Refusal(
                    Problem.badRequest(
                            "priority is '%s'; it must be a number from 0 to 9"
                                    .formatted(Target.printable(text))));
        }
    }

    private void userHeaders(MessageBuilder message) {
        var headers = new ArrayList<Headers.Header>();
        for (Map.Entry<String, String> header : request.headers()) {
            if (header.getKey().toLowerCase(Locale.ROOT).startsWith(HEADER_PREFIX)) {
                headers.add(
                        header(
                                header.getKey().substring(HEADER_PREFIX.length()),
                                Target.raw(header.getValue())));
            }
        }
        for (Target.Parameter parameter : request.target().parameters()) {
            if (parameter.name().startsWith(PARAMETER_PREFIX)) {
                headers.add(
                        header(
                                parameter.name().substring(PARAMETER_PREFIX.length()),
                                parameter.value()));
            }
        }
        if (!headers.isEmpty()) {
            message.headers(Headers.of(headers));
        }
    }

    private static Headers.Header header(String name, String value) {
        return new Headers.Header(name, value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
