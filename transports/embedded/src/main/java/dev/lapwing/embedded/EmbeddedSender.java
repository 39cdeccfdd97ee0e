// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.log.Admission;
import dev.lapwing.log.Log;
import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.Sender;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends messages to the log. Everything that takes time is done on the publisher's thread; the
 * results come from the log's writer thread. Takes no lock.
 */
final class EmbeddedSender implements Sender {
    private static final int MOST_APPENDS = 4096;
    private static final long MOST_BYTES = 4 << 20;

    private final Engine engine;
    private final Log log;

    EmbeddedSender(Engine engine) {
        this.engine = engine;
        this.log = engine.log();
    }

    @Override
    public void send(List<? extends SendRequest> batch) {
        if (batch.size() == 1) {
            MessageAppend append = prepare(batch.getFirst());
            if (append != null) {
                conclude(log.append(append), List.of(append));
            }
            return;
        }
        Run run = new Run();
        batch.forEach(run::add);
        run.flush();
    }

    /** Appends that go to the log in one go. */
    private final class Run {
        private final List<MessageAppend> appends = new ArrayList<>();
        private long bytes;
        private @Nullable PublishResult refusal;

        void add(SendRequest request) {
            MessageAppend append = prepare(request);
            if (append == null) {
                return;
            }
            appends.add(append);
            bytes += append.size();
            if (appends.size() == MOST_APPENDS || bytes > MOST_BYTES) {
                flush();
            }
        }

        void flush() {
            PublishResult earlier = refusal;
            if (earlier != null) {
                // What follows a refused message must not overtake it when that is sent again.
                appends.forEach(append -> append.end(earlier));
            } else if (!appends.isEmpty()) {
                refusal = conclude(log.append(List.copyOf(appends)), appends);
            }
            appends.clear();
            bytes = 0;
        }
    }

    private static @Nullable PublishResult conclude(
            Admission admission, List<MessageAppend> appends) {
        if (admission == Admission.ACCEPTED) {
            return null;
        }
        PublishResult result = Refusals.of(admission);
        appends.forEach(append -> append.end(result));
        return result;
    }

    /** Makes an append of a request; completes the request when there is nothing to append. */
    private @Nullable MessageAppend prepare(SendRequest request) {
        Message message = request.message();
        Topic topic = engine.topics().open(message.topic());
        if (message.timeToLive().isPresent()) {
            topic.mayExpire(true);
        }
        Duration delay = message.deliverAfter().orElse(Duration.ZERO);
        return delay.isPositive() ? later(request, topic, delay) : now(request, topic);
    }

    private @Nullable MessageAppend now(SendRequest request, Topic topic) {
        Message message = request.message();
        String id = message.id().orElse(null);
        var prepared = MessageCodec.prepare(message, id, engine.expires(message));
        if (isTooLarge(request, prepared.size())) {
            return null;
        }
        DedupeWindow ids = engine.ids();
        boolean claimed = id != null && ids.isOn();
        var claim = id != null && claimed ? ids.claim(topic.number(), id, request) : null;
        return claimed && claim == null
                ? null
                : new PublishAppend(topic, request, prepared, id, ids, claim);
    }

    private @Nullable MessageAppend later(SendRequest request, Topic topic, Duration delay) {
        Message message = request.message();
        String given = message.id().orElse(null);
        String id = given != null ? given : engine.freshId();
        var prepared = MessageCodec.prepare(message, id, engine.expires(message));
        var waiting = new DelayedCodec.Delayed(engine.due(delay), topic.name(), prepared);
        if (isTooLarge(request, waiting.size())) {
            return null;
        }
        DedupeWindow ids = engine.ids();
        boolean claimed = given != null && ids.isOn();
        var claim = given != null && claimed ? ids.claim(topic.number(), given, request) : null;
        return claimed && claim == null
                ? null
                : new DelayedAppend(engine.delays().stream(), request, waiting, id, ids, claim);
    }

    private boolean isTooLarge(SendRequest request, int size) {
        if (size <= engine.maxRecordBytes()) {
            return false;
        }
        request.complete(
                new PublishResult.Refused(
                        ("The message takes %d bytes in the log, and one may take %d; make it"
                                        + " smaller, or segment-bytes larger")
                                .formatted(size, engine.maxRecordBytes()),
                        false));
        return true;
    }
}
