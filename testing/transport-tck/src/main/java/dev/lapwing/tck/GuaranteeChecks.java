// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.Guarantee;
import dev.lapwing.Lapwing;
import dev.lapwing.spi.SettleUnit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** What may come twice, and what may not. */
public interface GuaranteeChecks extends Conformance {

    /** So long that much is left when a program ends. */
    long SLOWLY = Duration.ofMillis(2).toNanos();

    /** Not under a broken link either. */
    @Check(
            proves = {Clause.EXACT_ACCOUNT, Clause.COMPETING},
            flaw = "delivers twice what was asked for at most once")
    default void atMostOnceNeverComesTwice() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("once");
        if (!bench().offers(Capability.COMPETING_CONSUMERS)) {
            return;
        }
        var account = new Account();
        for (int member = 0; member < 2; member++) {
            lapwing.subscribe(topic)
                    .group(bench().group("g"))
                    .guarantee(Guarantee.AT_MOST_ONCE)
                    .handle(account::delivered);
        }
        var sends = new ArrayList<CompletableFuture<?>>();
        for (int at = 0; at < 300; at++) {
            sends.add(account.publish(lapwing, topic, "m" + at));
            if (at == 150) {
                bench().outage().ifPresent(Space.Outage::begin);
                bench().outage().ifPresent(Space.Outage::end);
            }
        }
        for (CompletableFuture<?> send : sends) {
            bench().await(() -> assertThat(send).as("a publish that ends").isDone());
        }
        // All of them may have been refused, as the link was down.
        var after = new AtomicInteger();
        bench().await(() -> {
            account.publish(lapwing, topic, "after" + after.incrementAndGet());
            assertThat(account.deliveries()).isPositive();
        });
        bench().awaitAndHold(account::assertNoDuplicates);
    }

    /** A program ends in the middle of its work, in order; another one goes on. */
    @Check(
            proves = {Clause.DRAIN, Clause.EXACT_ACCOUNT},
            flaw = "loses or doubles messages when a program ends under load")
    default void shutdownUnderLoadLosesAndDoublesNothing() {
        String topic = bench().topic("shutdown");
        if (bench().refusesGroups(topic)) {
            return;
        }
        var account = new Account();
        Lapwing ending = bench().connect();
        consume(ending, topic, account, SLOWLY);
        var sends = new ArrayList<CompletableFuture<?>>();
        for (int at = 0; at < 600; at++) {
            sends.add(account.publish(bench().lapwing(), topic, "m" + at));
        }
        bench().await(() -> assertThat(account.deliveries()).isPositive());
        ending.close();
        consume(bench().connect(), topic, account, 0);
        sends.forEach(bench()::get);
        bench().awaitAndHold(account::assertComplete);
        if (bench().spi().transport().settleUnit() == SettleUnit.MESSAGE) {
            account.assertNoDuplicates();
        }
        if (bench().has(Capability.DEAD_LETTERS)) {
            assertThat(bench().lapwing().deadLetters(topic, bench().group("g")).count()).isZero();
        }
    }

    private void consume(Lapwing lapwing, String topic, Account account, long nanos) {
        lapwing.subscribe(topic)
                .group(bench().group("g"))
                .concurrency(4)
                .prefetch(50)
                .handle(delivery -> {
                    account.delivered(delivery);
                    LockSupport.parkNanos(nanos);
                });
    }

    /** Many threads at once. */
    @Check(
            proves = {Clause.IN_FORCE, Clause.LIFECYCLE},
            flaw = "mixes up subscriptions that are opened and closed at the same time")
    default void subscriptionsOpenAndCloseAtTheSameTime() {
        Lapwing lapwing = bench().lapwing();
        var turns = new ArrayList<CompletableFuture<Void>>();
        for (int at = 0; at < 12; at++) {
            String topic = bench().topic("at-once-" + at);
            turns.add(
                    CompletableFuture.runAsync(
                            () -> {
                                var inbox = new Inbox();
                                var subscription = lapwing.subscribe(topic).handle(inbox);
                                lapwing.publish(topic, topic);
                                bench().await(() ->
                                        assertThat(inbox.texts()).isEqualTo(List.of(topic)));
                                subscription.close();
                            },
                            Thread::startVirtualThread));
        }
        turns.forEach(bench()::get);
    }
}
