// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import java.util.Optional;

/** Where one test works: a broker, or a part of one, and what the test may do to it. */
public interface Space extends AutoCloseable {

    /** What to connect to. */
    String uri();

    /**
     * Kills the broker, so that it saves nothing more, and starts it again on what it has stored;
     * also while connections are open. Returns when it is there. Needed where {@code DURABLE} is
     * declared. An embedded log does nothing here: closing and opening it again is the restart.
     */
    default Optional<Runnable> restart() {
        return Optional.empty();
    }

    /** Whether the broker is inside this process, so that there is no link that could break. */
    default boolean inProcess() {
        return false;
    }

    /** Cuts what lies between client and broker; needed unless it is {@link #inProcess}. */
    default Optional<Outage> outage() {
        return Optional.empty();
    }

    /**
     * Makes the link silent: it stays, and no byte passes either way until the end. Needed unless
     * the broker is {@link #inProcess}.
     */
    default Optional<Outage> silence() {
        return Optional.empty();
    }

    /** A client that is not Lapwing; empty where there can be none. */
    default Optional<ForeignWriter> foreign() {
        return Optional.empty();
    }

    @Override
    default void close() throws Exception {}

    /** A space for a broker inside this process, to which nothing can be done from outside. */
    static Space inProcess(String uri) {
        return new Space() {
            @Override
            public String uri() {
                return uri;
            }

            @Override
            public boolean inProcess() {
                return true;
            }
        };
    }

    /** Cuts every link of this space, and makes it whole again. */
    interface Outage {
        /** Cuts the link, or kills the broker. */
        void begin();

        /** Lets the clients come back. */
        void end();

        /** What is begun and ended by these. */
        static Outage of(Runnable begin, Runnable end) {
            return new Outage() {
                @Override
                public void begin() {
                    begin.run();
                }

                @Override
                public void end() {
                    end.run();
                }
            };
        }
    }

    /** Writes as the broker's own client does. */
    interface ForeignWriter {
        /** Writes bytes to a topic, with no id, no key and no headers. */
        void write(String topic, byte[] payload);
    }
}
