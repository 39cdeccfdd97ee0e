// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Capability;
import dev.lapwing.LapwingException;
import dev.lapwing.TopicConflictException;
import dev.lapwing.TopicName;
import dev.lapwing.UnsupportedCapabilityException;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which stream has a topic: the one that has its subject already, or else one for the first word of
 * the topic, made on first use. Calls block. Safe for use by many threads.
 */
final class NatsStreams {

    /** A call to the server. */
    interface Call<T> {
        T call() throws IOException, JetStreamApiException;
    }

    private final NatsLink link;
    private final NatsSettings settings;
    private final JetStreamManagement management;

    NatsStreams(NatsLink link, NatsSettings settings) {
        this.link = link;
        this.settings = settings;
        try {
            management =
                    link.connection()
                            .jetStreamManagement(
                                    JetStreamOptions.builder()
                                            .requestTimeout(settings.ackTimeout())
                                            .build());
        } catch (IOException e) {
            throw NatsErrors.of("JetStream at " + link.shown(), e);
        }
    }

    JetStreamManagement management() {
        return management;
    }

    /**
     * Does nothing if JetStream is there.
     *
     * @throws LapwingException if not
     */
    void check() {
        call("JetStream at " + link.shown(), management::getAccountStatistics);
    }

    /** Calls, and turns what goes wrong into the errors of Lapwing. */
    <T> T call(String what, Call<T> call) {
        return find(what, call, failure -> false).orElseThrow();
    }

    /** As {@link #call}; empty if the stream or the consumer is not there. */
    <T> Optional<T> find(String what, Call<T> call) {
        return find(what, call, NatsErrors::isMissing);
    }

    private <T> Optional<T> find(String what, Call<T> call, Predicate<Exception> isMissing) {
        long begun = System.nanoTime();
        try {
            return Optional.of(call.call());
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            if (isMissing.test(e)) {
                return Optional.empty();
            }
            // The server leaves a question that it does not permit without an answer.
            throw link.deniedSince(begun).stream()
                    .filter(each -> each.publish() && each.subject().startsWith("$JS."))
                    .findFirst()
                    .map(each -> NatsErrors.denied(what, each.text()))
                    .orElseGet(() -> NatsErrors.of(what, e));
        }
    }

    /** The streams that have messages of these topics; empty if there is none yet. */
    List<String> find(String topics) {
        if (isFixed(topics)) {
            return info(settings.stream().orElseThrow()).isPresent()
                    ? List.of(settings.stream().orElseThrow())
                    : List.of();
        }
        return call("The streams of '" + topics + "'", () -> management.getStreamNames(topics));
    }

    /** What a stream is and has; empty if there is none of this name. */
    Optional<StreamInfo> info(String stream) {
        return find("Stream '" + stream + "'", () -> management.getStreamInfo(stream));
    }

    private boolean isFixed(String topics) {
        return settings.stream().isPresent() && !TopicName.isReserved(topics);
    }

    /**
     * The stream of a topic or a pattern, made if there is none.
     *
     * @throws TopicConflictException if a stream is in the way
     * @throws UnsupportedCapabilityException if the pattern spans streams
     */
    String of(String topics) {
        if (isFixed(topics)) {
            return fixed(settings.stream().orElseThrow(), topics);
        }
        String word = NatsNames.firstWord(topics);
        if (word.equals("*") || word.equals(">")) {
            throw spans(topics, "it begins with a wildcard");
        }
        List<String> found = find(topics);
        if (found.size() > 1) {
            throw spans(topics, "it matches topics of the streams " + String.join(", ", found));
        }
        return found.isEmpty() ? make(NatsNames.stream(word), word, topics) : found.getFirst();
    }

    private String fixed(String stream, String topics) {
        Optional<StreamInfo> info = info(stream);
        if (info.isEmpty()) {
            String word = NatsNames.firstWord(topics);
            if (word.equals("*") || word.equals(">")) {
                throw new LapwingException(
                        "Stream '%s' does not exist, and '%s' does not say which subjects it shall have; make the stream first, or publish to it"
                                .formatted(stream, topics));
            }
            return make(stream, word, topics);
        }
        if (call("The streams of '" + topics + "'", () -> management.getStreamNames(topics))
                .contains(stream)) {
            return stream;
        }
        throw conflict(stream, topics, info.get().getConfiguration().getSubjects());
    }

    private static UnsupportedCapabilityException spans(String topics, String why) {
        return new UnsupportedCapabilityException(
                NatsProvider.NAME,
                Capability.PATTERNS,
                "the pattern '%s' would span streams, as %s; subscribe once for each first word, or name one stream that has a subject as wide with ?stream=NAME"
                        .formatted(topics, why));
    }

    private static TopicConflictException conflict(
            String stream, String topics, List<String> subjects) {
        return new TopicConflictException(
                "Stream '%s' has the subjects %s, and '%s' is none of them; add that subject to the stream, or name another one with ?stream=NAME"
                        .formatted(stream, subjects, topics));
    }

    private String make(String stream, String word, String topics) {
        NatsSettings.Store store = settings.store();
        StreamConfiguration configuration =
                StreamConfiguration.builder()
                        .name(stream)
                        .subjects(word, word + ".>")
                        .retentionPolicy(RetentionPolicy.Limits)
                        .discardPolicy(DiscardPolicy.Old)
                        .storageType(store.memory() ? StorageType.Memory : StorageType.File)
                        .maxAge(store.maxAge())
                        .maxBytes(store.maxBytes() == 0 ? -1 : store.maxBytes())
                        .replicas(store.replicas())
                        .duplicateWindow(store.duplicateWindow())
                        .allowDirect(true)
                        .build();
        try {
            var unused =
                    call(
                            "The stream of '" + topics + "'",
                            () -> management.addStream(configuration));
            return stream;
        } catch (TopicConflictException e) {
            return existing(stream, topics, e);
        }
    }

    /** Somebody made it at the same time with other settings; or it has other subjects. */
    private String existing(String stream, String topics, LapwingException told) {
        List<String> found = find(topics);
        if (found.size() == 1) {
            return found.getFirst();
        }
        Optional<StreamInfo> info = info(stream);
        throw info.isPresent()
                ? conflict(stream, topics, info.get().getConfiguration().getSubjects())
                : told;
    }
}
