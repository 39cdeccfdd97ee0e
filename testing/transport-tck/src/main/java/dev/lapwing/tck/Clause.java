// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

/** The clauses of the transport contract, numbered as in {@code docs/conformance.md}. */
public enum Clause {
    /** One of three ends. */
    SEND_ENDS_ONCE("1.1", "A send ends exactly once: stored, refused or unknown."),
    /** No early confirmation. */
    STORED_IS_STORED("1.2", "What was told to be stored can be read from that moment on."),
    /** Nothing lost, nothing invented. */
    EXACT_ACCOUNT(
            "1.3",
            "What was acknowledged is delivered, what is delivered was published, and nothing comes"
                    + " twice where nothing failed."),
    /** The message is the message. */
    INTACT("1.4", "A message arrives as it was published: payload, id, key, headers, time."),
    /** Unheard. */
    UNHEARD(
            "1.5",
            "Where stored is told and no history kept, what nobody would get is refused; dead"
                    + " letters are kept."),
    /** Batches. */
    BATCHES("2", "Batches go both ways: each message of a batch has an end of its own, in order."),
    /** Acks. */
    ACK("3.1", "What is acknowledged never comes again, and nothing else is acknowledged by it."),
    /** Give back. */
    GIVE_BACK("3.2", "What is given back comes again: now, or not before its pause is over."),
    /** Reject. */
    REJECT("3.3", "What is rejected becomes a dead letter, whole, with why and from where."),
    /** Extend. */
    EXTEND("3.4", "A renewed lease keeps a delivery; one that runs out frees it."),
    /** Attempts. */
    ATTEMPTS("3.5", "Failed attempts are counted, and only those."),
    /** Lost. */
    LOST("4.1", "A delivery that is no longer ours is announced as lost, and is no error."),
    /** Stale. */
    STALE("4.2", "A late settle comes back as stale and changes nothing."),
    /** Floor. */
    FLOOR("5", "A failed message is never committed past by a later success."),
    /** Retries. */
    RETRY("6.1", "A handler that fails loses nothing: the message is tried again as declared."),
    /** Redrive. */
    REDRIVE("6.2", "Dead letters can be listed and sent round again, for their group only."),
    /** Resume. */
    RESUME("7.1", "To start after a position misses nothing and doubles nothing."),
    /** Replay. */
    REPLAY("7.2", "A subscription can begin at the oldest message, or at a time."),
    /** Comparable. */
    COMPARABLE("7.3", "Positions that are said to be comparable are whole numbers that grow."),
    /** In force. */
    IN_FORCE("8.1", "A subscription is in force when subscribe returns, not later."),
    /** Groups. */
    GROUPS("8.2", "Every group gets every message, and one member of it handles each."),
    /** Memory. */
    GROUP_REMEMBERS("8.3", "A group goes on where it stands, whoever comes and goes."),
    /** Without memory. */
    COMPETING("8.4", "Competing consumers without memory share what comes, and say what they are."),
    /** Confirmed acks. */
    CONFIRMED_ACK("9", "An acknowledgement is called confirmed only where the broker confirms it."),
    /** State. */
    STATE("10.1", "The state of the link is told truly and at once."),
    /** Reconnect. */
    DECLARED_AGAIN("10.2", "After a reconnect everything that was declared is in force again."),
    /** Durability. */
    SURVIVES("10.3", "Where durability is declared, a restart loses nothing that was stored."),
    /** Drain. */
    DRAIN("11", "Draining settles or gives back everything, and makes no dead letter."),
    /** One thread. */
    THREADS("12.1", "A listener is called by one thread at a time."),
    /** Any thread. */
    SETTLE_ANYWHERE("12.2", "Settling is legal from any thread, in any order."),
    /** Foreign. */
    FOREIGN("13", "What foreign clients write arrives as a message, whole."),
    /** Administration. */
    ADMINISTRATION("14", "Topics and groups can be listed, peeked at, purged and deleted."),
    /** Credit. */
    CREDIT("15.1", "Never more is delivered than was granted, nor more held than the prefetch."),
    /** Stop. */
    STOP("15.2", "Nothing is delivered after a stop; what is here can still be settled."),
    /** Declared. */
    DECLARED("16", "A capability is there if it is declared, and refused by a typed error if not."),
    /** Delay. */
    DELAY("17.1", "A delayed message is not seen before its time, and is seen then."),
    /** Time to live. */
    TIME_TO_LIVE("17.2", "A message that is out of date is not delivered."),
    /** Priority. */
    PRIORITY("17.3", "Urgent messages overtake others that wait."),
    /** Dedupe. */
    DEDUPLICATION("17.4", "The same id is stored once, and the sender is told."),
    /** Request and reply. */
    REQUEST_REPLY("18", "A request gets its own reply, or a time-out."),
    /** Order. */
    ORDER("19.1", "Messages of a topic arrive in the order in which they were stored."),
    /** Key order. */
    KEY_ORDER("19.2", "Messages of one key are handled in order, under retries and concurrency."),
    /** Patterns. */
    PATTERNS("20", "A pattern gets every topic that matches, those to come too, and no other."),
    /** Bad input. */
    BAD_INPUT("21", "Bad input is refused with a clear error before anything is sent."),
    /** Gap. */
    LIFECYCLE("22", "What is closed or paused is quiet, and says so.");

    private final String number;
    private final String text;

    Clause(String number, String text) {
        this.number = number;
        this.text = text;
    }

    /** Its number. */
    public String number() {
        return number;
    }

    /** What it says, one sentence. */
    public String text() {
        return text;
    }
}
