// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import dev.lapwing.Administration.TopicInfo;
import dev.lapwing.ConnectOptions;
import dev.lapwing.Lapwing;
import dev.lapwing.TopicName;
import dev.lapwing.remote.RemoteTopics;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Lists topics. */
@Command(
        name = "topics",
        header = "List topics with what they hold.",
        description =
                "%nShows every topic with its messages, its size, and its first and last position.",
        footer = {
            "%nExamples:",
            "  lapwing topics",
            "  lapwing topics --json | jq '.[] | select(.messages > 1000)'",
            "  lapwing topics --uri embedded:data --all"
        })
final class TopicsCommand implements Callable<Integer> {

    private final Streams streams;

    @Mixin private BrokerOption broker = new BrokerOption();

    @Option(
            names = {"-a", "--all"},
            description = "Also those that Lapwing keeps for itself, such as dead letters.")
    private boolean all;

    @Option(
            names = {"-j", "--json"},
            description = "Print a JSON array.")
    private boolean json;

    TopicsCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        List<TopicInfo> topics =
                list().stream().filter(t -> all || !TopicName.isReserved(t.name())).toList();
        if (json) {
            streams.text().println(InfoJson.topics(topics));
            return ExitCode.OK;
        }
        if (topics.isEmpty()) {
            streams.err()
                    .println("There are no topics yet; publish to one: lapwing pub TOPIC MESSAGE");
            return ExitCode.OK;
        }
        var table = Table.withColumns("<TOPIC", ">MESSAGES", ">SIZE", ">FIRST", ">LAST");
        topics.forEach(t ->
                table.row(t.name(), count(t.messages()), size(t.bytes()), t.first(), t.last()));
        table.print(streams.text());
        return ExitCode.OK;
    }

    private List<TopicInfo> list() {
        if (broker.isServer()) {
            return RemoteTopics.list(broker.uri());
        }
        try (Lapwing lapwing = broker.connect(ConnectOptions.defaults())) {
            return lapwing.administration().topics();
        }
    }

    static String count(long count) {
        return count < 0 ? "?" : String.format(Locale.ROOT, "%,d", count);
    }

    private static String size(long bytes) {
        return bytes < 0 ? "?" : new ByteSize(bytes).toString();
    }
}
