// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import dev.lapwing.ConnectOptions;
import dev.lapwing.Lapwing;

import picocli.CommandLine.Option;

/** Which broker a command talks to. */
final class BrokerOption {

    private static final String SERVER = "lapwing:";

    @Option(
            names = "--uri",
            paramLabel = "URI",
            defaultValue = "${env:LAPWING_URI:-lapwing://127.0.0.1:3030}",
            description = {
                "The broker: lapwing://HOST:PORT (or the URL that serve prints), embedded:DIR,"
                        + " memory:, …",
                "Environment: LAPWING_URI. Default: lapwing://127.0.0.1:3030"
            })
    private String uri = "";

    Lapwing connect(ConnectOptions options) {
        return Lapwing.connect(uri(), options);
    }

    /** The URI, in which a server's web address is taken as the server. */
    String uri() {
        return uri.startsWith("http://")
                ? SERVER + uri.substring("http:".length()).replaceAll("/+$", "")
                : uri;
    }

    boolean isServer() {
        return uri().startsWith(SERVER);
    }
}
