// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import dev.lapwing.Delivery;

import java.io.IOException;

/** How a message is printed. */
enum MessageFormat {
    /** For people. */
    PLAIN {
        @Override
        void write(Delivery delivery, Output out) throws IOException {
            out.text("Received message: ");
            RAW.write(delivery, out);
        }
    },
    /** For people who listen to many topics. */
    PLAIN_WITH_TOPIC {
        @Override
        void write(Delivery delivery, Output out) throws IOException {
            out.text("Received message on %s: ".formatted(delivery.topic()));
            RAW.write(delivery, out);
        }
    },
    /** The payload and a line end. */
    RAW {
        @Override
        void write(Delivery delivery, Output out) throws IOException {
            out.bytes(delivery.message().payload());
            out.endLine();
        }
    },
    /** A JSON object on a line of its own, as the server sends it to subscribers. */
    JSON {
        @Override
        void write(Delivery delivery, Output out) throws IOException {
            out.bytes(MessageJson.of(delivery));
            out.endLine();
        }
    };

    abstract void write(Delivery delivery, Output out) throws IOException;
}
