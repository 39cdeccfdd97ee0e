// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.ConnectOptions;
import dev.lapwing.Lapwing;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.UnsupportedCapabilityException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * What one check works with: connections, names that nobody else uses, and patience. Closes all
 * that it opened.
 */
public final class Workbench implements AutoCloseable {

    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(5);

    private final Space space;
    private final Pace pace;
    private final String token = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private @Nullable Lapwing shared;

    Workbench(Space space, Pace pace) {
        this.space = space;
        this.pace = pace;
    }

    /** Where this check works. */
    Space space() {
        return space;
    }

    Pace pace() {
        return pace;
    }

    /** How connections are opened: payloads up to 256 KiB, drained within 5 s or the patience. */
    ConnectOptions options() {
        Duration patience = pace.patience();
        return ConnectOptions.defaults()
                .withMaxPayloadBytes(256 << 10)
                .withDrainTimeout(patience.compareTo(LONGEST_DRAIN) < 0 ? patience : LONGEST_DRAIN);
    }

    /** The connection that most checks need only one of. */
    Lapwing lapwing() {
        Lapwing connection = shared;
        if (connection == null) {
            connection = connect();
            shared = connection;
        }
        return connection;
    }

    /** One more connection. */
    Lapwing connect() {
        return closeLater(Lapwing.connect(space.uri(), options()));
    }

    /** The transport itself, below the runtime. */
    SpiLink spi() {
        return closeLater(SpiLink.open(space.uri(), options(), pace.patience()));
    }

    /** Closes this at the end, before what was opened earlier. */
    <T extends AutoCloseable> T closeLater(T thing) {
        opened.push(thing);
        return thing;
    }

    /** Closes all connections and stops and starts the broker, when it has written its acks. */
    void restart() throws Exception {
        closeAll();
        Awaitility.await().pollDelay(pace.ackLag()).until(() -> true);
        space.restart()
                .orElseThrow(() ->
                        new AssertionError(
                                "DURABLE is declared, and the Space of this transport has no"
                                        + " restart(): give it one"))
                .run();
    }

    /**
     * What cuts the link; empty where there is none, which the space has to say: a check of broken
     * links that passes untested would be worth nothing.
     */
    Optional<Space.Outage> outage() {
        Optional<Space.Outage> outage = space.outage();
        if (outage.isEmpty() && !space.inProcess()) {
            throw new AssertionError(
                    "the Space of this transport has no outage(): give it one, or say inProcess()"
                            + " if there is no link that could break");
        }
        return outage;
    }

    /** What makes the link silent; empty where there is none, which the space has to say. */
    Optional<Space.Outage> silence() {
        Optional<Space.Outage> silence = space.silence();
        if (silence.isEmpty() && !space.inProcess()) {
            throw new AssertionError(
                    "the Space of this transport has no silence(): let it hold back every byte of"
                            + " the link, or say inProcess()");
        }
        return silence;
    }

    /** The name of a topic of this check alone. */
    String topic(String word) {
        return token + "." + word;
    }

    /** The name of a group of this check alone. */
    String group(String word) {
        return token + "-" + word;
    }

    Capabilities capabilities() {
        return lapwing().capabilities();
    }

    boolean has(Capability capability) {
        return capabilities().has(capability);
    }

    /**
     * Whether it can be had. Where not, this asserts that asking for it is refused with an error
     * that names it and what to use instead.
     */
    boolean offers(Capability capability, ThrowingCallable ask) {
        boolean offered = has(capability);
        if (!offered) {
            assertRefused(capability, ask);
        }
        return offered;
    }

    /** As {@link #offers(Capability, ThrowingCallable)}, for what no single call asks for. */
    boolean offers(Capability capability) {
        return offers(capability, () -> capabilities().require(capability));
    }

    /** Whether there are no groups; where not, asking for one must be refused. */
    boolean refusesGroups(String topic) {
        return !offers(
                Capability.GROUPS,
                () -> lapwing().subscribe(topic).group(group("g")).handle(new Inbox()));
    }

    /** Publishes texts from "m" with the first number up to the one before the last; tells them. */
    List<String> publishNumbered(String topic, int from, int to) {
        List<String> texts = IntStream.range(from, to).mapToObj(at -> "m" + at).toList();
        texts.forEach(text -> lapwing().publish(topic, text));
        return new ArrayList<>(texts);
    }

    /**
     * Whether a message that nobody has subscribed to is refused, because it would be kept nowhere:
     * a broker that confirms and has no history.
     */
    boolean refusesTheUnheard() {
        return has(Capability.STORED_CONFIRMATION) && !has(Capability.REPLAY);
    }

    /** Publishes where nobody listens, or hears that it is refused for that. */
    void publishUnheard(String topic, String text) {
        if (!refusesTheUnheard()) {
            lapwing().publish(topic, text);
            return;
        }
        assertThatThrownBy(() -> lapwing().publish(topic, text))
                .as("a message that nobody would get")
                .isInstanceOfSatisfying(
                        PublishRefusedException.class,
                        refused -> assertThat(refused.isRetriable()).isFalse())
                .hasMessageContaining(topic);
    }

    /** Makes a group where a topic without one keeps nothing, so that what is published stays. */
    void keep(String topic) {
        if (refusesTheUnheard()) {
            lapwing().subscribe(topic).group(group("keeper")).handle(new Inbox()).close();
        }
    }

    static void assertRefused(Capability capability, ThrowingCallable ask) {
        Throwable thrown = catchThrowable(ask);
        assertThat(thrown)
                .as("asking for %s, which is not declared, must be refused", capability)
                .isInstanceOf(UnsupportedCapabilityException.class);
        var refusal = (UnsupportedCapabilityException) thrown;
        assertThat(refusal.capability()).isEqualTo(capability);
        assertThat(refusal.alternative()).as("what to use instead of %s", capability).isNotBlank();
        assertThat(refusal.getMessage()).contains(refusal.transport(), capability.phrase());
    }

    /** Waits for an answer. */
    <T> T get(CompletableFuture<T> future) {
        return SpiLink.get(future, pace.patience());
    }

    /** Waits for the failure of a call. */
    Throwable failure(CompletableFuture<?> future) {
        await(() -> assertThat(future).as("a call that ends").isDone());
        assertThat(future).as("a call that fails").isCompletedExceptionally();
        return future.exceptionNow();
    }

    /** Waits until this holds. */
    void await(ThrowingRunnable assertion) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(pace.patience())
                .untilAsserted(assertion);
    }

    /** Waits until this holds, and then watches that it goes on to hold. */
    void awaitAndHold(ThrowingRunnable assertion) {
        await(assertion);
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .during(pace.quiet())
                .atMost(pace.quiet().multipliedBy(20))
                .untilAsserted(assertion);
    }

    private void closeAll() throws Exception {
        shared = null;
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @Override
    public void close() throws Exception {
        try {
            closeAll();
        } finally {
            space.close();
        }
    }
}
