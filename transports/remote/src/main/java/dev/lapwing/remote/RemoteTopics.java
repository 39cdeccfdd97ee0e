// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Administration.TopicInfo;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.TransportUri;

import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * What a Lapwing server tells about its topics, for tools. It is no {@link
 * dev.lapwing.Administration}: a server lists its topics, and lets nobody manage them.
 */
public final class RemoteTopics {
    private RemoteTopics() {}

    /**
     * Every topic of a server, in the order of names.
     *
     * @param uri where it is: {@code lapwing://HOST:PORT}
     * @throws dev.lapwing.InvalidUriException if the URI is not valid
     * @throws ConnectionFailedException if no server answers
     * @throws LapwingException if the server does not list its topics
     */
    public static List<TopicInfo> list(String uri) {
        RemoteSettings settings = RemoteSettings.of(TransportUri.parse(uri));
        try (var server = new ServerClient(settings, Runnable::run)) {
            return new Topics(server).all().join().topics();
        } catch (CompletionException e) {
            throw e.getCause() instanceof LapwingException known
                    ? known
                    : RemoteTransport.unreachable(settings, e);
        }
    }
}
