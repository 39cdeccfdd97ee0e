// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

/** What transports differ in. {@link Capabilities} tells which of these a connection has. */
public enum Capability {
    /** Stored messages survive a crash of the process and of the broker. */
    DURABLE("messages that survive a crash"),
    /** The broker tells when a message is stored. */
    STORED_CONFIRMATION("a confirmation of each publish"),
    /** A message id that was seen within the window is not stored again. */
    DEDUPLICATION("deduplication by message id"),
    /** Each message has an id: the broker's, or where it only stores messages the runtime's. */
    ASSIGNED_IDS("an id for each message"),
    /** Messages carry headers. */
    HEADERS("headers"),
    /** Messages carry a key. */
    KEYS("message keys"),
    /** Messages can be held back for a time. */
    DELAY("delayed delivery"),
    /** Messages can go out of date. */
    TIME_TO_LIVE("time to live"),
    /** Urgent messages overtake others. */
    PRIORITY("priority"),
    /** Subscriptions can use wildcards. */
    PATTERNS("subscriptions by pattern"),
    /** Competing consumers share the messages of a topic, and their place is remembered. */
    GROUPS("groups of consumers"),
    /**
     * Competing consumers share the messages of a topic while they are there, at most once: nothing
     * is remembered, and what comes when none of them is there goes to nobody.
     */
    COMPETING_CONSUMERS("competing consumers without memory"),
    /** A subscription can begin at the oldest message that is kept. */
    REPLAY("replay from the earliest message"),
    /** A subscription can begin behind a position. */
    REPLAY_FROM_POSITION("replay from a position"),
    /** A subscription can begin at a time. */
    REPLAY_FROM_TIME("replay from a time"),
    /** Positions of one topic are whole numbers that grow with time. */
    COMPARABLE_POSITIONS("positions that can be compared"),
    /** An unsettled delivery can be given back at once. */
    GIVE_BACK("giving a delivery back"),
    /** A delivery can be given back for a later time. */
    GIVE_BACK_LATER("giving a delivery back for later"),
    /** The lease on a delivery can be renewed. */
    EXTEND_LEASE("renewing the lease on a delivery"),
    /** The broker counts the attempts of a message, across crashes. */
    COUNTS_ATTEMPTS("counted attempts"),
    /** The broker confirms an acknowledgement. */
    CONFIRMED_ACK("confirmed acknowledgements"),
    /** Rejected messages are kept, with the reason. */
    DEAD_LETTERS("dead letters"),
    /** A request can wait for its reply. */
    REQUEST_REPLY("request and reply"),
    /** Topics and groups can be listed and managed. */
    ADMINISTRATION("administration of topics and groups");

    private final String phrase;

    Capability(String phrase) {
        this.phrase = phrase;
    }

    /** The capability in words, to stand in a sentence: "delayed delivery". */
    public String phrase() {
        return phrase;
    }
}
