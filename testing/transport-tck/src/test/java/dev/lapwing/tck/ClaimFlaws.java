// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static dev.lapwing.Capability.ADMINISTRATION;
import static dev.lapwing.Capability.COMPARABLE_POSITIONS;
import static dev.lapwing.Capability.CONFIRMED_ACK;
import static dev.lapwing.Capability.COUNTS_ATTEMPTS;
import static dev.lapwing.Capability.DEDUPLICATION;
import static dev.lapwing.Capability.DELAY;
import static dev.lapwing.Capability.DURABLE;
import static dev.lapwing.Capability.EXTEND_LEASE;
import static dev.lapwing.Capability.GIVE_BACK;
import static dev.lapwing.Capability.GIVE_BACK_LATER;
import static dev.lapwing.Capability.GROUPS;
import static dev.lapwing.Capability.HEADERS;
import static dev.lapwing.Capability.KEYS;
import static dev.lapwing.Capability.PATTERNS;
import static dev.lapwing.Capability.PRIORITY;
import static dev.lapwing.Capability.REPLAY;
import static dev.lapwing.Capability.REPLAY_FROM_POSITION;
import static dev.lapwing.Capability.REPLAY_FROM_TIME;
import static dev.lapwing.Capability.TIME_TO_LIVE;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.Message;
import dev.lapwing.reference.ReferenceSettings;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Settlement;

import java.util.List;
import java.util.function.UnaryOperator;

/** Transports that claim what they lack, and one that lacks without a word. */
final class ClaimFlaws {
    private ClaimFlaws() {}

    /** Claims a capability, and leaves out what it would need. */
    private static final class Claims extends BrokenTransport {
        private final Capability claimed;

        Claims(Link link, Capability claimed) {
            super(link);
            this.claimed = claimed;
        }

        @Override
        public Capabilities capabilities() {
            return inner.capabilities().withNative(claimed);
        }

        @Override
        Message outgoing(Message message) {
            boolean plain = claimed == DELAY || claimed == TIME_TO_LIVE || claimed == KEYS;
            if (claimed == HEADERS) {
                return message.copyTo(message.topic()).headers(dev.lapwing.Headers.none()).build();
            }
            return plain ? BrokenSending.only(message, claimed != KEYS, true) : message;
        }

        @Override
        BrokenReceiver receiver(ReceiverRequest request, ReceiverListener listener) {
            return switch (claimed) {
                case EXTEND_LEASE ->
                        new BrokenSettling.Ignores(
                                this, request, listener, Settlement.Extend.class);
                case COMPARABLE_POSITIONS ->
                        new BrokenReports.Miscounts(this, request, listener, false);
                default -> new BrokenReceiver(this, request, listener);
            };
        }
    }

    private static final class Table extends BrokenTransport {
        private final UnaryOperator<Capabilities> change;

        Table(Link link, UnaryOperator<Capabilities> change) {
            super(link);
            this.change = change;
        }

        @Override
        public Capabilities capabilities() {
            return change.apply(inner.capabilities());
        }
    }

    static List<Flaw> all() {
        return List.of(
                claims(
                        DURABLE,
                        "restartLosesNothing",
                        "dedupeSurvivesARestart",
                        "whatWaitsSurvivesARestart"),
                claims(DEDUPLICATION, "sameIdIsStoredOnce"),
                claims(HEADERS, "headersArriveWhole"),
                claims(KEYS, "keysArriveWhole"),
                claims(DELAY, "delayedMessageComesInTime"),
                claims(TIME_TO_LIVE, "messageOutOfDateIsNotDelivered"),
                claims(PRIORITY, "urgentMessagesOvertake"),
                claims(PATTERNS, "patternGetsWhatMatchesAndNothingElse"),
                claims(GROUPS, "groupGoesOnWhereItStood"),
                claims(REPLAY, "earliestBeginsAtTheOldestMessage"),
                claims(REPLAY_FROM_POSITION, "resumingMissesNothingAndDoublesNothing"),
                claims(REPLAY_FROM_TIME, "replayBeginsAtATime"),
                claims(COMPARABLE_POSITIONS, "comparablePositionsGrow"),
                claims(GIVE_BACK, "givenBackComesAgainAtOnce"),
                claims(GIVE_BACK_LATER, "givenBackForLaterComesLater"),
                claims(EXTEND_LEASE, "renewedLeaseKeepsTheDelivery"),
                claims(COUNTS_ATTEMPTS, "givenBackComesAgainAtOnce"),
                claims(CONFIRMED_ACK, "ackIsConfirmedWhereDeclared"),
                claims(ADMINISTRATION, "topicsAreListed"),
                new Flaw(
                        "confirms acks where nothing is settled",
                        ReferenceSettings.unsettled(),
                        link -> new Claims(link, CONFIRMED_ACK),
                        List.of("declarationsFitTogether")),
                Flaw.of(
                        "lacks a capability and names no alternative",
                        link -> new Table(link, table -> table.without(PRIORITY, "")),
                        "everyCapabilityIsAnswered"));
    }

    private static Flaw claims(Capability capability, String... checks) {
        return new Flaw(
                "claims " + capability,
                ReferenceSettings.perMessage().without(capability),
                link -> new Claims(link, capability),
                List.of(checks));
    }
}
