// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Outcome;
import dev.lapwing.OutcomeHandler;

import java.lang.System.Logger.Level;

/** Hands deliveries to a handler, one by one. Whatever the handler throws is a failed attempt. */
record MessageWork(OutcomeHandler handler, Lanes lanes) implements HandlerWorkers.Work {
    private static final System.Logger LOG = System.getLogger(MessageWork.class.getName());

    @Override
    public void run(LiveDelivery[] taken, int count, int recalls) {
        for (int at = 0; at < count; at++) {
            if (lanes.recalls() != recalls) {
                lanes.putBack(taken, at, count);
                return;
            }
            run(taken[at]);
        }
    }

    private void run(LiveDelivery delivery) {
        if (delivery.begin(Thread.currentThread())) {
            Outcome outcome = decide(delivery);
            delivery.decide(outcome);
            delivery.finish();
        }
        delivery.disposition().carryOut(delivery);
    }

    private Outcome decide(LiveDelivery delivery) {
        try {
            Outcome unseen = delivery.disposition().unseen(delivery);
            if (unseen != null) {
                return unseen;
            }
            Outcome outcome = handler.handle(delivery);
            return outcome != null
                    ? outcome
                    : failed(delivery, new NullPointerException("no outcome"));
        } catch (Throwable e) {
            return failed(delivery, e);
        }
    }

    /** The outcome of a handler that threw. */
    static Outcome failed(LiveDelivery delivery, Throwable thrown) {
        try {
            LOG.log(Level.DEBUG, () -> "The handler failed at " + delivery, thrown);
            return Outcome.retry(thrown.toString());
        } catch (Throwable e) {
            return Outcome.retry(thrown.getClass().getName());
        }
    }
}
