// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.StartAt;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Settlement;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random schedules of everything that the engine does, held against a model that is nothing but
 * maps: publish, deduplicate, delay, expire, deliver, settle, extend, lose, leave, close, crash,
 * and clocks that jump. {@code -Dlapwing.seed=…} repeats a run, {@code -Dlapwing.rounds=…} makes it
 * long.
 */
final class EngineModelTest {
    private static final int ROUNDS = Integer.getInteger("lapwing.rounds", 8);
    private static final int STEPS = 250;
    private static final int LONGEST_PASS = 20_000;
    private static final List<String> TOPICS = List.of("a.x", "a.y", "b");
    private static final List<String> GROUPS = List.of("g", "h");
    private static final Duration WINDOW = Duration.ofMinutes(2);

    private final Map<String, ModelMessage> published = new HashMap<>();
    private final Map<String, Long> idsUntil = new HashMap<>();
    private final Map<String, Long> idsMaybeUntil = new HashMap<>();
    private final Map<String, Account> accounts = new HashMap<>();
    private final List<Seat> seats = new ArrayList<>();

    /** How many leases of these ended since something was seen to be stored: counted, unstored. */
    private final Map<Account, Integer> unstored = new HashMap<>();

    private Random random = new Random(0);
    private TestEngine engine = TestEngine.inMemory();
    private int messages;
    private long lastLook;

    /** What the model knows about a message; times are the engine's. */
    private record ModelMessage(String topic, long visible, long expires) {}

    /** What the model knows about one message in one group. */
    private static final class Account {
        private boolean settled;
        private int spentLeast;
        private int spentMost;
        private long notBefore;
        private long heldUntil;
        private Received holder;
    }

    /** A member, and what it has in hand. */
    private static final class Seat {
        private final String group;
        private final Collector collector;
        private final List<Received> hand = new ArrayList<>();

        Seat(String group, Collector collector) {
            this.group = group;
            this.collector = collector;
        }
    }

    @Test
    void engineAgreesWithTheModel() {
        long seed = Long.getLong("lapwing.seed", new Random().nextLong());
        for (int round = 0; round < ROUNDS; round++) {
            System.out.println("seed " + (seed + round));
            try {
                run(seed + round);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("replay with -Dlapwing.seed=" + (seed + round), e);
            }
        }
    }

    private void run(long seed) {
        random = new Random(seed);
        published.clear();
        idsUntil.clear();
        idsMaybeUntil.clear();
        accounts.clear();
        unstored.clear();
        seats.clear();
        engine.close();
        engine = TestEngine.inMemory("segment-bytes=256KiB");
        lastLook = now();
        for (String topic : TOPICS) {
            for (String group : GROUPS) {
                engine.join(topic, group, StartAt.earliest(), 0).close();
            }
        }
        for (int step = 0; step < STEPS; step++) {
            step();
            seats.forEach(this::receive);
            lastLook = now();
        }
        finish();
        engine.close();
    }

    private void step() {
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> publish();
            case 8, 9 -> sit();
            case 10 -> leave();
            case 11, 12, 13, 14 -> settle();
            case 15, 16, 17 ->
                    seats.forEach(seat -> seat.collector.receiver.grant(1 + random.nextInt(4)));
            case 18, 19, 20 -> {
                engine.pass(Duration.ZERO);
                seats.forEach(this::receive);
                engine.pass(Duration.ofMillis(random.nextInt(LONGEST_PASS)));
            }
            case 21 -> engine.clock.jump(Duration.ofDays(random.nextInt(-3650, 3650)));
            case 22 -> restart(false);
            default -> restart(true);
        }
    }

    private long now() {
        return engine.engine.clock().now();
    }

    private void publish() {
        String topic = TOPICS.get(random.nextInt(TOPICS.size()));
        String text = "m" + messages++;
        var message =
                Message.to(topic)
                        .text(text)
                        .timestamp(Instant.ofEpochMilli(engine.clock.wallMillis()));
        long now = now();
        long visible = now;
        long expires = Long.MAX_VALUE;
        if (random.nextInt(4) == 0) {
            int delay = 1 + random.nextInt(60_000);
            visible = now + delay;
            message.deliverAfter(Duration.ofMillis(delay));
        }
        if (random.nextInt(4) == 0) {
            int timeToLive = 1 + random.nextInt(60_000);
            expires = now + timeToLive;
            message.timeToLive(Duration.ofMillis(timeToLive));
        }
        if (random.nextInt(3) == 0) {
            message.id("id" + random.nextInt(5));
        }
        Message built = message.build();
        PublishResult.Stored stored = engine.publish(built);
        unstored.clear();
        check(built, stored, now, visible);
        if (!stored.duplicate()) {
            published.put(text, new ModelMessage(topic, visible, expires));
        }
    }

    private void check(Message message, PublishResult.Stored stored, long now, long visible) {
        String id = message.topic() + " " + message.id().orElse("none");
        boolean mustBe = idsUntil.getOrDefault(id, Long.MIN_VALUE) > now;
        boolean mayBe = idsMaybeUntil.getOrDefault(id, Long.MIN_VALUE) > now;
        assertThat(stored.duplicate())
                .as("%s is a duplicate", message)
                .isIn(mustBe, mustBe || mayBe);
        if (message.id().isPresent() && !stored.duplicate()) {
            idsUntil.put(id, now + WINDOW.toMillis());
            // A delayed message brings its id along when it moves into its topic.
            long moved = visible > now ? visible + 2 * LONGEST_PASS : now;
            idsMaybeUntil.put(id, moved + WINDOW.toMillis());
        }
    }

    private void sit() {
        String group = GROUPS.get(random.nextInt(GROUPS.size()));
        String topics = random.nextBoolean() ? ">" : TOPICS.get(random.nextInt(TOPICS.size()));
        seats.add(new Seat(group, engine.join(topics, group, StartAt.now(), random.nextInt(5))));
    }

    private void leave() {
        if (seats.isEmpty()) {
            return;
        }
        Seat seat = seats.remove(random.nextInt(seats.size()));
        seat.collector.receiver.stop().join();
        receive(seat);
        seat.collector.close();
        for (Received received : seat.hand) {
            Account account = account(seat, received);
            if (account.holder == received) {
                // Uncounted, unless the lease was over before.
                account.spentLeast = received.attempt() - 1;
                account.spentMost =
                        now() >= account.heldUntil ? received.attempt() : received.attempt() - 1;
                account.holder = null;
            }
        }
    }

    private Account account(Seat seat, Received received) {
        return account(seat.group, received.message().text());
    }

    private Account account(String group, String text) {
        return accounts.computeIfAbsent(group + " " + text, it -> new Account());
    }

    private void receive(Seat seat) {
        for (var next = seat.collector.delivered.poll();
                next != null;
                next = seat.collector.delivered.poll()) {
            String text = next.message().text();
            ModelMessage message = published.get(text);
            Account account = account(seat, next);
            assertThat(message).as(text).isNotNull();
            assertThat(next.message().topic()).isEqualTo(message.topic());
            assertThat(account.settled).as("settled %s came again", text).isFalse();
            assertThat(message.visible()).as("%s came too early", text).isLessThanOrEqualTo(now());
            assertThat(account.notBefore).as("%s came too early", text).isLessThanOrEqualTo(now());
            if (account.holder != null) {
                assertThat(account.heldUntil)
                        .as("%s has two holders", text)
                        .isLessThanOrEqualTo(now());
                leaseEnded(account);
            }
            assertThat(next.attempt() - 1)
                    .as("attempts of %s", text)
                    .isBetween(account.spentLeast, account.spentMost);
            account.holder = next;
            // It was handed out at some time since the last look.
            account.heldUntil = lastLook + TestEngine.LEASE.toMillis();
            account.spentLeast = next.attempt() - 1;
            account.spentMost = account.spentLeast;
            seat.hand.add(next);
        }
    }

    /** It counts as an attempt; a crash may come before that is stored. */
    private void leaseEnded(Account account) {
        account.spentLeast = account.holder.attempt();
        account.spentMost = account.spentLeast;
        account.holder = null;
        unstored.merge(account, 1, Integer::sum);
    }

    private void settle() {
        if (seats.isEmpty()) {
            return;
        }
        Seat seat = seats.get(random.nextInt(seats.size()));
        List<Received> some = seat.hand.stream().filter(it -> random.nextBoolean()).toList();
        Duration pause =
                random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(random.nextInt(30_000));
        boolean failed = random.nextBoolean();
        Settlement settlement =
                switch (random.nextInt(4)) {
                    case 0 -> new Settlement.GiveBack(pause, failed);
                    case 1 -> new Settlement.Extend(TestEngine.LEASE);
                    default -> new Settlement.Ack();
                };
        var stale = seat.collector.settle(settlement, some).stale();
        for (Received received : some) {
            Account account = account(seat, received);
            if (stale.contains(received)) {
                boolean lost = account.holder != received || account.heldUntil <= now();
                assertThat(lost).as("%s is stale", received).isTrue();
                if (account.holder == received) {
                    leaseEnded(account);
                }
                seat.hand.remove(received);
            } else {
                settled(seat, received, account, settlement);
            }
        }
    }

    private void settled(Seat seat, Received received, Account account, Settlement settlement) {
        assertThat(account.holder).isSameAs(received);
        switch (settlement) {
            case Settlement.Ack ack -> account.settled = true;
            case Settlement.GiveBack back -> {
                account.spentLeast = received.attempt() - (back.failed() ? 0 : 1);
                account.spentMost = account.spentLeast;
                account.notBefore = now() + back.pause().toMillis();
            }
            case Settlement.Extend extend -> {
                account.heldUntil = now() + extend.lease().toMillis();
                return;
            }
            case Settlement.Reject reject -> {}
        }
        account.holder = null;
        seat.hand.remove(received);
    }

    private void restart(boolean badly) {
        while (!badly && !seats.isEmpty()) {
            leave();
        }
        seats.forEach(seat -> seat.collector.receiver.stop().join());
        seats.forEach(this::receive);
        long before = now();
        engine = badly ? engine.crash() : engine.reopen();
        for (Seat seat : seats) {
            for (Received received : seat.hand) {
                Account account = account(seat, received);
                if (account.holder == received) {
                    account.spentLeast = received.attempt() - 1;
                    account.spentMost = received.attempt();
                    account.holder = null;
                }
            }
        }
        seats.clear();
        lastLook = now();
        if (badly) {
            unstored.forEach((account, times) ->
                    account.spentLeast = Math.max(0, account.spentLeast - times));
            // What was on its way to a member may count as an attempt, though it never arrived.
            published
                    .keySet()
                    .forEach(text -> GROUPS.forEach(group -> account(group, text).spentMost++));
        }
        unstored.clear();
        // The window of what was in it may begin anew, or go on; what became due while the engine
        // was closed moves into its topic after it.
        long moved = now() + (now() > before ? 2 * LONGEST_PASS : 0);
        idsMaybeUntil.replaceAll(
                (id, until) -> until > before ? Math.max(until, moved + WINDOW.toMillis()) : until);
        long back = before - now();
        if (back > 0) {
            // The time since something was stored last is lost when the wall clock goes back too.
            idsMaybeUntil.replaceAll((id, until) -> Math.max(until, now() + WINDOW.toMillis()));
        }
    }

    /** In the end everything that is not out of date was handled, once. */
    private void finish() {
        while (!seats.isEmpty()) {
            leave();
        }
        engine.pass(Duration.ofHours(1));
        for (String group : GROUPS) {
            var seat = new Seat(group, engine.join(">", group, StartAt.now()));
            await().until(() -> {
                receive(seat);
                seat.hand.forEach(received -> {
                    settled(List.of(received), seat);
                });
                seat.hand.clear();
                return TOPICS.stream().allMatch(topic -> lag(topic, group) == 0);
            });
            published.forEach((text, message) -> {
                if (message.expires() == Long.MAX_VALUE) {
                    Account account = accounts.get(group + " " + text);
                    assertThat(account).as("%s was never delivered to %s", text, group).isNotNull();
                    assertThat(account.settled)
                            .as("%s was not settled by %s", text, group)
                            .isTrue();
                }
            });
        }
    }

    private void settled(List<Received> some, Seat seat) {
        assertThat(seat.collector.settle(new Settlement.Ack(), some).stale()).isEmpty();
        some.forEach(received -> account(seat, received).settled = true);
    }

    private long lag(String topic, String group) {
        return engine.administration.groups(topic).stream()
                .filter(it -> it.name().equals(group))
                .findFirst()
                .orElseThrow()
                .lag();
    }
}
