// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import dev.lapwing.Administration.GroupInfo;
import dev.lapwing.ConnectOptions;
import dev.lapwing.Lapwing;
import dev.lapwing.TopicName;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.concurrent.Callable;

/** Lists the groups of a topic. */
@Command(
        name = "groups",
        header = "List the groups of a topic with what they have still to do.",
        description = {
            "%nLAG is how many messages a group has not settled, IN FLIGHT how many of these are"
                    + " with a consumer now.",
            "%nNeeds an engine that can tell; a server cannot yet."
        },
        footer = {"%nExamples:", "  lapwing groups orders --uri embedded:data"})
final class GroupsCommand implements Callable<Integer> {

    private final Streams streams;

    @Mixin private BrokerOption broker = new BrokerOption();

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic = "";

    @Option(
            names = {"-j", "--json"},
            description = "Print a JSON array.")
    private boolean json;

    GroupsCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        TopicName.check(topic);
        List<GroupInfo> groups;
        try (Lapwing lapwing = broker.connect(ConnectOptions.defaults())) {
            groups = lapwing.administration().groups(topic);
        }
        if (json) {
            streams.text().println(InfoJson.groups(groups));
            return ExitCode.OK;
        }
        if (groups.isEmpty()) {
            streams.err().println("Topic '%s' has no groups".formatted(topic));
            return ExitCode.OK;
        }
        var table = Table.withColumns("<GROUP", ">LAG", ">IN FLIGHT", ">MEMBERS");
        groups.forEach(g ->
                table.row(
                        g.name(),
                        TopicsCommand.count(g.lag()),
                        TopicsCommand.count(g.inFlight()),
                        TopicsCommand.count(g.members())));
        table.print(streams.text());
        return ExitCode.OK;
    }
}
