// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.Message;

import java.lang.System.Logger.Level;
import java.util.List;

/** Which of the receivers of a socket get a message. Used on the loop only. */
sealed interface ZeromqShare {

    /** Whether reading one more message makes sense. */
    boolean hasRoom(List<ZeromqReceiver> receivers);

    /** Hands a message out; false if it has to wait for credit. */
    boolean hand(Message message, List<ZeromqReceiver> receivers);

    /** Everybody whose topics match; it waits until all of them have credit. */
    final class All implements ZeromqShare {

        @Override
        public boolean hasRoom(List<ZeromqReceiver> receivers) {
            for (int at = 0; at < receivers.size(); at++) {
                if (receivers.get(at).hasCredit()) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public boolean hand(Message message, List<ZeromqReceiver> receivers) {
            for (int at = 0; at < receivers.size(); at++) {
                ZeromqReceiver receiver = receivers.get(at);
                if (receiver.wants(message) && !receiver.hasCredit()) {
                    return false;
                }
            }
            for (int at = 0; at < receivers.size(); at++) {
                if (receivers.get(at).wants(message)) {
                    receivers.get(at).take(message);
                }
            }
            return true;
        }
    }

    /** One whose topics match and who has credit, in turns. */
    final class InTurns implements ZeromqShare {
        private static final System.Logger LOG = System.getLogger(ZeromqShare.class.getName());

        private final ZeromqEnds ends;
        private int next;

        InTurns(ZeromqEnds ends) {
            this.ends = ends;
        }

        @Override
        public boolean hasRoom(List<ZeromqReceiver> receivers) {
            return receivers.stream().anyMatch(ZeromqReceiver::hasCredit);
        }

        @Override
        public boolean hand(Message message, List<ZeromqReceiver> receivers) {
            boolean wanted = false;
            for (int turn = 0; turn < receivers.size(); turn++) {
                ZeromqReceiver receiver = receivers.get((next + turn) % receivers.size());
                if (receiver.wants(message)) {
                    wanted = true;
                    if (receiver.hasCredit()) {
                        receiver.take(message);
                        next = (next + turn + 1) % receivers.size();
                        return true;
                    }
                }
            }
            if (!wanted) {
                LOG.log(
                        Level.WARNING,
                        "A message to topic {0} came to the worker at {1} and is lost: no"
                                + " subscription of this program takes that topic. Every worker has"
                                + " to take every topic that is sent to its address",
                        message.topic(),
                        ends);
            }
            return !wanted;
        }
    }
}
