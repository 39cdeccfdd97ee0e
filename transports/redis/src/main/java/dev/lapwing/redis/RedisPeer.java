// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.ConnectionFailedException;
import dev.lapwing.LapwingException;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.protocol.CommandType;

import java.util.HashMap;
import java.util.Map;

/**
 * How the server knows one of our connections: by number and address, which together are never used
 * again, not even by a server that was restarted. Empty where the server does not tell.
 */
record RedisPeer(String number, String address) {
    static final RedisPeer UNKNOWN = new RedisPeer("", "");

    /** Asks the server for the connection that this is asked on. */
    static RedisPeer of(RedisSettings settings, RedisWire wire) {
        try {
            byte[] told =
                    RedisWire.await(
                            settings,
                            wire.ask(
                                    "The client's own line",
                                    CommandType.CLIENT,
                                    new ByteArrayOutput<>(ByteArrayCodec.INSTANCE),
                                    RedisWire.args().add("INFO")));
            Map<String, String> line = new HashMap<>();
            for (String pair : RedisReplies.text(told).trim().split(" ", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    line.put(pair.substring(0, equals), pair.substring(equals + 1));
                }
            }
            return new RedisPeer(line.getOrDefault("id", ""), line.getOrDefault("addr", ""));
        } catch (ConnectionFailedException e) {
            throw e;
        } catch (LapwingException mayNotAsk) {
            return new RedisPeer("", "");
        }
    }

    /** Ends what it waits for; does nothing where it waits for nothing. */
    void unblock(RedisWire commands) {
        if (!number.isEmpty()) {
            commands.tell(
                    "Ending a wait",
                    CommandType.CLIENT,
                    RedisWire.args().add("UNBLOCK").add(number));
        }
    }

    /** Closes it on the server's side, should the server not know yet that it broke. */
    void kill(RedisWire commands) {
        if (!number.isEmpty()) {
            commands.tell(
                    "Closing an old connection",
                    CommandType.CLIENT,
                    RedisWire.args().add("KILL").add("ID").add(number).add("ADDR").add(address));
        }
    }
}
