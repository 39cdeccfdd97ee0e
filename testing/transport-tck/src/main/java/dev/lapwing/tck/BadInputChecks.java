// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.Capability;
import dev.lapwing.InvalidMessageException;
import dev.lapwing.InvalidTopicException;
import dev.lapwing.InvalidUriException;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.PayloadTooLargeException;
import dev.lapwing.PublishRefusedException;

import java.util.List;

/** What is refused before anything is sent. */
public interface BadInputChecks extends Conformance {

    /** Each with its reason. */
    @Check(proves = Clause.BAD_INPUT, flaw = "takes names that are not topics")
    default void badTopicNamesAreRefused() {
        Lapwing lapwing = bench().lapwing();
        for (String bad :
                List.of(
                        "",
                        ".",
                        "a..b",
                        ".a",
                        "a.",
                        "a b",
                        "a\nb",
                        "a\0b",
                        "a.*",
                        "a.>",
                        "x".repeat(256),
                        "订".repeat(86))) {
            assertThatThrownBy(() -> lapwing.publish(bad, "x"), "publish to '%s'", bad)
                    .isInstanceOf(InvalidTopicException.class);
        }
        for (String bad : List.of("", "a..b", "a.>.b", "a*", "a.b>c")) {
            assertThatThrownBy(() -> lapwing.subscribe(bad), "subscribe to '%s'", bad)
                    .isInstanceOf(InvalidTopicException.class);
        }
        String longest = bench().topic("x".repeat(255 - bench().topic("").length()));
        assertTakenOrRefused(longest);
    }

    /** The longest name is taken; a broker whose names are shorter refuses it for good. */
    private void assertTakenOrRefused(String longest) {
        try {
            bench().keep(longest);
            bench().lapwing().publish(longest, "x");
        } catch (PublishRefusedException | InvalidTopicException refused) {
            assertThat(refused).hasMessageContaining(longest);
        }
    }

    /** At the limit, and one over; alone, and in a batch. */
    @Check(
            proves = {Clause.BAD_INPUT, Clause.INTACT},
            flaw = "takes a payload over the limit, or refuses one at it")
    default void payloadLimitIsExact() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("limit");
        int limit = bench().options().maxPayloadBytes();
        var inbox = new Inbox();
        lapwing.subscribe(topic).handle(inbox);
        assertThatThrownBy(() -> lapwing.publish(topic, new byte[limit + 1]))
                .isInstanceOf(PayloadTooLargeException.class)
                .hasMessageContaining(String.valueOf(limit));
        Message good = Message.to(topic).text("good").build();
        Message bad = Message.to(topic).payload(new byte[limit + 1]).build();
        assertThatThrownBy(() -> lapwing.publishAll(List.of(good, bad)))
                .isInstanceOf(InvalidMessageException.class);
        lapwing.publish(topic, new byte[limit]);
        bench().awaitAndHold(() ->
                assertThat(inbox.messages())
                        .extracting(message -> message.payload().length)
                        .containsExactly(limit));
    }

    /** A word too many. */
    @Check(proves = Clause.BAD_INPUT, flaw = "takes a URI with an option that it does not know")
    default void unknownOptionIsRefused() {
        String uri = bench().space().uri();
        String more = uri + (uri.contains("?") ? "&" : "?") + "no-such-option=1";
        assertThatThrownBy(() -> Lapwing.connect(more))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("no-such-option");
        assertThatThrownBy(() -> Lapwing.connect("nosuchscheme:x"))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("nosuchscheme");
    }

    /** Names that would break what is built on them. */
    @Check(proves = Clause.BAD_INPUT, flaw = "takes ids, keys, headers or groups over their limits")
    default void limitsOfAMessageAreKept() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("limits");
        assertThatThrownBy(() -> lapwing.publish(Message.to(topic).id("").build()))
                .isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> lapwing.publish(Message.to(topic).id("i".repeat(256)).build()))
                .isInstanceOf(InvalidMessageException.class);
        if (bench().has(Capability.HEADERS)) {
            assertThatThrownBy(() -> lapwing.publish(Message.to(topic).header("", "x").build()))
                    .isInstanceOf(InvalidMessageException.class);
            assertThatThrownBy(() -> lapwing.publish(Message.to(topic).header("a\nb", "x").build()))
                    .isInstanceOf(InvalidMessageException.class);
        }
        if (bench().has(Capability.PRIORITY)) {
            assertThatThrownBy(() -> lapwing.publish(Message.to(topic).priority(10).build()))
                    .isInstanceOf(InvalidMessageException.class);
        }
        for (String bad : List.of("", "a b", "_x", "a>", "g".repeat(101))) {
            assertThatThrownBy(() -> lapwing.subscribe(topic).group(bad), "group '%s'", bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
