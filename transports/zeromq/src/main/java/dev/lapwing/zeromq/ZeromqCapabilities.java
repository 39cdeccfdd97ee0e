// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;

/** What ZeroMQ can do, and for the rest what to use instead. */
final class ZeromqCapabilities {

    private static final String A_BROKER =
            "use a transport with a broker, or embedded: on one machine";

    private static final Capabilities NONE =
            Capabilities.of("zeromq")
                    .without(
                            Capability.DURABLE,
                            "nothing is kept anywhere; bridge the messages to a transport that"
                                    + " keeps them, embedded: for instance")
                    .without(
                            Capability.STORED_CONFIRMATION,
                            "a publish ends when the socket has taken the message; answer in the"
                                    + " program, or "
                                    + A_BROKER)
                    .without(Capability.DEDUPLICATION, "compare the payloads, or " + A_BROKER)
                    .without(
                            Capability.HEADERS,
                            "the wire has a topic and a payload; put what belongs to the message"
                                    + " into the payload")
                    .without(Capability.KEYS, "put the key into the topic: orders.KEY")
                    .without(Capability.DELAY, "publish later, or " + A_BROKER)
                    .without(Capability.TIME_TO_LIVE, "put the time into the payload")
                    .without(Capability.PRIORITY, "use a topic and a port for what is urgent")
                    .without(Capability.REPLAY, "nothing is kept; " + A_BROKER)
                    .without(Capability.REPLAY_FROM_POSITION, "nothing is kept; " + A_BROKER)
                    .without(Capability.REPLAY_FROM_TIME, "nothing is kept; " + A_BROKER)
                    .without(Capability.COMPARABLE_POSITIONS, "count in the payload")
                    .without(Capability.GIVE_BACK, "retry in the handler, or " + A_BROKER)
                    .without(Capability.EXTEND_LEASE, "there is no lease: nobody else gets it")
                    .without(Capability.COUNTS_ATTEMPTS, "attempts are counted in this process")
                    .without(
                            Capability.CONFIRMED_ACK,
                            "a message is taken for handled when it is delivered; " + A_BROKER)
                    .without(
                            Capability.DEAD_LETTERS,
                            "publish what cannot be handled to a topic of your own, or " + A_BROKER)
                    .without(
                            Capability.REQUEST_REPLY,
                            "the wire has no place for where replies go; " + A_BROKER)
                    .without(
                            Capability.ADMINISTRATION,
                            "there is no broker that could be asked; " + A_BROKER);

    /** With PUB and SUB. */
    static final Capabilities PUBSUB =
            NONE.withNative(Capability.PATTERNS)
                    .without(
                            Capability.COMPETING_CONSUMERS,
                            "use ?mode=pushpull, where workers share the messages")
                    .without(
                            Capability.GROUPS,
                            "use ?mode=pushpull for workers that share the messages and remember"
                                + " nothing, or embedded: or a broker for groups that remember");

    /** With PUSH and PULL. */
    static final Capabilities PUSHPULL =
            NONE.withNative(Capability.PATTERNS, Capability.COMPETING_CONSUMERS)
                    .without(
                            Capability.GROUPS,
                            "workers share the messages and remember nothing; "
                                    + A_BROKER
                                    + " for groups that remember");

    private ZeromqCapabilities() {}
}
