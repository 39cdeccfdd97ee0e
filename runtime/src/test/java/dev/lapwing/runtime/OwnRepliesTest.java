// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lapwing.ClosedException;
import dev.lapwing.InvalidMessageException;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.NoReplierException;
import dev.lapwing.RequestTimeoutException;
import dev.lapwing.reference.ReferenceBroker;
import dev.lapwing.reference.ReferenceSettings;
import dev.lapwing.spi.Replies;
import dev.lapwing.spi.ReplyListener;
import dev.lapwing.spi.TransportContext;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Requests where the broker has a way of its own for replies. */
class OwnRepliesTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ReferenceBroker broker = ReferenceBroker.start(ReferenceSettings.queues());
    private final Lapwing asking = Lapwing.connect(broker.uri());
    private final Lapwing answering = Lapwing.connect(broker.uri());

    @AfterEach
    void close() {
        asking.close();
        answering.close();
        broker.close();
    }

    private static Message question(String text) {
        return Message.to("square").text(text).build();
    }

    @Test
    void replyGoesItsOwnWayAndMakesNoTopic() {
        answering.subscribe("square").group("calculator").reply(asked -> "re " + asked.text());
        assertThat(asking.request(question("1"), LONG).text()).isEqualTo("re 1");
        assertThat(asking.request(question("2"), LONG).text()).isEqualTo("re 2");
        assertThat(asking.administration().topics()).hasSize(1);
    }

    @Test
    void requestThatNobodyHearsEndsAtOnce() {
        assertThatThrownBy(() -> asking.request(question("1"), LONG))
                .isInstanceOf(NoReplierException.class)
                .hasMessageContaining("square")
                .hasMessageContaining("Nobody listens");
    }

    @Test
    void replyThatNobodyAwaitsIsDropped() {
        var subscription = answering.subscribe("square").group("calculator").reply(asked -> "re");
        answering.publish(Message.to("square").replyTo("asker who left").text("1").build());
        await().until(() -> subscription.statistics().accepted() == 1);
        assertThat(subscription.statistics().retried()).isZero();
    }

    @Test
    void foreignAskerIsAnswered() {
        var heard = new CopyOnWriteArrayList<String>();
        var context = new TransportContext(Clock.systemUTC(), 1024, state -> {});
        var listener =
                new ReplyListener() {
                    @Override
                    public void reply(String correlationId, Message reply) {
                        heard.add(correlationId + "=" + reply.text());
                    }

                    @Override
                    public void nobodyListens(String correlationId) {}
                };
        answering.subscribe("square").group("calculator").reply(asked -> "re " + asked.text());
        try (var transport = broker.connect(context);
                Replies replies = transport.replies(listener)) {
            broker.writeForeign(
                    Message.to("square")
                            .replyTo(replies.address())
                            .correlationId("c1")
                            .text("1")
                            .build());
            await().until(() -> !heard.isEmpty());
        }
        assertThat(heard).isEqualTo(List.of("c1=re 1"));
    }

    @Test
    void replyToATopicIsPublishedThere() {
        var heard = new CopyOnWriteArrayList<String>();
        answering.subscribe("square").group("calculator").reply(asked -> "re " + asked.text());
        asking.subscribe("_reply.other").handle(reply -> heard.add(reply.text()));
        asking.publish(Message.to("square").replyTo("_reply.other").text("1").build());
        await().until(() -> heard.equals(List.of("re 1")));
    }

    @Test
    void addressesAreChecked() {
        assertThatThrownBy(() ->
                        asking.publish(Message.to("square").replyTo("a\nb").text("1").build()))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("replyTo");
    }

    @Test
    void closeEndsARequestThatWaits() {
        var thrown = new CopyOnWriteArrayList<Throwable>();
        answering.subscribe("square").group("deaf").handle(asked -> {});
        var thread =
                Thread.startVirtualThread(() -> {
                    try {
                        asking.request(question("1"), LONG);
                    } catch (ClosedException e) {
                        thrown.add(e);
                    }
                });
        await().until(() ->
                answering.administration().topics().stream()
                        .anyMatch(topic -> topic.messages() == 1));
        asking.close();
        await().until(() -> !thread.isAlive());
        assertThat(thrown).hasSize(1);
    }

    @Test
    void requestThatIsHeardAndNotAnsweredTimesOut() {
        answering.subscribe("square").group("deaf").handle(asked -> {});
        assertThatThrownBy(() -> asking.request(question("1"), Duration.ofMillis(50)))
                .isInstanceOf(RequestTimeoutException.class);
    }
}
