// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Capability;
import dev.lapwing.Outcome;
import dev.lapwing.spi.Settlement;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Carries out what was decided about the deliveries of one subscription: settles them, sends them
 * round again, or writes dead letters, and then lets the next of the key go. Safe for use by many
 * threads; returns at once.
 *
 * @param settles whether the broker keeps an account of what is settled
 */
record Disposition(
        LoopContext context,
        SubscriptionSettings settings,
        boolean settles,
        Consumption consumption,
        RetryPlanner planner,
        DeadLetterWriter deadLetters,
        Lanes lanes,
        OpenDeliveries open,
        Settler settler,
        Credit credit,
        Counts counts) {
    private static final System.Logger LOG = System.getLogger(Disposition.class.getName());

    /**
     * What becomes of a delivery that nobody shall see; null if it is for the handler. A message
     * that was sent round again for another group is accepted, and what the broker would drop next
     * time goes to the dead letters.
     */
    @Nullable Outcome unseen(LiveDelivery delivery) {
        if (delivery.received().isLastDelivery()) {
            return Outcome.reject(
                    "the broker has delivered it too often, with no end, and would drop it");
        }
        return delivery.message()
                        .header(DeadLetterFormat.REDRIVE_GROUP)
                        .filter(group -> !group.equals(settings.groupName()))
                        .isPresent()
                ? Outcome.accept()
                : null;
    }

    /** A user has called settle, and was the first. */
    void settledByUser(LiveDelivery delivery) {
        if (consumption.settlesAtOnce()) {
            carryOut(delivery);
        }
    }

    /** A user has called settle for what is lost. */
    void settledTooLate() {
        counts.stale(1);
    }

    /** Does what was decided, or drops what is lost; the next of its key may go. */
    void carryOut(LiveDelivery delivery) {
        switch (delivery.outcome()) {
            case null -> next(delivery);
            case Outcome.Accept accept -> accepted(delivery);
            case Outcome.Reject(String reason) -> bury(delivery, reason);
            case Outcome.TryAgain again -> tryAgain(delivery, again);
        }
    }

    private void accepted(LiveDelivery delivery) {
        if (settles) {
            settler.add(delivery, Settler.ACK);
        } else {
            counts.accepted(1);
            release(delivery);
        }
        next(delivery);
    }

    private void bury(LiveDelivery delivery, String reason) {
        if (settles && context.isNative(Capability.DEAD_LETTERS)) {
            settler.add(delivery, new Settlement.Reject(reason));
            next(delivery);
            return;
        }
        deadLetters.write(
                delivery,
                reason,
                () -> {
                    counts.deadLettered(1);
                    gone(delivery);
                });
    }

    /** Done with, without having been accepted. */
    private void gone(LiveDelivery delivery) {
        if (settles) {
            settler.add(delivery, Settler.ACK);
        } else {
            release(delivery);
        }
        next(delivery);
    }

    private void tryAgain(LiveDelivery delivery, Outcome.TryAgain again) {
        boolean keyed = delivery.message().key().isPresent();
        switch (planner.plan(again, delivery.attempt(), keyed)) {
            case RetryPlanner.Plan.Bury(String reason) -> bury(delivery, reason);
            case RetryPlanner.Plan.Drop() -> {
                LOG.log(Level.WARNING, "{0} is dropped: {1}", delivery, again.reason());
                gone(delivery);
            }
            case RetryPlanner.Plan.GiveBack(Duration pause, boolean failed) -> {
                counts.retried();
                settler.add(delivery, new Settlement.GiveBack(pause, failed));
                next(delivery);
            }
            case RetryPlanner.Plan.Hold(Duration pause, boolean failed) ->
                    hold(delivery, pause, failed);
        }
    }

    private void hold(LiveDelivery delivery, Duration pause, boolean failed) {
        LiveDelivery retry = delivery.again(delivery.attempt() + (failed ? 1 : 0));
        if (settles && !open.replace(delivery, retry)) {
            next(delivery);
            return;
        }
        counts.retried();
        if (lanes.hold(retry)) {
            context.timers()
                    .after(Timers.nanos(pause), () -> consumption.work(lanes.resume(retry)));
        }
        credit.topUp();
    }

    private void next(LiveDelivery delivery) {
        consumption.work(lanes.done(delivery));
    }

    /**
     * A subscriber that asks for what it takes has it. Without a group nobody waits for an outcome,
     * so that a subscriber that never settles goes on all the same.
     */
    void emitted(LiveDelivery delivery) {
        if (!settles) {
            release(delivery);
        }
    }

    private void release(LiveDelivery delivery) {
        if (!delivery.released) {
            delivery.released = true;
            leave(1);
        }
    }

    /** So many deliveries are here no more. */
    void leave(int deliveries) {
        counts.gone(deliveries);
        credit.release(deliveries);
    }
}
