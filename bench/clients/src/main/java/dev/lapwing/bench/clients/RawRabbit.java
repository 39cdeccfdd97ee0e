// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;

import java.io.IOException;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * amqp-client: one channel with confirms that come in batches, persistent and mandatory messages to
 * the topic exchange; a consumer that acknowledges many at once. The queue is the one that Lapwing
 * has declared.
 */
final class RawRabbit implements RawClient {
    private static final String EXCHANGE = "amq.topic";

    private final Connection connection;

    RawRabbit(String uri) throws Exception {
        var factory = new ConnectionFactory();
        factory.setUri(uri);
        connection = factory.newConnection();
    }

    @Override
    public Outlet publisher(String topic, Window window) throws IOException {
        return publisher(topic, window, () -> MessageProperties.PERSISTENT_BASIC);
    }

    /** Publishes messages that carry the same as Lapwing's: an id of 26 characters and a time. */
    Outlet markedPublisher(String topic, Window window) throws IOException {
        String source = "%018d".formatted(System.nanoTime());
        var next = new AtomicLong(10_000_000);
        return publisher(
                topic,
                window,
                () ->
                        new AMQP.BasicProperties.Builder()
                                .deliveryMode(2)
                                .messageId(source + next.getAndIncrement())
                                .timestamp(new Date())
                                .build());
    }

    private Outlet publisher(String topic, Window window, Supplier<AMQP.BasicProperties> properties)
            throws IOException {
        Channel channel = connection.createChannel();
        channel.confirmSelect();
        var confirmed = new Confirmed(window);
        channel.addConfirmListener(
                confirmed, (tag, _) -> Load.fail(new IOException("nack of " + tag)));
        channel.addReturnListener(
                (code, text, _, _, _, _) -> Load.fail(new IOException(code + " " + text)));
        return new Outlet() {
            @Override
            public void publish(byte[] payload) throws IOException {
                channel.basicPublish(EXCHANGE, topic, true, properties.get(), payload);
            }

            @Override
            public void close() throws Exception {
                channel.close();
            }
        };
    }

    /** Counts confirms, each of which may stand for all before it. Called by one thread. */
    private static final class Confirmed implements com.rabbitmq.client.ConfirmCallback {
        private final Window window;
        private long counted;
        private final java.util.TreeSet<Long> ahead = new java.util.TreeSet<>();

        Confirmed(Window window) {
            this.window = window;
        }

        @Override
        public void handle(long tag, boolean multiple) {
            if (multiple) {
                int early = ahead.headSet(tag, true).size();
                ahead.headSet(tag, true).clear();
                window.leave(tag - counted - early);
                counted = tag;
            } else if (tag == counted + 1) {
                counted = tag;
                while (ahead.remove(counted + 1)) {
                    counted++;
                }
                window.leave(1);
            } else {
                ahead.add(tag);
                window.leave(1);
            }
        }
    }

    @Override
    public AutoCloseable subscriber(String topic, String group, int prefetch, Handler handler)
            throws IOException {
        Channel channel = connection.createChannel();
        channel.basicQos(prefetch);
        var acknowledging = new Acknowledging(channel, prefetch / 4, handler);
        String tag = channel.basicConsume(queue(topic, group), false, acknowledging);
        return () -> {
            channel.basicCancel(tag);
            acknowledging.acknowledge();
            channel.close();
        };
    }

    /** Acknowledges all at once when it has a batch, or when no more is here. */
    private static final class Acknowledging extends DefaultConsumer {
        private final int batch;
        private final Handler handler;
        private long last;
        private long acknowledged;

        Acknowledging(Channel channel, int batch, Handler handler) {
            super(channel);
            this.batch = Math.max(1, batch);
            this.handler = handler;
        }

        @Override
        public synchronized void handleDelivery(
                String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                throws IOException {
            handler.handle(body);
            last = envelope.getDeliveryTag();
            if (last - acknowledged >= batch) {
                acknowledge();
            }
        }

        synchronized void acknowledge() throws IOException {
            if (last > acknowledged) {
                getChannel().basicAck(last, true);
                acknowledged = last;
            }
        }
    }

    private static String queue(String topic, String group) {
        return topic + "." + group;
    }

    @Override
    public void purge(String topic) throws Exception {
        try (Channel channel = connection.createChannel()) {
            channel.queuePurge(queue(topic, Load.GROUP));
        }
    }

    @Override
    public void remove(String topic) throws Exception {
        try (Channel channel = connection.createChannel()) {
            channel.queueDelete(queue(topic, Load.GROUP));
        }
    }

    @Override
    public long unsettled(String topic, String group) throws Exception {
        try (Channel channel = connection.createChannel()) {
            return channel.messageCount(queue(topic, group));
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
