// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.Delivery;
import dev.lapwing.Retry;
import dev.lapwing.Subscription;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/** Random schedules of publishing, joining, leaving, failing and outages. */
public interface ScheduleChecks extends Conformance {

    /** Whatever happens, the account is right at the end. */
    @Check(
            proves = {Clause.EXACT_ACCOUNT, Clause.RETRY, Clause.DECLARED_AGAIN, Clause.DRAIN},
            flaw = "loses or invents messages under a random schedule of faults")
    default void randomScheduleKeepsTheAccount() throws Exception {
        String topic = bench().topic("schedule");
        if (bench().refusesGroups(topic)) {
            return;
        }
        long seed = Long.getLong("lapwing.seed", ThreadLocalRandom.current().nextLong());
        try {
            run(topic, new Random(seed));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "replay with -Dlapwing.seed=" + seed + ": " + e.getMessage(), e);
        }
    }

    private void run(String topic, Random random) throws Exception {
        var account = new Account();
        var members = new ArrayList<Subscription>();
        var sends = new ArrayList<CompletableFuture<?>>();
        members.add(join(topic, account));
        int steps = Integer.getInteger("lapwing.steps", 60);
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(10)) {
                case 0 -> members.add(join(topic, account));
                case 1 -> {
                    if (members.size() > 1) {
                        members.remove(random.nextInt(members.size())).close();
                    }
                }
                case 2 -> disturb(topic, account, members);
                default -> {
                    for (int at = random.nextInt(20); at >= 0; at--) {
                        sends.add(account.publish(bench().lapwing(), topic, step + "." + at));
                    }
                }
            }
        }
        for (CompletableFuture<?> send : sends) {
            bench().await(() -> assertThat(send).as("a publish that ends").isDone());
        }
        bench().await(account::assertComplete);
        if (bench().outage().isEmpty()) {
            account.assertNoDuplicates();
        }
        assertThat(members)
                .allSatisfy(member -> assertThat(member.statistics().deadLettered()).isZero());
        // Right behind an outage is the worst moment to ask, and what was settled must still count.
        disturb(topic, account, members);
        assertNothingIsLeft(topic);
    }

    /** Cuts the link where there is one; else closes everything, restarts, and begins again. */
    private void disturb(String topic, Account account, List<Subscription> members)
            throws Exception {
        var outage = bench().outage();
        if (outage.isPresent()) {
            outage.get().begin();
            outage.get().end();
        } else if (bench().has(Capability.DURABLE)) {
            bench().restart();
            members.replaceAll(member -> join(topic, account));
        }
    }

    private Subscription join(String topic, Account account) {
        return bench().lapwing()
                .subscribe(topic)
                .group(bench().group("scheduled"))
                .concurrency(4)
                .retry(Retry.fixed(Duration.ofMillis(5)).forever())
                .handle(delivery -> failOnceInAWhile(delivery, account));
    }

    private static void failOnceInAWhile(Delivery delivery, Account account) {
        if (delivery.text().hashCode() % 7 == 0 && delivery.attempt() == 1) {
            throw new IllegalStateException("first attempt");
        }
        account.delivered(delivery);
    }

    private void assertNothingIsLeft(String topic) {
        if (bench().has(Capability.ADMINISTRATION)) {
            bench().await(() ->
                    assertThat(lags(topic)).as("what is left unsettled").isSubsetOf(0L, -1L));
        }
    }

    /** How much of the topic waits for the group; what broke the link may have come last. */
    private List<Long> lags(String topic) {
        try {
            return bench().lapwing().administration().groups(topic).stream()
                    .filter(group -> group.name().equals(bench().group("scheduled")))
                    .map(group -> group.lag())
                    .toList();
        } catch (ConnectionFailedException e) {
            throw new AssertionError("the link is not made again yet", e);
        }
    }
}
